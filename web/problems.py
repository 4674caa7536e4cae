"""One place that turns errors into answers: problem details (RFC 9457) for programs, a page for people."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import quote

from flask import Flask, Response, current_app, json, render_template, request
from werkzeug.exceptions import HTTPException

from search.archive.parameter_table import MAX_VALUES, PARAMETERS, SEARCH_NAMES
from search.archive.parameters import ParameterError
from search.errors import BadRequest, DauError, EngineUnavailable, IndexUnusable, NotFound, QueryTimeout
from web import archive
from web.admission import Busy
from web.catalogues import LANGUAGES, Language
from web.language import preferred
from web.links import State
from web.metrics import metrics_of
from web.observing import request_id
from web.texts import _, say, told

T = TypeVar("T")
#: Characters of a wrong value that are shown again.
_LONGEST: Final = 200
#: Addresses that programs ask, whatever they say that they accept.
_FOR_PROGRAMS: Final = ("/api/", "/healthz", "/metrics", "/feed.atom", "/openapi.json", "/opensearch/")
_LOG: Final = logging.getLogger("dau")
_STATUS: Final[dict[type[DauError], int]] = {
    BadRequest: 400, NotFound: 404, Busy: 503, QueryTimeout: 503, IndexUnusable: 503,
}  # fmt: skip
#: Seconds after which it makes sense to ask again; a query that takes too long will do so again.
_RETRY: Final[dict[type[DauError], str]] = {Busy: "1", IndexUnusable: "5"}
#: What kind of problem it is, for programs; errors without a name here are about:blank.
_TYPES: Final[dict[type[DauError], str]] = {
    Busy: "busy", QueryTimeout: "query-timeout", EngineUnavailable: "engine-unavailable",
    IndexUnusable: "index-unusable",
}  # fmt: skip

#: What the page of an error says: its heading, and what to do.
_PAGES: Final = {
    400: (_("Something in this address is wrong"), ""),
    404: (_("Not found"), _("There is no page or article at this address. The article may have left the archive.")),
    405: (_("Method not allowed"), ""),
    414: (_("The address is too long"), _("Search for fewer words or with fewer filters.")),
    500: (_("An error on our side"), _("The error has been recorded. Please try again in a few minutes.")),
    503: (
        _("The archive can't be searched just now"),
        _("The archive is being updated or its keeper needs to look at it. Please try again in a few minutes."),
    ),
}  # fmt: skip


def install(app: Flask) -> None:
    """Let `app` answer every error through this module."""
    for kind in _STATUS:
        app.register_error_handler(kind, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Return whether the client asked for data: by the address, or by its Accept header on a page."""
    if request.path.startswith(_FOR_PROGRAMS):
        return True
    known = ("text/html", "application/json", "application/problem+json")
    best = request.accept_mimetypes.best_match(known, "text/html")
    return best != "text/html"


def problem(status: int, detail: str, kind: str = "about:blank", **more: object) -> Response:
    """Return problem details; `more` are further members, e.g. `parameter`."""
    members = {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": quote(request.path),
    }
    return Response(json.dumps(members | more), status, mimetype="application/problem+json")


def _known(error: DauError) -> Response:
    status = _of(error, _STATUS, 500)
    detail = archive.public(str(error))
    parameter = error.parameter if isinstance(error, BadRequest) else ""
    if wants_json():
        more = {"parameter": parameter} if parameter else {}
        response = problem(status, detail, _of(error, _TYPES, "about:blank"), **more)
    else:
        shown = ""
        if isinstance(error, ParameterError | QueryTimeout | Busy):
            shown = told(preferred(), error.vi, detail)
        response = _page(status, shown, parameter, detail if isinstance(error, IndexUnusable) else "")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        _tell_operator(error)
        retry = _of(error, _RETRY, "")
        if retry:
            response.headers["Retry-After"] = retry
    return response


def _of(error: DauError, table: Mapping[type[DauError], T], default: T) -> T:
    return next((value for kind, value in table.items() if isinstance(error, kind)), default)


def _tell_operator(error: DauError) -> None:
    """Count what was refused; write down what needs a look, but not every refusal of a server under attack."""
    if isinstance(error, Busy):
        metrics_of(current_app).refused.inc()
        return
    if isinstance(error, QueryTimeout):
        metrics_of(current_app).timeouts.inc()
    _LOG.error("%s %s: %s", request_id(), request.path, error)


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
    _LOG.exception("%s unexpected error at %s", request_id(), request.full_path, exc_info=error)
    if wants_json():
        return problem(500, "An unexpected error; it has been recorded.")
    return _page(500, "")


def _page(status: int, detail: str, parameter: str = "", note: str = "") -> Response:
    """Return the page of an error; `note` is a sentence for the operator, in English."""
    language = preferred()
    heading, general = _PAGES.get(status) or _PAGES[500 if status >= 500 else 400]
    if general and (status == HTTPStatus.NOT_FOUND or not detail):
        detail = say(language, general)
    html = render_template(
        "error.html",
        language=language,
        status=status,
        heading=say(language, heading),
        detail=detail,
        note=note,
        parameter=parameter,
        fields=_fields(parameter, language) if parameter else [],
        home=f"{request.script_root}/",
        state=_asked(),
    )
    return Response(html, status)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as it was typed, for the form in which it can be put right; `shown` if it is worth a look."""

    name: str
    label: str
    value: str
    wrong: bool
    shown: bool


def _fields(wrong: str, language: Language) -> list[Field]:
    """Return what was asked for, each value as it was typed; parameters that there are not can only be left out."""
    return [
        Field(name, say(language, known.meaning), value[:_LONGEST], name == wrong, known.kind != "flag")
        for name, known in PARAMETERS.items() if name in SEARCH_NAMES and name not in ("q", "lang", "after")
        for value in request.args.getlist(name)[:MAX_VALUES] if value.strip()
    ]  # fmt: skip


def _asked() -> State:
    """Return the query and the language as far as they can be read, so that nobody has to type them again."""
    language = request.args.get("lang", "")
    pairs = (("q", request.args.get("q", "")[:1000]), ("lang", language if language in LANGUAGES else ""))
    return State(tuple(pair for pair in pairs if pair[1]), request.script_root)
