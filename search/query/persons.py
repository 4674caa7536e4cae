"""Persons in a query: the name decides, titles and offices help.

`đồng chí Trịnh Văn Chiến` and `Chủ tịch UBND tỉnh Thanh Hóa Nguyễn Đình Xứng` are about whoever bears the name.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from search.text import PIPELINE

#: What stands before a name: how a person is addressed, ranks and offices.
_TITLES: Final = """
ông; bà; anh; chị; cụ; cô; chú; bác; em; đồng chí; đ/c; thầy; nhà báo; nhà văn; nhà thơ; nhạc sĩ; ca sĩ; nghệ sĩ;
diễn viên; hoa hậu; cầu thủ; HLV; huấn luyện viên; luật sư; bác sĩ; tiến sĩ; thạc sĩ; giáo sư; phó giáo sư; kỹ sư;
kiến trúc sư; GS; PGS; TS; ThS; BS; LS; NSƯT; NSND; đại tướng; thượng tướng; trung tướng; thiếu tướng; đại tá;
thượng tá; trung tá; thiếu tá; đại úy; thượng úy; trung úy; thiếu úy; chủ tịch; phó chủ tịch; CT; PCT; bí thư; phó
bí thư; tổng bí thư; thủ tướng; phó thủ tướng; bộ trưởng; thứ trưởng; giám đốc; phó giám đốc; GĐ; PGĐ; tổng giám
đốc; phó tổng giám đốc; trưởng ban; phó ban; phó trưởng ban; trưởng phòng; phó phòng; phó trưởng phòng; chánh văn
phòng; phó chánh văn phòng; chánh án; viện trưởng; cục trưởng; phó cục trưởng; vụ trưởng; tổng cục trưởng; hiệu
trưởng; hiệu phó; chủ nhiệm; ủy viên; đại biểu; tư lệnh; chính ủy; tổng thống; đại sứ; tổng lãnh sự; bị cáo; bị can;
đối tượng; nguyên; cựu
"""
#: The frequent family names; others tell no person from two words.
_FAMILIES: Final = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Lương Trịnh Đoàn Trương Mai Tô Lâm
Cao Hà Tạ Thái Phùng Chu Châu Quách La Đào Tăng Thân Vương Văn Kiều Nông Hứa Mạc Triệu Cù Nghiêm Lưu Tôn Vi
Giàng Sùng Vàng Lò Quàng Cầm Hầu Thào Ma Khuất Đàm Bạch Thạch Tống Từ Doãn Lại Ngọc Phí Viên Âu Ông Khổng
"""
#: Words of a whole name; one of two words is one only behind a title.
_SHORTEST, _LONGEST = 3, 4


def offices(words: Sequence[str], typed: Sequence[str]) -> frozenset[int]:
    """Return the places of words that are title and office of a person named behind them; none without such a name.

    `words` are tone keys, `typed` the words with their capitals.
    """
    first = _title(words, 0)
    if not first:
        return frozenset()
    for start in range(first, len(words) - 1):
        if words[start] in _families() and _is_name(words, typed, start, behind_title=start == first):
            return frozenset(range(start))
    rest = typed[first:]
    short = 0 < len(rest) < _SHORTEST and all(word[:1].isupper() for word in rest) and not typed[0].isupper()
    return frozenset(range(first)) if short else frozenset()  # `bà Quỳnh Anh`


def _is_name(words: Sequence[str], typed: Sequence[str], start: int, behind_title: bool) -> bool:
    """Say whether a name begins at a family name: the rest of the query, capitals where the query has some."""
    length = len(words) - start
    if any(map(str.isupper, "".join(typed))) and not all(word[:1].isupper() for word in typed[start : start + 2]):
        return False
    return _SHORTEST - behind_title <= length and length <= _LONGEST


def _title(words: Sequence[str], at: int) -> int:
    """Return where the titles end that begin at a place, the place itself if there is none."""
    for length in range(min(5, len(words) - at), 0, -1):
        if tuple(words[at : at + length]) in _titles():
            return _title(words, at + length)
    return at


@cache
def _titles() -> frozenset[tuple[str, ...]]:
    """Return the titles as tone keys, with marks and without."""
    found = set()
    for title in _TITLES.split(";"):
        tokens = [token for token in PIPELINE.tokens(title.strip()) if not token.whole]
        found |= {tuple([token.key for token in tokens]), tuple([token.fold for token in tokens])}
    return frozenset(found)


@cache
def _families() -> frozenset[str]:
    return frozenset(form for token in PIPELINE.tokens(_FAMILIES) for form in (token.key, token.fold))
