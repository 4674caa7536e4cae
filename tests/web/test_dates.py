"""Dates in words."""

import pytest

from search.article import ArticleDate, Precision
from web.dates import long_date, machine_date, short_date

CASES: list[tuple[str, Precision, str, str, str]] = [
    ("2025-12-26", "day", "26/12/2025", "26 Dec 2025", "2025-12-26"),
    ("2025-06", "month", "Tháng 6 năm 2025", "June 2025", "2025-06"),
    ("2019-Q3", "quarter", "Quý 3 năm 2019", "Q3 2019", ""),
    ("2019", "year", "Năm 2019", "2019", "2019"),
    ("--10-06", "daymonth", "6/10, không rõ năm", "6 October, year unknown", "--10-06"),
    ("", "unknown", "Không rõ ngày", "Undated", ""),
]


@pytest.mark.parametrize(("value", "precision", "vi", "en", "machine"), CASES)
def test_a_date_says_what_is_known_and_no_more(
    value: str, precision: Precision, vi: str, en: str, machine: str
) -> None:
    date = ArticleDate(value, precision)
    assert (short_date(date, "vi"), short_date(date, "en"), machine_date(date)) == (vi, en, machine)


def test_the_long_form_spells_a_day_out() -> None:
    date = ArticleDate("2025-12-26", "day")
    assert long_date(date, "vi") == "Thứ Sáu, ngày 26 tháng 12 năm 2025"
    assert long_date(date, "en") == "Friday, 26 December 2025"
