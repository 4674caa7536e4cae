"""Find the provinces that a text names, each with what stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from index.places.gazetteer import finder, name_of

#: A run of this many provinces one after another is a list of who was there, not where it was.
LIST_LENGTH: Final = 4
#: How far back an office is looked for: `Giám đốc Sở Ngoại vụ tỉnh` is 26 characters.
CONTEXT: Final = 48

_ADMIN: Final = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|thủ đô|TP|T\.P|Tp|UBND|HĐND|VKSND|TAND|MTTQ|BCH|Sở|Tỉnh ủy|Tỉnh uỷ|Thành ủy|Thành uỷ|Tỉnh đoàn|Thành đoàn"
    r"|Tỉnh|Thành phố|TỈNH|THÀNH PHỐ|SỞ|Đoàn ĐBQH|Công an|Ngoại vụ|Báo|Đài)\.?\s*$"
)
#: An office of the province right before the name: the strongest sign of whose article it is.
_OFFICE: Final = re.compile(
    r"(?:(?<!\w)(?:Sở|SỞ)\s[^,.;:()]{2,40}|(?:UBND|HĐND|VKSND|TAND|MTTQ|BCH|Đoàn ĐBQH|Công an|CÔNG AN|Bộ Chỉ huy[^,.;:()]{2,24}|BĐBP|BHXH"
    r"|Cục [^,.;:()]{2,24}|Ban [^,.;:()]{2,30}|Hội [^,.;:()]{2,30}|Liên hiệp [^,.;:()]{2,36}|Liên đoàn [^,.;:()]{2,20}|Ủy ban [^,.;:()]{2,24}"
    r"|Uỷ ban [^,.;:()]{2,24}|Trường [^,.;:()]{2,24}|Bệnh viện [^,.;:()]{2,20}|Báo|Đài [^,.;:()]{2,24})\s?)"
    r"(?:tỉnh|thành phố|TP\.?|Tỉnh|Thành phố|TỈNH|THÀNH PHỐ)?\s*$"
    r"|(?:Tỉnh ủy|Tỉnh uỷ|Thành ủy|Thành uỷ|Tỉnh đoàn|Thành đoàn|Công an tỉnh|TỈNH ỦY)\s$"
)
#: What stands right before a name makes it a street, a river, a ship, a person or a lesser place.
_NOT_THE_PROVINCE: Final = re.compile(
    r"(?<!\w)(?:đường|phố|phường|(?<!thị )xã|thôn|ấp|khu phố|sông|hồ|cầu|đèo|chùa|chợ|tàu|quận|huyện|đại lộ|ngã tư|vịnh|rạp|nhà hát|khách sạn"
    r"|công viên|sân vận động|ông|bà|anh|chị|em|cô|chú|cháu|bé|bác sĩ|nghệ sĩ|ca sĩ|diễn viên|Đường|Phố|Sông|Ông|Bà|Anh|Chị|Cầu|Hồ|Phường|Quận)"
    r"\s$"
)
_CHINA: Final = re.compile(r"\s*[,(–-]?\s*\(?(?:Trung Quốc|TQ\b|Trung Hoa)")
_LAST_WORD: Final = re.compile(r"(\S+)[ \u00a0]$")
_NEXT_WORD: Final = re.compile(r"[ \u00a0](\w+)")
_GAP: Final = re.compile(
    r"\s*(?:[,;/–-]|và|với|cùng|đến)?\s*(?:và|các tỉnh|các|tỉnh|thành phố|TP\.?|Tp\.?|Sở Ngoại vụ|[-+•])?\s*(?:tỉnh|TP\.?)?\s*"
)
#: Capitalised words that begin a sentence or name an office, and so don't make the name part of a longer one.
_OPENERS: Final = frozenset(
    "Tại Ở Từ Về Đến Tới Tỉnh Thành Phố TP Tp Sở Người Báo Đài Cả Trong Ngoài Với Và Còn Riêng Nếu Khi Theo Do Vì Nhưng Như Hai Ba Bốn "
    "Các Những Nhiều Toàn Vùng Giữa Qua Sang Ra Vào Trước Sau Rời Đoàn Phía Dân Đất Đô Đạo Lãnh Chính Nhờ Bởi Thế Là Hiện Nay Cho "
    "Bắc Nam Đông Tây Khu Cụm Cảng Biển Du Tour Tuyến Quốc Công Bệnh Cục Chi Ngoại Nội Mới Văn Sân Chùa Quê Tàu".split()
)
_SURNAMES: Final = frozenset(
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Đoàn Lương Mai Tô Trương Cao Hà Tạ Lưu Thái Châu "
    "Phùng Quách Tống Vương Kiều Đào Chu Triệu Nông Vi Lò Hứa La Giàng Sùng Y K A".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A province named in a text, at code points `start` to `end`.

    `office` is the office before the name (`Sở Ngoại vụ tỉnh`), `""` if none; `listed` marks a name inside a
    list of four provinces and more.
    """

    name: str
    start: int
    end: int
    office: str = ""
    listed: bool = False


def find_mentions(text: str) -> list[Mention]:
    """Return the provinces named in NFC `text`, in order."""
    found = []
    for match in finder().finditer(text):
        name = name_of(match.group())
        if name is None:
            continue
        before = text[max(0, match.start() - CONTEXT) : match.start()]
        if _means_province(match.group(), before, text[match.end() : match.end() + 24]):
            office = _OFFICE.search(before)
            found.append(Mention(name, match.start(), match.end(), office.group().strip() if office else ""))
    return _mark_lists(text, found) if len(found) >= LIST_LENGTH else found


def _means_province(surface: str, before: str, after: str) -> bool:
    """Say whether a spelling stands for the province, not for a part of another name."""
    if _CHINA.match(after) or _NOT_THE_PROVINCE.search(before):
        return False
    if _ADMIN.search(before) or surface[0].islower() or surface.startswith(("TP", "Tp", "Thành", "Tỉnh", "TT")):
        return True
    in_capitals = surface.isupper() and len(surface) > 5
    touching = _LAST_WORD.search(before)
    word = touching.group(1).lstrip("(\"“'‘") if touching else ""
    if in_capitals:
        # In a line of capitals nothing tells a person or a peace from a province but an office or the line's edge.
        return not word or not word.isupper() or word.capitalize() in _OPENERS
    if word[:1].isupper() and word[-1].isalpha() and not word.isupper() and word not in _OPENERS:
        return False
    following = _NEXT_WORD.match(after)
    if following and following.group(1)[0].isupper():
        next_word = following.group(1)
        return next_word.isupper() or next_word in _SURNAMES or bool(_OFFICE.search(before))
    return True


def _mark_lists(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Mark the mentions that follow one another with nothing but commas and 'và' between."""
    runs: list[list[Mention]] = [[mentions[0]]]
    for earlier, later in zip(mentions, mentions[1:], strict=False):
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
