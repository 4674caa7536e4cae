"""Provinces that a query names, and names that only look so."""

import pytest

from search.planning.named_provinces import named_provinces
from search.planning.province_notices import merger_notices
from search.query.parser import parse
from search.text import tone_key

OCEAN = tuple(map(tone_key, ("Thái", "Bình", "Dương")))


def names(first: str, second: str) -> list[tuple[tuple[str, ...], int]]:
    return [(OCEAN, 40)] if (first, second) == ("thai", "binh") else []


def named(query: str) -> list[str]:
    return [province.name for province in named_provinces(parse(query), names)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lũ quét Yên Bái", ["Yên Bái"]),
        ("lu quet yen bai", ["Yên Bái"]),
        ("cà phê Đắc Lắc", ["Đắk Lắk"]),
        ("Thanh Hóa và Nghệ An", ["Thanh Hóa", "Nghệ An"]),
        ("công an Bình Định", ["Bình Định"]),
        ("tỉnh thái bình", ["Thái Bình"]),
    ],
)
def test_a_province_is_named_in_any_spelling(query: str, expected: list[str]) -> None:
    assert named(query) == expected


@pytest.mark.parametrize(
    "query",
    ["Thái Bình Dương", "thai binh duong", "đồng bằng sông Cửu Long", "Nguyễn Minh Hải", "Xô Viết Nghệ Tĩnh",
     "đường Phú Yên", "hòa bình"],
)  # fmt: skip
def test_a_name_inside_of_another_one_is_no_province(query: str) -> None:
    assert named(query) == []
    parsed = parse(query)
    assert merger_notices(parsed, named_provinces(parsed, names)) == []
