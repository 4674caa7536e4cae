"""The section of an article: known names of sections, in a line of their own or glued before the title."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from index.dates.labels import PUBLISHED, UPDATED
from index.fields.cues import OPENS_LEAD, any_of
from search.text import fold_text, normalize, tone_key

MAX_SECTION: Final = 50
MIN_TITLE_SYLLABLES: Final = 4
#: A sentence of news begins so, and a title goes on so in small letters only: `... 2025-2030 Sáng 25/6, ...`.
_DAY_OPENS: Final = re.compile(
    r"(?:Rạng sáng|Sáng|Trưa|Chiều|Tối|Đêm|Ngày|Hôm|Thứ|Từ ngày|Trong (?:hai|ba|\d+) ngày|Vào)\s"
    r"(?:nay\W+|nay\s|qua\W+|\w+\s){0,3}\(?\d{1,2}[\s/.\-]"
)
_AGENCY_OPENS: Final = re.compile(
    r"\(?(?:[A-ZĐ][\w.]*\.(?:vn|com|org)|TTXVN|VOV|VTV|PLO|NLĐO|TTO|VTC|BNA|[A-ZĐ]{2,6}O?)\)?\s?[-–]\s"
)
_WORD_OPENS: Final = re.compile(rf"{any_of(OPENS_LEAD)}\s")
_NAMED: Final = re.compile(r"^\W*(?:Chuyên mục|Mục)\s*:?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GluedHead:
    """The parts of a first line into which a crawler ran section, title and lead; each may be `""`."""

    section: str
    title: str
    lead: str


@cache
def section_names() -> dict[str, str]:
    """Return the known names by their key (see `_key`)."""
    lines = (files("index.fields") / "sections.txt").read_text(encoding="utf-8").splitlines()
    names = [normalize(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    return {_key(name): name for name in names}


def _key(text: str) -> str:
    """Return a key under which hyphens, capitals and tone style make no difference."""
    return " ".join(tone_key(word) for word in re.findall(r"\w+", text))


def is_section(text: str) -> bool:
    """Say whether a text is the name of a section and nothing else."""
    return len(text) <= 2 * MAX_SECTION and _key(text) in section_names()


def split_glued_head(line: str) -> GluedHead:
    """Split the first line after a crawler's prefix into section, title and lead.

    The section is a known name followed by a capital; the lead begins where a capitalised opening of a news
    sentence follows a word without a full stop.  A short line without such a place is all title, and
    a line that opens as a news sentence is all lead.
    """
    section, rest = split_section(line)
    if any(opening.match(rest) for opening in (_DAY_OPENS, _AGENCY_OPENS)):
        return GluedHead(section, "", rest)
    cut = _lead_start(rest)
    if cut is None:
        return GluedHead(section, rest, "")
    return GluedHead(section, rest[:cut].strip(), rest[cut:].strip())


def split_section(line: str) -> tuple[str, str]:
    """Return (section, what follows) of a line that begins with a known section name; `("", line)` else."""
    words = list(re.finditer(r"\w+", line[: 3 * MAX_SECTION]))
    names = section_names()
    for count in range(min(len(words) - 1, 7), 0, -1):
        end = words[count - 1].end()
        rest = line[end:].lstrip(" \u00a0-–|:»>/")
        if rest[:1].isupper() and _key(line[:end]) in names and not _goes_on(line, end, rest):
            return line[:end].strip(), rest
    return "", line


def _goes_on(line: str, end: int, rest: str) -> bool:
    """Say whether the name is the beginning of the title itself: `Du lịch Thanh Hóa ...` stays whole.

    A single generic word before a proper name is rather part of the title; two words and more with a common
    word after them are not.
    """
    syllables = line[:end].split()
    following = rest.split()
    proper = len(following) > 1 and following[1][:1].isupper()
    separated = bool(re.match(r"\s*[-–|:»>/]", line[end:]))
    return proper and not separated and len(syllables) <= 2


def _lead_start(text: str) -> int | None:
    """Return where the lead begins in a glued title and lead, None where there is no lead."""
    starts = [match.start() + 1 for match in re.finditer(r"(?<=[^\s.,;:\-–(])\s(?=[(A-ZĐÁÀÂĂÉÊÍÓÔƠÚƯÝ])", text)]
    starts = [start for start in starts if len(text[:start].split()) >= MIN_TITLE_SYLLABLES]
    for opening in (_DAY_OPENS, _AGENCY_OPENS, _WORD_OPENS):
        cut = next((start for start in starts if opening.match(text, start)), None)
        if cut is not None and (opening is not _WORD_OPENS or len(text) - cut > 120):
            return cut
    return None


def head_section(line: str) -> str | None:
    """Return the section named by a line of the head, None if it names none.

    `Hoạt động Sở Ngoại vụ - Đăng ngày: 31/12/2023` names what stands before the label, a line of its own is a
    section if its name is known; a path (`Trang chủ » Tin tức » Chính trị`) names its last step.
    """
    line = _NAMED.sub("", line)
    label = PUBLISHED.search(line) or UPDATED.search(line)
    if label and label.start() > 2:
        before = line[: label.start()].strip(" \u00a0-–|:,")
        if 2 < len(before) <= MAX_SECTION and not any(char.isdigit() for char in before):
            return before
        return None
    last = re.split(r"\s*[»›>|]\s*|\s/\s", line.strip())[-1].strip(" :-–")
    if len(last) <= MAX_SECTION and _key(last) in section_names() and fold_text(last) != "anh":
        return last
    return None
