"""An Atom feed of any search: what is new about a subject, for feed readers and other programs."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, render_template, request

from search.answer import Answer
from web import archive, headers
from web.language import chosen, preferred
from web.links import State
from web.params import SEARCH_NAMES, check_names, parse_search

blueprint = Blueprint("feed", __name__)
#: Characters that XML 1.0 forbids even when escaped (section 2.2).
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@blueprint.get("/feed.atom")
def feed() -> Response:
    """Answer the newest articles of a search; the parameters are those of the page."""
    chosen()
    values = request.args.to_dict(flat=False)
    check_names(values, SEARCH_NAMES)
    asked = parse_search(values if "size" in values else {**values, "size": ["20"]})
    with archive.current() as found:
        etag = headers.tag(found.generation)
        cached = headers.unchanged(etag)
        if cached:
            return cached
        answer = found.search(replace(asked, sort="newest"))
    xml = _FORBIDDEN.sub("", _render(answer, State.of(values, asked)))
    return headers.tagged(Response(xml, mimetype="application/atom+xml"), etag)


def _render(answer: Answer, state: State) -> str:
    return render_template(
        "feed.xml",
        answer=answer,
        language=preferred(),
        root=request.url_root.rstrip("/"),
        state=state,
        updated=_built(answer.generation),
    )


def _built(generation: str) -> str:
    """Return when a generation was built: its id begins with the time.  The feed last changed then."""
    try:
        built = datetime.strptime(generation[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        built = datetime.fromtimestamp(0, UTC)
    return built.isoformat()
