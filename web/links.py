"""The whole state of a search page as pairs of a query string, and the addresses of the states next to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, quote_plus

from search.archive.parameter_table import SEARCH_NAMES
from search.archive.parameters import Values
from search.engines.facets import NAMED_FACETS
from search.results.answer import Request
from search.results.rendering import UNKNOWN

Pair = tuple[str, str]
FILTERS = ("year", "month", "from", "to", *NAMED_FACETS)

#: A page of results has more than a hundred addresses, all of the same few values.
_quoted = lru_cache(maxsize=2_000)(quote_plus)


def _shown(number: int | None) -> str:
    return "" if number is None else str(number or UNKNOWN)


def _switches(asked: Request) -> dict[str, bool]:
    return {"strict": asked.strict, "explain": asked.explain, "recency": asked.recency}


_PLACE = {name: place for place, name in enumerate(SEARCH_NAMES)}


@dataclass(frozen=True, slots=True)
class Slot:
    """The addresses that differ in the values of one parameter only; a page has hundreds of them.

    `before` and `after` are the query strings of the parameters that stand before and behind it.
    """

    name: str
    path: str
    before: str
    after: str
    chosen: tuple[str, ...]

    def url(self, values: Iterable[str]) -> str:
        """Return the address with these values."""
        own = [f"{self.name}={_quoted(value)}" for value in values if value]
        query = "&".join(filter(None, (self.before, *own, self.after)))
        return f"{self.path}?{query}" if query else self.path

    def toggled(self, values: Sequence[str]) -> str:
        """Return the address with some values added, or removed if all of them are chosen."""
        if not self.chosen:  # as for most of the hundreds
            return self.url(values)
        if all(value in self.chosen for value in values):
            return self.url(value for value in self.chosen if value not in values)
        return self.url((*self.chosen, *(value for value in values if value not in self.chosen)))


@dataclass(frozen=True, slots=True)
class State:
    """The parameters of a search page in a fixed order, empty ones left out: equal states have equal addresses.

    `root` stands before every address: the path that a proxy serves the application under, mostly `""`.
    """

    pairs: tuple[Pair, ...] = ()
    root: str = ""

    @staticmethod
    def of(values: Values, asked: Request, root: str = "") -> "State":
        """Return the state of a request's parameters as read; those that are not ours or say nothing are dropped."""
        filters = asked.filters
        read: dict[str, Iterable[str]] = {
            **{name: values.get(name, ()) for name in SEARCH_NAMES},
            "q": [asked.q],
            **{facet: [name or UNKNOWN for name in names] for facet, names in filters.named.items()},
            "year": [_shown(filters.year)],
            "month": [_shown(filters.month)],
            "sort": [asked.sort if asked.sort != "relevance" else ""],
            **{name: ["1" if on else ""] for name, on in _switches(asked).items()},
            "page": [str(asked.page) if asked.page > 1 else ""],
        }
        return State(tuple((name, value) for name, given in read.items() for value in given if value.strip()), root)

    def get(self, name: str) -> str:
        """Return the value of a parameter, `""` if it is not set."""
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter."""
        return tuple(value for key, value in self.pairs if key == name)

    def only(self, *names: str) -> "State":
        """Return the state with nothing but the parameters of these names."""
        return State(tuple(pair for pair in self.pairs if pair[0] in names), self.root)

    def replace(self, changes: Mapping[str, str | int | Iterable[str]]) -> "State":
        """Return the state with parameters replaced, back on its first page; `""` or `()` removes one."""
        kept = [pair for pair in self.pairs if pair[0] not in changes and pair[0] != "page"]
        for name, value in changes.items():
            values = (str(value),) if isinstance(value, str | int) else value
            kept += [(name, one) for one in values if one]
        return State(tuple(sorted(kept, key=lambda pair: _PLACE[pair[0]])), self.root)

    def query(self, **changes: str | int | Iterable[str]) -> str:
        """Return the query string of the state with parameters replaced (`from_` stands for `from`)."""
        named = {name.rstrip("_"): value for name, value in changes.items()}
        pairs = self.replace(named).pairs if named else self.pairs
        return "&".join([f"{name}={_quoted(value)}" for name, value in pairs])

    def url(self, **changes: str | int | Iterable[str]) -> str:
        """Return the address of the search page with parameters replaced."""
        return self._address("/", self.query(**changes))

    def article_url(self, article_id: str) -> str:
        """Return the address of an article that marks what was searched for and knows the way back."""
        return self._address(f"/article/{quote(article_id)}", self.query())

    def article_urls(self) -> Callable[[str, int], str]:
        """Return what makes the addresses of many articles from their ids and places in the results, 0 for none."""
        query = self.query()

        def address(article_id: str, place: int) -> str:
            at = f"at={place}" if place else ""
            return self._address(f"/article/{quote(article_id)}", "&".join(filter(None, (query, at))))

        return address

    def feed_url(self) -> str:
        """Return the address of the feed of the same search."""
        kept = (name for name in SEARCH_NAMES if name not in ("page", "sort"))
        return self._address("/feed.atom", self.only(*kept).query())

    def export_url(self, form: str) -> str:
        """Return the address of a file of all that the search finds."""
        kept = (name for name in SEARCH_NAMES if name not in ("page", "size", "after", "explain"))
        query = self.only(*kept).query()
        return self._address("/api/export", f"{query}&format={form}" if query else f"format={form}")

    def cite_url(self, article_id: str, form: str) -> str:
        """Return the address of a file that cites one article."""
        return self._address("/api/export", f"id={_quoted(article_id)}&format={form}")

    def api_url(self) -> str:
        """Return the address of the same answer as JSON."""
        return self._address("/api/search", self.query())

    def _address(self, path: str, query: str) -> str:
        return f"{self.root}{path}?{query}" if query else f"{self.root}{path}"

    def slot(self, name: str, *without: str) -> Slot:
        """Return the addresses next to this one that differ in one parameter, without some others and the page."""
        parts: tuple[list[str], list[str]] = ([], [])
        for key, value in self.pairs:
            if key != name and key != "page" and key not in without:
                parts[_PLACE[key] > _PLACE[name]].append(f"{key}={_quoted(value)}")
        return Slot(name, f"{self.root}/", "&".join(parts[0]), "&".join(parts[1]), self.all(name))

    def unfiltered(self) -> str:
        """Return the address without any filter."""
        return self.url(**dict.fromkeys(FILTERS, ""))

    def follow(self, action: Mapping[str, str]) -> str:
        """Return the address that a notice's action leads to; parameters that a page does not have are left out."""
        known = {name: value for name, value in action.items() if name in SEARCH_NAMES}
        return self.replace(known).url()

    def hidden(self, *without: str) -> tuple[Pair, ...]:
        """Return the pairs that a form must carry along in hidden fields, without its own ones and the page."""
        return tuple(pair for pair in self.pairs if pair[0] not in without and pair[0] != "page")
