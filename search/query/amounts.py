"""Which words of a query make one amount or date with the number beside them."""

from functools import cache
from typing import Final

from search.text import tone_key

#: What is counted or measured after a number; scales, currencies, measures of the law on measurement, classifiers.
_UNITS: Final = """
trăm nghìn ngàn vạn triệu tỷ tỉ đồng đ vnd vnđ usd đô euro eur yên tệ phần %
kg g gam gram lạng yến tạ tấn mg lít l ml m mét km cm mm ha hecta hécta sào mẫu công độ kwh kw mw
viên bánh gói cái chiếc con bộ đôi cặp tờ quyển cuốn bản suất căn ngôi hộ vụ ca lượt người tuổi xe tàu phòng
giây phút giờ ngày tuần tháng quý năm
"""
#: What stands before the number that it belongs to.
_NUMBERED: Final = "ngày mùng mồng tháng năm quý số khóa khoá điều khoản"


@cache
def units() -> frozenset[str]:
    """Return the tone keys of words that follow the number they belong to."""
    return frozenset(map(tone_key, _UNITS.split()))


@cache
def numbered() -> frozenset[str]:
    """Return the tone keys of words that stand before the number they belong to."""
    return frozenset(map(tone_key, _NUMBERED.split()))


def is_number(word: str) -> bool:
    """Say whether a folded word is digits."""
    return word.isascii() and word.isdigit()
