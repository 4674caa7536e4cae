"""Articles over time as bars: years, the months of a chosen year, or the days of a chosen month.

A few stray years far from the others do not stretch the axis: what lies beyond it is one bar at each end.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from search.article import ArticleDate
from search.engines.facets import FacetCounts
from search.results.rendering import UNKNOWN
from web.catalogues import Language
from web.dates import short_date
from web.links import State
from web.texts import say

#: Years of the axis that may be bars of their own, and the widths that bars have when there are more.
MOST_BARS: Final = 40
_STEPS: Final = (1, 5, 10, 25, 50, 100)
#: A hundredth of the dated articles may lie beyond each end of the axis, if that makes it shorter by a third.
_STRAY: Final = 100


class Bar(NamedTuple):
    """One stretch of time: its articles, those that the archive has of it, and the address that chooses it."""

    label: str
    tick: str
    articles: int
    whole: int
    url: str
    chosen: bool = False
    undated: bool = False


class Timeline(NamedTuple):
    """The bars, undated articles last; `greatest` is the longest dated bar; `step` is year, month or day."""

    step: str
    bars: list[Bar]
    greatest: int
    up: str = ""


def timeline(counts: FacetCounts, whole: FacetCounts, state: State, language: Language) -> Timeline:
    """Return the bars of an answer; `whole` are the counts of the archive without any query or filter."""
    year, month = state.get("year"), state.get("month")
    if year and year != UNKNOWN and month and month != UNKNOWN and counts.days:
        bars, up = list(_days(counts, whole, state, int(year), int(month), language)), state.url(month="")
        step = "day"
    elif year and year != UNKNOWN:
        bars, up, step = list(_months(counts, whole, state, int(year), language)), state.url(year="", month=""), "month"
    else:
        bars, up, step = list(_years(counts, whole, state, language)), "", "year"
    return Timeline(step, bars, max((bar.articles for bar in bars if not bar.undated), default=0), up)


def axis(years: Mapping[int, int]) -> tuple[int, int]:
    """Return the first and last year of the axis, without stray years at its ends; (0, 0) without any year."""
    known = sorted(year for year, count in years.items() if year and count)
    if not known:
        return 0, 0
    allowed = sum(years[year] for year in known) // _STRAY
    first, last = _without_strays(known, years, allowed), _without_strays(known[::-1], years, allowed)
    if 3 * (last - first + 1) > 2 * (known[-1] - known[0] + 1):
        return known[0], known[-1]
    return first, last


def _without_strays(known: list[int], years: Mapping[int, int], allowed: int) -> int:
    for year in known:
        allowed -= years[year]
        if allowed < 0:
            return year
    return known[-1]


def _years(counts: FacetCounts, whole: FacetCounts, state: State, language: Language) -> Iterator[Bar]:
    known, all_known = counts.years, whole.years
    first, last = axis(known)
    size = next(step for step in _STEPS if (last - first) // step < MOST_BARS)
    year_slot, from_slot, to_slot = (state.slot(*names) for names in (("year", "month"), ("from",), ("to",)))
    before = sum(count for year, count in known.items() if 0 < year < first)
    after = sum(count for year, count in known.items() if year > last)
    if before:
        elders = sum(count for year, count in all_known.items() if 0 < year < first)
        yield Bar(say(language, "Before %(n)s", n=str(first)), "<", before, elders, to_slot.url([str(first - 1)]))
    for start in range(first - first % size, last + 1, size) if first else ():
        span = range(start, start + size)
        count, of_all = (sum(found.get(year, 0) for year in span) for found in (known, all_known))
        if size == 1:
            yield Bar(str(start), str(start), count, of_all, year_slot.url([str(start)]))
        else:
            url = state.url(**{"from": state.get("from") or str(start), "to": state.get("to") or str(span[-1])})
            yield Bar(f"{start}–{span[-1]}", str(start), count, of_all, url)
    if after:
        youngers = sum(count for year, count in all_known.items() if year > last)
        yield Bar(say(language, "After %(n)s", n=str(last)), ">", after, youngers, from_slot.url([str(last + 1)]))
    chosen = state.get("year") == UNKNOWN
    if known.get(0) or chosen:
        label = say(language, "Year unknown")
        yield Bar(label, "?", known.get(0, 0), all_known.get(0, 0), year_slot.toggled([UNKNOWN]), chosen, undated=True)


def _months(counts: FacetCounts, whole: FacetCounts, state: State, year: int, language: Language) -> Iterator[Bar]:
    slot = state.slot("month")
    for month in range(1, 13):
        count, of_all = counts.months.get((year, month), 0), whole.months.get((year, month), 0)
        url, chosen = slot.toggled([str(month)]), str(month) in slot.chosen
        label = short_date(ArticleDate(f"{year:04}-{month:02}", "month"), language)
        yield Bar(label, str(month), count, of_all, url, chosen)
    count, of_all = counts.months.get((year, 0), 0), whole.months.get((year, 0), 0)
    if count or UNKNOWN in slot.chosen:
        label = say(language, "Month unknown")
        yield Bar(label, "?", count, of_all, slot.toggled([UNKNOWN]), UNKNOWN in slot.chosen, undated=True)


def _days(
    counts: FacetCounts, whole: FacetCounts, state: State, year: int, month: int, language: Language
) -> Iterator[Bar]:
    query = state.slot("q", "year", "month")  # by the operator, a day is that day and no month that holds it
    for day in range(1, monthrange(year, month)[1] + 1):
        url = query.url([f"{state.get('q')} day:{day}/{month}/{year}".strip()])
        label = short_date(ArticleDate(f"{year:04}-{month:02}-{day:02}", "day"), language)
        yield Bar(label, str(day), counts.days.get(day, 0), whole.days.get(day, 0), url)
    if counts.days.get(0):
        yield Bar(say(language, "Day unknown"), "?", counts.days[0], whole.days.get(0, 0), "", undated=True)


#: The drawing in its own units: the bars, and on their right the one of undated articles.
WIDTH: Final = 280
HEIGHT: Final = 64
_UNDATED: Final = 22
_GAP: Final = 10
_TICKS: Final = 6


class Column(NamedTuple):
    """A bar as it is drawn: the place of its stretch, of its rectangle, and its label below where there is room."""

    bar: Bar
    x: float
    width: float
    y: float
    height: float
    tick: str


class Drawing(NamedTuple):
    """The columns of one scale, and what the full height stands for."""

    name: str
    columns: list[Column]
    full: float


def drawings(line: Timeline, *, shares: bool) -> list[Drawing]:
    """Return the bars by their counts, and with `shares` by the part of the archive's articles that they are."""
    found = [_drawing("count", line, [bar.articles for bar in line.bars])]
    if shares:
        found.append(_drawing("share", line, [bar.articles / bar.whole if bar.whole else 0 for bar in line.bars]))
    return found


def _drawing(name: str, line: Timeline, values: list[float] | list[int]) -> Drawing:
    dated = [value for bar, value in zip(line.bars, values, strict=True) if not bar.undated]
    alone = len(dated) < len(values)
    full = max(dated, default=0) or max(values, default=0) or 1
    slot = (WIDTH - (_UNDATED + _GAP if alone and dated else 0)) / max(len(dated), 1)
    every = -(-len(dated) // _TICKS)
    columns = []
    for place, (bar, value) in enumerate(zip(line.bars, values, strict=True)):
        height = round(max(min(value / full, 1) * HEIGHT, 1.5), 1) if value else 0
        x, width = (WIDTH - _UNDATED, _UNDATED) if bar.undated else (place * slot, slot)
        tick = bar.tick if bar.undated or (place % every == 0 and bar.tick not in "<>") else ""
        columns.append(Column(bar, round(x, 1), round(width, 1), round(HEIGHT - height, 1), height, tick))
    return Drawing(name, columns, full)
