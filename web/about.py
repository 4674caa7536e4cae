"""Pages about the archive itself: its state, what it covers, and how to search it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from babel.dates import format_timedelta
from flask import Blueprint, Response, render_template, request

from search.archive.last_run import last_run
from search.archive.parameters import parse_search
from search.engines.facets import Filters
from search.places import province_now
from search.results.answer import Request
from web import archive
from web.catalogues import Language, locale
from web.headers import answered, lasting
from web.language import chosen, preferred
from web.links import State
from web.metrics import age
from web.texts import SYNTAX, _
from web.tiles import shade

if TYPE_CHECKING:
    from search.archive.archive import Archive

blueprint = Blueprint("about", __name__)
#: Articles among which the help looks for examples.
_LATEST: Final = 50
#: The rows of the generation whose coverage was asked for last.
_KNOWN: "dict[str, tuple[Row, ...]]" = {}


@dataclass(frozen=True, slots=True)
class Row:
    """A province of today, or `""` for articles of none: how many articles of each year, and of each (year, month)."""

    name: str
    members: tuple[str, ...]
    years: Mapping[int, int]
    months: Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Table:
    """Provinces by years, or by the months of one year; the last column, 0, is of what has none.

    `rows` are the provinces with a count for each column; `most` is the greatest of a dated one of a known province.
    """

    year: int | None
    columns: tuple[int, ...]
    rows: list[tuple[Row, list[int]]]
    most: int


def _page(template: str, state: State, language: Language, **values: object) -> Response:
    return Response(render_template(template, language=language, state=state, answer=None, **values))


def _state() -> State:
    chosen()
    return State((("lang", request.args["lang"]),) if request.args.get("lang") else (), request.script_root)


@blueprint.get("/status")
def status() -> Response:
    """Show what is served, how old it is, and how the last rebuild ended; no paths of the machine."""
    state, language = _state(), preferred()
    health = archive.live().health()
    with archive.current() as found:
        facets = archive.whole(found)
    sources = sorted(((count, name) for name, count in facets.sources.items() if name), reverse=True)
    return _page(
        "status.html",
        state,
        language,
        health=health,
        problem=archive.public(health.problem),
        age=_age(age(health.created), language),
        run=last_run(archive.live().index),
        sources=sources,
        unknown=facets.sources.get("", 0),
    )


def _age(seconds: float | None, language: Language) -> str:
    """Return an age in the largest unit that it has one of, from minutes on."""
    if seconds is None:
        return ""
    return format_timedelta(int(seconds), granularity="minute", threshold=1, locale=locale(language))


@blueprint.get("/coverage")
def coverage() -> Response:
    """Show how many articles there are by province and year, or month: no articles is not the same as no hits."""
    state, language = _state(), preferred()
    year = parse_search({"year": request.args.getlist("year")}).filters.year
    return answered(
        lambda found: _page("coverage.html", state, language, shade=shade, table=_table(_rows(found), year or None))
    )


def _table(rows: Sequence[Row], year: int | None) -> Table:
    months = [{month: count for (of, month), count in row.months.items() if of == year} for row in rows]
    counts = [row.years for row in rows] if year is None else months
    known = {column for row in counts for column, count in row.items() if count}
    dated = sorted(known - {0}, reverse=True) if year is None else range(1, 13)
    columns = (*dated, *([0] if 0 in known else []))
    cells = [[row.get(column, 0) for column in columns] for row in counts]
    kept = [(row, numbers) for row, numbers in zip(rows, cells, strict=True) if any(numbers)]
    told = (numbers[place] for row, numbers in kept if row.name for place, column in enumerate(columns) if column)
    return Table(year, columns, kept, max(told, default=0))


def _rows(found: "Archive") -> tuple[Row, ...]:
    """Return the counts of a generation, counted once: a search per province of today."""
    if found.generation not in _KNOWN:
        members: dict[str, list[str]] = {}
        for name in archive.whole(found).provinces:
            members.setdefault(province_now(name) or name, []).append(name)
        rows = [_row(found, name, tuple(sorted(names))) for name, names in members.items()]
        rows.sort(key=lambda row: (not row.name, -sum(row.years.values()), row.name))
        _KNOWN.clear()
        _KNOWN[found.generation] = tuple(rows)
    return _KNOWN[found.generation]


def _row(found: "Archive", name: str, members: tuple[str, ...]) -> Row:
    facets = found.search(Request(size=1, filters=Filters(provinces=members))).facets
    return Row(name, members, facets.years, facets.months)


@blueprint.get("/help")
def help_page() -> Response:
    """Show how to search, each way with an example from this archive."""
    state, language = _state(), preferred()
    root = request.url_root
    return answered(
        lambda found: _page("help.html", state, language, root_url=root, rows=_ways(found))
    )


@blueprint.get("/saved")
def saved() -> Response:
    """Show the searches that the reader's browser keeps; the script fills the page in."""
    state, language = _state(), preferred()
    return lasting(lambda: _page("saved.html", state, language))


def _ways(found: "Archive") -> list[tuple[str, str]]:
    """Return every way to ask and what it does, with examples that find something here where they are known."""
    facets = archive.whole(found)
    latest = [hit.article for hit in found.search(Request(sort="newest", size=_LATEST)).hits]
    days = [article.date.value for article in latest if article.date.precision == "day"]
    year = str(max(facets.years, default=0) or "")
    fields = (
        ("province", _most(facets.provinces), _("articles of this province")),
        ("source", _most(facets.sources), _("articles of this source")),
        ("author", next((article.author for article in latest if article.author), ""), _("articles of this author")),
        ("year", year, _("articles of this year")),
        ("from", year, _("from this year on; also a month or a day")),
        ("to", year, _("until the end of this year")),
        ("day", f"{int(days[0][8:])}/{int(days[0][5:7])}" if days else "", _("this day in all years")),
    )
    quoted = [(name, value if value[:1].isdigit() else f"“{value}”", meaning) for name, value, meaning in fields]
    return [
        *SYNTAX,
        ("(lào OR campuchia) biên giới", _("brackets group")),
        ("hợp*", _("every word that begins so")),
        ("“hợp tác quốc tế”~5", _("these words within five of each other")),
        *[(f"{name}:{value}", meaning) for name, value, meaning in quoted if value.strip("“”")],
    ]


def _most(counts: Mapping[str, int]) -> str:
    """Return the name that most articles have, `""` if none is known."""
    return max(((count, name) for name, count in counts.items() if name), default=(0, ""))[1]
