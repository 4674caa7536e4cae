"""The endpoint explains itself: `/openapi.json` for programs, `/api` for people."""

from flask import Blueprint, Response, jsonify, render_template, request

from search.archive.parameter_table import MAX_VALUES, Parameter
from web.catalogues import Language
from web.headers import lasting
from web.language import chosen, preferred
from web.links import State
from web.openapi import API_VERSION, ENDPOINTS, KNOWN, UNKNOWN, description
from web.texts import say

blueprint = Blueprint("description", __name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Answer the description of the endpoint, OpenAPI 3.1."""
    return lasting(lambda: jsonify(description(request.script_root)))


@blueprint.get("/api")
def documentation() -> Response:
    """Show the description of the endpoint."""
    chosen()
    language = preferred()
    state = State((("lang", request.args["lang"]),) if request.args.get("lang") else (), request.script_root)
    return lasting(lambda: Response(render_template(
        "api.html", language=language, state=state, answer=None, endpoints=ENDPOINTS, parameters=KNOWN,
        allowed=allowed, version=API_VERSION,
    )))  # fmt: skip


def allowed(known: Parameter, language: Language) -> str:
    """Return in a few words what a parameter may be."""
    unknown = f", {UNKNOWN}" if known.unknown else ""
    match known.kind:
        case "number":
            default = "" if known.default is None else say(language, "; default %(value)s", value=str(known.default))
            number = say(language, "a number from %(low)s to %(high)s", low=str(known.low), high=str(known.high))
            return number + unknown + default
        case "choice":
            return ", ".join(known.choices)
        case "flag":
            return "1, 0"
        case "date":
            return "2025, 2025-06, 2025-06-30, 30/6/2025"
        case "values":
            return say(language, "may be repeated, %(most)s times at most", most=str(MAX_VALUES)) + unknown
        case _:
            return say(language, "any text")
