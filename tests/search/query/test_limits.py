"""Where the rules of a query begin and end: the last value that still holds, and the first that no longer does."""

import pytest

from search.query.date_ranges import date_range, day_of_any_year
from search.query.lexer import lex
from search.query.parser import MAX_CLAUSES, MAX_DEPTH, MAX_LENGTH, parse
from search.query.periods import Period, period
from search.query.spellings import LONGEST, may_begin, other_spellings
from search.query.synonyms import MOST_FORMS, Synonyms
from search.query.syntax import Restriction
from search.text import PIPELINE, Token


def words(text: str) -> list[Token]:
    return [token for token in PIPELINE.tokens(text) if not token.whole]


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("1000", (10000101, 10001231)), ("0999", None), ("9999", (99990101, 99991231)), ("12025", None),
        (" 2025 ", (20250101, 20251231)),
        ("2025-1", (20250101, 20250131)), ("2025-12", (20251201, 20251231)), ("2025-0", None), ("2025-13", None),
        ("2024/2", (20240201, 20240229)), ("2025.2", (20250201, 20250228)), ("4/2025", (20250401, 20250430)),
        ("1/2025", (20250101, 20250131)), ("12-2025", (20251201, 20251231)), ("0/2025", None), ("13/2025", None),
        ("2024-2-29", (20240229, 20240229)), ("2025-2-29", None), ("2025-1-1", (20250101, 20250101)),
        ("2025-12-31", (20251231, 20251231)), ("2025-1-0", None), ("2025-4-31", None),
        ("1.1.2025", (20250101, 20250101)), ("31/12/2025", (20251231, 20251231)), ("0/1/2025", None),
    ],
)  # fmt: skip
def test_a_date_has_a_year_of_four_digits_and_a_month_and_day_that_exist(
    typed: str, days: tuple[int, int] | None
) -> None:
    assert date_range(typed) == days


@pytest.mark.parametrize(
    ("typed", "day"),
    [("26/12", 1226), (" 1-1 ", 101), ("31.12", 1231), ("29/2", 229), ("30/2", None), ("0/1", None), ("1/0", None),
     ("1/13", None), ("32/1", None), ("26", None), ("26/12/2025", None)],
)  # fmt: skip
def test_a_day_of_any_year_is_one_of_a_leap_year(typed: str, day: int | None) -> None:
    assert day_of_any_year(typed) == day


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("year:2025", Restriction(year=2025)), ("year:2025-06", None), ("year:2025-06-30", None),
        ("month:2025-06", Restriction(year=2025, month=6)), ("month:2/2024", Restriction(year=2024, month=2)),
        ("month:2025", None), ("month:2025-06-30", None),
        ("month:1", Restriction(month=1)), ("month:012", None), ("month:09", Restriction(month=9)),
        ("month:12", Restriction(month=12)), ("month:0", None), ("month:13", None),
        ("day:30/06/2025", Restriction(date_from=20250630, date_to=20250630, day=630)),
        ("day:29/2", Restriction(day=229)), ("day:30/2", None), ("day:2025-06", None), ("day:2025", None),
        ("from:2025-06", Restriction(date_from=20250601)), ("to:2025-06", Restriction(date_to=20250630)),
        ("from:30/6", None), ("to:31/4/2025", None),
    ],
)  # fmt: skip
def test_an_operator_of_dates_takes_what_is_as_long_as_its_name_says(query: str, asked: Restriction | None) -> None:
    parsed = parse(f"gạo {query}")
    parts = getattr(parsed.root, "parts", ())
    assert (parts[1] if parts else None) == asked
    assert [notice.code for notice in parsed.notices] == ([] if asked else ["ignored-operator"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lũ 1900", Period(1, 2, 1900)), ("lũ 1899", None), ("lũ 2099", Period(1, 2, 2099)), ("lũ 2100", None),
        ("lũ năm 2016", Period(1, 3, 2016)), ("2016", Period(0, 1, 2016)), ("năm 2016", Period(0, 2, 2016)),
        ("lũ 2016 và 2017", None), ("số 2016", None), ("số 2016 năm 2017", Period(2, 4, 2017)), ("12 2016", None),
        ("2016 người", None), ("2016 và người", Period(0, 1, 2016)), ("x/2016", None), ("2016/x", None),
        ("lũ tháng 1/2016", Period(1, 4, 2016, 1)), ("lũ tháng 12/2016", Period(1, 4, 2016, 12)),
        ("tháng 0/2016", None), ("tháng 13/2016", None),
        ("tháng 1/1900", Period(0, 3, 1900, 1)), ("tháng 1/1899", None),
        ("tháng 1/2099", Period(0, 3, 2099, 1)), ("tháng 1/2100", None),
        ("lũ ngày 26 tháng 12 năm 2017 ở", Period(1, 7, 2017, 12, 26)), ("lũ 1/1/2017", Period(1, 4, 2017, 1, 1)),
        ("29/2/2016", Period(0, 3, 2016, 2, 29)), ("29/2/2017", None), ("0/5/2017", None),
        ("5/2017 và 6/2017", Period(0, 2, 2017, 5)), ("ngày 26/12/2017", Period(0, 4, 2017, 12, 26)),
    ],
)  # fmt: skip
def test_a_period_lies_between_1900_and_2099_and_is_told_by_all_its_words(query: str, expected: Period | None) -> None:
    assert period(words(query), query) == expected


