"""How many requests may search at once: some work, a few wait, the rest are told to come back.

A search keeps the interpreter busy, so more of them at once only makes each slower and takes more memory.  What
is turned away costs nothing, and leaves a thread free for `/healthz`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from search.errors import UserError


class Busy(UserError):
    """Too many searches are under way already; ask again.  `vi` says so in Vietnamese."""

    vi = "Đang có quá nhiều lượt tìm; hãy thử lại sau giây lát."


class Admission:
    """Lets `searches` blocks run at once and `queue` more wait for `patience` seconds at most; thread-safe."""

    def __init__(self, searches: int, queue: int, patience: float) -> None:
        self._free = threading.BoundedSemaphore(searches)
        self._room = threading.BoundedSemaphore(searches + queue)
        self._patience = patience

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Run a block when its turn has come.  Raises Busy."""
        if not self._room.acquire(blocking=False):
            raise Busy("Too many searches are waiting; ask again in a moment.")
        try:
            if not self._free.acquire(timeout=self._patience):
                raise Busy("Other searches take all the time there is; ask again in a moment.")
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._room.release()
