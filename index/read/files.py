"""Find the input files under folders.  No file is lost silently: others are counted, unreadable ones named.

Rules: files by their name's ending, and those whose beginning shows what they are (`index.read.kinds`); hidden names
(a dot first) are ignored; folders are walked in byte order of names; a folder is entered once; symbolic links are
followed only to files inside the archive, never out of it and never into folders (those are walked where they are).
"""

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index.read.extras import lacking_extra
from index.read.kinds import HEAD, ending, is_known, is_passed_over, kind_of
from index.read.records import Rejected, Unreadable
from search.text import visible

#: How files whose names begin with a dot are counted.
HIDDEN: Final = "hidden"
#: Endings of ignored files that are counted each by itself.
_MAX_ENDINGS: Final = 50

@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file is as it was: bytes, times in ns, inode."""

    size: int
    mtime: int
    ctime: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> "Stamp":
        """Return the stamp of a stat result."""
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read.  `path` opens it (may hold surrogates for bytes that are not UTF-8), `place` is where it was
    found (of a symbolic link: the link), `shown` names it in reports, `relative` is its place below the given
    folder, that folder's name first.
    """

    path: str
    place: str
    shown: str
    relative: str
    stamp: Stamp


@dataclass(slots=True)
class Finder:
    """Walks the given files and folders but `without` (the index itself).

    `ignored` counts what is no input by the endings of the names, `hidden` and `no ending` among them.
    """

    roots: Sequence[Path]
    without: Path | None = None
    ignored: Counter[str] = field(default_factory=Counter)
    _bounds: list[str] = field(default_factory=list)
    _entered: set[tuple[int, int]] = field(default_factory=set)

    def bounds(self) -> list[tuple[str, str]]:
        """Return the files and folders that are walked: as they were given, and where they are."""
        return [(printable(given), resolved) for given, resolved in _outermost(self.roots)]

    def files(self) -> Iterator[InputFile | Rejected]:
        """Yield every input file once, an `Unreadable` for each file and folder that can't be read, and rejects."""
        roots = _outermost(self.roots)
        self._bounds = [resolved for _, resolved in roots]
        names = _distinct_names(self._bounds)
        for (given, resolved), name in zip(roots, names, strict=True):
            if Path(resolved).is_dir():
                yield from self._folder(resolved, given, name)
            else:
                yield from self._given_file(resolved, given)

    def _given_file(self, path: str, shown: str) -> Iterator[InputFile | Rejected]:
        if extra := lacking_extra(path):
            yield Rejected(printable(shown), extra)
        elif not os.path.lexists(path):
            yield Rejected(printable(shown), "it is not there")
        else:
            yield _regular(path, shown, Path(shown).name)

    def _folder(self, path: str, shown: str, relative: str) -> Iterator[InputFile | Rejected]:
        """Walk one folder depth first, without recursion: depth is bounded by the file system alone."""
        waiting = [(path, shown, relative)]
        while waiting:
            path, shown, relative = waiting.pop()
            try:
                entries = self._enter(path)
            except OSError as error:
                reason = f"the folder can't be read: {error.strerror}"
                yield Unreadable(printable(shown), reason, again=True, place=path)
                continue
            deeper = []
            for entry in entries:
                below = (entry.path, os.path.join(shown, entry.name), f"{relative}/{entry.name}")  # noqa: PTH118 - may hold surrogates
                if entry.name.startswith("."):
                    self.ignored[HIDDEN] += 1
                elif entry.is_symlink():
                    yield from self._link(entry, *below)
                elif entry.is_dir(follow_symlinks=False):
                    deeper.append(below)
                elif is_input(entry.name, entry.path):
                    yield _regular(*below)
                else:
                    self._ignore(entry.name)
            waiting.extend(reversed(deeper))

    def _enter(self, path: str) -> list["os.DirEntry[str]"]:
        """Return the sorted entries of a folder; none if it was entered before (a bind mount, an overlap)."""
        found = Path(path).stat()
        if self.without is not None and path == str(self.without.resolve()):
            return []
        if (found.st_dev, found.st_ino) in self._entered:
            return []
        self._entered.add((found.st_dev, found.st_ino))
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: os.fsencode(entry.name))

    def _link(self, entry: "os.DirEntry[str]", path: str, shown: str, relative: str) -> Iterator[InputFile | Rejected]:
        try:
            target = os.path.realpath(path, strict=True)
        except OSError as error:
            if is_known(entry.name):
                reason = f"a symbolic link that leads nowhere: {error.strerror}"
                yield Unreadable(printable(shown), reason, again=True, place=path)
            else:
                self._ignore(entry.name)
            return
        inside = any(target == bound or target.startswith(bound.rstrip("/") + "/") for bound in self._bounds)
        if not inside:
            yield from self._reject_link(entry, shown, "a symbolic link that leaves the archive; it is not followed")
        elif not Path(target).is_dir() and is_input(entry.name, target):
            yield _regular(path, shown, relative, target)
        else:
            self._ignore(entry.name)

    def _reject_link(self, entry: "os.DirEntry[str]", shown: str, reason: str) -> Iterator[Rejected]:
        """Name links that look like inputs or lead to folders; others are no inputs."""
        if is_known(entry.name) or Path(entry.path).is_dir():
            yield Rejected(printable(shown), reason)
        else:
            self._ignore(entry.name)

    def _ignore(self, name: str) -> None:
        """Count a file that is not read by its ending; made-up endings of thousands of names are one."""
        kind = ending(name) if re.fullmatch(r"\.\w{1,8}", ending(name)) else "no ending"
        self.ignored[kind if kind in self.ignored or len(self.ignored) < _MAX_ENDINGS else "others"] += 1


