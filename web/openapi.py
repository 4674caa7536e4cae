"""The description of the endpoint, OpenAPI 3.1, made from the table that parameters are read and checked by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Final

from search.archive.parameter_table import MAX_VALUES, PARAMETERS, SEARCH_NAMES, Parameter
from web.catalogues import LANGUAGES

Json = dict[str, Any]

#: Raised when a program that keeps to the description could break: a member or parameter that goes, or means another
#: thing.  New members and parameters may come at any time.
API_VERSION: Final = "1"
UNKNOWN: Final = "unknown"
#: Every parameter, with the languages that there are catalogues for.
KNOWN: Final = {**PARAMETERS, "lang": replace(PARAMETERS["lang"], choices=LANGUAGES)}
#: An export has no pages.
_PAGING: Final = ("page", "size", "after", "explain")
EXPORT_NAMES: Final = ("format", "id", "most", *[name for name in SEARCH_NAMES if name not in _PAGING])


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address: the parameters it takes, what it is for, an example that works on any archive, what it answers.

    `media` are the types of its answers, with blanks between them.
    """

    path: str
    names: tuple[str, ...]
    meaning: str
    example: str
    answer: str
    media: str = "application/json"


ENDPOINTS: Final = (
    Endpoint("/api/search", SEARCH_NAMES, "Search the archive",
             "/api/search?q=thanh+hoa&size=2", "Answer"),
    Endpoint("/api/articles/{id}", ("q", "lang"), "One article; 'q' marks what a search matched", "", "Article"),
    Endpoint("/api/suggest", ("q", "limit", "lang"), "What the typed text may become",
             "/api/suggest?q=thanh&limit=3", "Suggestions"),
    Endpoint("/api/export", EXPORT_NAMES,
             "All members in their order as a file; X-Total and X-Exported: how many there are, how many are sent",
             "/api/export?q=thanh+hoa&format=ris&most=2", "",
             "text/csv application/x-ndjson application/x-research-info-systems application/x-bibtex "
             "application/vnd.citationstyles.csl+json"),
    Endpoint("/feed.atom", SEARCH_NAMES, "The newest of a search, as Atom",
             "/feed.atom?q=thanh+hoa", "", "application/atom+xml"),
    Endpoint("/healthz", (), "Whether the archive is served whole",
             "/healthz", "Health"),
)  # fmt: skip
#: Endpoints by their paths.
BY_PATH: Final[Mapping[str, Endpoint]] = {endpoint.path: endpoint for endpoint in ENDPOINTS}


