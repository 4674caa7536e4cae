"""Days, months and years that a query names."""

import pytest

from search.query.periods import Period, period
from search.text import PIPELINE


def named(text: str) -> Period | None:
    return period([token for token in PIPELINE.tokens(text) if not token.whole], text)


@pytest.mark.parametrize(
    ("query", "shown", "operators"),
    [
        ("Formosa tháng 5 2017", "5/2017", "from:2017-05 to:2017-05"),
        ("xuất khẩu tháng 6/2017", "6/2017", "from:2017-06 to:2017-06"),
        ("xuat khau thang 6 nam 2017", "6/2017", "from:2017-06 to:2017-06"),
        ("lũ 10/2017 Yên Bái", "10/2017", "from:2017-10 to:2017-10"),
        ("họp ngày 26 tháng 12 năm 2017", "26/12/2017", "from:2017-12-26 to:2017-12-26"),
        ("họp 26/12/2017", "26/12/2017", "from:2017-12-26 to:2017-12-26"),
        ("lũ lụt Quảng Bình 2016", "2016", "from:2016 to:2016"),
        ("bau cu nam 2016", "2016", "from:2016 to:2016"),
    ],
)
def test_a_year_or_a_day_or_month_of_one_is_a_period(query: str, shown: str, operators: str) -> None:
    found = named(query)
    assert found is not None
    assert (found.text, found.filter) == (shown, operators)


@pytest.mark.parametrize(
    "query",
    ["tháng 6", "ngày 26/12", "tháng 13/2017", "31/2/2017", "92/2017/QĐ-UBND", "5 2017", "quyết định số 1956",
     "2000 người", "2016-2021", "khóa 2016", "từ 2016 đến 2017", "20171"],
)  # fmt: skip
def test_what_tells_no_year_is_none(query: str) -> None:
    assert named(query) is None
