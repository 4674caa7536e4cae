"""Reading side of generations: which one is current, is it whole, and opening it.

    INDEX/CURRENT                    one line: the id of the published generation
    INDEX/generations/<id>/          immutable: manifest.json and archive/...
    INDEX/generations/.building-<id> a build under way, or what a killed one left

Ids sort by time; one from the future, of a run with a wrong clock, counts as older than all others.  A reader holds
a shared kernel lock (flock) on the manifest of the generation it uses; the writing side (`index.publish.generations`)
never removes one that is held.
"""

import fcntl
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from search.archive import manifest as manifests
from search.archive.manifest import Manifest
from search.errors import IndexDamaged, IndexMissing, IndexUnusable

if TYPE_CHECKING:
    from search.archive.archive import Archive

CURRENT: Final = "CURRENT"
GENERATIONS: Final = "generations"
ARCHIVE: Final = "archive"
#: An id this much after now is of a run with a wrong clock; ids are a second apart at least, also of quick runs.
CLOCK_SLACK: Final = timedelta(minutes=10)
_ID: Final = re.compile(rb"([0-9]{8}T[0-9]{6}-[0-9a-f]{8})\n")
_NONE: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation that passed the quick check; `notes` say what was wrong with better ones."""

    id: str
    directory: Path
    manifest: Manifest
    notes: tuple[str, ...] = ()


def is_id(name: str) -> bool:
    """Return whether `name` is a generation id."""
    return _ID.fullmatch(f"{name}\n".encode()) is not None


def current_id(index: Path) -> str:
    """Return the id in CURRENT.  Raises IndexMissing or IndexDamaged."""
    path = index / CURRENT
    try:
        data = manifests.read_file(path)
    except FileNotFoundError:
        raise IndexMissing(_missing(index)) from None
    except OSError as error:
        raise IndexDamaged(f"{path} can't be read ({error.strerror}); {manifests.advice(error, index)}.") from error
    match = _ID.fullmatch(data)
    if not match:
        raise IndexDamaged(f"{path} does not name a generation; run `dau check --repair`.")
    return match[1].decode()


def _missing(index: Path) -> str:
    if not index.exists():
        return f"There is no index at {index}; build one with `dau rebuild ARTICLES --index {index}`."
    return f"{index} holds no index of Dấu; build one with `dau rebuild ARTICLES --index {index}`."


def time_of(generation: str) -> datetime:
    """Return the time in an id."""
    return datetime.strptime(generation.partition("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _age(generation: str) -> tuple[bool, str]:
    """Return a key that sorts ids by age, the youngest last."""
    try:
        return time_of(generation) <= datetime.now(UTC) + CLOCK_SLACK, generation
    except ValueError:  # digits that are no date
        return False, generation


def generation_ids(index: Path) -> list[str]:
    """Return the ids of all complete generations, newest first."""
    try:
        names = [entry.name for entry in (index / GENERATIONS).iterdir()]
    except OSError:
        return []
    return sorted(filter(is_id, names), key=_age, reverse=True)


def older_ids(index: Path, generation: str) -> list[str]:
    """Return the ids of the complete generations that are older than one, newest first.

    Of one from the future nothing tells: all others count as older.
    """
    age = _age(generation)
    return [name for name in generation_ids(index) if name != generation and (not age[0] or _age(name) < age)]


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
        candidates = [current, *older_ids(index, current)]
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


def open_current(index: Path, wanted: str = "") -> "Archive":
    """Open the generation to serve, or the one `wanted` if it is kept.

    Raises IndexMissing, IndexDamaged or IndexOutdated.
    """
    if wanted and is_id(wanted):
        with suppress(IndexUnusable):
            return open_kept(index, wanted)[1]
    return open_best(index)[1]


def open_kept(index: Path, generation: str) -> "tuple[Generation, Archive]":
    """Open one generation that may not be the one to serve.  Raises IndexUnusable if it is not kept whole."""
    kept = check_generation(index, generation)
    return kept, _open(kept)


def open_best(index: Path, avoid: Mapping[str, str] = _NONE) -> "tuple[Generation, Archive]":
    """Open what `choose` says, or the next best if opening shows that it is damaged.  Raises what `choose` raises."""
    while True:
        chosen = choose(index, avoid)
        try:
            return chosen, _open(chosen)
        except IndexDamaged as error:
            avoid = {**avoid, chosen.id: str(error)}


def _open(generation: Generation) -> "Archive":
    """Open a generation under a shared lock, which lasts until the archive is closed.  Raises IndexUnusable."""
    from search.archive.archive import Archive

    lock = _hold(generation.directory)
    try:
        return Archive.open(generation.directory / ARCHIVE, generation.id, release=partial(os.close, lock))
    except BaseException:
        os.close(lock)
        raise


def _hold(directory: Path) -> int:
    """Return a descriptor with a shared lock on the generation; without it on file systems that have no locks."""
    try:
        descriptor = os.open(directory / manifests.FILE_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        advice = manifests.advice(error, directory.parents[1])
        raise IndexDamaged(f"{directory} can't be opened ({error.strerror}); {advice}.") from error
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return descriptor
