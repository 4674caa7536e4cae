"""The pages for people: front page and results at `/`, one article at `/article/<id>`."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, render_template, request
from jinja2 import Environment

from search.archive.parameter_table import MAX_EXPORT
from search.archive.parameters import parse_search
from search.article import ArticleDate, Removed
from search.engines.facets import FacetCounts
from search.places import province_now
from search.results.answer import Answer, Request
from web import archive, dates, paging, texts
from web.assets import asset, build
from web.catalogues import LANGUAGES, Language, own_name
from web.citations import citation, json_ld
from web.facets import active_filters, facet_lists, province_facet
from web.headers import answered
from web.language import chosen, preferred
from web.lines import Words, columns, facet_lines, tile_items
from web.links import State
from web.marking import differences, excerpt, marked, paragraphs
from web.provinces import common_name, province
from web.site import Site
from web.texts import count, number, percent, say, suggest_words, told
from web.tiles import tile_maps
from web.timeline import Timeline, axis, drawings, timeline

if TYPE_CHECKING:
    from search.archive.archive import Archive

blueprint = Blueprint("pages", __name__)
#: How many articles the front page lists, notices and listing pages left out.
LATEST = 8
SIMILAR = 5
#: Up to this place of the results an article page knows the hits beside its own: finding them takes as many hits.
DEEPEST_PLACE: Final = 1000
VIETNAM: Final = timezone(timedelta(hours=7))


def outside(url: str) -> str:
    """Return an address of an article's origin if it is safe to link to, else `""` (`javascript:` and the like)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def teach(environment: Environment, site: Site) -> None:
    """Give the templates the functions that turn values into words and addresses."""
    environment.globals.update(
        asset=asset, columns=columns, common_name=common_name, count=count, dates=dates, excerpt=excerpt,
        facet_lines=facet_lines, languages=LANGUAGES, marked=marked, number=number, outside=outside, own_name=own_name,
        percent=percent, province=province, say=say, suggest_words=suggest_words, texts=texts, tile_items=tile_items,
        told=told, site=site, build=build(),
        logo=lambda: f"{request.script_root}/site.logo?v={site.digest}",
    )  # fmt: skip
    environment.tests["outside_link"] = lambda url: bool(outside(url))


@blueprint.get("/")
def search() -> Response:
    """Show the front page, or the results if anything was asked for."""
    chosen()
    values = request.args.to_dict(flat=False)
    asked = parse_search(values)
    state, language = State.of(values, asked, request.script_root), preferred()
    if all(name == "lang" for name, _ in state.pairs):
        newest = Request(sort="newest", size=3 * LATEST)
        return answered(lambda found: Response(_front(found.search(newest), state, language)))
    return answered(lambda found: Response(_results(found, archive.search(found, asked), state, language)))


def _front(answer: Answer, state: State, language: Language) -> str:
    facets = answer.facets
    first, last = axis(facets.years)
    latest = [hit for hit in answer.hits if hit.article.kind == "article"] or answer.hits
    return render_template(
        "front.html",
        latest=latest[:LATEST],
        root_url=request.url_root,
        years=f"{first}–{last}" if first else "",
        provinces=len({province_now(name) or name for name in facets.provinces if name}),
        facets=[province_facet(facets.provinces, state, language)],
        **_pictures(answer, facets, state, language),
    )


def _results(found: "Archive", answer: Answer, state: State, language: Language) -> str:
    year, month = answer.request.filters.year, answer.request.filters.month
    whole = archive.whole(found, year, month) if year and month else archive.whole(found)
    active = active_filters(state, language)
    asked = [part for part in (state.get("q"), *(one.label for one in active)) if part] or [
        say(language, "All articles")
    ]
    return render_template(
        "results.html",
        active=active,
        export_most=MAX_EXPORT,
        asked=" · ".join(asked),
        heading=_heading(answer, asked, language),
        article_url=state.article_urls(),
        facets=facet_lists(answer.facets, state, language),
        pages=paging.pages(answer.request.page, answer.request.size, answer.groups or answer.total),
        **_pictures(answer, whole, state, language),
    )


def _heading(answer: Answer, asked: list[str], language: Language) -> str:
    """Return the title of a page of results: how many, of what, by which filters, which page."""
    page = [say(language, "Page %(n)s", n=answer.request.page)] if answer.request.page > 1 else []
    results = count(language, "%(n)s result", "%(n)s results", n=answer.total)
    return f"{results}: {' · '.join([*asked, *page])}"


