"""Pages about the archive itself: its state, what it covers, and how to search it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import format_timedelta
from flask import Blueprint, Response, render_template, request

from search.archive.last_run import last_run
from search.engines.port import FacetCounts, Filters
from search.places import province_now
from search.results.answer import Request
from web import archive
from web.catalogues import Language, locale
from web.headers import answered
from web.language import chosen, preferred
from web.links import State
from web.metrics import age
from web.texts import SYNTAX, _

if TYPE_CHECKING:
    from search.archive.archive import Archive

blueprint = Blueprint("about", __name__)
#: The coverage of the generation that was asked about last.
_KNOWN: "dict[str, Coverage]" = {}


@dataclass(frozen=True, slots=True)
class Row:
    """A province of today, or `""` for articles of none: how many articles of each year, and in all."""

    name: str
    members: tuple[str, ...]
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many articles the archive has by province and year, undated ones in the last column (year 0)."""

    years: tuple[int, ...]
    rows: tuple[Row, ...]
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
    """Show how many articles there are by province and year: no articles is not the same as no hits."""
    state, language = _state(), preferred()
    return answered(lambda found: _page("coverage.html", state, language, table=_coverage(found)))


def _coverage(found: "Archive") -> Coverage:
    """Return the counts of a generation, counted once: a search per province of today."""
    known = _KNOWN.get(found.generation)
    if known is None:
        known = _counted(found)
        _KNOWN.clear()
        _KNOWN[found.generation] = known
    return known


def _counted(found: "Archive") -> Coverage:
    facets = archive.whole(found)
    years = (*sorted((year for year in facets.years if year), reverse=True), *([0] if facets.years.get(0) else []))
    members: dict[str, list[str]] = {}
    for name in facets.provinces:
        members.setdefault(province_now(name) or name, []).append(name)
    rows = [_row(found, name, tuple(sorted(names)), years) for name, names in members.items()]
    rows.sort(key=lambda row: (not row.name, -row.total, row.name))
    return Coverage(years, tuple(rows), max((max(row.counts, default=0) for row in rows), default=0))


def _row(found: "Archive", name: str, members: tuple[str, ...], years: tuple[int, ...]) -> Row:
    counts = found.search(Request(size=1, filters=Filters(provinces=members))).facets.years
    return Row(name, members, tuple(counts.get(year, 0) for year in years), sum(counts.values()))


@blueprint.get("/help")
def help_page() -> Response:
    """Show how to search, each way with an example from this archive."""
    state, language = _state(), preferred()
    root = request.url_root
    return answered(
        lambda found: _page("help.html", state, language, root_url=root, rows=_ways(archive.whole(found)))
    )


def _ways(facets: FacetCounts) -> list[tuple[str, str]]:
    """Return what to type and what it does: examples that find something here where known."""
    rows = [*SYNTAX]
    province = max(((count, name) for name, count in facets.provinces.items() if name), default=(0, ""))[1]
    source = max(((count, name) for name, count in facets.sources.items() if name), default=(0, ""))[1]
    year = max((year for year in facets.years if year), default=0)
    if province:
        rows.append((f"province:“{province}”", _("articles of this province")))
    if source:
        rows.append((f"source:“{source}”", _("articles of this source")))
    if year:
        rows.append((f"from:{year}", _("from this year on")))
    rows.append(("hợp*", _("every word that begins so")))
    rows.append(("“hợp tác quốc tế”~5", _("these words within five of each other")))
    return rows
