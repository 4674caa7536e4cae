"""An Atom feed of any search: what is new about a subject, for feed readers and other programs.

Entries are in the order in which the archive first had their articles, whatever the dates of these.  Ids are tag URIs
(RFC 4151) of the article and of the search alone: no host, path or rebuild changes them.
"""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from search.archive.parameter_table import SEARCH_NAMES
from search.archive.parameters import parse_search
from search.results.answer import Answer
from web import archive
from web.dates import built
from web.headers import answered
from web.language import chosen, preferred
from web.links import FILTERS, State

blueprint = Blueprint("feed", __name__)
TAG: Final = "tag:dau,2026:"
#: A feed has one order and one page.
_OURS: Final = frozenset({"sort", "page", "after"})
_ASKED: Final = ("q", *FILTERS, "strict", "marks", "lang")
#: Characters that XML 1.0 forbids even when escaped (section 2.2).
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@blueprint.get("/feed.atom")
def feed() -> Response:
    """Answer what was last added of a search; parameters are those of the page, and others (`utm_...`) are ignored."""
    chosen()
    given = request.args.to_dict(flat=False)
    values = {"size": ["20"], **{name: given[name] for name in SEARCH_NAMES if name in given and name not in _OURS}}
    asked = parse_search(values)
    state = State.of(values, asked, request.script_root)
    return answered(lambda found: _render(archive.search(found, replace(asked, sort="added")), state))


def _render(answer: Answer, state: State) -> Response:
    xml = render_template(
        "feed.xml",
        answer=answer,
        language=preferred(),
        host=request.host_url.rstrip("/"),
        state=state,
        feed_id=f"{TAG}feed?{quote(state.only(*_ASKED).query())}",
        entry_id=lambda article: f"{TAG}{quote(article.id)}",
        updated=max((hit.article.updated for hit in answer.hits), default="") or built(answer.generation).isoformat(),
    )
    return Response(_FORBIDDEN.sub("", xml), mimetype="application/atom+xml")
