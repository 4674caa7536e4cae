"""What a searchable article is: the record that `index` makes and every engine stores."""

from dataclasses import dataclass
from typing import Literal

Precision = Literal["day", "month", "quarter", "year", "daymonth", "unknown"]
DateSource = Literal["published", "stated", "inferred", "crawl", "given", "file", "unknown"]
Kind = Literal["article", "notice", "listing"]
SpanKind = Literal["lead", "caption"]


@dataclass(frozen=True, slots=True)
class ArticleDate:
    """A date that never says more than its source.

    `value` is `2025-12-26`, `2025-06`, `2025-Q3`, `2025`, `--12-26` (a day without a year) or `""`.
    `source` says where it is from: a publication label, a dateline, inferred from an event, the crawler,
    given in the input record; `evidence` is the text that showed it.
    """

    value: str = ""
    precision: Precision = "unknown"
    source: DateSource = "unknown"
    evidence: str = ""

    @property
    def year(self) -> int | None:
        """Return the year, None where it is not known."""
        return int(self.value[:4]) if self.value and not self.value.startswith("--") else None

    @property
    def month(self) -> int | None:
        """Return the month of a date with a year and at least a month, else None."""
        return int(self.value[5:7]) if self.precision in ("day", "month") else None


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the body that is more (lead) or less (caption) than running text; code points."""

    start: int
    end: int
    kind: SpanKind


@dataclass(frozen=True, slots=True)
class Removed:
    """A block of the input that is not part of the article, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlaceEvidence:
    """A province or a country that the article names: score in 0..1, and the words that speak for it."""

    name: str
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is indexed and shown.  All text is normalised (`search.text.normalize`).

    `body` is the text: paragraphs parted by one blank line; lead and captions are spans of it.
    `province` is the article's own province, named as of its date (`Phú Yên` in 2023), `""` if unknown;
    `province_now` is the one of the 34 it belongs to today; `provinces` are all it names, own one first.
    `countries` are the other countries that it names, the most frequent first, each with the words that show it.
    `author` is as the by-line writes it, `authors` the single names in it, `author_evidence` the line that tells it.
    `cluster` is the id of the first-published twin among near-duplicates, `""` if there are no twins.
    `first_seen` and `updated` are ISO times of the rebuilds that first had the article, and its text as it is now.
    """

    id: str
    path: str
    title: str
    body: str
    spans: tuple[Span, ...] = ()
    url: str = ""
    source: str = ""
    author: str = ""
    section: str = ""
    photographer: str = ""
    date: ArticleDate = ArticleDate()
    event_date: ArticleDate = ArticleDate()
    province: str = ""
    province_now: str = ""
    provinces: tuple[str, ...] = ()
    places: tuple[PlaceEvidence, ...] = ()
    kind: Kind = "article"
    confident: bool = True
    encoding: str = "utf-8"
    links: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    cluster: str = ""
    authors: tuple[str, ...] = ()
    author_evidence: str = ""
    countries: tuple[PlaceEvidence, ...] = ()
    first_seen: str = ""
    updated: str = ""

    @property
    def country(self) -> str:
        """The country that it names more often than others, `""` if none: its value of the facet."""
        return self.countries[0].name if self.countries else ""