@pytest.mark.parametrize(
    ("found", "days", "operators"),
    [
        (Period(0, 1, 2017), (20170101, 20171231), "from:2017 to:2017"),
        (Period(0, 1, 2017, 5), (20170501, 20170531), "from:2017-05 to:2017-05"),
        (Period(0, 1, 2017, 5, 9), (20170509, 20170509), "from:2017-05-09 to:2017-05-09"),
    ],
)
def test_a_period_is_a_filter_of_all_its_days(found: Period, days: tuple[int, int], operators: str) -> None:
    assert (found.days, found.filter) == (days, operators)


@pytest.mark.parametrize(
    ("fold", "count"), [("30", LONGEST), ("u23", LONGEST), ("ngay", LONGEST), ("thang", LONGEST), ("f", 2), ("su", 0)]
)
def test_a_number_a_date_or_a_letter_may_begin_what_has_other_spellings(fold: str, count: int) -> None:
    assert may_begin(fold) == count


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        # Amounts: four digits at least, and no year unless something is counted; groups of three digits.
        ("999 viên", ""), ("1000 viên", "1.000 viên"), ("0999 viên", ""), ("2017 viên", "2.017 viên"),
        ("1899", "1.899"), ("1900", ""), ("2099", ""), ("2100", "2.100"), ("1.000", "1000"), ("999.000", "999000"),
        ("1000.000", ""), ("10.00", ""), ("1.0000", ""), ("1/000", ""), ("1.000.000 đồng", "1000000 đồng"),
        ("1000 tỷ đồng", "1.000 tỷ đồng"), ("1000 trăm tỷ đồng", ""), ("1000-viên", ""), ("1000 Viên", "1.000 Viên"),
        # Days: those of a calendar, with a year or none; two digits of a year up to 49 are of this century.
        ("31/1", "31/1 | 31/01 | 31 tháng 1 | 31 tháng 01"), ("32/1", ""),
        ("1/12", "1/12 | 01/12 | 1 tháng 12 | 01 tháng 12"),
        ("1/13", ""), ("0/1", ""), ("1/0", ""), ("1.2", ""), ("1/2-2017", ""), ("1/2/1899", ""), ("1/2/2100", ""),
        ("1.2.17", "1/2/2017 | 01/02/2017 | 01/2/2017 | 1 tháng 2 năm 2017 | 01 tháng 02 năm 2017 | 1/2/17 | "
                   "01/02/17 | 01/2/17"),
        ("1 tháng 2", "1/2 | 01/02 | 01/2 | 1 tháng 2 | 01 tháng 02"),
        ("ngày 10-12", "10/12 | 10 tháng 12"), ("ngày-10/12", ""),
        ("1 tháng 2 năm 2099", "1/2/2099 | 01/02/2099 | 01/2/2099 | 1 tháng 2 năm 2099 | 01 tháng 02 năm 2099 | "
                               "1/2/99 | 01/02/99 | 01/2/99"),
        ("1 tháng 2 khóa 2017", ""), ("1 quý 2", ""), ("1 tháng hai", ""),
        # Months of a year.
        ("tháng 1/1900", "1/1900 | 1 năm 1900 | 01/1900 | 01 năm 1900"), ("tháng 12 2099", "12/2099 | 12 năm 2099"),
        ("tháng 0/2017", ""), ("tháng 13/2017", ""), ("tháng 1/1899", ""), ("tháng 1/2100", ""),
        # Codes: one letter may stand apart from its number.
        ("su30", "su-30"), ("su-30", "su30"), ("su 30", ""), ("f 16", "f16"), ("16 f", ""), ("a1-b2", ""),
        # Measures: one word or two with a blank.
        ("10kg", "10 kg"), ("10 kg", "10kg"), ("10-kg", ""), ("10 kg gạo", ""),
    ],
)  # fmt: skip
def test_what_is_one_thing_has_exactly_its_other_spellings(typed: str, others: str) -> None:
    assert " | ".join(other_spellings(words(typed), typed)) == others