def _pictures(answer: Answer, whole: FacetCounts, state: State, language: Language) -> dict[str, object]:
    """Return what the pictures of an answer are drawn from, and the words that they and the lists share."""
    line = timeline(answer.facets, whole, state, language)
    return {
        "language": language,
        "state": state,
        "answer": answer,
        "line": line,
        "step": _step(line, state, language),
        "drawn": drawings(line, shares=answer.facets is not whole),
        "presets": _presets(state, language),
        "maps": tile_maps(answer.facets.provinces, state),
        "updated": dates.day(dates.built(answer.generation), language),
        "words": Words.of(language),
    }


def _step(line: Timeline, state: State, language: Language) -> str:
    """Return what the bars of a picture of time are."""
    if line.step == "year":
        return say(language, "By year")
    if line.step == "month":
        return say(language, "Months of %(year)s", year=state.get("year"))
    month = ArticleDate(f"{state.get('year')}-{int(state.get('month')):02}", "month")
    return say(language, "Days of %(month)s", month=dates.short_date(month, language))


def _presets(state: State, language: Language) -> list[tuple[str, str]]:
    """Return labels and addresses of stretches of time that are often asked for; days are those of Vietnam."""
    today = datetime.now(VIETNAM)
    ago = today.replace(year=today.year - 1, day=1)
    dated = state.slot("from", "to", "year", "month")
    query = state.slot("q", "from", "to", "year", "month")
    typed = re.sub(r"\bday:\S+", "", state.get("q")).strip()
    return [
        (say(language, "This year"), state.slot("year", "month", "from", "to").url([str(today.year)])),
        (say(language, "Last 12 months"), dated.url([f"{ago:%Y-%m-%d}"])),
        (say(language, "This day in all years"), query.url([f"{typed} day:{today.day}/{today.month}".strip()])),
    ]


@blueprint.get("/article/<path:article_id>")
def article(article_id: str) -> Response:
    """Show one article; the parameters are those of the search that led here, for the marks and the way back."""
    chosen()
    values = request.args.to_dict(flat=False)
    asked = parse_search(values)
    state, language = State.of(values, asked, request.script_root), preferred()
    return answered(lambda found: Response(_article(found, article_id, asked, state, language)))


def _article(found: "Archive", article_id: str, asked: Request, state: State, language: Language) -> str:
    view = found.article(article_id, state.get("q"))
    article, place = view.article, _place()
    before, behind = found.around(asked, place) if place else (None, None)
    address = f"{request.host_url.rstrip('/')}{state.only().article_url(article.id)}"
    return render_template(
        "article.html",
        language=language,
        state=state,
        answer=None,
        view=view,
        article=article,
        place=place,
        before=before,
        behind=behind,
        article_url=state.article_urls(),
        paragraphs=paragraphs(article, view.body_marks),
        copies=[(twin, *differences(article.body, twin.body)) for twin in view.twins],
        similar=found.similar(article_id, SIMILAR),
        removed=_by_reason(article.removed),
        address=address,
        citation=citation(article, address, language),
        generation=found.generation,
        linked=json_ld(article, address),
        words=Words.of(language),
        today=dates.day(datetime.now(VIETNAM), language),
    )


def _place() -> int:
    """Return the place of the article in the results that led here, from 1; 0 if that is not told or too deep."""
    given = request.args.get("at", "")
    place = int(given) if re.fullmatch("[0-9]{1,4}", given) else 0
    return place if place <= DEEPEST_PLACE else 0


def _by_reason(removed: Sequence[Removed]) -> dict[str, list[str]]:
    """Return the blocks that were taken out by the reason for it, in the order of the page."""
    groups: dict[str, list[str]] = {}
    for block in removed:
        groups.setdefault(block.reason, []).append(block.text)
    return groups


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search to browsers, so that they can offer it in their address bar."""
    root, host = request.url_root.rstrip("/"), request.host_url.rstrip("/")
    xml = render_template("opensearch.xml", root=root, host=host, language=preferred())
    response = Response(xml, mimetype="application/opensearchdescription+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _site() -> Site:
    return cast("Site", current_app.config["DAU_SITE"])


@blueprint.get("/site.css")
def site_sheet() -> Response:
    """Answer Dấu's sheet with the institution's colours behind it: one request, not two."""
    sheet = (Path(current_app.static_folder or "") / "dau.css").read_text(encoding="utf-8")
    return _lasting(Response(sheet + _site().colours, mimetype="text/css"))


@blueprint.get("/site.logo")
def site_logo() -> Response:
    """Answer the institution's logo."""
    if not _site().logo:
        abort(404)
    return _lasting(Response(_site().logo, mimetype=_site().logo_type))


def _lasting(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Keep crawlers to the front page and the articles: every filter of every search is an address of its own."""
    response = Response("User-agent: *\nDisallow: /?\nDisallow: /api/\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Give browsers that ask for the old address the drawing: a redirect would keep the prefix of one request."""
    return current_app.send_static_file("favicon.svg")
