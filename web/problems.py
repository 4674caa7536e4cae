"""One place that turns errors into answers: problem details (RFC 9457) for programs, a page for people."""

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, current_app, json, render_template, request
from werkzeug.exceptions import HTTPException

from search.archive.parameters import ParameterError
from search.errors import BadRequest, DauError, IndexUnusable, NotFound
from web.language import LANGUAGES, preferred
from web.links import State
from web.texts import TEXTS, say

_STATUS: Final[dict[type[DauError], int]] = {BadRequest: 400, NotFound: 404, IndexUnusable: 503}
#: Seconds after which it makes sense to ask again: a rebuild is picked up within one.
_RETRY: Final = "5"


def install(app: Flask) -> None:
    """Let `app` answer every error through this module."""
    for kind in _STATUS:
        app.register_error_handler(kind, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Return whether the client asked for data: by the address, or by its Accept header on a page."""
    if request.path.startswith("/api/") or request.path == "/healthz":
        return True
    known = ("text/html", "application/json", "application/problem+json")
    best = request.accept_mimetypes.best_match(known, "text/html")
    return best != "text/html"


def problem(status: int, detail: str, **more: object) -> Response:
    """Return problem details; `more` are further members, e.g. `parameter`."""
    phrase = HTTPStatus(status).phrase
    members = {"type": "about:blank", "title": phrase, "status": status, "detail": detail, "instance": request.path}
    return Response(json.dumps(members | more), status, mimetype="application/problem+json")


def _known(error: DauError) -> Response:
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    parameter = error.parameter if isinstance(error, BadRequest) else ""
    if wants_json():
        response = problem(status, str(error), **({"parameter": parameter} if parameter else {}))
    else:
        vietnamese = error.vi if isinstance(error, ParameterError) else ""
        response = _page(status, (vietnamese or str(error)) if preferred() == "vi" else str(error), parameter)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        current_app.logger.error("%s", error)
        response.headers["Retry-After"] = _RETRY
    return response


def _http(error: HTTPException) -> Response:
    """Answer what the web layer itself refuses; redirects and the like pass as they are."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return Response(error.get_body(), status, error.get_headers())
    response = problem(status, error.description or "") if wants_json() else _page(status, "")
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    current_app.logger.exception("unexpected error at %s", request.path, exc_info=error)
    if wants_json():
        return problem(500, "An unexpected error; it has been recorded.")
    return _page(500, "")


def _page(status: int, detail: str, parameter: str = "") -> Response:
    language = preferred()
    shown = status if f"error.{status}" in TEXTS else (500 if status >= 500 else 400)
    general = f"error.{shown}.detail"
    if general in TEXTS and (status == HTTPStatus.NOT_FOUND or not detail):
        detail = say(language, general)
    html = render_template(
        "error.html",
        language=language,
        status=status,
        heading=say(language, f"error.{shown}"),
        detail=detail,
        parameter=parameter if parameter not in detail else "",
        state=_asked(),
    )
    return Response(html, status)


def _asked() -> State:
    """Return the query and the language as far as they can be read, so that nobody has to type them again."""
    language = request.args.get("lang", "")
    pairs = (("q", request.args.get("q", "")[:1000]), ("lang", language if language in LANGUAGES else ""))
    return State(tuple(pair for pair in pairs if pair[1]), request.script_root)
