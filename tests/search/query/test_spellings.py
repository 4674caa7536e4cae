"""One amount, one date, one code: other spellings of what was typed."""

import pytest

from search.query.spellings import closed_up, other_spellings
from search.text import PIPELINE


def spellings(text: str) -> list[str]:
    return other_spellings([token for token in PIPELINE.tokens(text) if not token.whole], text)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("30000", "30.000"),
        ("30.000", "30000"),
        ("30,000", "30000"),
        ("30 000", "30000"),
        ("1.500.000", "1500000"),
        ("8/3", "08/03"),
        ("08/03", "8/3"),
        ("8/3", "8 tháng 3"),
        ("ngày 8 tháng 3", "8/3"),
        ("mùng 8 tháng 3", "08/03"),
        ("26 tháng 12", "26/12"),
        ("ngày 26/12", "26 tháng 12"),
        ("tháng 6/2017", "6 năm 2017"),
        ("thang 6 nam 2017", "06/2017"),
        ("1.000 tỷ đồng", "1000 tỷ đồng"),
        ("2000 tỷ", "2.000 tỷ"),
        ("30000 vien", "30.000 vien"),
        ("10 kg", "10kg"),
        ("5km2", "5 km2"),
        ("8/3/17", "8/3/2017"),
        ("08-03-2017", "8 tháng 3 năm 2017"),
        ("8/3/49", "8/3/2049"),
        ("8/3/50", "8/3/1950"),
        ("31/12", "31 tháng 12"),
        ("1/1", "01/01"),
        ("1/1/1900", "01/01/1900"),
        ("covid19", "covid-19"),
        ("Covid-19", "covid19"),
        ("Su30", "su-30"),
        ("F-16", "f16"),
        ("U 23", "u23"),
    ],
)
def test_another_spelling_is_known(typed: str, other: str) -> None:
    assert other in spellings(typed)


ONE_SPELLING = (
    "2017 | 19,75 | 3.5 | 32/3 | 0/3 | 8/13 | 8/0 | 8/3/1899 | 8/3/2100 | 8.3 | covid | năm 2017 | tháng 13/2017 | "
    "2017 Nghệ An | 30 bánh"
)


@pytest.mark.parametrize("typed", ONE_SPELLING.split(" | "))
def test_what_has_one_spelling_gets_no_other(typed: str) -> None:
    assert spellings(typed) == []


@pytest.mark.parametrize(
    ("typed", "closed"),
    [
        ("quyết định 108 / QĐ - UBND", "quyết định 108/QĐ-UBND"),
        ("46 / 2016 / NĐ-CP", "46/2016/NĐ-CP"),
        ("46/2016/NĐ -CP về phạt", "46/2016/NĐ-CP về phạt"),
        ("tỷ số 3 - 1", "tỷ số 3 - 1"),
        ("Sở Ngoại vụ -Đà Nẵng", "Sở Ngoại vụ -Đà Nẵng"),
        ("108/QĐ-UBND -Huế", "108/QĐ-UBND -Huế"),
    ],
)
def test_blanks_inside_of_document_numbers_are_left_out(typed: str, closed: str) -> None:
    assert closed_up(typed) == closed
