"""What goes into a search and what comes out: the records behind the page, the endpoint and the command."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from search.article import Article
from search.engines.facets import FacetCounts, Filters
from search.engines.port import Sort
from search.query.notices import Notice

Mark = tuple[int, int]
#: Pages end behind this place; nobody reads on, and a cursor (`after`) goes on at a cost that does not grow.
DEEPEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Request:
    """One search as asked.  `page` counts from 1; `strict` forbids correction and every relaxation.

    `after` is the cursor of an earlier answer, in place of a page.  `loose` counts words with other marks as well.
    `each` lists near-duplicates one by one and not behind one of them.
    """

    q: str = ""
    filters: Filters = Filters()
    sort: Sort = "relevance"
    page: int = 1
    size: int = 10
    after: str = ""
    strict: bool = False
    loose: bool = False
    explain: bool = False
    recency: bool = False
    each: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A cut of the text and the (start, end) code points in it that matched."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One result.  `grade` says how the typed words' marks match: exact, unmarked, partial or other; empty of none.

    `twins` counts the near-duplicates that stand behind this one.  `missing` are the units of the query, as typed, that
    the article lacks; without any it is a member, unless the query was relaxed.
    """

    article: Article
    score: float
    title_marks: tuple[Mark, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    grade: str = "exact"
    twins: int = 0
    explain: Mapping[str, object] | None = None
    missing: tuple[str, ...] = ()
    member: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request: exact total of articles, one page of hits, facet counts, notices.

    `total` counts the members, which facets and date orders are made of; `more` the articles beyond them that relevance
    lists as well.  `groups` is the number of hits on all pages: less where twins stand behind one hit, 0 if not
    counted.  `next` is the cursor of the following page, empty on the last one.
    """

    request: Request
    total: int
    hits: tuple[Hit, ...]
    facets: FacetCounts
    took_ms: float
    generation: str
    notices: tuple[Notice, ...] = ()
    explain: Mapping[str, object] | None = None
    groups: int = 0
    more: int = 0
    next: str = ""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article as its page shows it; marks are code points of its title and body, twins first-published first."""

    article: Article
    title_marks: tuple[Mark, ...] = ()
    body_marks: tuple[Mark, ...] = ()
    twins: tuple[Article, ...] = ()
    similar: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: `text` as the archive writes it, `count` articles, and what it is."""

    text: str
    kind: Literal["title", "name", "province", "phrase"]
    count: int = 0
