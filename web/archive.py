"""The archive that the running application serves, and who may search it now."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from flask import Flask, current_app, g, request

from search.archive.cursors import EARLIER, generation_of
from search.archive.live import LiveArchive
from search.budget import budget
from search.engines.facets import FacetCounts, Filters
from search.results.answer import Answer, Request
from web.admission import Admission

if TYPE_CHECKING:
    from search.archive.archive import Archive

#: The counts of the archive by its state, and a year and a month.
_WHOLE: dict[tuple[str, int | None, int | None], FacetCounts] = {}
_KEPT: Final = 64


def install(app: Flask, archive: LiveArchive, admission: Admission) -> None:
    """Let `app` serve `archive`, to as many requests at once as `admission` lets in."""
    app.extensions["dau"] = archive
    app.extensions["dau-admission"] = admission


def live() -> LiveArchive:
    """Return the live archive of the current application."""
    return cast("LiveArchive", current_app.extensions["dau"])


def work() -> Callable[[], AbstractContextManager[None]]:
    """Return the leave to work for a while: admission and a budget, also after the request has been answered.

    Entering it raises Busy; the work in it raises QueryTimeout.
    """
    admission = cast("Admission", current_app.extensions["dau-admission"])
    seconds = float(current_app.config["DAU_QUERY_TIMEOUT"])

    @contextmanager
    def working() -> Iterator[None]:
        with admission.admitted(), budget(seconds):
            yield

    return working


def working() -> AbstractContextManager[None]:
    """Give the leave to work for the time of a with block."""
    return work()()


@contextmanager
def current() -> "Iterator[Archive]":
    """Give the archive of the current generation for one whole request.

    Raises IndexUnusable, Busy, or QueryTimeout when its work takes longer than a request may.
    """
    wanted = generation_of(request.args.get("after", ""))  # a walk goes on in its own generation
    with working(), live().acquire(wanted) as archive:
        yield archive


def search(archive: "Archive", asked: Request) -> Answer:
    """Search, and note the answer for the access log and the metrics.  Raises QueryTimeout."""
    answer = archive.search(asked)
    if asked.after and archive.generation != live().generation:
        answer = replace(answer, notices=(EARLIER, *answer.notices))
    g.answer = answer
    return answer


def whole(archive: "Archive", year: int | None = None, month: int | None = None) -> FacetCounts:
    """Return the counts of the whole archive, and of the days of one month of it; counted once a generation."""
    key = (archive.state, year, month)
    known = _WHOLE.get(key)
    if known is None:
        known = archive.search(Request(size=1, filters=Filters(year=year, month=month))).facets
        if len(_WHOLE) >= _KEPT:
            _WHOLE.clear()
        _WHOLE[key] = known
    return known


def noted() -> Answer | None:
    """Return the answer of the search that the current request made, if it made one."""
    return cast("Answer | None", g.get("answer"))


def public(text: str) -> str:
    """Return a sentence about the index without the paths of this machine."""
    index = str(live().index)
    return text.replace(f"{index}/", "").replace(index, "the index directory")
