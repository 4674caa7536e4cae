"""The prefix ` date 2025-06-25 ` that a crawler's extractor puts before the text of a stored page."""

import re
from typing import Final

from index.dates import parse_dates
from search.article import ArticleDate, Precision

_PREFIX: Final = re.compile(r"\ufeff?\s{0,8}date\s+((?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?)(?=\s|$)[^\S\n]*")


def take_crawl_prefix(text: str) -> tuple[ArticleDate, str]:
    """Return (the crawler's date, the text after it); an empty date and the whole text where there is none."""
    match = _PREFIX.match(text)
    if not match:
        return ArticleDate(), text
    written = match.group(1)
    precision: Precision = "day" if len(written) == 10 else "month" if len(written) == 7 else "year"
    if precision != "year" and not parse_dates(written):
        return ArticleDate(), text
    return ArticleDate(written, precision, "crawl", f"date {written}"), text[match.end() :]
