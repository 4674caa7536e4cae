"""The archive that the running application serves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from flask import current_app

from search.archive.generations import LiveArchive

if TYPE_CHECKING:
    from search.archive.archive import Archive


def live() -> LiveArchive:
    """Return the live archive of the current application."""
    return cast("LiveArchive", current_app.extensions["dau"])


@contextmanager
def current() -> "Iterator[Archive]":
    """Give the archive of the current generation for one whole request.  Raises IndexUnusable."""
    with live().acquire() as archive:
        yield archive