def is_input(name: str, path: str) -> bool:
    """Return whether a file is read: by its name, or since it begins like a page or an archive of pages."""
    if is_known(name):
        return not lacking_extra(name)
    try:
        return not is_passed_over(name) and kind_of(name, _beginning(path)) != ""
    except OSError:
        return True  # it may be one that was read before


def _beginning(path: str) -> bytes:
    """Return the first bytes of a file, none of what is no regular file.  Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(descriptor, HEAD) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    finally:
        os.close(descriptor)


def printable(path: str) -> str:
    """Return a path fit for reports: bytes that are not UTF-8 as `\\xff`, controls as `\\x1b`."""
    return visible(os.fsencode(path).decode("utf-8", "backslashreplace"))


def _regular(place: str, shown: str, relative: str, target: str = "") -> InputFile | Rejected:
    path = target or place
    try:
        found = os.stat(path)  # noqa: PTH116 - the path may hold surrogates, and 50,000 Path objects are slow
    except OSError as error:
        return Unreadable(printable(shown), f"can't be read: {error.strerror}", again=True, place=place)
    if not stat.S_ISREG(found.st_mode):
        return Rejected(printable(shown), f"not a regular file but {_kind(found.st_mode)}")
    return InputFile(path, place, printable(shown), printable(relative), Stamp.of(found))


def _kind(mode: int) -> str:
    kinds = {stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device",
             stat.S_IFDIR: "a folder"}
    return kinds.get(stat.S_IFMT(mode), "something else")


def _outermost(roots: Sequence[Path]) -> list[tuple[str, str]]:
    """Return (given, resolved) of the roots that lie in no other root, in the order given."""
    resolved = [(str(root), str(root.resolve())) for root in roots]
    folders = [path for _, path in resolved if Path(path).is_dir()]
    kept: dict[str, str] = {}
    for given, path in resolved:
        if not any(path != folder and path.startswith(folder.rstrip("/") + "/") for folder in folders):
            kept.setdefault(path, given)
    return [(given, path) for path, given in kept.items()]


def _distinct_names(paths: Sequence[str]) -> list[str]:
    """Return a short name per root: its last part, with as many parts before it as make the names differ."""
    for depth in range(1, 100):
        names = ["/".join(Path(path).parts[-depth:]).lstrip("/") or "root" for path in paths]
        if len(set(names)) == len(names):
            return [printable(name) for name in names]
    return [printable(path) for path in paths]
