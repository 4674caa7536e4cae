"""Bring a date that came with an input record, or with a page's structured data, into the one form."""

import re
from datetime import UTC, datetime
from typing import Final

from index.dates.parse import VIETNAM_TIME, parse_dates
from search.article import ArticleDate, Precision

_COARSE: Final = re.compile(r"(?P<y>(?:19|20)\d\d)(?:-(?P<m>0[1-9]|1[0-2])|-?Q(?P<q>[1-4]))?")
_DAYMONTH: Final = re.compile(r"--(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])")
_STAMP: Final = re.compile(r"\d{10}|\d{13}")


def given_date(value: object) -> ArticleDate:
    """Return a record's date, source `given`; empty if it is none.

    Read are ISO dates and moments (told in Vietnamese time), `d/m/Y`, `m/Y`, `Y`, `Y-Qn`, `--m-d`, seconds or
    milliseconds since 1970, and dates in words.  A date that fits no calendar is dropped, not mended.
    """
    text = str(value).strip() if value is not None and not isinstance(value, bool) else ""
    if not text:
        return ArticleDate()
    coarse = _COARSE.fullmatch(text)
    if coarse:
        return _given_coarse(coarse, text)
    if _DAYMONTH.fullmatch(text) and parse_dates(f"ngày {text[5:]}/{text[2:4]}"):
        return ArticleDate(text, "daymonth", "given", text)
    if _STAMP.fullmatch(text):
        seconds = int(text[:10])
        day = datetime.fromtimestamp(seconds, UTC).astimezone(VIETNAM_TIME).date()
        return ArticleDate(day.isoformat(), "day", "given", text)
    mentions = [mention for mention in parse_dates(text) if not mention.until]
    if len(mentions) != 1:
        return ArticleDate()
    return ArticleDate(mentions[0].value, mentions[0].precision, "given", text)


def _given_coarse(match: re.Match[str], text: str) -> ArticleDate:
    precision: Precision = "year"
    found = match["y"]
    if match["m"]:
        found, precision = f"{found}-{match['m']}", "month"
    elif match["q"]:
        found, precision = f"{found}-Q{match['q']}", "quarter"
    return ArticleDate(found, precision, "given", text)
