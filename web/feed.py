"""An Atom feed of any search: what is new about a subject, for feed readers and other programs."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, render_template, request

from search.archive.parameter_table import SEARCH_NAMES
from search.archive.parameters import check_names, parse_search
from search.results.answer import Answer
from web import archive
from web.headers import answered
from web.language import chosen, preferred
from web.links import State

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
    state = State.of(values, asked, request.script_root)
    return answered(lambda found: _render(archive.search(found, replace(asked, sort="newest")), state))


def _render(answer: Answer, state: State) -> Response:
    xml = render_template(
        "feed.xml",
        answer=answer,
        language=preferred(),
        host=request.host_url.rstrip("/"),
        state=state,
        updated=_built(answer.generation),
    )
    return Response(_FORBIDDEN.sub("", xml), mimetype="application/atom+xml")


def _built(generation: str) -> str:
    """Return when a generation was built: its id begins with the time.  The feed last changed then."""
    try:
        built = datetime.strptime(generation[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        built = datetime.fromtimestamp(0, UTC)
    return built.isoformat()
