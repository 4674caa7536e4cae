"""Whether a piece of text is the name of who signs an article: a person, several, or a pen name."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from index.dates.labels import dateline
from index.decode.syllables import is_syllable
from index.fields.cues import ASIDES, GIVEN_NAMES, NO_PERSONS, OUTLETS, TITLES, any_of
from index.fields.sections import is_section
from index.places.cues import SURNAMES
from index.places.gazetteer import is_former
from search.places import province_named

MAX_NAMES: Final = 5
_JOIN: Final = re.compile(r"\s*(?:\s[-–]\s|[,&+;]|(?<=\w)[-–]\s?(?=\w)|\bvà\b)\s*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NO_PERSON: Final = re.compile(rf"^{any_of(NO_PERSONS)}(?=\s|$)", re.IGNORECASE)
_TITLED: Final = re.compile(rf"^(?:{any_of(TITLES)}|(?:Anh|Chị)\s{any_of(tuple(SURNAMES))})\s")
_OUTLET: Final = re.compile(
    rf"(?:(?:Báo|Tạp chí|Đài|Cổng|Theo|Nguồn:?)\s.{{2,40}}|{any_of(OUTLETS)}"
    r"|[\w-]{2,30}(?:\.[a-z-]{1,20}){0,3}\.(?:vn|com|net|org))",
    re.IGNORECASE,
)
#: `Hà Thu (tổng hợp)`, `Kim Anh (TTXVN)`: how the text was made, or where it is from.
_ASIDE: Final = re.compile(
    rf"\s*\(\s?(?P<aside>{any_of(ASIDES)}|theo\s[^()]{{2,40}}|{any_of(OUTLETS)}[^()]{{0,20}})\s?\)\.?$", re.IGNORECASE
)


#: The same without brackets: `Gia Minh thực hiện`, `Tổng hợp Hải Đăng`.
_MADE: Final = re.compile(rf"^(?:tổng hợp|thực hiện)\s*:?\s+|\s+(?:{any_of(ASIDES)})$", re.IGNORECASE)


#: Newspapers by their names, and addresses.
_KNOWN_OUTLET: Final = re.compile(rf"{any_of(OUTLETS)}|[\w-]{{2,30}}(?:\.[a-z-]{{2,20}}){{1,4}}", re.IGNORECASE)
#: What papers and stations are called, before a name of their own, and portals, before whose they are.
_PAPER: Final = re.compile(
    r"(?:(?:báo|tạp chí)(?: điện tử)?|đài(?: phát thanh)?(?: (?:và|-) truyền hình)?|hãng(?: thông tấn| tin)?|kênh)\s+",
    re.IGNORECASE,
)
_PORTAL: Final = re.compile(r"(?:cổng|trang) (?:thông tin(?: điện tử)?|tin|mạng|web)\s+", re.IGNORECASE)
#: Texts that an article may be about, and what it counts: `Theo Luật giáo dục`, `Theo thống kê ban đầu`.
_TEXT: Final = re.compile(
    r"(?:(?:bộ )?luật|hiến pháp|điều \d|khoản \d|nghị (?:định|quyết)|thông (?:tư|tin)|quyết định|dự thảo|quy định"
    r"|báo cáo|kết (?:quả|luận)|cáo trạng|thống kê|hồ sơ|kế hoạch|ghi nhận|tính toán)\b",
    re.IGNORECASE,
)
#: Where a sentence or a part of one ends inside; `TP. HCM` is none.
_ENDED: Final = re.compile(r"[!?…;:]|[^\W\d_]{3,}[.”\"]\s|,\s(?=[a-zà-ỹđ])")
_SMALL_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Signature:
    """Who a by-line names: the persons as written together and one by one, and the outlet beside them."""

    written: str = ""
    names: tuple[str, ...] = ()
    outlet: str = ""


#: What tells that a piece of text is a by-line: a label before it, its place behind the last sentence, or nothing.
Evidence = Literal["label", "place", "none"]


def read_signature(text: str, evidence: Evidence) -> Signature:
    """Return what a by-line names; empty if it is none.

    Behind a label one syllable will do, at the place of by-lines pen names, initials and capitals; without any
    evidence a name must be made of surnames and given names.
    """
    text = text.strip(" .*[]\u00a0-–|:")
    text = _MADE.sub("", text)
    aside = _ASIDE.search(text)
    outlet = _origin(aside["aside"]) if aside else ""
    persons = (text[: aside.start()] if aside else text).strip(" .()")
    persons, behind = _split_outlet(persons)
    if not persons:
        return Signature(outlet=outlet or behind)
    if len(persons) > 80 or any(char.isdigit() for char in persons) or dateline(persons):
        return Signature()
    names = tuple(name.strip() for name in _JOIN.split(persons))
    if len(names) > MAX_NAMES or not all(_is_person(name, evidence) for name in names):
        return Signature()
    return Signature(persons, names, outlet or behind)


def is_outlet(text: str) -> bool:
    """Say whether a text is the name of a newspaper or an agency and nothing else."""
    return bool(_OUTLET.fullmatch(text.strip(" .()*[]-–")))


def may_be_source(text: str) -> bool:
    """Say whether what stands behind `Theo` may be whom a text is from: a name, and no beginning of a sentence.

    A name begins with a capital or with the word for a paper or a portal, or is an address; it has no long run of
    small words, no part of a sentence ends in it, and it is no law and no report.
    """
    if _KNOWN_OUTLET.fullmatch(text):
        return True
    portal = _PORTAL.match(text)
    kind = portal or _PAPER.match(text)
    name = text[kind.end() :] if kind else text
    capital = name[:1].isupper() or (portal and any(word[0].isupper() for word in name.split()[:3]))
    if not capital or _ENDED.search(text) or _TEXT.match(text):
        return False
    run = longest = 0
    for word in name.split():
        run = run + 1 if word[0].islower() else 0
        longest = max(longest, run)
    return longest <= _SMALL_WORDS


def _origin(aside: str) -> str:
    """Return the outlet that an aside names: `Theo AFP` is AFP, `tổng hợp` is none."""
    told = re.sub(r"^(?:theo|nguồn:?)\s+", "", aside, flags=re.IGNORECASE)
    return "" if re.fullmatch(any_of(ASIDES), told, re.IGNORECASE) else told


def _split_outlet(text: str) -> tuple[str, str]:
    """Return (persons, outlet) of `N. Hà/TTO`, `Thành Đạt - Dân trí`; behind a slash anything is an outlet."""
    persons, slash, outlet = text.partition("/")
    if slash and persons.strip():
        return persons.strip(), _origin(outlet.strip())
    match = re.match(r"(?P<who>.+?)\s*[-–,]\s*(?P<outlet>[^-–,]+)$", text)
    if match and is_outlet(match["outlet"]):
        return match["who"], _origin(match["outlet"])
    return ("", text) if is_outlet(text) else (text, "")


def _is_person(name: str, evidence: Evidence) -> bool:
    words = [word for word in re.split(r"[\s.]+", name) if word]
    if not 1 <= len(words) <= 5 or _TITLED.match(name):
        return False
    known = all(word.capitalize() in GIVEN_NAMES or word.capitalize() in SURNAMES for word in words)
    if _NO_PERSON.match(name) and not (evidence == "place" and known):  # Trường Văn is no school
        return False
    province = province_named(name)
    if (province and not (evidence == "place" and is_former(province))) or is_section(name):
        return False
    if not all(_WORD.fullmatch(word) and word[0].isupper() for word in words):
        return False
    if evidence == "label" or len(words) < 2:
        return evidence == "label"
    spelled = [word.capitalize() for word in words]
    syllables = [len(word) == 1 or is_syllable(word) for word in spelled]
    if evidence == "place":  # pen names may have letters of their own: Khánh Lynh
        return syllables[0] and sum(syllables) >= len(words) / 2
    if not all(syllables):
        return False
    if spelled[0] in SURNAMES:
        return True
    # A bare line in capitals is a heading unless it begins with a surname; `Dịch Vụ Trực Tuyến` is one, too.
    return known and not name.isupper()
