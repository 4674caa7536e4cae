"""Dates with precision and provenance: what a text says of its day, never more."""

from index.dates.find import DateInput, find_dates
from index.dates.given import given_date
from index.dates.labels import dateline, is_dateline
from index.dates.named import made_day, named_day
from index.dates.parse import DateMention, parse_dates

__all__ = [
    "DateInput", "DateMention", "dateline", "find_dates", "given_date", "is_dateline", "made_day", "named_day",
    "parse_dates",
]  # fmt: skip
