"""Find the provinces that a text names, each with what stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from index.places import cues
from index.places.gazetteer import finder, name_of

#: A run of this many provinces one after another is a list of who was there, not where it was.
LIST_LENGTH: Final = 4
#: How far back an office is looked for: `Giám đốc Sở Ngoại vụ tỉnh` is 26 characters.
CONTEXT: Final = 64


def _any(phrases: Sequence[str]) -> str:
    """Return an alternation of phrases, longest first."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


_KIND: Final = rf"(?:(?:{_any(cues.KINDS)})\s?)?"
_ADMIN: Final = re.compile(rf"(?<!\w)(?:{_any(cues.ADMIN)})\.?\s*$")
#: An office of the province right before the name: the strongest sign of whose article it is.
_OFFICE: Final = re.compile(
    rf"(?<!\w)(?:(?:{_any(cues.OFFICES_OF)})\s(?:(?!\svà\s)[^,.;:()]){{2,40}}|(?:{_any(cues.OFFICES)})\s?)"
    rf"{_KIND}$"
)
_LESSER_OFFICE: Final = re.compile(
    rf"(?<!\w)(?:{_any(cues.OFFICES)})\s(?:{_any(cues.LESSER)})\s?[^,;:()]{{2,30}}[,(]\s?{_KIND}$"
)
_ORIGIN: Final = re.compile(rf"(?<!\w)(?:{_any(cues.ORIGINS)})(?!\w)[^.;]*$")
_LOCATED: Final = re.compile(rf"(?:(?<!\w)(?:[Tt]ại|[ởỞ]|[Tt]rên địa bàn)\s(?:[^.;()]{{0,40}}[\s,])?|\(){_KIND}$")
_NOT_THE_PROVINCE: Final = re.compile(rf"(?<!\w)(?<!thị )(?<!hành )(?:{_any(cues.NOT_THE_PROVINCE + cues.PERSONS)})\s$")
_CHINA: Final = re.compile(r"\s*[,(–-]?\s*\(?(?:Trung Quốc|TQ\b|Trung Hoa)")
#: Spellings that hold the kind of the unit: `TP.HCM`, `Thành phố Hồ Chí Minh`.
_KINDS_GLUED: Final = ("TP", "Tp", "Thành", "Tỉnh", "TT")
_LAST_WORD: Final = re.compile(r"(\S+)[ \u00a0]$")
_NEXT_WORD: Final = re.compile(r"[ \u00a0](\w+)")
#: Before a name: a company, a market; a house, a team, a ship, a prize are called so, wherever they are.
_COMPANY: Final = re.compile(rf"(?<!\w)(?:{_any(cues.COMPANIES)})(?!\w)[^.;:()!?]{{0,40}}$")
_CALLED: Final = re.compile(
    rf"(?<!\w)(?:{_any(cues.HOUSES)})(?!\w)[^.;:()!?]{{0,40}}$|(?<!\w)(?:{_any(cues.NAMED_DIRECTLY)})\s$"
)
#: ... unless a comma or a word of place parts it: `công ty A (tỉnh Bình Dương)`, `nhà máy ở Bình Dương`.
_LOCATED_HERE: Final = re.compile(r"(?:[,(–-]|(?<!\w)(?:tại|ở|tỉnh|thành phố|TP\.?|từ|đến|về|vào|ra|của|và))\s*$")
#: Behind a name: a ship, a team's year, a bus line: `Hải Dương 8`.
_NUMBERED: Final = re.compile(r"\s(?:\d{1,3}|[IVX]{1,4})(?![\w/.,%-]|\s?(?:tháng|năm|người|km|tỷ|triệu|giờ|h\b))")
_GAP: Final = re.compile(rf"\s*(?:[,;/–+•-]\s*)?(?:(?:{_any(cues.LIST_LINKS)})\s*){{0,3}}")


@dataclass(frozen=True, slots=True)
class Mention:
    """A province named in a text, at code points `start` to `end`.

    `office` is the office before the name (`Sở Ngoại vụ tỉnh`), `""` if none; `listed` marks a name inside a
    list of four provinces and more, `origin` one that tells where a person is from,
    `located` one after `tại` or `ở` or in brackets, `within` one inside the name of a company or the like.
    """

    name: str
    start: int
    end: int
    office: str = ""
    listed: bool = False
    origin: bool = False
    located: bool = False
    within: bool = False


def find_mentions(text: str) -> list[Mention]:
    """Return the provinces named in NFC `text`, in order."""
    found = []
    for match in finder().finditer(text):
        name = name_of(match.group())
        if name is None:
            continue
        before = text[max(0, match.start() - CONTEXT) : match.start()]
        if _means_province(match.group(), before, text[match.end() : match.end() + 24]):
            found.append(in_context(name, match.span(), text))
    return _mark_lists(text, found) if len(found) >= LIST_LENGTH else found


def in_context(name: str, span: tuple[int, int], text: str) -> Mention:
    """Return the mention of a province at a place of a text with what stands before it."""
    before = text[max(0, span[0] - CONTEXT) : span[0]]
    office = _OFFICE.search(before) or _LESSER_OFFICE.search(before)
    origin, located = _ORIGIN.search(before), _LOCATED.search(before)
    within = _COMPANY.search(before) and not _LOCATED_HERE.search(_kindless(before))
    return Mention(name, *span, "" if within or not office else office.group().strip(), origin=bool(origin),
                   located=bool(located), within=bool(within))


def _kindless(before: str) -> str:
    return re.sub(rf"(?:{_any(cues.KINDS)})\s?$", "", before)


def _means_province(surface: str, before: str, after: str) -> bool:
    """Say whether a spelling stands for the province, not for a part of another name."""
    if _CHINA.match(after) or _NOT_THE_PROVINCE.search(before):
        return False
    of_a_unit = bool(_ADMIN.search(before)) or surface.startswith(_KINDS_GLUED)
    if not of_a_unit and (_COMPANY.search(before) or _CALLED.search(before)) and not _LOCATED_HERE.search(before):
        return False
    if _NUMBERED.match(after) and not _ADMIN.search(before):
        return False
    if of_a_unit or surface[0].islower():
        return True
    in_capitals = surface.isupper() and len(surface) > 5
    touching = _LAST_WORD.search(before)
    word = touching.group(1).lstrip("(\"“'‘") if touching else ""
    if in_capitals:
        # In a line of capitals nothing tells a person or a peace from a province but an office or the line's edge.
        return not word or not word.isupper() or word.capitalize() in cues.OPENERS
    if word[:1].isupper() and word[-1].isalpha() and not word.isupper() and word not in cues.OPENERS:
        return False
    following = _NEXT_WORD.match(after)
    if following and following.group(1)[0].isupper():
        next_word = following.group(1)
        return next_word.isupper() or next_word in cues.SURNAMES or bool(_OFFICE.search(before))
    return True


def _mark_lists(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Mark the mentions that follow one another with nothing but commas and 'và' between."""
    runs: list[list[Mention]] = [[mentions[0]]]
    for earlier, later in pairwise(mentions):
        gap = text[earlier.end : later.start]
        if len(gap) <= 30 and _GAP.fullmatch(gap):
            runs[-1].append(later)
        else:
            runs.append([later])
    return [
        replace(mention, listed=True) if len({other.name for other in run}) >= LIST_LENGTH else mention
        for run in runs
        for mention in run
    ]
