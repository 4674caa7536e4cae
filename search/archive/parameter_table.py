"""The parameters of a search by name, and what each may be: they are read, checked and described by this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from search.engines.port import Sort

#: One text; a whole number from `low` to `high`; 1 or 0; one of `choices`; a day, month or year; several alternatives.
ParameterKind = Literal["text", "number", "flag", "choice", "date", "values"]

MAX_SIZE: Final = 100
MAX_PAGE: Final = 10_000
#: Articles of one export.
MAX_EXPORT: Final = 10_000
#: Values of one filter.
MAX_VALUES: Final = 64
MAX_PREFIX: Final = 100
#: Characters of a query that are searched; the rest is cut off with a notice.
MAX_QUERY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `meaning` says what it is for, `example` is a value; `unknown` may be a value, too.

    `search` says whether it belongs to a search, and so to the address of every page of it.
    """

    kind: ParameterKind
    meaning: str
    example: str = ""
    low: int = 0
    high: int = 0
    default: int | None = None
    choices: tuple[str, ...] = ()
    unknown: bool = False
    search: bool = True


PARAMETERS: Final[Mapping[str, Parameter]] = {
    "q": Parameter("text", "Words to search for, with or without marks", "sở ngoại vụ"),
    "province": Parameter("values", "Province, in any spelling", "Thanh Hóa", unknown=True),
    "country": Parameter("values", "Country that an article is about", "Lào", unknown=True),
    "year": Parameter("number", "Year", "2025", 1000, 9999, unknown=True),
    "month": Parameter("number", "Month of the year", "6", 1, 12, unknown=True),
    "from": Parameter("date", "From this day, month or year on", "2025-06"),
    "to": Parameter("date", "To the end of this day, month or year", "30/6/2025"),
    "source": Parameter("values", "Source", "", unknown=True),
    "section": Parameter("values", "Section", "", unknown=True),
    "kind": Parameter("values", "Kind of page", "article", unknown=True),
    "author": Parameter("values", "Author", "", unknown=True),
    "sort": Parameter("choice", "Order of the results", "newest", choices=get_args(Sort)),
    "page": Parameter("number", "Page, from 1", "2", 1, MAX_PAGE, 1),
    "size": Parameter("number", "Results on a page", "20", 1, MAX_SIZE, 10),
    "after": Parameter("text", "The value of 'next' of an answer: go on from there"),
    "strict": Parameter("flag", "Exactly as typed: nothing is corrected", "1"),
    "marks": Parameter("choice", "any: letters match whatever their marks", "any", choices=("any",)),
    "explain": Parameter("flag", "Say where scores come from", "1"),
    "recency": Parameter("flag", "Favour recent articles a little", "1"),
    "lang": Parameter("choice", "Language of pages and messages", "en", choices=("vi", "en")),
    "format": Parameter("choice", "Format of the file", "csv",
                        choices=("csv", "jsonl", "ris", "bib", "csl"), search=False),
    "id": Parameter("text", "Only this article", search=False),
    "most": Parameter("number", "At most so many articles", "100", 1, MAX_EXPORT, MAX_EXPORT, search=False),
    "limit": Parameter("number", "Number of suggestions", "8", 1, 20, 8, search=False),
}  # fmt: skip

#: The parameters of a search, in the order of its address.
SEARCH_NAMES: Final = tuple(name for name, known in PARAMETERS.items() if known.search)
