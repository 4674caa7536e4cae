"""Who wrote an article: by-lines beside it and the sign-off in its last lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from index.dates.labels import dateline
from index.fields.cues import AUTHOR_LABELS, DESKS, NO_PERSONS, TITLES, any_of
from index.fields.sections import is_section
from index.places.cues import SURNAMES
from search.places import province_named

_LABEL: Final = re.compile(rf"^\W*{any_of(AUTHOR_LABELS)}\s*[:\-–]\s*(?P<who>.{{2,80}})$", re.IGNORECASE)
_SOURCE: Final = re.compile(
    r"^\W*(?:Nguồn(?: tin)?|Theo|Trích nguồn)\s*(?:tin\s*)?[:\-–]?\s*(?P<who>[^:]{2,60}?)\W*$", re.IGNORECASE
)
_AGENCY: Final = re.compile(rf"^\W*{any_of(DESKS)}\W*$", re.IGNORECASE)
_NAME: Final = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*\.?")
_JOIN: Final = re.compile(r"\s*(?:[-–,&/+]|\bvà\b)\s*")
_NO_PERSON: Final = re.compile(rf"^{any_of(NO_PERSONS)}(?=\s|$)", re.IGNORECASE)
_TITLED: Final = re.compile(rf"^(?:{any_of(TITLES)}|(?:Anh|Chị)\s{any_of(tuple(SURNAMES))})\s")
#: `Hà Thu (tổng hợp)`, `Kim Anh (TTXVN)`: how the text was made.
_ASIDE: Final = re.compile(
    r"\s*\((?:tổng hợp|t/h|ghi|dịch|lược dịch|theo\s[^()]{2,40}|ttxvn[^()]{0,20})\)$", re.IGNORECASE
)
_RUN_IN: Final = re.compile(
    r"[.!?…”\"]\s(?P<who>[^\W\d_][^.!?…”\"()]{3,40}?)(?:\s\((?:[Tt]ổng hợp|TTXVN|[Tt]heo\s[^()]{2,30})\))?$"
)
#: Shorter paragraphs that end with a name are captions.
MIN_RUN_IN: Final = 250
MAX_NAMES: Final = 4
#: Sign-offs stand in the last lines; more lines of that kind are a list of names.
LAST_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Signoff:
    """Who signs an article, and its paragraphs without the lines that only sign."""

    author: str
    photographer: str
    source: str
    paragraphs: tuple[str, ...]


def take_signoff(
    paragraphs: Sequence[str], head: Sequence[str] = (), tail: Sequence[str] = (), known: str = ""
) -> Signoff:
    """Take the sign-off from the last paragraphs, or the by-line from `head` and `tail`.

    `known` is an author from structured data: it stands where the text names none.  `Theo <paper>` is kept in
    the paragraphs, since it tells the reader where the text is from.
    """
    kept = list(paragraphs)
    author = photographer = source = ""
    for _ in range(LAST_LINES):
        line = kept[-1] if kept else ""
        who, also_pictures = signer(line)
        if who and not author and len(kept) > 1:
            author, photographer = who, who if also_pictures else photographer
            kept.pop()
            continue
        origin = _origin(line)
        if origin and not source:
            source = origin
        break
    if not author:
        author = _beside((*tail, *head)) or (_run_in(kept[-1]) if kept and not known else "")
    return Signoff(_as_written(author, known) or known, photographer, source, tuple(kept))


def _as_written(author: str, known: str) -> str:
    """Return an author in the spelling of names: `LÊ HOÀI THƯƠNG` signs as Lê Hoài Thương."""
    if author.lower() == known.lower():
        return known
    if author.isupper() and " " in author:
        return " ".join(word.capitalize() for word in author.split(" "))
    return author


def _run_in(paragraph: str) -> str:
    """Return the author whose name follows the last sentence in its paragraph: `... xử lý. Đông Quân`."""
    match = _RUN_IN.search(paragraph[-80:]) if len(paragraph) > MIN_RUN_IN else None
    return _names(match["who"], bare=True) if match else ""


def _beside(lines: Sequence[str]) -> str:
    """Return the author named in lines beside the body, labelled ones before bare names."""
    labelled = [match["who"] for line in lines if (match := _LABEL.match(line))]
    for text in labelled:
        name = _names(_undated(text))
        if name:
            return name
    return next((name for line in lines if (name := _names(line, bare=True))), "")


def signer(line: str) -> tuple[str, bool]:
    """Return (who signs in this line, whether also for the pictures); `""` if the line signs nothing."""
    if not line or len(line) > 100:
        return "", False
    label = _LABEL.match(line)
    if label:
        return _names(_undated(label["who"])), "ảnh" in line.lower()
    if _AGENCY.match(line):
        return line.strip(" ()[].*-–"), False
    # Captions end with a full stop, by-lines hardly ever do.
    bare = "" if line.rstrip().endswith(".") else _ASIDE.sub("", line.strip())
    return _names(bare, bare=True), False


def _undated(text: str) -> str:
    return re.split(r"\s*[|(]|\s[-–]\s\d|,\s\d", text)[0].strip()


def _origin(line: str) -> str:
    if len(line) > 70 or line.endswith(("...", "…")):
        return ""
    match = _SOURCE.match(line)
    return match["who"].strip(" .()") if match else ""


def _names(text: str, bare: bool = False) -> str:
    """Return `text` if it is one to four names of persons or pen names, else `""`.

    A bare line must consist of two to five capitalised syllables a name; behind a label one syllable will do.
    """
    text = text.strip(" .()[]*\u00a0-–")
    if not text or len(text) > 80 or any(char.isdigit() for char in text) or dateline(text):
        return ""
    if bare and (_TITLED.match(text) or " và " in text):
        return ""
    names = _JOIN.split(text)
    if len(names) > MAX_NAMES or not all(_is_person(name, 2 if bare else 1) for name in names):
        return ""
    return text


def _is_person(name: str, least: int) -> bool:
    words = name.split()
    if not least <= len(words) <= 5 or _NO_PERSON.match(name) or province_named(name) or is_section(name):
        return False
    if not all(_NAME.fullmatch(word) and word[0].isupper() for word in words):
        return False
    # A bare line in capitals is a heading (`KẾT LUẬN`) unless it begins with a surname.
    return least == 1 or not name.isupper() or words[0].capitalize() in SURNAMES
