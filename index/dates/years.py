"""The year of a day that is written without one, from whatever the text tells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from index.dates.parse import DateMention, parse_dates

_SUMMARY: Final = re.compile(
    r"(?:tổng\s+kết|sơ\s+kết|nhìn\s+lại|đánh\s+giá\s+kết\s+quả|bình\s+xét)[^.;]{0,160}?năm\s+((?:19|20)\d\d)"
    r"(?!\s?[-–]\s?\d)"
)
_PLAN: Final = re.compile(
    r"(?:triển\s+khai|phương\s+hướng)(?:(?!tháng|quý|cuối|đầu)[^.;]){0,80}?năm\s+((?:19|20)\d\d)(?!\s?[-–]\s?\d)",
)
_YEAR: Final = re.compile(r"năm(?<!\wnăm)\s+((?:19|20)\d\d)(?![\w/]|\s?[-–]\s?\d)")
#: `6 tháng đầu năm 2017`, `những tháng cuối năm 2019`: the year that runs.
_PART_OF_YEAR: Final = re.compile(
    r"(?P<months>\d{1,2}|những|các)\s+tháng\s+(?P<part>đầu|cuối|còn\s+lại(?:\s+của)?)\s*"
    r"(?:năm\s+|/)(?P<year>20\d\d)"
)
_PART: Final = re.compile(r"tháng\s+(?:đầu|cuối|còn)")
#: `Cúp Sông Biển 2017`, `Năm Du lịch quốc gia 2017`: a name and its year.
_NAMED_YEAR: Final = re.compile(r"(?P<before>[^\W\d_][\w.&-]*)[”\"’']?\s(?P<year>20\d\d)(?![\w/%]|[.,]\d|\s?[-–]\s?\d)")
#: What bears the year of its making or of an earlier round, whenever it is told of; or has no year of the news at all.
_OLD_NAMES: Final = re.compile(
    r"(?:luật|hiến pháp|công ước|nghị định|nghị quyết|quyết định|thông tư|pháp lệnh|chỉ thị|thi thpt|á hậu|hoa hậu"
    r"|quán quân|á quân|vô địch|world cup|euro|olympic|paralympic|rio|tokyo|asiad|sea games)\W+(?:\w+\W+){0,4}$"
    r"|(?<!\w)(?:điểm|đời|mùa|vụ|sản xuất|trước|từ|sau|đến|tới|hồi|niên khóa|khóa|khoá|thống kê|năm|tháng|quý|giai đoạn"
    r"|nhiệm kỳ|tầm nhìn|mục tiêu|bắt đầu|sn|sinh)\W+$"
)
#: `cách đây 70 năm`, `kỷ niệm lần thứ 70`, `tròn 70 năm`.
_YEARS_AGO: Final = re.compile(
    r"(?:cách\s+(?:đây|nay)|kỷ\s+niệm|tròn|lần\s+thứ)\s+(?:lần\s+thứ\s+|đúng\s+|tròn\s+)?"
    r"(?P<years>\d{2,3})(?:\s+năm|(?=\W))"
)
_ANY_YEAR: Final = re.compile(r"(?<![\d/.,])(?:19|20)\d\d(?![\d/]|[.,]\d)")
#: The title and this much of the lead tell what is reviewed.
MAX_TOLD: Final = 700
#: An article may stand in the net before midnight of its own day, and a clock may be off.
TOLERANCE: Final = timedelta(days=1)
#: Announced days further ahead than this are rather those of last year.
AHEAD: Final = timedelta(days=120)
#: Full dates so many days before and after a day without a year, or so few before it, tell its year.
NEAR: Final = 60
SHORTLY: Final = 10
#: The years of the net: a year that a name bears says nothing of an earlier time.
FIRST_NEWS: Final = 1998
LAST_NEWS: Final = 2100


def year_before(month: int, day: int, published: date, announced: bool = False) -> int | None:
    """Return the latest year in which month/day is not after `published` (or soon after, if announced)."""
    for year in range(published.year + 1, published.year - 5, -1):
        try:
            candidate = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if candidate <= published + (AHEAD if announced else TOLERANCE):
            return year
    return None


@dataclass(frozen=True)
class YearClues:
    """What the title and the paragraphs of an article tell of the year it is from."""

    title: str
    body: Sequence[str]

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Return the dates of the whole text that are no days of laws."""
        texts = (self.title, *self.body)
        return tuple(mention for text in texts for mention in parse_dates(text) if not mention.law)

    @cached_property
    def lowered(self) -> str:
        """Return title and text in small letters."""
        return "\n".join((self.title, *self.body)).lower()

    @cached_property
    def years(self) -> set[int]:
        """Return every year that the text writes, in dates or alone."""
        dated = {int(mention.value[:4]) for mention in self.dates if mention.precision != "daymonth"}
        return dated | {int(match.group()) for match in _ANY_YEAR.finditer(self.lowered)}

    def year_of(self, month: int, day: int) -> tuple[int, str] | None:
        """Return the year of a day that is written without one and the words that tell it, None where they don't.

        A review of year Y, or plans for Y+1, are made from October of Y to March of Y+1: seed articles name the
        coming year more often than their own, so counting years is wrong.
        """
        return (
            self._same_day(month, day) or self._reviewed(month) or self._titled() or self._named(self.title)
            or self._anniversary(month, day) or self._near_days(month, day) or self._part_of_year(month)
            or self._named(self.lead)
        )  # fmt: skip

    def _same_day(self, month: int, day: int) -> tuple[int, str] | None:
        """Return the year of the same day where the text writes it with its year."""
        wanted = f"-{month:02}-{day:02}"
        found = {mention.value for mention in self.dates
                 if mention.precision == "day" and mention.value.endswith(wanted)}
        return _only({int(value[:4]): value for value in found})

    def _reviewed(self, month: int) -> tuple[int, str] | None:
        told = self.lead.lower()
        for pattern, shift in ((_SUMMARY, 0), (_PLAN, -1)):
            match = pattern.search(told)
            if match:
                reviewed = int(match.group(1)) + shift
                if month >= 10:
                    return reviewed, match.group()
                if month <= 3:
                    return reviewed + 1, match.group()
        return None

    def _titled(self) -> tuple[int, str] | None:
        """Return the year that the title names if the whole article names no other: right in 18 of 19 articles."""
        titled = _YEAR.search(self.title.lower())
        return (int(titled.group(1)), titled.group()) if titled and self.years == {int(titled.group(1))} else None

    def _near_days(self, month: int, day: int) -> tuple[int, str] | None:
        """Return the year that full dates of the text put around the day, or shortly before it.

        Right in 94 and 89 of 100 news articles; dates after the day alone are deadlines and memories, in 69.
        """
        full = [date.fromisoformat(mention.value) for mention in self.dates if mention.precision == "day"]
        found: dict[int, str] = {}
        for year in {other.year + shift for other in full for shift in (0, 1)}:
            candidate = _day(year, month, day)
            gaps = {(other - candidate).days: other for other in full} if candidate and year >= FIRST_NEWS else {}
            before = [gap for gap in gaps if -NEAR <= gap < 0]
            after = [gap for gap in gaps if 0 < gap <= NEAR]
            if (before and after) or any(gap >= -SHORTLY for gap in before):
                found[year] = gaps[max(before)].isoformat()
        told = _only(found)
        return told if told and not self.told_after(told[0]) else None

    def _part_of_year(self, month: int) -> tuple[int, str] | None:
        """Return the year of which a part is told: the first months are over by then, the last are to come."""
        found: dict[int, str] = {}
        # A sweep for the word that is always there costs a twentieth of one for what may stand before it.
        for match in _PART_OF_YEAR.finditer(self.lowered) if _PART.search(self.lowered) else ():
            months = int(match["months"]) if (match["months"] or "").isdigit() else 0
            first = match["part"] == "đầu"
            fits = month >= months if first else month >= 6
            if fits:
                found[int(match["year"])] = match.group()
        latest = max(found, default=0)
        return (latest, found[latest]) if found and not self.told_after(latest) else None

    def _anniversary(self, month: int, day: int) -> tuple[int, str] | None:
        """Return the year that lies as many years after a day of the past, about this time of the year, as the
        text says: 11 December and `70 năm` since 19/12/1946 are of 2016.
        """
        found: dict[int, str] = {}
        for match in _YEARS_AGO.finditer(self.lowered):
            for mention in self.dates:
                year = int(mention.value[:4]) if mention.precision == "day" else FIRST_NEWS
                now = year + int(match["years"])
                candidate = _day(now, month, day) if year < FIRST_NEWS <= now < LAST_NEWS else None
                if candidate is None:
                    continue
                past = date.fromisoformat(mention.value)
                again = _day(now, past.month, past.day) or date(now, 3, 1)  # of 29 February
                if abs(candidate - again).days <= NEAR:
                    found[now] = f"{match.group()}; {mention.value}"
        return _only(found)

    @property
    def lead(self) -> str:
        """Return the title and the beginning of the text."""
        return "\n".join((self.title, *self.body[:1]))[:MAX_TOLD]

    def _named(self, text: str) -> tuple[int, str] | None:
        """Return the year of what title or lead name, if no later one is told: right in 98 of 100."""
        names = {int(match["year"]): match.group() for match in self._names(text)}
        latest = max(names, default=0)
        return (latest, names[latest]) if latest >= FIRST_NEWS and not self.told_after(latest) else None

    def _names(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the names with a year behind them, but for laws and what else keeps the year of its making.

        A name ends with a capital, stands in the title, or comes again: `Năm Du lịch quốc gia 2017`.
        """
        for match in _NAMED_YEAR.finditer(text) if "20" in text else ():
            before = text[max(0, match.start() - 40) : match.end("before")].lower() + " "
            capital = match["before"][0].isupper() or text is self.title
            if (capital or self.lowered.count(match.group().lower()) > 2) and not _OLD_NAMES.search(before):
                yield match

    def told_after(self, year: int) -> bool:
        """Say whether the text writes of a later year as of one that is not far ahead."""
        return any(year < other <= year + 2 for other in self.years)

    def dated_after(self, year: int) -> bool:
        """Say whether the text writes a day or a month of a later year; bare years may be plans."""
        return any(other > year for other in self._past())

    def is_history(self, year: int) -> bool:
        """Say whether a day of a year is told of in retrospect: the net did not exist, or later years are written."""
        return year < FIRST_NEWS or any(other > year + 1 for other in self._past())

    def _past(self) -> frozenset[int]:
        """Return the years of full dates and months: they are over, where a bare year may be a plan."""
        return frozenset(int(mention.value[:4]) for mention in self.dates if mention.precision in ("day", "month"))

    def year_told(self) -> tuple[int, str] | None:
        """Return the year of what the title or the lead names; in the title a bare `năm 2019` will do.

        In the lead such a year is that of the article in half of the news only.
        """
        match = _YEAR.search(self.title.lower())
        if match and int(match.group(1)) >= FIRST_NEWS and not self.told_after(int(match.group(1))):
            return int(match.group(1)), match.group()
        return self._named(self.title) or self._named(self.lead)

    def year_dated(self) -> tuple[int, str] | None:
        """Return the year of two full dates of the text, if no full date has another and no later one is told.

        One alone is as often the day of an older story: right in 25 of 33 dated news articles
        whose date was hidden; two in 5 of 7.
        """
        full = {mention.value: int(mention.value[:4]) for mention in self.dates if mention.precision == "day"}
        years = set(full.values())
        if len(full) < 2 or len(years) > 1 or min(years) < FIRST_NEWS or self.told_after(min(years)):
            return None
        return min(years), ", ".join(sorted(full)[:2])


def _only(found: dict[int, str]) -> tuple[int, str] | None:
    return next(iter(found.items())) if len(found) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