def description(root: str) -> Json:
    """Return the OpenAPI document; `root` is the path that everything stands below, mostly `""`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dấu",
            "summary": "Search an archive of Vietnamese news",
            "version": f"{API_VERSION}.0",
            "description": "Every answer carries X-Api-Version. Members and parameters may be added at any time; one "
            "that goes, or means another thing, raises the version. Texts are UTF-8, marks are offsets in Unicode "
            "code points into the text beside them. Errors are problem details (RFC 9457).",
            "license": {"name": "MIT", "identifier": "MIT"},
            "x-program-version": version("dau"),
        },
        "servers": [{"url": root or "/"}],
        "paths": {endpoint.path: {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {"schemas": SCHEMAS, "headers": _HEADERS},
    }


def _operation(endpoint: Endpoint) -> Json:
    parameters = [_parameter(name) for name in endpoint.names]
    if "{id}" in endpoint.path:
        named = {"type": "string", "minLength": 1}
        parameters.insert(0, {"name": "id", "in": "path", "required": True, "schema": named})
    schema = {"$ref": f"#/components/schemas/{endpoint.answer}"} if endpoint.answer else {"type": "string"}
    problems = {"400": "A parameter is wrong; `parameter` names it.", "404": "There is no such article.",
                "414": "The address is too long.", "503": "The archive can't be searched just now; `type` says why: "
                "index-unusable, engine-unavailable, busy (ask again after Retry-After), or "
                "query-timeout."}  # fmt: skip
    if "{id}" not in endpoint.path and "id" not in endpoint.names:
        del problems["404"]
    return {
        "operationId": endpoint.path.strip("/").replace("/", "_").replace(".", "_").replace("{id}", "one"),
        "summary": endpoint.meaning,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "The answer.",
                "headers": _answer_headers(),
                "content": {
                    media: {"schema": _ANYTHING if media.endswith("+json") and not endpoint.answer else schema}
                    for media in endpoint.media.split()
                },
            },
            "304": {"description": "The copy with the ETag of If-None-Match is still right."},
            **{code: _problem(said) for code, said in problems.items()},
        },
    }


def _answer_headers() -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", "X-Api-Version")}


def _problem(said: str) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": said, "content": {"application/problem+json": {"schema": schema}}}


def _parameter(name: str) -> Json:
    known = KNOWN[name]
    made: Json = {"name": name, "in": "query", "description": known.meaning, "schema": _schema(known)}
    if known.kind == "values":
        made |= {"style": "form", "explode": True}
    if known.example:
        made["example"] = [known.example] if known.kind == "values" else _schema_value(known)
    return made


def _schema_value(known: Parameter) -> str | int:
    return int(known.example) if known.kind == "number" else known.example


def _schema(known: Parameter) -> Json:
    """Return what a value may be.  An empty value of any parameter is one that is not given."""
    match known.kind:
        case "number":
            number: Json = {"type": "integer", "minimum": known.low, "maximum": known.high}
            if known.default is not None:
                number["default"] = known.default
            return {"oneOf": [number, {"const": UNKNOWN}]} if known.unknown else number
        case "flag":
            return {"type": "string", "enum": ["1", "0", "true", "false", "yes", "no", "on", "off"], "default": "0"}
        case "choice":
            return {"type": "string", "enum": list(known.choices)}
        case "values":
            return {"type": "array", "items": {"type": "string"}, "maxItems": MAX_VALUES}
        case _:
            return {"type": "string"}


def _object(required: str, **properties: Json) -> Json:
    return {"type": "object", "required": required.split(), "properties": properties}


_TEXT: Final[Json] = {"type": "string"}
#: Of what another standard describes.
_ANYTHING: Final[Json] = {}
_COUNT: Final[Json] = {"type": "integer", "minimum": 0}
_MARKS: Final[Json] = {
    "type": "array",
    "items": {"type": "array", "prefixItems": [_COUNT, _COUNT], "minItems": 2, "maxItems": 2},
    "description": "Pairs [start, end) of code points.",
}
_VALUE: Final[Json] = {"type": ["integer", "string"], "description": "`unknown` for what is not known."}
_HEADERS: Final[Json] = {
    "X-Request-Id": {"description": "Stands in the server's log, too.", "schema": _TEXT},
    "X-Api-Version": {"description": "Which description this answer keeps to.", "schema": _TEXT},
}


def _list(name: str) -> Json:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


SCHEMAS: Final[Json] = {
    "Answer": _object(
        "q total more page size took_ms generation hits facets notices next",
        q=_TEXT,
        total=_COUNT | {"description": "Articles that have what was asked for; facets and dates are of them."},
        more=_COUNT | {"description": "Further articles that relevance lists: each lacks a part, told in `missing`."},
        next=_TEXT | {"description": "The value of `after` for the following page; empty on the last one."},
        page=_COUNT,
        size=_COUNT,
        took_ms={"type": "number"},
        generation=_TEXT | {"description": "Which state of the archive answered."},
        hits=_list("Hit"),
        facets={"type": "object", "additionalProperties": _list("FacetValue")},
        notices=_list("Notice"),
    ),
    "Card": _object(
        "id title url source author date date_precision province provinces countries",
        id=_TEXT,
        title=_TEXT,
        url=_TEXT,
        source=_TEXT,
        author=_TEXT,
        date=_TEXT | {"description": "2025-12-26, 2025-06, 2025-Q3, 2025, --12-26, or empty: what is known."},
        date_precision={"enum": ["day", "month", "quarter", "year", "daymonth", "unknown"]},
        province=_TEXT,
        provinces={"type": "array", "items": _TEXT},
        countries={"type": "array", "items": _TEXT, "description": "Other countries that it names, most often first."},
    ),
    "Hit": {"allOf": [{"$ref": "#/components/schemas/Card"}, _object(
        "score grade twins member missing title_marks snippets",
        score={"type": "number"},
        grade={"enum": ["exact", "unmarked", "partial", "other", ""], "description": "Empty where nothing is marked."},
        member={"type": "boolean", "description": "Whether it is counted in `total`."},
        missing={"type": "array", "items": _TEXT, "description": "Parts of the query that it lacks, as typed."},
        twins=_COUNT | {"description": "Near-identical copies that stand behind this hit."},
        title_marks=_MARKS,
        snippets={"type": "array", "items": _object("text marks", text=_TEXT, marks=_MARKS)},
    )]},
    "Article": {"allOf": [{"$ref": "#/components/schemas/Card"}, _object(
        "section kind body spans title_marks body_marks twins similar",
        section=_TEXT,
        kind={"enum": ["article", "notice", "listing"]},
        body=_TEXT,
        title_marks=_MARKS,
        body_marks=_MARKS,
        twins=_list("Card"),
        similar=_list("Card"),
    )]},
    "FacetValue": _object("value count", value=_VALUE, count=_COUNT, months=_list("FacetValue")),
    "Notice": _object("code vi en action", code=_TEXT, vi=_TEXT, en=_TEXT, action={"type": "object"}),
    "Suggestions": _object(
        "q suggestions",
        q=_TEXT,
        suggestions={"type": "array", "items": _object("text kind count", text=_TEXT, kind=_TEXT, count=_COUNT)},
    ),
    "Health": _object(
        "status generation articles created age_seconds last_run",
        status={"enum": ["ok", "degraded"]},
        generation=_TEXT,
        articles=_COUNT,
        created=_TEXT,
        age_seconds={"type": ["integer", "null"]},
        last_run={"type": ["object", "null"]},
        problem=_TEXT,
    ),
    "Problem": _object(
        "type title status detail instance",
        type=_TEXT,
        title=_TEXT,
        status=_COUNT,
        detail=_TEXT,
        instance={"type": "string", "format": "uri-reference"},
        parameter=_TEXT,
    ),
}  # fmt: skip