def test_of_many_forms_the_first_eight_are_searched() -> None:
    forms = [f"từ{letter}" for letter in "abcdefghijk"]
    choice = Synonyms([forms]).others(words("từa"), "từa")
    assert choice is not None
    assert [form.text for form in choice.forms] == forms[1 : MOST_FORMS + 1] and MOST_FORMS == 8


@pytest.mark.parametrize(("length", "told"), [(MAX_LENGTH, []), (MAX_LENGTH + 1, ["limit"])])
def test_a_query_of_a_thousand_characters_is_searched_whole(length: int, told: list[str]) -> None:
    parsed = parse("đ" * length)
    assert [notice.code for notice in parsed.notices] == told
    assert all("1.000" in notice.vi and "1,000" in notice.en for notice in parsed.notices)


@pytest.mark.parametrize(("count", "told"), [(MAX_CLAUSES, []), (MAX_CLAUSES + 1, ["limit"])])
def test_sixty_four_words_are_searched(count: int, told: list[str]) -> None:
    for query in ("a " * count, f'"{"a " * count}"', "a " * (count - 1) + "abc*"):
        parsed = parse(query)
        assert [notice.code for notice in parsed.notices] == told
    assert MAX_CLAUSES == 64 and len(lex("a " * count)) == count


def test_a_compound_that_does_not_fit_is_searched_in_those_parts_that_do() -> None:
    before = "a " * (MAX_CLAUSES - 3)
    fits, cut = parse(f"{before}b-c"), parse(f"{before}b-c-d")
    assert [token.key for token in fits.words[-2:]] == ["b", "c"] and not fits.notices
    assert [token.key for token in cut.words[MAX_CLAUSES - 3 :]] == ["b", "c"]
    assert [notice.code for notice in cut.notices] == ["limit"]
    assert parse(f"{before}x y z b-c").words == parse(f"{before}x y z").words


@pytest.mark.parametrize(("depth", "told"), [(MAX_DEPTH, []), (MAX_DEPTH + 1, ["limit"])])
def test_twenty_brackets_may_stand_inside_of_each_other(depth: int, told: list[str]) -> None:
    assert [notice.code for notice in parse("a " + "(" * depth + "b").notices if notice.code == "limit"] == told
    assert MAX_DEPTH == 20


@pytest.mark.parametrize(("query", "found"), [("abc*", True), ("ab*", False), ("đưo*", True), ("đư*", False)])
def test_three_letters_stand_before_an_asterisk(query: str, found: bool) -> None:
    assert (parse(f"x {query}").notices == ()) == found
