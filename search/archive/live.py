"""The archive as it is now, for a server: follows CURRENT, and stays up when there is nothing to serve."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from search.archive import manifest as manifests
from search.archive.generations import CURRENT, Generation, choose, current_id, is_id, open_best, open_kept
from search.errors import IndexDamaged, IndexUnusable
from search.query.synonyms import OWN_FILE

if TYPE_CHECKING:
    from search.archive.archive import Archive

#: Seconds between two looks at CURRENT; a new generation is served at most this much plus its opening time later.
POLL: Final = 0.25
#: Seconds that an earlier generation stays open behind the last page of a walk through it; an open one is not pruned.
LINGER: Final = 300.0
#: Decoded lists of an earlier generation; next to those of the current one.
EARLIER_CACHE_MB: Final = 32
#: Looks between two attempts to open an index that can't be opened.
PATIENCE: Final = 4
_LOG: Final = logging.getLogger("dau")

#: Modification time, inode and size of CURRENT and of the manifest that is served; None for a file that is not there.
Stamp = tuple[tuple[int, int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """What is served; `created` is ISO 8601, `problem` one sentence for the operator, empty if all is well."""

    status: Literal["ok", "degraded"]
    generation: str
    articles: int
    created: str
    problem: str = ""


class _Held:
    """An open generation and how many readers it has."""

    def __init__(self, generation: Generation, archive: "Archive", synonyms: Stamp = ()) -> None:
        """`synonyms` is the stamp of the file of own synonyms that the archive was opened with."""
        self.generation = generation
        self.synonyms = synonyms
        self.archive = archive
        self.readers = 0
        self.retired = False
        self.asked = time.monotonic()


class LiveArchive:
    """The archive of an index directory as it is now; switches between requests.

    Thread-safe; to be made after a server's fork.  A thread looks at CURRENT every `poll` seconds, opens what is
    new, and hashes all files of what it serves once.  Making one never fails: while nothing can be served,
    `acquire` and `health` raise IndexUnusable, and `index` is looked at again until it can be opened.
    """

    def __init__(self, index: Path, poll: float = POLL, cache_mb: int | None = None) -> None:
        """Decoded lists may take `cache_mb`, or what the engine thinks right."""
        self.index = index
        self._cache_mb = cache_mb
        self._poll = poll
        self._lock = threading.Lock()
        self._earlier_lock = threading.Lock()
        self._held: _Held | None = None
        #: An earlier generation that somebody still walks through.
        self._earlier: _Held | None = None
        self._failure: IndexUnusable | None = None
        self._damaged: Mapping[str, str] = {}
        self._seen: Stamp = ()
        self._verified = ""
        self._look()
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._follow, name="dau-generations", daemon=True)
        self._watcher.start()

    @contextmanager
    def acquire(self, generation: str = "") -> "Iterator[Archive]":
        """Give the current archive, which stays open until the block ends.  Raises IndexUnusable.

        With `generation` give that one, as long as it is kept.
        """
        held = self._take(generation)
        try:
            yield held.archive
        finally:
            self._release(held)

    @property
    def generation(self) -> str:
        """Return the id of the generation that is served, "" if none is."""
        held = self._held
        return held.generation.id if held else ""

    def health(self) -> Health:
        """Return what is served and what is wrong.  Raises IndexUnusable if nothing can be served."""
        held = self._take()
        try:
            generation = held.generation
            problem = " ".join(generation.notes) or str(self._failure or "") or held.archive.health()
            articles = generation.manifest.counts.get("articles", 0)
            created = generation.manifest.created
            return Health("degraded" if problem else "ok", generation.id, articles, created, problem)
        finally:
            self._release(held)

    def close(self) -> None:
        """Stop watching; the archive is closed when its last reader is done.  Nothing may be acquired after."""
        self._stop.set()
        self._watcher.join()
        with self._lock:
            self._retire(self._held)
            self._retire(self._earlier)

    def _take(self, generation: str = "") -> _Held:
        if generation and generation != self.generation and is_id(generation):
            self._open_earlier(generation)
        with self._lock:
            earlier = self._earlier
            if earlier and earlier.generation.id == generation and not earlier.retired:
                earlier.readers += 1
                earlier.asked = time.monotonic()
                return earlier
            if self._held is None:
                raise self._failure or IndexUnusable(f"The index {self.index} is not open yet; ask again.")
            self._held.readers += 1
            return self._held

    def _open_earlier(self, generation: str) -> None:
        """Open an earlier generation in place of the one that was open, if it is kept."""
        with self._earlier_lock:
            if self._earlier and self._earlier.generation.id == generation and not self._earlier.retired:
                return
            try:
                opened = _Held(*open_kept(self.index, generation))
            except IndexUnusable:
                return
            opened.archive.bound_cache(EARLIER_CACHE_MB)
            with self._lock:
                old, self._earlier = self._earlier, opened
                self._retire(old)

    def _close_earlier(self) -> None:
        with self._lock:
            if self._earlier and time.monotonic() - self._earlier.asked > LINGER:
                self._retire(self._earlier)
                self._earlier = None

    def _release(self, held: _Held) -> None:
        with self._lock:
            held.readers -= 1
            if held.retired and held.readers == 0:
                held.archive.close()

    def _retire(self, held: _Held | None) -> None:
        """Close `held` as soon as nobody reads it; called with the lock held."""
        if held and not held.retired:
            held.retired = True
            if held.readers == 0:
                held.archive.close()

    def _follow(self) -> None:
        turn = 0
        while not self._stop.wait(self._poll):
            turn += 1
            if self._stamp() != self._seen or (self._failure and turn % PATIENCE == 0):
                self._look()
            self._verify()
            self._close_earlier()

    def _look(self) -> None:
        """Open what should be served now.  If that fails, go on with what is open, keep the reason, look again."""
        try:
            self._switch()
        except IndexUnusable as error:
            self._failure = error
        except Exception as error:  # whatever it was, the thread that looks must live on
            if not self._failure:
                _LOG.exception("unexpected error while opening the index %s", self.index)
            self._failure = IndexUnusable(f"The index {self.index} can't be opened ({error!r}); run `dau check`.")
        self._seen = self._stamp()

    def _switch(self) -> None:
        """Open what `choose` says, if it is not open.  Raises IndexUnusable."""
        held = self._held
        if held and self._is_gone(held.generation):
            raise IndexDamaged(f"{held.generation.directory} is served and gone from the disk; run `dau rebuild`.")
        chosen = choose(self.index, self._damaged)
        synonyms = (_stamp(self.index / OWN_FILE),)
        if held and chosen.id == held.generation.id and synonyms == held.synonyms:
            held.generation = chosen
        else:
            opened = _Held(*open_best(self.index, self._damaged), synonyms)
            if self._cache_mb is not None:
                opened.archive.bound_cache(self._cache_mb)
            with self._lock:
                old, self._held = self._held, opened
                self._retire(old)
        self._failure = None

    def _is_gone(self, generation: Generation) -> bool:
        """Return whether the served generation is current and was removed: better than any older one all the same."""
        removed = not (generation.directory / manifests.FILE_NAME).exists()
        return removed and generation.id not in self._damaged and current_id(self.index) == generation.id

    def _verify(self) -> None:
        """Hash all files of what is served, once; if one is altered, serve the generation before it."""
        held = self._held
        if not held or held.generation.id == self._verified:
            return
        generation = held.generation
        self._verified = generation.id
        try:
            manifests.check_full(generation.directory, generation.manifest)
        except IndexDamaged as error:
            if (generation.directory / manifests.FILE_NAME).exists():  # else it was rightly removed while held
                self._damaged = {**self._damaged, generation.id: str(error)}
                self._look()
        except Exception:
            _LOG.exception("the files of %s could not be verified", generation.directory)

    def _stamp(self) -> Stamp:
        served = self._held.generation.directory / manifests.FILE_NAME if self._held else self.index
        return _stamp(self.index / CURRENT), _stamp(served), _stamp(self.index / OWN_FILE)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
