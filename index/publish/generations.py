"""Writing side of generations: build beside the live one, seal, publish in one atomic step, remove what is old.

1. `begin` names a generation, `start` makes `generations/.building-<id>` for it; the archive is built in it.
2. `seal` hashes and syncs every file, writes the manifest, syncs every folder.
3. `publish` renames the folder to its id, syncs, and replaces CURRENT (rename(2): the atomic step), syncs.
4. `prune` keeps the last generations and any that a reader holds.

All of it is called with the rebuild lock held (`.locking`), so leavings found by `sweep` are of dead builds.  What an
engine keeps elsewhere goes with the folder: a folder whose index can't be removed now stays for the next `sweep`.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from index.publish import holding
from index.publish.durable import make_folder, replace_file, share, sync_file, sync_folder
from search.archive import manifest as manifests
from search.archive.building import ENGINE
from search.archive.generations import (
    ARCHIVE,
    CLOCK_SLACK,
    CURRENT,
    GENERATIONS,
    check_generation,
    current_id,
    generation_ids,
    older_ids,
    time_of,
)
from search.archive.manifest import FileEntry, Manifest
from search.engines import port
from search.errors import IndexDamaged, IndexMissing, IndexUnusable

_BUILDING: Final = ".building-"
_REMOVING: Final = ".removing-"
_DAMAGED: Final = ".damaged-"
_TIME: Final = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Build:
    """A generation under construction."""

    id: str
    created: datetime
    directory: Path

    @property
    def archive(self) -> Path:
        """Return the folder that the archive is built in."""
        return self.directory / ARCHIVE


def begin(index: Path) -> Build:
    """Name a generation whose id comes after all others; nothing of it is on the disk yet.  Raises OSError.

    Ids of a run with a wrong clock, far in the future, don't count: time goes on from now.
    """
    make_folder(index / GENERATIONS)
    created = named = datetime.now(UTC).replace(microsecond=0)
    newest = next(iter(generation_ids(index)), "")
    if newest and time_of(newest) <= created + CLOCK_SLACK:
        named = max(created, time_of(newest) + timedelta(seconds=1))
    name = f"{named.strftime(_TIME)}-{secrets.token_hex(4)}"
    return Build(name, created, index / GENERATIONS / (_BUILDING + name))


def start(build: Build) -> None:
    """Make the folder of a build: from here on `discard` has something to remove.  Raises OSError."""
    build.directory.mkdir()


def seal(build: Build, counts: Mapping[str, int], settings: Mapping[str, Any]) -> Manifest:
    """Sync every file and folder of a finished build and write its manifest.  Raises OSError."""
    files: dict[str, FileEntry] = {}
    index = build.directory.parents[1]
    share(build.directory.parent, index)
    for path in _files(build.directory):
        share(path, index)
        sync_file(path)
        files[path.relative_to(build.directory).as_posix()] = manifests.hash_file(path)
    manifest = Manifest(build.id, build.created.isoformat(), manifests.rules_fingerprint(), files, counts, settings)
    path = build.directory / manifests.FILE_NAME
    path.write_bytes(manifests.encode(manifest))
    share(path, index)
    sync_file(path)
    for folder, _, _ in os.walk(build.directory):
        share(Path(folder), index)
        sync_folder(Path(folder))
    return manifest


def _files(directory: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(directory):
        for name in sorted(names):
            yield Path(folder) / name


def publish(index: Path, build: Build) -> None:
    """Make a sealed build the current generation.  Raises OSError; then the old one stays current."""
    build.directory.rename(index / GENERATIONS / build.id)
    sync_folder(index / GENERATIONS)
    point_to(index, build.id)


def point_to(index: Path, generation: str) -> None:
    """Write CURRENT: the one atomic step; whoever looks at the engine's index from outside sees it a little later."""
    replace_file(index / CURRENT, f"{generation}\n".encode())
    with suppress(IndexUnusable):
        port.follow(index / GENERATIONS / generation / ARCHIVE / ENGINE)


def discard(build: Build) -> None:
    """Remove an unfinished build."""
    _remove_tree(build.directory)


def discard_archive(build: Build) -> None:
    """Remove what was built so far, to begin again.  Raises OSError if it can't be removed."""
    if not port.drop(build.archive / ENGINE):
        raise OSError("what was built can't be removed from the cluster")
    shutil.rmtree(build.archive, ignore_errors=True)


def _remove_tree(directory: Path) -> None:
    """Remove the folder of a generation, and what its engine keeps elsewhere."""
    if port.drop(directory / ARCHIVE / ENGINE):
        shutil.rmtree(directory, ignore_errors=True)


def sweep(index: Path) -> None:
    """Remove what killed builds left behind."""
    for prefix in (_BUILDING, _REMOVING):
        for path in (index / GENERATIONS).glob(prefix + "*"):
            _remove_tree(path)


def prune(index: Path, keep: int) -> None:
    """Remove all but the current generation, one that a rollback holds, the newest `keep` in all, and those in use."""
    try:
        current = current_id(index)
    except IndexUnusable:
        return
    hold = holding.held(index)
    older = [name for name in generation_ids(index) if name != current]
    for name in older[max(0, keep - 1):]:
        if hold is None or name != hold.generation:
            _remove(index, name)
    for path in (index / GENERATIONS).glob(_DAMAGED + "*"):
        if path.name[len(_DAMAGED):] != current:
            _remove_tree(path)


def _remove(index: Path, name: str) -> None:
    """Remove a generation unless it is held; renamed first, so that half of one never bears an id."""
    path = index / GENERATIONS / name
    try:
        descriptor = os.open(path / manifests.FILE_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        descriptor = -1
    try:
        if descriptor >= 0:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        doomed = path.rename(path.with_name(_REMOVING + name))
        _remove_tree(doomed)
    except OSError:
        return  # in use, or not ours to remove; the next run tries again
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def set_aside(index: Path, generation: str) -> None:
    """Take a damaged generation out of the way, kept for a look until the next one is published."""
    path = index / GENERATIONS / generation
    if path.is_dir():
        shutil.rmtree(path.with_name(_DAMAGED + generation), ignore_errors=True)
        path.rename(path.with_name(_DAMAGED + generation))
        sync_folder(path.parent)


def rollback(index: Path, to: str | None = None) -> str:
    """Point to the generation before the current one, or to `to`, and hold it; return its id.

    Raises IndexMissing if there is none, IndexDamaged or IndexOutdated if it can't be served.
    """
    try:
        older = older_ids(index, current_id(index))
    except IndexDamaged:
        older = generation_ids(index)
    target = to or next(iter(older), None)
    if target is None or target not in generation_ids(index):
        have = ", ".join(generation_ids(index)) or "none"
        raise IndexMissing(f"There is no {f'generation {to}' if to else 'older generation'} in {index}; there: {have}.")
    found = check_generation(index, target)
    manifests.check_full(found.directory, found.manifest)
    holding.hold(index, target)  # first: a rebuild that comes in between must not publish
    point_to(index, target)
    return target
