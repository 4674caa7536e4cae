"""Stage 2 of a rebuild: see which files are there and read those that are not as they were.

A file counts as unchanged if size, times and inode are as when it was last read.  Its documents' hashes then
tell which of them need extraction; a file that was only touched needs none.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from index.read.documents import ChangedWhileReading, Document, read_documents
from index.read.files import Finder, InputFile, Stamp
from index.read.records import Note, RawDocument, Rejected
from index.rebuild.options import RebuildOptions
from index.rebuild.progress import Progress
from index.state.cache import Cache
from index.workers.pool import Task, Workers

#: A file written less than this long (ns) before it was read may be written again within one tick of its time stamp.
_TICK: Final = 50_000_000
#: How often a file that changes under the reader is read again.
_TRIES: Final = 3
BEING_WRITTEN: Final = "it is being written to; it is left for the next run"
#: Stands for a document whose site can't be told.
NO_SITE: Final = "-"


@dataclass(slots=True)
class Scan:
    """What the walk saw.  `rejected` have no file to read; `left` changed while being read: see to them next time."""

    files: int = 0
    gone: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    read: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Scanner:
    """Brings `files` and `documents` of the cache up to date with the inputs."""

    cache: Cache
    options: RebuildOptions
    workers: Workers
    progress: Progress
    _sites: list[tuple[str, bytes]] = field(default_factory=list)

    def scan(self) -> Scan:
        """Walk everything; read what changed; forget what is gone."""
        result = Scan()
        db = self.cache.db
        db.execute("DELETE FROM seen")
        with self.progress.stage("read"):
            for done in self.workers.run(self._tasks(result)):
                self._sites.append((done.payload.decode() or NO_SITE, done.key))
            self._store_sites()
        db.execute("DELETE FROM documents WHERE file NOT IN (SELECT path FROM seen)")
        result.gone = db.execute("DELETE FROM files WHERE path NOT IN (SELECT path FROM seen)").rowcount
        self.cache.commit()
        return result

    def _tasks(self, result: Scan) -> Iterator[Task]:
        """Walk, and yield a task for each document whose site has to be named by a worker."""
        finder = Finder(self.options.roots, self.options.index)
        for file in finder.files():
            result.files += 1
            if isinstance(file, Rejected):
                result.rejected.append(file)
                self.progress.step()
            else:
                yield from self._see(file, result)
            self.cache.pulse()
        result.ignored = finder.ignored

    def _see(self, file: InputFile, result: Scan) -> Iterator[Task]:
        place = os.fsencode(file.place)
        stamp = file.stamp
        db = self.cache.db
        db.execute("INSERT OR IGNORE INTO seen VALUES (?, 0)", (place,))
        query = "SELECT size, mtime, ctime, inode, settled, shown, relative FROM files WHERE path = ?"
        now = (stamp.size, stamp.mtime, stamp.ctime, stamp.inode, 1, file.shown, file.relative)
        if db.execute(query, (place,)).fetchone() == now:
            self.progress.step()
            return
        result.read += 1
        db.execute("UPDATE seen SET read = 1 WHERE path = ?", (place,))
        for _ in range(_TRIES):
            db.execute("SAVEPOINT file")
            try:
                yield from self._read(place, file)
                db.execute("RELEASE file")
                break
            except ChangedWhileReading:
                db.execute("ROLLBACK TO file")
                db.execute("RELEASE file")
                file = _anew(file)
        else:
            self._leave(place, file, result)
        self._store_sites()

    def _leave(self, place: bytes, file: InputFile, result: Scan) -> None:
        """Keep what is known of a file that is being written to; reject it if that is nothing."""
        result.left.append(file.shown)
        if not self.cache.count("SELECT count(*) FROM documents WHERE file = ?", place):
            result.rejected.append(Rejected(file.shown, BEING_WRITTEN))

    def _read(self, place: bytes, file: InputFile) -> Iterator[Task]:
        """Replace what is known of a file.  Raises ChangedWhileReading at its end."""
        db = self.cache.db
        known = {row[:3]: row[3:] for row in db.execute(
            "SELECT number, relative, digest, site, key FROM documents WHERE file = ? AND site != ''", (place,))}
        db.execute("DELETE FROM documents WHERE file = ?", (place,))
        now = time.time_ns()
        for item in read_documents(file, self.options.max_file_bytes):
            if isinstance(item, Note):
                continue
            row = _row(file, item, known)
            self.progress.step()
            db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (place, *row))
            if isinstance(item, Document) and not row[4]:
                yield Task("site", _address(item.digest, place, item.number), item.raw)
        stamp = file.stamp
        settled = int(max(stamp.mtime, stamp.ctime) + _TICK < now)
        db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                   (place, stamp.size, stamp.mtime, stamp.ctime, stamp.inode, settled, file.shown, file.relative))

    def _store_sites(self) -> None:
        """Write the answers that came while a file was being read, outside of its savepoint."""
        rows = ((site, *_parts(key)) for site, key in self._sites)
        self.cache.db.executemany("UPDATE documents SET site = ? WHERE digest = ? AND number = ? AND file = ?", rows)
        self._sites.clear()


def changed_since(cache: Cache) -> bool:
    """Return whether a file that this run read is no longer as it was read."""
    query = "SELECT path, size, mtime, ctime, inode FROM seen JOIN files USING (path) WHERE read"
    for place, *stamp in cache.db.execute(query):
        try:
            if Stamp.of(os.stat(place)) != Stamp(*stamp):  # noqa: PTH116 - bytes
                return True
        except OSError:
            return True
    return False


def _row(file: InputFile, item: Document | Rejected, known: dict[tuple[Any, ...], tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return the columns of `documents` after `file`; a reject of the whole file gets number -1."""
    if isinstance(item, Document):
        identity = (item.number, item.raw.relative, item.digest)
        site, key = known.get(identity, ("", None))
        return item.number, item.raw.path, item.raw.relative, item.digest, site, key, None
    return item.number, item.path, "", b"", "", None, item.reason


def _address(digest: bytes, place: bytes, number: int) -> bytes:
    return digest + number.to_bytes(8, "little") + place


def _parts(address: bytes) -> tuple[bytes, int, bytes]:
    return address[:16], int.from_bytes(address[16:24], "little"), address[24:]


def _anew(file: InputFile) -> InputFile:
    """Return the file with its stamp of now; the old one if it is gone, so that reading says so."""
    try:
        return replace(file, stamp=Stamp.of(os.stat(file.path)))  # noqa: PTH116 - may hold surrogates
    except OSError:
        return file


def reread(cache: Cache, place: bytes, limit: int) -> Iterator[tuple[int, bytes, RawDocument]]:
    """Yield (number, digest, document) of a scanned file; what can't be read now is left out."""
    query = "SELECT size, mtime, ctime, inode, shown, relative FROM files WHERE path = ?"
    row = cache.db.execute(query, (place,)).fetchone()
    path = os.fsdecode(place)
    file = InputFile(os.path.realpath(path), path, row[4], row[5], Stamp(*row[:4]))
    try:
        for item in read_documents(file, limit):
            if isinstance(item, Document):
                yield item.number, item.digest, item.raw
    except ChangedWhileReading:
        return
