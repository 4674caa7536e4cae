"""Provinces in time: names for any spelling, eras, mergers."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.places import (
    all_names,
    all_units,
    country_named,
    kind_at,
    merged_into,
    name_as_of,
    period,
    province_named,
    province_now,
    provinces_now,
    spellings,
    units_named,
)
from search.text import fold_text

NAMES = st.sampled_from(all_names())


def in_force(day: date) -> list[str]:
    return [unit.name for unit in all_units() if unit.in_force(day, day)]


NAMES_NOW = sorted(in_force(date.max))


def test_there_are_63_units_before_july_2025_and_34_after() -> None:
    assert len(set(in_force(date(2025, 6, 30)))) == 63
    assert len(set(in_force(date(2025, 7, 1)))) == 34 == len(NAMES_NOW)


@pytest.mark.parametrize("year", range(1998, 2027))
def test_no_day_since_1998_gives_a_piece_of_the_country_to_two_units(year: int) -> None:
    for day in (date(year, 1, 1), date(year, 7, 1)):
        areas = [piece for unit in all_units() if unit.in_force(day, day) for piece in unit.area]
        assert len(areas) == len(set(areas))


@pytest.mark.shared
def test_mergers_agree_with_the_shared_table_on_all_63(shared_data: Path) -> None:
    with (shared_data / "provinces.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["era"].startswith("63")]
    assert {row["old_name"]: province_now(row["old_name"]) for row in rows} == {
        row["old_name"]: row["new_name"] for row in rows
    }


@pytest.mark.shared
def test_every_variant_of_the_shared_table_names_its_province(shared_data: Path) -> None:
    with (shared_data / "provinces.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["variants"]]
    ambiguous = {"xứ Nghệ", "TT-H"}
    wrong = {
        variant: (province_named(variant), row["old_name"])
        for row in rows
        for variant in row["variants"].split(";")
        if variant not in ambiguous and province_named(variant) != row["old_name"]
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("thanh hoa", "Thanh Hóa"), ("Thanh Hoá", "Thanh Hóa"), ("THANH HÓA", "Thanh Hóa"), ("dak lak", "Đắk Lắk"),
        ("Dak Lăk", "Đắk Lắk"), ("tỉnh Phú Yên", "Phú Yên"), ("tp hcm", "Hồ Chí Minh"), ("sai gon", "Hồ Chí Minh"),
        ("ba ria vung tau", "Bà Rịa - Vũng Tàu"), ("BR-VT", "Bà Rịa - Vũng Tàu"), ("hue", "Huế"), ("TP. Huế", "Huế"),
        ("thua thien hue", "Thừa Thiên Huế"), ("KONTUM", "Kon Tum"), ("Nghe\u0323\u0302 An", "Nghệ An"), ("ha tay",
        "Hà Tây"),
    ],
)  # fmt: skip
def test_any_spelling_finds_its_canonical_name(typed: str, name: str) -> None:
    assert province_named(typed) == name


@pytest.mark.parametrize("typed", ["", "  ", "xyz", "Thánh Hóa", "Hà Nôi", "thanh", "tỉnh", "Phú Thọ Phú Yên",
"<script>"])
def test_what_names_no_province_finds_none(typed: str) -> None:
    assert province_named(typed) is None


@given(NAMES)
def test_a_name_is_found_without_marks_spaces_and_capitals(name: str) -> None:
    assert province_named(fold_text(name)) == name
    assert province_named(fold_text(name).replace(" ", "").replace("-", "").upper()) == name


@given(st.sampled_from(spellings()))
def test_a_listed_spelling_finds_its_name_in_any_case(row) -> None:  # type: ignore[no-untyped-def]
    assert {province_named(row.spelling), province_named(row.spelling.upper())} == {row.name}


@given(st.text(max_size=40))
def test_any_text_names_a_known_province_or_none(text: str) -> None:
    assert province_named(text) in {None, *all_names()}


@given(NAMES, st.dates(date(1976, 1, 1), date(2030, 1, 1)))
def test_the_name_as_of_a_day_holds_the_area_and_asking_twice_changes_nothing(name: str, day: date) -> None:
    then = name_as_of(name, day.isoformat())
    assert name_as_of(then, day.isoformat()) == then
    if then != name:
        assert any(unit.in_force(day, day) for unit in units_named(then))


@given(NAMES)
def test_what_a_province_became_is_one_of_the_34_and_holds_its_area(name: str) -> None:
    for now in provinces_now(name):
        assert now in NAMES_NOW
        assert units_named(now)[-1].area & units_named(name)[-1].area


@given(st.sampled_from(NAMES_NOW))
def test_a_province_of_today_is_its_own_now_and_made_of_units_that_became_it(name: str) -> None:
    assert province_now(name) == name
    assert merged_into(name) is None
    area = units_named(name)[-1].area
    before = [unit for unit in all_units() if unit.in_force(date(2025, 6, 30), date(2025, 6, 30)) and unit.area <= area]
    assert frozenset().union(*(unit.area for unit in before)) == area
    assert all(province_now(unit.name) == name for unit in before)


@pytest.mark.parametrize(
    ("name", "when", "then"),
    [
        ("Phú Yên", "2023-12-31", "Phú Yên"), ("Phú Yên", "2026-01", "Đắk Lắk"), ("Phú Yên", "2025", "Phú Yên"),
        ("Phú Yên", "", "Phú Yên"), ("Phú Yên", "--12-26", "Phú Yên"), ("Phú Yên", "2025-Q3", "Đắk Lắk"),
        ("Huế", "2020-05-01", "Thừa Thiên Huế"), ("Thừa Thiên Huế", "2025-02-01", "Huế"), ("Đắk Nông", "2003",
        "Đắk Lắk"),
        ("Bắc Giang", "1990", "Hà Bắc"), ("Hà Tây", "2010-01-01", "Hà Nội"), ("Nghệ Tĩnh", "2020", "Nghệ Tĩnh"),
        ("Nowhere", "2020", "Nowhere"),
    ],
)  # fmt: skip
def test_a_province_is_named_as_of_the_date(name: str, when: str, then: str) -> None:
    assert name_as_of(name, when) == then


def test_a_merger_says_into_what_and_since_when() -> None:
    merger = merged_into("Phú Yên")
    assert merger and merger.into == ("Đắk Lắk",) and merger.since == date(2025, 7, 1)
    assert province_now("Nghệ Tĩnh") == ""
    assert provinces_now("Nghệ Tĩnh") == ("Nghệ An", "Hà Tĩnh")


def test_a_kind_is_a_dated_attribute() -> None:
    assert kind_at("Bắc Ninh", "2026-08") == "tỉnh"
    assert kind_at("Bắc Ninh", "2026-10") == "thành phố"
    assert kind_at("Đồng Nai", "") == "thành phố"
    assert kind_at("Nowhere", "2020") == ""


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2024-02", ("2024-02-01", "2024-02-29")), ("2023", ("2023-01-01", "2023-12-31")),
        ("2023-Q4", ("2023-10-01", "2023-12-31")), ("2023-12-29", ("2023-12-29", "2023-12-29")),
    ],
)  # fmt: skip
def test_a_date_value_is_a_period_of_days(value: str, days: tuple[str, str]) -> None:
    assert period(value) == tuple(map(date.fromisoformat, days))


@pytest.mark.parametrize(("typed", "country"), [
    ("Lào", "Lào"), ("lao", "Lào"), ("LAOS", "Lào"), ("Láo", None), ("hoa kỳ", "Hoa Kỳ"), ("mỹ", "Hoa Kỳ"),
    ("USA", "Hoa Kỳ"), ("nhat ban", "Nhật Bản"), ("Ấn-Độ", "Ấn Độ"), ("Viêng Chăn", None), ("", None), ("?", None),
    ("hàn quoc", "Hàn Quốc"), ("han quốc", "Hàn Quốc"), ("hán quoc", None), ("hàn quôc", None),
])  # fmt: skip
def test_a_country_is_named_in_any_spelling_but_by_no_other_word(typed: str, country: str | None) -> None:
    assert country_named(typed) == country
