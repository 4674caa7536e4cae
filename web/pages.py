"""The pages for people: front page and results at `/`, one article at `/article/<id>`."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, request
from jinja2 import Environment

from search.archive.parameters import parse_search
from search.results.answer import Answer, Request
from web import archive, dates, facets, paging
from web.assets import asset
from web.headers import answered
from web.language import Language, chosen, preferred
from web.links import State
from web.marking import excerpt, marked, paragraphs
from web.provinces import province
from web.texts import SYNTAX, number, reason, say

if TYPE_CHECKING:
    from search.archive.archive import Archive

blueprint = Blueprint("pages", __name__)
#: How many articles the front page lists, notices and listing pages left out.
LATEST = 8
SIMILAR = 5


def outside(url: str) -> str:
    """Return an address of an article's origin if it is safe to link to, else `""` (`javascript:` and the like)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def teach(environment: Environment) -> None:
    """Give the templates the functions that turn values into words and addresses."""
    environment.globals.update(
        asset=asset, dates=dates, excerpt=excerpt, marked=marked, number=number, outside=outside, province=province,
        reason=reason, say=say, syntax=SYNTAX,
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
    return answered(lambda found: Response(_results(archive.search(found, asked), state, language)))


def _front(answer: Answer, state: State, language: Language) -> str:
    years = sorted(filter(None, answer.facets.years))
    latest = [hit for hit in answer.hits if hit.article.kind == "article"] or answer.hits
    return render_template(
        "front.html",
        language=language,
        state=state,
        answer=answer,
        latest=latest[:LATEST],
        years=f"{years[0]}–{years[-1]}" if years else "",
        date_facet=facets.date_facet(answer.facets, state, language),
        province_facet=facets.province_facet(answer.facets.provinces, state, language),
        provinces=sum(1 for name in answer.facets.provinces if name),
    )


def _results(answer: Answer, state: State, language: Language) -> str:
    return render_template(
        "results.html",
        language=language,
        state=state,
        answer=answer,
        active=facets.active_filters(state, language),
        date_facet=facets.date_facet(answer.facets, state, language),
        province_facet=facets.province_facet(answer.facets.provinces, state, language),
        named_facets=_named_facets(answer, state, language),
        seconds=_seconds(answer.took_ms, language),
        pages=paging.pages(answer.request.page, answer.request.size, answer.groups or answer.total),
    )


def _named_facets(answer: Answer, state: State, language: Language) -> list[tuple[str, facets.Facet]]:
    """Return the other facets with their headings: those of which some values are known."""
    counts = {"source": answer.facets.sources, "section": answer.facets.sections, "kind": answer.facets.kinds,
              "author": answer.facets.authors}  # fmt: skip
    found = ((name, facets.named_facet(name, values, state, language)) for name, values in counts.items())
    return [(say(language, f"facet.{name}"), facet) for name, facet in found if facet.shown]


def _seconds(took_ms: float, language: Language) -> str:
    text = f"{took_ms / 1000:.3f}"
    return text.replace(".", ",") if language == "vi" else text


@blueprint.get("/article/<path:article_id>")
def article(article_id: str) -> Response:
    """Show one article; the parameters are those of the search that led here, for the marks and the way back."""
    chosen()
    values = request.args.to_dict(flat=False)
    asked = parse_search(values)
    state, language = State.of(values, asked, request.script_root), preferred()
    return answered(lambda found: Response(_article(found, article_id, state, language)))


def _article(found: "Archive", article_id: str, state: State, language: Language) -> str:
    view = found.article(article_id, state.get("q"))
    return render_template(
        "article.html",
        language=language,
        state=state,
        answer=None,
        view=view,
        article=view.article,
        paragraphs=paragraphs(view.article, view.body_marks),
        similar=found.similar(article_id, SIMILAR),
    )


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search to browsers, so that they can offer it in their address bar."""
    root, host = request.url_root.rstrip("/"), request.host_url.rstrip("/")
    xml = render_template("opensearch.xml", root=root, host=host, language=preferred())
    response = Response(xml, mimetype="application/opensearchdescription+xml")
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
