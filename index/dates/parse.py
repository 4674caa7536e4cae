"""Read the dates in a piece of text, with what is known of each and nothing more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from index.dates.patterns import (
    BEFORE_SIGN,
    BEHIND_SIGN,
    CUE_REACH,
    DAY_CUE,
    FOUR_DIGITS,
    LAW_LINK,
    LAW_NUMBER,
    LUNAR_AFTER,
    LUNAR_BEFORE,
    LUNAR_MONTHS,
    LUNAR_YEAR,
    MAX_WHOLE,
    MAY_HOLD_DATE,
    MONTH_WORDS,
    PATTERNS,
    QUARTERS,
    WEEKDAYS,
    WHOLE_PATTERNS,
)
from search.article import Precision

VIETNAM_TIME = timezone(timedelta(hours=7))
#: How far before a day `âm lịch` may stand.
_LUNAR_REACH = 24
FIRST_YEAR, LAST_YEAR = 1900, 2099


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date at its place in a text.

    `value` is written as in `ArticleDate`; `until` is the last day of a range, else `""`; `law` marks the
    day on which a law or a letter was signed (`92/QĐ-UBND (18/01/2019)`), `lunar` one of the lunar calendar,
    which has no `value`: it is no day of ours.  Offsets are code points.
    """

    value: str
    precision: Precision
    start: int
    end: int
    until: str = ""
    law: bool = False
    lunar: bool = False


def parse_dates(text: str) -> tuple[DateMention, ...]:
    """Return the dates in NFC `text` in order; what is no date of the calendar is left out, lunar days too."""
    return tuple(mention for mention in _all_dates(text) if not mention.lunar)


def lunar_days(text: str) -> tuple[str, ...]:
    """Return the days of the lunar calendar that a text names, as it writes them."""
    return tuple(text[mention.start : mention.end] for mention in _all_dates(text) if mention.lunar)


@lru_cache(maxsize=1_000)
def _all_dates(text: str) -> tuple[DateMention, ...]:
    if not MAY_HOLD_DATE.search(text):
        return ()
    lowered = text.lower()
    if len(lowered) != len(text):  # a Turkish İ: one letter becomes two
        lowered = text
    if len(text) <= MAX_WHOLE:
        for kind, pattern in WHOLE_PATTERNS:
            whole = pattern.fullmatch(lowered)
            if whole:
                mention = _mention(kind, whole, whole.span())
                return (mention,) if mention else ()
    return _scan(lowered, [match.span() for match in LAW_NUMBER.finditer(text)])


def _scan(lowered: str, laws: list[tuple[int, int]]) -> tuple[DateMention, ...]:
    found: list[DateMention] = []
    for first, last in _windows(lowered):
        found += _scan_window(lowered, first, last, laws)
    return tuple(sorted(found, key=lambda mention: mention.start))


def _windows(lowered: str) -> list[tuple[int, int]]:
    """Return the parts of a text that may hold dates, apart from each other: most of a long text holds none."""
    found: list[tuple[int, int]] = []
    for sign in MAY_HOLD_DATE.finditer(lowered):
        first, last = max(0, sign.start() - BEFORE_SIGN), sign.end() + BEHIND_SIGN
        if found and first <= found[-1][1]:
            first = found.pop()[0]
        found.append((first, last))
    return found


def _scan_window(lowered: str, first: int, last: int, laws: list[tuple[int, int]]) -> list[DateMention]:
    taken = list(laws)
    found: list[DateMention] = []
    year = FOUR_DIGITS.search(lowered, first, last) is not None
    for kind, needs, long_year, pattern in PATTERNS:
        if long_year and not year:
            continue
        if needs and lowered.find(needs, first, last) < 0:
            continue
        for match in pattern.finditer(lowered, first, last):
            start, end = match.span()
            if any(start < ended and begun < end for begun, ended in taken):
                continue
            taken_from = start
            if kind == "cued":
                cue = DAY_CUE.search(lowered, max(0, start - CUE_REACH), start)
                if not cue:
                    continue
                start = cue.start()
            taken.append((taken_from, end))
            mention = _mention(kind, match, (start, end), _signs_a_law(lowered, taken_from, laws))
            if mention and _is_lunar(lowered, kind, match, (taken_from, end)):
                mention = DateMention("", "unknown", start, end, lunar=True)
            if mention:
                found.append(mention)
    return found


