"""When what an article tells of happened: the first day that it reports, with its year where anything tells it.

The lead is looked at first, then the rest of the text, where only days count that are reported as news are: with a
part of the day or `ngày` before them, and not as the day of a law, a birthday or a deadline.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from index.dates.parse import DateMention, lunar_days, parse_dates
from index.dates.patterns import HOUR, NIGHT
from index.dates.years import YearClues, year_before
from search.article import ArticleDate

#: The lead is where the event's day stands: 96 % of the dated leads of 60,000 articles have it in here.
LEAD_PARAGRAPHS: Final = 2
LEAD_CHARS: Final = 400
TOLD_OF_REACH: Final = 90
#: Portals that were moved show articles of earlier years under the day of the move.
MAX_YEARS_AGO: Final = 3
#: What may stand before the day in the sentence that reports the event.
MAX_OPENING: Final = 40
_ANNOUNCED: Final = re.compile(
    r"(?<!\w)(?:sẽ|sắp\s+(?:tới|diễn|được)|dự\s+kiến|tới\s+đây|hạn\s+chót|đến\s+hết)(?!\w)|^\s*tới(?:\s+đây)?\W",
    re.IGNORECASE,
)
#: The words that make a day one that is reported; `Thứ năm, 09/05/2019` may be a banner's calendar.
_REPORTED: Final = re.compile(r"(?<!\w)(?:ngày|sáng|trưa|chiều|tối|đêm|hôm)\W+(?:\w+\W+){0,3}\d[\d\s/.\-]*\D{0,10}")
#: Right before a day outside the lead: it is the day of the news.
_NEWS_DAY: Final = re.compile(
    rf"(?<!\w)(?:rạng\s+sáng|sáng|trưa|chiều|tối|{NIGHT}|khuya|hôm|{HOUR})"
    r"(?:\s+(?:nay|qua|ngày|hôm\s+nay))*\s*[,(]?\s*"
    r"(?:\d{1,2}\s*(?:-|–|và)\s*)?\d[\d\s/.\-–]*$",
    re.IGNORECASE,
)
_NEWS_DAY_REACH: Final = 24
#: Right behind a day: it is the day of the news, whatever stands before it.
_JUST_PAST: Final = re.compile(r"\s*(?:\(.{0,12}\)\s*)?vừa\s+(?:qua|rồi)(?!\w)", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?…;]\s|\)\s?[-–]\s")
#: Before a day that is told of rather than reported: `kỷ niệm 50 năm ngày 30/4/1975`, `Nghị định ... ngày 5/3/2019`.
_TOLD_OF: Final = re.compile(
    r"(?:kỷ\s+niệm|thành\s+lập|truyền\s+thống|quyết\s+định|nghị\s+định|nghị\s+quyết|thông\s+tư|chỉ\s+thị|công\s+văn|kế\s+hoạch"
    r"|kết\s+luận|luật|văn\s+bản|tờ\s+trình|thông\s+báo|công\s+điện|sinh|hiệu\s+lực|kể\s+từ|tính\s+đến|(?:trước|sau)(?!\s+đó)"
    r"|đến\s+hết|từ"
    r"|cách\s+(?:đây|nay)|năm\s+xưa|ra\s+đời|hy\s+sinh|qua\s+đời|hạn\s+chót|hạn\s+cuối)"
    r"[^.;:]{0,60}$|(?<!\w)đến\s+(?:ngày\s+)?$",
    re.IGNORECASE,
)
#: What opens a span of days is no law and no deadline: `từ ngày 3-8/3/2017`, `từ ngày 11-11 đến 3-12`.
_SPAN: Final = re.compile(r"(?<!\w)từ\s+(?:ngày\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reported:
    """The day that an article reports, with the sentence around it; `leads` if it opens the first paragraph.

    `in_lead` says that it stands in the first paragraphs, the only ones that may date the article.
    """

    mention: DateMention
    words: str
    before: str
    after: str
    leads: bool
    in_lead: bool = True

    @property
    def announced(self) -> bool:
        """Say whether the sentence tells of a day to come."""
        return bool(_ANNOUNCED.search(self.before) or _ANNOUNCED.search(self.after))

    @property
    def opens(self) -> bool:
        """Say whether the day opens a sentence that reports it: `Sáng 25/6, Chi bộ tổ chức`.

        Elsewhere it may be the day of a document, good for an event but not to date the article by.
        """
        return len(self.before) <= MAX_OPENING and bool(_REPORTED.search((self.before + self.words).lower()))

    @property
    def dates_article(self) -> bool:
        """Say whether the article may be dated by this day."""
        return self.in_lead and self.opens and not self.announced


def find_event(title: str, body: Sequence[str], published: ArticleDate) -> tuple[Reported | None, ArticleDate]:
    """Return (the reported day, its date); None and an empty date, or a month or year, where no day is reported."""
    clues = YearClues(title, tuple(body))
    reported = next(_in_lead(body), None) or next(_in_text(body), None)
    if reported is not None:
        event = _dated(reported, clues, published)
        if not _is_past(event, published, clues):
            return reported, event
    return None, _coarse(clues, published, body)


def _is_past(event: ArticleDate, published: ArticleDate, clues: YearClues) -> bool:
    """Say whether a day is history to the article that names it, like a birthday."""
    if not event.year:
        return False
    if published.year:
        return published.year - event.year > MAX_YEARS_AGO
    return clues.is_history(event.year)


def _in_lead(body: Sequence[str]) -> Iterator[Reported]:
    """Yield the days of the lead that are no days of a law, an anniversary or the like."""
    for index, paragraph in enumerate(body[:LEAD_PARAGRAPHS]):
        text = paragraph[:LEAD_CHARS]
        for mention in parse_dates(text):
            if _is_reported(text, mention):
                yield _reported(text, mention, index == 0 and mention.start <= MAX_OPENING, True)


def _in_text(body: Sequence[str]) -> Iterator[Reported]:
    """Yield the days behind the lead that are reported as news: with a part of the day, or without a year."""
    later = []
    for index, text in enumerate(body):
        for mention in parse_dates(text):
            if (index < LEAD_PARAGRAPHS and mention.end <= LEAD_CHARS) or not _is_reported(text, mention):
                continue
            found = _reported(text, mention, False, False)
            if mention.precision == "day":
                continue
            if _is_news_day(text, mention):
                yield found
            elif mention.precision == "daymonth" and not found.announced:
                later.append(found)
    yield from later


def _is_reported(text: str, mention: DateMention) -> bool:
    if mention.precision not in ("day", "daymonth") or mention.law:
        return False
    reach = max(0, mention.start - TOLD_OF_REACH)
    if mention.until and _SPAN.search(text, reach, mention.start):
        return True
    if _is_news_day(text, mention) or _JUST_PAST.match(text, mention.end):
        return True
    return not _TOLD_OF.search(text, reach, mention.start)


def _is_news_day(text: str, mention: DateMention) -> bool:
    return bool(_NEWS_DAY.search(text, max(0, mention.start - _NEWS_DAY_REACH), mention.end))


def _reported(text: str, mention: DateMention, leads: bool, in_lead: bool) -> Reported:
    before = _SENTENCE_END.split(text[: mention.start])[-1]
    after = _SENTENCE_END.split(text[mention.end :])[0]
    return Reported(mention, text[mention.start : mention.end], before, after, leads, in_lead)


def _dated(reported: Reported, clues: YearClues, published: ArticleDate) -> ArticleDate:
    """Return the event's date; where the sentence does not name its year, the one that the rest tells."""
    mention, words = reported.mention, reported.words
    if mention.precision == "day":
        return ArticleDate(mention.value, "day", "stated", words)
    month, day = int(mention.value[2:4]), int(mention.value[5:7])
    year, reason = _year(month, day, reported, clues, published)
    try:
        if year is not None:
            return ArticleDate(date(year, month, day).isoformat(), "day", "inferred", f"{words}; {reason}")
    except ValueError:  # 29 February of a common year: the year is not that one
        pass
    return ArticleDate(mention.value, "daymonth", "stated", words)


