"""Numbers, dates, codes and document numbers as people write them: other spellings of the same words, by rule.

`30.000`, `30,000`, `30 000` and `30000`; `8/3`, `08/03` and `ngày 8 tháng 3`; `covid-19`, `covid 19` and `covid19`.
Decree 30/2020/NĐ-CP wants dots for thousands, a comma for decimals and two digits for days up to 9; news write all.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from search.query.amounts import units
from search.text import Token
from search.text.spelling import unmarked

#: Words that may make one amount, date or code.
LONGEST: Final = 6
_THOUSANDS: Final = frozenset({".", ",", " ", "\u00a0"})
_BEFORE_DAYS: Final = frozenset({"ngay", "mung", "mong"})
_OF_DATES: Final = frozenset({"/", "-", "."})
_OF_CODES: Final = frozenset({"-", " ", "\u2013"})
#: Letters of a code: `su`, `covid`, `f`; longer ones are names with a number behind.
_CODE: Final = re.compile("([a-z]{1,6})([0-9]{1,4})")
_YEARS: Final = range(1900, 2100)
#: Two digits of a year stand for one of this century up to here.
_THIS_CENTURY: Final = 49
_MONTH: Final = re.compile("thang (?P<month>[0-9]{1,2}) (?:nam )?(?P<year>[0-9]{4})")
_MEASURE: Final = re.compile("(?P<number>[0-9]{1,4}) ?(?P<unit>[kcm]?m[23]?|[km]?g|ha|m?l|kwh?|mw|[gmt]b)")
#: Words behind a number: `tỷ đồng`.
_MOST_UNITS: Final = 2
#: A document number, with blanks or without: `108 / QĐ - UBND`.
_DOCUMENT: Final = re.compile(r"[0-9]+\s*/\s*[0-9A-ZĐ]+(?:\s*[/–-]\s*[0-9A-ZĐ]+)*(?!\w)")


def closed_up(text: str) -> str:
    """Return a query without the blanks inside of document numbers."""
    return _DOCUMENT.sub(lambda found: "".join(found.group().split()), text)


def may_begin(fold: str) -> int:
    """Return how many words an amount, a date or a code may have that begins with one, 0 if it can't begin any."""
    if any(char.isdigit() for char in fold) or fold in _BEFORE_DAYS or fold == "thang":
        return LONGEST
    return 2 if len(fold) == 1 else 0


def other_spellings(words: Sequence[Token], text: str) -> list[str]:
    """Return other spellings of the words of a query that make one amount, date or code; none if they make none."""
    folds = [word.fold for word in words]
    between = [text[left.end : right.start] for left, right in pairwise(words)]
    found = [*_amounts(words, between, text), *_dates(folds, between), *_months(folds), *_codes(folds, between),
             *_measures(folds, between)]  # fmt: skip
    typed = " ".join(folds)
    return [spelling for spelling in dict.fromkeys(found) if spelling != typed]


def _amounts(words: Sequence[Token], between: Sequence[str], text: str) -> Iterator[str]:
    """Yield the spellings of a number with what it counts or measures: `1.000 tỷ đồng`, `30000 viên`."""
    folds = [word.fold for word in words]
    end = next((place for place, fold in enumerate(folds) if not _is_digits(fold)), len(folds))
    counted = words[end:]
    if not end or len(counted) > _MOST_UNITS or not all(word.key in _any_units() for word in counted):
        return
    if all(gap.isspace() for gap in between[end - 1 :]):
        behind = "".join(f" {text[word.start : word.end]}" for word in counted)
        yield from (number + behind for number in _numbers(folds[:end], between[: end - 1], bool(counted)))


def _numbers(folds: Sequence[str], between: Sequence[str], counted: bool) -> Iterator[str]:
    """Yield a number without and with marks of thousands; one that is `counted` with is no year."""
    if not all(map(_is_digits, folds)):
        return
    first, *rest = folds
    if not rest:
        if len(first) >= 4 and first[0] != "0" and (counted or int(first) not in _YEARS):
            yield f"{int(first):,}".replace(",", ".")
    elif len(first) <= 3 and all(len(part) == 3 for part in rest) and set(between) <= _THOUSANDS:
        yield "".join(folds)


def _months(folds: Sequence[str]) -> Iterator[str]:
    """Yield the spellings of a month of a year; a day of the month in digits ends like it."""
    words = " ".join(folds)
    found = _MONTH.fullmatch(words)
    if found and 1 <= int(found["month"]) <= 12 and int(found["year"]) in _YEARS:
        month, year = int(found["month"]), found["year"]
        for number in dict.fromkeys((str(month), f"{month:02}")):
            yield f"{number}/{year}"
            yield f"{number} năm {year}"


def _dates(folds: Sequence[str], between: Sequence[str]) -> Iterator[str]:
    """Yield the spellings of a day with or without its year."""
    if folds[0] in _BEFORE_DAYS and len(folds) > 1 and between[0].isspace():
        folds, between = folds[1:], between[1:]
    named = _named_date(folds)
    if named:
        day, month, year = named
    elif len(folds) in (2, 3) and all(map(_is_digits, folds)) and set(between) <= _OF_DATES and len(set(between)) == 1:
        day, month, year = (*map(int, folds), 0) if len(folds) == 2 else map(int, folds)
        if between[0] == "." and len(folds) == 2:
            return  # a decimal number or thousands
    else:
        return
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return
    if year and year < 100:
        year += 2000 if year <= _THIS_CENTURY else 1900
    if year and year not in _YEARS:
        return
    ends = ((f"/{year}", f" năm {year}"), (f"/{year % 100:02}", None))[: 2 if year else 0] or (("", ""),)
    for numeric, worded in ends:
        for number in (f"{day}/{month}", f"{day:02}/{month:02}", f"{day:02}/{month}"):
            yield f"{number}{numeric}"
        if worded is not None:
            yield f"{day} tháng {month}{worded}"
            yield f"{day:02} tháng {month:02}{worded}"


def _named_date(folds: Sequence[str]) -> tuple[int, int, int] | None:
    """Return (day, month, year or 0) of `8 tháng 3 [năm 2017]`."""
    words = list(folds)
    if len(words) not in (3, 5) or words[1] != "thang" or (len(words) == 5 and words[3] != "nam"):
        return None
    numbers = words[::2]
    if not all(map(_is_digits, numbers)):
        return None
    day, month, *year = map(int, numbers)
    return day, month, year[0] if year else 0


def _codes(folds: Sequence[str], between: Sequence[str]) -> Iterator[str]:
    """Yield a code of letters and digits with a hyphen and in one."""
    if len(folds) == 1:
        parts = _CODE.fullmatch(folds[0])
        if parts:
            yield f"{parts[1]}-{parts[2]}"
    elif len(folds) == 2 and between[0] in _OF_CODES and _CODE.fullmatch("".join(folds)):
        letters, digits = folds
        if letters.isalpha() and _is_digits(digits) and (between[0] != " " or len(letters) == 1):
            yield letters + digits


@cache
def _any_units() -> frozenset[str]:
    return units() | {unmarked(key) for key in units()}


def _measures(folds: Sequence[str], between: Sequence[str]) -> Iterator[str]:
    """Yield a measure with and without a blank: `10kg`, `10 kg`."""
    found = _MEASURE.fullmatch(" ".join(folds))
    if found and (len(folds) == 1 or between == [" "]):
        yield f"{found['number']} {found['unit']}" if len(folds) == 1 else "".join(folds)


def _is_digits(word: str) -> bool:
    return word.isascii() and word.isdigit()
