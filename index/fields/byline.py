"""Who wrote an article, from evidence: a label, the place behind the last sentence, a line beside the text.

A by-line stands in a line of its own or behind the last sentence of the running text; captions may follow it, and
then they are known to be captions.  What a by-line names besides persons is where the text is from.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from index.dates.labels import company
from index.fields.cues import AUTHOR_LABELS, BEFORE_A_NAME, DESKS, PICTURE_LABELS, any_of
from index.fields.names import Signature, may_be_source, read_signature
from index.places.cues import SURNAMES

_LABEL: Final = re.compile(rf"^\W*{any_of(AUTHOR_LABELS)}\s*[:\-–]\s*(?P<who>.{{2,80}})$", re.IGNORECASE)
#: `Viết bởi Lê Hợi - Thứ hai, 12 Tháng 3 2018`: the word itself labels.
_WRITTEN_BY: Final = re.compile(r"^\W*(?:Viết|Đăng|Được viết|Được đăng)\s+bởi\s+(?P<who>.{2,80})$", re.IGNORECASE)
_SOURCE: Final = re.compile(
    r"^\W*(?P<label>Nguồn(?: tin)?|Theo|Trích nguồn)\s*(?:tin\s*)?[:\-–]?\s*(?P<who>[^:]{2,60}?)\W*$", re.IGNORECASE
)
_AGENCY: Final = re.compile(rf"^\W*{any_of(DESKS)}\W*$", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?:[.!?…;)\]”\"’']|/\.)\s+")
_RUN_IN_LABEL: Final = re.compile(
    rf"(?:(?:^|[.!?…”\"]\s+){any_of(AUTHOR_LABELS)}|\s(?:{any_of(PICTURE_LABELS)}))\s*:\s*(?P<who>[^:]{{2,60}})$"
)
#: Where a by-line goes on with its day.
_BEHIND_NAME: Final = re.compile(
    r"\s*\||\s[-–]\s(?:\d|(?:thứ|chủ nhật)\s)|,\s\d|\s+\((?=\d)|\s(?:vào|lúc|ngày)\s", re.IGNORECASE
)
#: What may follow the name behind the last sentence.
_DISCLAIMER: Final = re.compile(r"\s*[*(]+\s*(?:Bài viết|Bài|Tiêu đề|Tít|Title)\s[^*]{10,160}$")
#: `... Lê Anh Ảnh: Nhân Võ`
_CREDIT_BEHIND: Final = re.compile(r"(?<=\w)\s+(?:Ảnh|Video|Clip|Photo)\s*:\s*[^.:]{2,40}$")
#: Shorter paragraphs that end with a name are captions.
MIN_RUN_IN: Final = 250
#: A name behind the last sentence is no longer.
_RUN_IN_REACH: Final = 70
#: Nor is what may follow it.
_END_REACH: Final = 240
#: Paragraphs that follow a by-line are captions if they are no longer.
MAX_CAPTION: Final = 400
#: Sign-offs stand in the last lines; more lines of that kind are a list of names.
LAST_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Signoff:
    """Who signs an article, and its paragraphs without the lines that only sign.

    `author` is as written, `authors` are the single names; the paragraphs from `signed_at` on follow the by-line,
    None where no by-line is in the paragraphs; `evidence` is the text that names the author.
    """

    author: str
    photographer: str
    source: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...] = ()
    signed_at: int | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """A by-line, and whether it is by the author of the pictures, too."""

    signature: Signature = field(default_factory=Signature)
    pictures: bool = False
    evidence: str = ""


def take_signoff(
    paragraphs: Sequence[str], head: Sequence[str] = (), tail: Sequence[str] = (), known: str = "",
    headings: frozenset[str] = frozenset(),
) -> Signoff:
    """Take the sign-off from the last paragraphs, or the by-line from `head` and `tail`.

    `known` is an author from structured data: it stands where the text names none.  `Theo <paper>` is kept in
    the paragraphs, since it tells the reader where the text is from.  `headings` are lines that the page marks as
    such: without a label they name nobody.
    """
    kept = list(paragraphs)
    found, source, signed_at = _last_lines(kept, headings)
    if not found.signature.written:
        at = _running_end(kept)
        inside = _run_in(kept[at], bool(known)) if at is not None else None
        if inside and (inside.signature.written or inside.signature.outlet):
            found, signed_at = inside, at + 1 if at is not None else None
    if not found.signature.written:
        beside = _beside((*tail, *head), headings)
        found = beside if beside.signature.written else found
    author = _as_written(found.signature.written, known) or known
    names = found.signature.names if found.signature.written else split_authors(known)
    return Signoff(
        author, author if found.pictures else "", source or found.signature.outlet, tuple(kept),
        tuple(_as_written(name, "") for name in names), signed_at, found.evidence or known,
    )


def _last_lines(kept: list[str], headings: frozenset[str]) -> tuple[_Found, str, int | None]:
    """Take the lines that sign off the end of `kept`; return (by-line, source, where it stood)."""
    found, source, signed_at = _Found(), "", None
    end = len(kept)
    for _ in range(LAST_LINES):
        line = kept[end - 1] if end > 1 else ""
        signed = signer(line, line not in headings)
        if signed.signature.written and not found.signature.written:
            found, signed_at = signed, end - 1
            del kept[end - 1]
            end -= 1
            continue
        origin = _origin(line)
        if not origin or source:
            break
        by = read_signature(origin, "none")
        if len(origin.split()) > 2 and by.written and not found.signature.written:  # `Nguồn tin: Nguyễn Văn Phú`
            found, signed_at = _Found(by, False, line), end
        else:
            source = origin
        end -= 1
    return found, source, signed_at


def _running_end(kept: Sequence[str]) -> int | None:
    """Return the index of the last long paragraph that is no caption."""
    running = (index for index, text in enumerate(kept) if len(text) > MIN_RUN_IN and not _is_caption_like(text))
    return max(running, default=None)


def _is_caption_like(text: str) -> bool:
    return len(text) <= MAX_CAPTION and bool(re.search(r"Ảnh\s*:\s*[^.:]{2,40}\.?$", text))


def _as_written(author: str, known: str) -> str:
    """Return an author in the spelling of names: `LÊ HOÀI THƯƠNG` signs as Lê Hoài Thương."""
    if author.lower() == known.lower():
        return known
    if author.isupper() and " " in author:
        return re.sub(r"[^\W\d_]+", lambda word: word.group().capitalize(), author)
    return author


def split_authors(known: str) -> tuple[str, ...]:
    """Return the single names of a stated author: `Thu Hà, Văn Tâm` are two."""
    return tuple(name.strip() for name in re.split(r"\s*[,;&]\s*|\s[-–]\s", known) if name.strip())


def _run_in(paragraph: str, known: bool) -> _Found | None:
    """Return the by-line behind the last sentence of a paragraph: `... xử lý. Đông Quân`, `... Tin, ảnh: Mỹ Nga`."""
    text = _without_end(_CREDIT_BEHIND, _without_end(_DISCLAIMER, paragraph).rstrip())
    label = _RUN_IN_LABEL.search(text, max(0, len(text) - 2 * _RUN_IN_REACH))
    if label:
        told = label.group().lstrip(" .!?…”\"")
        return _Found(read_signature(label["who"], "label"), "ảnh" in told.lower(), told)
    if known:
        return None
    for end in _SENTENCE_END.finditer(text, max(0, len(text) - _RUN_IN_REACH)):
        last = text[end.end() :]
        if _AGENCY.match(last):
            return _Found(Signature(last.strip(" ()[].*-–"), (last.strip(" ()[].*-–"),)), False, last)
        origin = _origin(last)
        if origin:
            by_and_from = read_signature(origin, "place") if "/" in origin else Signature()
            return _Found(by_and_from if by_and_from.written else Signature(outlet=origin), False, last)
        signature = Signature() if last.endswith((".", "!", "?")) else read_signature(last, "place")
        if signature.written or signature.outlet:
            return _Found(signature, False, last)
    signature = read_signature(_capitalised_end(text), "none")
    return _Found(signature, False, signature.written) if signature.written else None


def _without_end(pattern: re.Pattern[str], text: str) -> str:
    """Return a text without what matches at its end."""
    found = pattern.search(text, max(0, len(text) - _END_REACH))
    return text[: found.start()] if found else text


def _capitalised_end(text: str) -> str:
    """Return the two to four capitalised words at the end of a text that ends without a stop.

    So by-lines stand behind tables, lists and the titles of other articles; after `ca sĩ` or `của` it is a person
    that the text names.
    """
    words = text[-_RUN_IN_REACH:].split()
    count = 0
    while count < len(words) and words[-1 - count].isalpha() and words[-1 - count].istitle():
        count += 1
    before = words[-1 - count] if count < len(words) else ""
    if not 2 <= count <= 4 or not (before.isalpha() and before.islower()) or before in BEFORE_A_NAME:
        return ""
    return " ".join(words[-count:] if words[-count] in SURNAMES else words[-2:])


def _beside(lines: Sequence[str], headings: frozenset[str]) -> _Found:
    """Return the by-line in lines beside the body, labelled ones before bare names."""
    for line in lines:
        match = _LABEL.match(line) or _WRITTEN_BY.match(line)
        signature = read_signature(_undated(match["who"]), "label") if match else Signature()
        if signature.written:
            return _Found(signature, "ảnh" in line.lower(), line)
    for line in lines:
        alone = company(line)
        signature = read_signature(alone, "place") if alone else Signature()
        if not signature.written and line not in headings:
            signature = read_signature(line, "none")
        if signature.written:
            return _Found(signature, False, line)
    return _Found()


def signer(line: str, bare: bool = True) -> _Found:
    """Return the by-line that a line of the text is; `bare` says that a name without a label will do."""
    if not line or len(line) > 100:
        return _Found()
    label = _LABEL.match(line) or _WRITTEN_BY.match(line)
    if label:
        return _Found(read_signature(_undated(label["who"]), "label"), "ảnh" in line.lower(), line)
    if _AGENCY.match(line):
        desk = line.strip(" ()[].*-–")
        return _Found(Signature(desk, (desk,)), False, line)
    # Captions end with a full stop, by-lines hardly ever do.
    if not bare or line.rstrip().endswith("."):
        return _Found()
    return _Found(read_signature(line, "none"), False, line)


def _undated(text: str) -> str:
    return _BEHIND_NAME.split(text)[0].strip()


def _origin(line: str) -> str:
    if len(line) > 70 or line.endswith(("...", "…")):
        return ""
    match = _SOURCE.match(line)
    who = match["who"].strip(" .()") if match else ""
    labelled = match is not None and match["label"].casefold() != "theo"
    return who if who and (labelled or may_be_source(who)) else ""