def _year(
    month: int, day: int, reported: Reported, clues: YearClues, published: ArticleDate
) -> tuple[int | None, str]:
    if published.precision == "day":
        year = year_before(month, day, date.fromisoformat(published.value), reported.announced)
        return year, published.evidence
    if published.year is not None:
        earlier = published.month is not None and month > published.month
        return published.year - earlier, published.evidence
    return clues.year_of(month, day) or (None, "")


def _coarse(clues: YearClues, published: ArticleDate, body: Sequence[str]) -> ArticleDate:
    """Return the month or the year that title or lead tell, where no day is reported; a lunar day is only quoted."""
    if published.value:
        return ArticleDate()
    lunar = [day for text in (clues.title, *body[:LEAD_PARAGRAPHS]) for day in lunar_days(text[:LEAD_CHARS])]
    if lunar:
        return ArticleDate(evidence=f"{lunar[0]} âm lịch")
    for text in (clues.title, *body[:1]):
        lead = text[:LEAD_CHARS]
        months = [mention for mention in parse_dates(lead) if mention.precision == "month"]
        if len(months) != 1 or clues.dated_after(int(months[0].value[:4])):
            continue
        if "tháng" in lead[max(0, months[0].start - 6) : months[0].end].lower():
            return ArticleDate(months[0].value, "month", "stated", lead[months[0].start : months[0].end])
    told = clues.year_told() or clues.year_dated()
    return ArticleDate(str(told[0]), "year", "stated", told[1]) if told else ArticleDate()
