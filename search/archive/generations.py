"""Reading side of generations: which one is current, is it whole, and switching while serving.

    INDEX/CURRENT                    one line: the id of the published generation
    INDEX/generations/<id>/          immutable: manifest.json and archive/...
    INDEX/generations/.building-<id> a build under way, or what a killed one left

Ids sort by time.  A reader holds a shared kernel lock (flock) on the manifest of the generation it uses; the
writing side (`index.publish.generations`) never removes one that is held.
"""

import fcntl
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from search.archive import manifest as manifests
from search.archive.manifest import Manifest
from search.errors import IndexDamaged, IndexMissing, IndexUnusable

if TYPE_CHECKING:
    from search.archive.archive import Archive

CURRENT: Final = "CURRENT"
GENERATIONS: Final = "generations"
ARCHIVE: Final = "archive"
_ID: Final = re.compile(rb"([0-9]{8}T[0-9]{6}-[0-9a-f]{8})\n")
#: Seconds between two looks at CURRENT; a new generation is served at most this much plus its opening time later.
POLL: Final = 0.25
_NONE: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation that passed the quick check; `notes` say what was wrong with better ones."""

    id: str
    directory: Path
    manifest: Manifest
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """What is served; `problem` is one sentence for the operator, empty if all is well."""

    status: Literal["ok", "degraded"]
    generation: str
    articles: int
    problem: str = ""


def is_id(name: str) -> bool:
    """Return whether `name` is a generation id."""
    return _ID.fullmatch(f"{name}\n".encode()) is not None


def current_id(index: Path) -> str:
    """Return the id in CURRENT.  Raises IndexMissing or IndexDamaged."""
    path = index / CURRENT
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise IndexMissing(_missing(index)) from None
    except OSError as error:
        raise IndexDamaged(f"{path} can't be read ({error.strerror}); mend it or run `dau rebuild`.") from error
    match = _ID.fullmatch(data)
    if not match:
        raise IndexDamaged(f"{path} does not name a generation; run `dau check --repair`.")
    return match[1].decode()


def _missing(index: Path) -> str:
    if not index.exists():
        return f"There is no index at {index}; build one with `dau rebuild ARTICLES --index {index}`."
    return f"{index} holds no index of Dấu; build one with `dau rebuild ARTICLES --index {index}`."


def generation_ids(index: Path) -> list[str]:
    """Return the ids of all complete generations, newest first."""
    try:
        names = [entry.name for entry in (index / GENERATIONS).iterdir()]
    except OSError:
        return []
    return sorted(filter(is_id, names), reverse=True)


def check_generation(index: Path, generation: str) -> Generation:
    """Return one generation after the quick check.  Raises IndexDamaged or IndexOutdated."""
    directory = index / GENERATIONS / generation
    manifest = manifests.read(directory)
    if manifest.generation != generation:
        raise IndexDamaged(f"{directory} holds the manifest of {manifest.generation}; run `dau check --repair`.")
    manifests.check_rules(directory, manifest)
    manifests.check_quick(directory, manifest)
    return Generation(generation, directory, manifest)


def choose(index: Path, avoid: Mapping[str, str] = _NONE) -> Generation:
    """Return the generation to serve: the current one, else the newest older one that is whole.

    `avoid` tells of ids already found damaged what is wrong.
    Raises IndexMissing, IndexDamaged or IndexOutdated if none will do.
    """
    notes: list[str] = []
    candidates = generation_ids(index)
    try:
        current = current_id(index)
        candidates = [current, *(name for name in candidates if name < current)]
    except IndexMissing:
        raise
    except IndexDamaged as error:
        notes.append(str(error))
    first: IndexUnusable | None = None
    for name in candidates:
        if name in avoid:
            notes.append(avoid[name])
            continue
        try:
            found = check_generation(index, name)
        except IndexUnusable as error:
            first = first or error
            notes.append(str(error))
        else:
            return Generation(found.id, found.directory, found.manifest, tuple(notes))
    raise first or IndexDamaged(f"{index} holds no generation that can be served; run `dau rebuild`.")


def open_current(index: Path) -> "Archive":
    """Open the generation to serve.  Raises IndexMissing, IndexDamaged or IndexOutdated."""
    return _open_best(index, _NONE).archive


def _open_best(index: Path, avoid: Mapping[str, str]) -> "_Held":
    """Open what `choose` says, or the next best if opening shows that it is damaged."""
    while True:
        chosen = choose(index, avoid)
        try:
            return _Held(chosen)
        except IndexDamaged as error:
            avoid = {**avoid, chosen.id: str(error)}


class _Held:
    """An open generation, the shared lock on it, and how many readers it has."""

    def __init__(self, generation: Generation) -> None:
        from search.archive.archive import Archive

        self.generation = generation
        self.readers = 0
        self.retired = False
        self.lock = _hold(generation.directory)
        try:
            self.archive = Archive.open(generation.directory / ARCHIVE, generation.id)
        except BaseException:
            os.close(self.lock)
            raise

    def close(self) -> None:
        self.archive.close()
        os.close(self.lock)


def _hold(directory: Path) -> int:
    """Return a descriptor with a shared lock on the generation; file systems without locks are borne."""
    try:
        descriptor = os.open(directory / manifests.FILE_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise IndexDamaged(f"{directory} can't be opened ({error.strerror}); run `dau check --repair`.") from error
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return descriptor


class LiveArchive:
    """The archive as it is now, for a server: follows CURRENT and switches between requests.

    Thread-safe; to be made after a server's fork.  A thread looks at CURRENT every `poll` seconds, opens what is
    new, and hashes all files of what it serves once.  Raises IndexUnusable at once if nothing can be served.
    """

    def __init__(self, index: Path, poll: float = POLL) -> None:
        self._index = index
        self._poll = poll
        self._lock = threading.Lock()
        self._problem: str | None = None
        self._damaged: Mapping[str, str] = _NONE
        self._seen = self._stamp()
        self._held = _open_best(index, _NONE)
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._follow, name="dau-generations", daemon=True)
        self._watcher.start()

    @contextmanager
    def acquire(self) -> "Iterator[Archive]":
        """Give the current archive, which stays open until the block ends.  Raises IndexUnusable."""
        held = self._take()
        try:
            yield held.archive
        finally:
            self._release(held)

    def health(self) -> Health:
        """Return what is served and what is wrong.  Raises IndexUnusable if nothing can be served."""
        held = self._take()
        try:
            problem = " ".join(held.generation.notes) or self._problem or ""
            articles = held.generation.manifest.counts.get("articles", 0)
            return Health("degraded" if problem else "ok", held.generation.id, articles, problem)
        finally:
            self._release(held)

    def close(self) -> None:
        """Stop watching; the archive is closed when its last reader is done.  Nothing may be acquired after."""
        self._stop.set()
        self._watcher.join()
        with self._lock:
            self._retire(self._held)

    def _take(self) -> _Held:
        with self._lock:
            self._held.readers += 1
            return self._held

    def _release(self, held: _Held) -> None:
        with self._lock:
            held.readers -= 1
            if held.retired and held.readers == 0:
                held.close()

    def _retire(self, held: _Held) -> None:
        """Close `held` as soon as nobody reads it; called with the lock held."""
        if not held.retired:
            held.retired = True
            if held.readers == 0:
                held.close()

    def _follow(self) -> None:
        verified = ""
        while not self._stop.wait(self._poll):
            stamp = self._stamp()
            if stamp != self._seen:
                self._seen = stamp
                self._switch()
            generation = self._held.generation
            if generation.id != verified:
                verified = generation.id
                self._verify(generation)

    def _verify(self, generation: Generation) -> None:
        """Hash all files of what is served; if one is altered, serve the generation before it."""
        try:
            manifests.check_full(generation.directory, generation.manifest)
        except IndexDamaged as error:
            if (generation.directory / manifests.FILE_NAME).exists():  # else it was rightly removed while held
                self._damaged = {**self._damaged, generation.id: str(error)}
                self._problem = str(error)
                self._switch()

    def _switch(self) -> None:
        """Open what should be served now; if that fails, go on with what is open and say so."""
        try:
            chosen = choose(self._index, self._damaged)
            if chosen.id == self._held.generation.id:
                self._held.generation = chosen
                self._problem = None
                return
            opened = _open_best(self._index, self._damaged)
        except (IndexUnusable, OSError) as error:
            self._problem = str(error)
            self._seen = None  # look again
            return
        with self._lock:
            old, self._held = self._held, opened
            self._problem = None
            self._retire(old)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = (self._index / CURRENT).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size
