"""The JSON endpoint: search, one article, suggestions, health, metrics."""

from flask import Blueprint, Response, current_app, jsonify, request

from search.archive.last_run import last_run
from search.archive.parameters import check_names, parse_prefix, parse_search
from search.results import rendering
from web import archive
from web.headers import answered
from web.language import chosen
from web.metrics import age, metrics_of
from web.openapi import BY_PATH

blueprint = Blueprint("api", __name__)


@blueprint.get("/api/search")
def search() -> Response:
    """Answer a search; the parameters are those of the page."""
    chosen()
    values = request.args.to_dict(flat=False)
    check_names(values, BY_PATH["/api/search"].names)
    asked = parse_search(values)
    return answered(lambda found: jsonify(rendering.answer_json(archive.search(found, asked))))


@blueprint.get("/api/articles/<path:article_id>")
def article(article_id: str) -> Response:
    """Answer one article with all that is known of it; `q` marks what a search matched."""
    chosen()
    values = request.args.to_dict(flat=False)
    check_names(values, BY_PATH["/api/articles/{id}"].names)
    query = request.args.get("q", "")
    return answered(lambda found: jsonify(rendering.article_json(found.article(article_id, query))))


@blueprint.get("/api/suggest")
def suggest() -> Response:
    """Answer what the typed text may become."""
    chosen()
    values = request.args.to_dict(flat=False)
    check_names(values, BY_PATH["/api/suggest"].names)
    prefix, limit = parse_prefix(values)
    with archive.current() as found:
        response = jsonify(rendering.suggestions_json(prefix, found.suggest(prefix, limit)))
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@blueprint.get("/opensearch/suggest")
def opensearch_suggest() -> Response:
    """Answer suggestions in the form that browsers' search bars read."""
    prefix, limit = parse_prefix(request.args.to_dict(flat=False))
    with archive.current() as found:
        return jsonify([prefix, [one.text for one in found.suggest(prefix, limit)]])


@blueprint.get("/healthz")
def health() -> Response:
    """Answer whether the archive is served whole: 200 with ok or degraded, 503 if nothing can be served."""
    state = archive.live().health()
    made = age(state.created)
    members = {
        "status": state.status,
        "generation": state.generation,
        "articles": state.articles,
        "created": state.created,
        "age_seconds": None if made is None else round(made),
        "last_run": last_run_json(),
    }
    return jsonify(members | ({"problem": archive.public(state.problem)} if state.problem else {}))


def last_run_json() -> dict[str, object] | None:
    """Return how the last rebuild ended, without paths of the machine; None if that is not known."""
    run = last_run(archive.live().index)
    if run is None:
        return None
    return {"ended": run.ended, "seconds": run.seconds, "outcome": run.outcome, "exit": run.exit}


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer what Prometheus scrapes."""
    return metrics_of(current_app).exposition()
