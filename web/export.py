"""Export: the members of a search in their order, or one article, as a file that is streamed while it is made.

The whole file is of one generation.  A search that is too dear on the way ends the connection: a file that broke off
is seen as such, and never taken for a whole one.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request

from search.archive.parameters import check_names, parse_export
from search.article import Article
from web import archive
from web.citations import FORMATS, Format
from web.language import chosen
from web.openapi import BY_PATH

if TYPE_CHECKING:
    from search.archive.archive import Archive

blueprint = Blueprint("export", __name__)
#: Articles that are looked up at once.
_CHUNK: Final = 250


@blueprint.get("/api/export")
def export() -> Response:
    """Answer the members of a search, at most `MAX_EXPORT` of them; headers tell how many there are and are sent."""
    chosen()
    values = request.args.to_dict(flat=False)
    check_names(values, BY_PATH["/api/export"].names)
    asked = parse_export(values)
    kept = ExitStack()
    try:
        found = kept.enter_context(archive.live().acquire())
        with archive.working():
            if asked.id:
                articles, total = iter([[found.article(asked.id).article]]), 1
            else:
                total, articles = found.members(asked.request, asked.limit, _CHUNK)
                articles = _begun(articles)
        name = FORMATS[asked.format]
        response = Response(_written(articles, name, found), mimetype=name.mimetype)
    except BaseException:
        kept.close()
        raise
    response.call_on_close(kept.close)
    response.headers["Content-Disposition"] = f'attachment; filename="dau.{asked.format}"'
    response.headers["X-Total"] = str(total)
    response.headers["X-Exported"] = str(min(total, asked.limit))
    response.headers["X-Generation"] = found.generation
    response.headers["Cache-Control"] = "no-cache"
    return response


def _begun(chunks: Iterator[list[Article]]) -> Iterator[list[Article]]:
    """Look the first articles up before anything is answered, the others each when the client has taken those before.

    Raises what a search raises.
    """
    first = next(chunks, [])
    working = archive.work()

    def rest() -> Iterator[list[Article]]:
        yield first
        while True:
            with working():
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk

    return rest()


def _written(chunks: Iterator[list[Article]], form: Format, found: "Archive") -> Iterator[str]:
    yield form.head
    before = ""
    for chunk in chunks:
        if chunk:
            yield before + form.between.join([form.record(article, found.generation) for article in chunk])
            before = form.between
    yield form.tail