def _signs_a_law(text: str, start: int, laws: list[tuple[int, int]]) -> bool:
    return any(end <= start and LAW_LINK.match(text[end:start]) is not None for _, end in laws)


def _is_lunar(text: str, kind: str, match: re.Match[str], span: tuple[int, int]) -> bool:
    """Say whether the text calls a day one of the lunar calendar: `10/3 âm lịch`, `mùng 6 tháng Giêng`."""
    start, end = span
    if kind not in ("day", "daymonth", "cued", "range"):
        return False
    if match["m"] in LUNAR_MONTHS or LUNAR_AFTER.match(text, end):
        return True
    if LUNAR_BEFORE.search(text, max(0, start - _LUNAR_REACH), start):
        return True
    return kind in ("daymonth", "cued") and LUNAR_YEAR.match(text, end) is not None


def _mention(kind: str, match: re.Match[str], span: tuple[int, int], law: bool = False) -> DateMention | None:
    group = match.groupdict()
    start, end = span
    if kind == "year":
        return DateMention(group["y"], "year", start, end)
    if kind == "quarter":
        return DateMention(f"{group['y']}-Q{QUARTERS[group['q']]}", "quarter", start, end)
    month = _month(group["m"])
    if kind == "month":
        return DateMention(f"{group['y']}-{month:02}", "month", start, end) if 1 <= month <= 12 else None
    if kind == "weekday":
        return _on_weekday(group, span)
    if kind in ("daymonth", "cued"):
        day = _calendar_day(2000, month, int(group["d"]))
        return DateMention(f"--{day:%m-%d}", "daymonth", start, end, law=law) if day else None
    return _full_day(group, month, (start, end), law)


def _on_weekday(group: dict[str, str], span: tuple[int, int]) -> DateMention | None:
    """Return the day of `T3, 03/13/2018`: Drupal and others write the month first, and the weekday tells."""
    first, second, year = int(group["m"]), int(group["d"]), int(group["y"])
    days = [day for day in (_calendar_day(year, second, first), _calendar_day(year, first, second)) if day]
    weekday = WEEKDAYS.get(group["w"][:3], WEEKDAYS.get(group["w"][:2]))
    fitting = [day for day in days if day.weekday() == weekday] or days
    return DateMention(fitting[0].isoformat(), "day", *span) if fitting else None


def _full_day(group: dict[str, str], month: int, span: tuple[int, int], law: bool) -> DateMention | None:
    year = int(group["y"]) if len(group["y"]) == 4 else 2000 + int(group["y"])
    first = _calendar_day(int(group.get("y0") or year), month, int(group["d"]))
    if first is None:
        return None
    if group.get("zone"):
        first = _local_day(first, group["time"], group["zone"])
    until = ""
    if group.get("d2"):
        last = _calendar_day(year, int(group.get("m2") or month), int(group["d2"]))
        if last is None or last < first:
            return None
        until = last.isoformat()
    return DateMention(first.isoformat(), "day", *span, until=until, law=law)


def _month(written: str) -> int:
    return int(written) if written.isdigit() else MONTH_WORDS[" ".join(written.split())]


def _calendar_day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _local_day(day: date, time: str, zone: str) -> date:
    """Return the day in Vietnam of a moment told in another time zone."""
    stamp = f"{day}T{time}{'+00:00' if zone == 'z' else zone}"
    try:
        return datetime.fromisoformat(stamp).astimezone(VIETNAM_TIME).date()
    except ValueError:
        return day


def full_days(text: str) -> Iterator[DateMention]:
    """Yield the dates known to the day that are no days of laws."""
    return (mention for mention in parse_dates(text) if mention.precision == "day" and not mention.law)
