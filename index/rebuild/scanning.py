"""Stage 2 of a rebuild: see which files are there and read those that are not as they were.

A file counts as unchanged if size, times and inode are as when it was last read.  Its documents' hashes then
tell which of them need extraction; a file that was only touched needs none.

What is read of a file is gathered beside what is known of it (`index.rebuild.reading`) and takes its place in one step
when the file is at its end.  A document goes only when its file was read and it was not there, a file only when its
folder was listed and its name was not there: what can't be read keeps what is known of it.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from index.extract.source import site_at_once
from index.read.documents import ChangedWhileReading, Document, read_documents
from index.read.files import Finder, InputFile, Stamp
from index.read.limits import More, limited
from index.read.records import Note, RawDocument, Rejected, Unreadable
from index.rebuild.at_hand import AtHand
from index.rebuild.options import RebuildOptions
from index.rebuild.progress import Progress
from index.rebuild.reading import Reading
from index.rebuild.samples import Samples, keep
from index.state.cache import Cache
from index.state.known_files import KnownFiles
from index.workers.pool import Task, Workers
from search.errors import SettingsError

#: A file written less than this long (ns) before it was read may be written again within one tick of its time stamp.
_TICK: Final = 50_000_000
#: How often a file that changes under the reader is read again.
_TRIES: Final = 3
BEING_WRITTEN: Final = "it is being written to; it is left for the next run"
#: Stands for a document whose site can't be told.
NO_SITE: Final = "-"


@dataclass(slots=True)
class Scan:
    """What the walk saw.

    `rejected` have no file to read; `unreadable` are known from earlier runs, and what is known of them holds;
    `stop` says why nothing may be published, if so.
    """

    files: int = 0
    gone: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    read: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    unreadable: list[Rejected] = field(default_factory=list)
    stop: str = ""


@dataclass(slots=True)
class Scanner:
    """Brings `files` and `documents` of the cache up to date with the inputs."""

    cache: Cache
    options: RebuildOptions
    workers: Workers
    progress: Progress
    #: Says which files, by their places, are looked at; all, if it is None.
    chosen: Callable[[bytes], bool] | None = None
    at_hand: AtHand = field(default_factory=AtHand)
    _files: KnownFiles = field(init=False)
    _samples: Samples = field(init=False)
    #: Answers about sites: site, file, number, digest.  Written when no file is being read.
    _named: list[tuple[int, int, int, bytes]] = field(default_factory=list)
    _sites: dict[str, int] = field(default_factory=dict)

    def scan(self) -> Scan:
        """Walk everything; read what changed; forget what is gone."""
        self._check_roots()
        result = Scan()
        db = self.cache.db
        # A document without a site is of a run that was cut off before its worker had answered.
        db.execute("UPDATE files SET settled = -1 WHERE id IN (SELECT file FROM documents WHERE site IS NULL)")
        self._files, self._samples = KnownFiles(self.cache), Samples(self.cache)
        if self.cache.get("fields") != str(self.options.names):
            self._files.read_anew()
            self.cache.put("fields", str(self.options.names))
        self._sites = dict(db.execute("SELECT name, id FROM sites"))
        with self.progress.stage("read"):
            for done in self.workers.run(self._tasks(result)):
                if done.action == "observe":
                    keep(self.cache, done)
                else:
                    self._name(done.payload.decode() or NO_SITE, *_parts(done.key))
            self._store_names()
        if not result.stop:
            result.gone = self._files.forget_unseen()
        self.cache.commit()
        return result

    def _check_roots(self) -> None:
        """Raise SettingsError for a file or folder that is not there, and of which nothing is known."""
        known = KnownFiles(self.cache)
        for root in self.options.roots:
            place = os.fsencode(root.resolve())
            if not root.exists() and not known.lost(place) and not known.known_once(place):
                raise SettingsError(f"There is no file or folder {root}.")

    def _tasks(self, result: Scan) -> Iterator[Task]:
        """Walk, and yield a task for each document whose site a worker has to name, or that belongs to a sample."""
        finder = Finder(self.options.roots, self.options.index)
        for file in finder.files():
            if self.chosen and not self.chosen(os.fsencode(file.path)):
                continue
            result.files += 1
            if isinstance(file, Rejected):
                self._refuse(file, result)
                self.progress.step()
            else:
                yield from self._see(file, result)
            self.cache.pulse()
        result.ignored = finder.ignored
        if not self.options.max_shrink.everything:
            self._look_for_lost(finder, result)

    def _refuse(self, file: Rejected, result: Scan) -> None:
        """Take a file or folder that can't be read: what is known at its place, and below it, still holds."""
        place = os.fsencode(file.place) if isinstance(file, Unreadable) else b""
        if place and self._files.keep(place):
            result.unreadable.append(file)
            return
        result.rejected.append(file)
        if place and self._files.known_once(place) and not self.options.max_shrink.everything:
            result.stop = (f"{file.path} can't be read, and nothing is known any more of what was in it: make it "
                           "readable, or give --max-shrink 100% if it may go")

    def _look_for_lost(self, finder: Finder, result: Scan) -> None:
        """Stop the run if a folder or file that was given has nothing left of what was in it."""
        for shown, root in finder.bounds():
            if count := self._files.lost(os.fsencode(root)):
                state = "is empty" if Path(root).exists() else "is not there"
                result.stop = (f"{shown} {state}, and the archive has {count} files of it: see whether a disk is not "
                               "mounted, or give --max-shrink 100% if they may go")

    def _see(self, file: InputFile, result: Scan) -> Iterator[Task]:
        place, stamp = os.fsencode(file.place), file.stamp
        known, row = self._files.find(place)
        if row == (stamp.size, stamp.mtime, stamp.ctime, stamp.inode, 1, file.shown, file.relative):
            self._files.see(known, read=False)
            self.progress.step()
            return
        result.read += 1
        fresh = row is None or row[-1] != file.relative  # what the results were made with has changed
        for _ in range(_TRIES):
            try:
                yield from self._read(Reading(self.cache, known, fresh, file), place, file, result)
                break
            except ChangedWhileReading:
                file = _anew(file)
        else:
            if row is None:
                result.rejected.append(Rejected(file.shown, BEING_WRITTEN))
            else:
                self._files.see(known, read=True)
        self._store_names()

    def _read(self, reading: Reading, place: bytes, file: InputFile, result: Scan) -> Iterator[Task]:
        """Replace what is known of a file.  Raises ChangedWhileReading at its end."""
        now, note = time.time_ns(), ""
        self.at_hand.forget(reading.file)
        for item in limited(read_documents(file, self.options.max_file_bytes, self.options.names)):
            if isinstance(item, Note):
                note = item.text
                continue
            if not isinstance(item, Document):
                self.progress.step(item.count if isinstance(item, More) else 1)
                reading.reject(item)
                continue
            self.progress.step()
            known = reading.known_document(item)
            if known and known[2] is not None:
                continue
            self.workers.start_ahead()
            self.at_hand.keep(reading.file, item)
            site = self._at_once(item.raw)
            if site is None:
                yield Task("site", _address(reading.file, item), item.raw)
            elif self._samples.takes(site, item.digest):
                yield Task("observe", item.digest, item.raw)
            if not known:
                reading.add(item, site)
            elif site is not None:
                self._named.append((site, reading.file, item.number, item.digest))
        reading.finish()
        again = reading.end is not None and reading.end.again
        if reading.end is not None and again and self._files.keep(place):
            result.unreadable.append(reading.end)
            reading.forget_reject()
        stamp = file.stamp
        settled = int(max(stamp.mtime, stamp.ctime) + _TICK < now and not again)
        self._files.replace(reading.file, (place, stamp.size, stamp.mtime, stamp.ctime, stamp.inode, settled,
                                           file.shown, file.relative), reading.fresh and not again)
        self._files.note(reading.file, note)
        self._files.see(reading.file, read=True)

    def _at_once(self, raw: RawDocument) -> int | None:
        """Return the number of a site that a worker need not be asked for."""
        name = site_at_once(raw)
        return None if name is None else self._site(name)

    def _site(self, name: str) -> int:
        """Return the number of a site, a new one if it is not known."""
        if name not in self._sites:
            (number,) = self.cache.db.execute("INSERT INTO sites (name) VALUES (?) RETURNING id", (name,)).fetchone()
            self._sites[name] = number
        return self._sites[name]

    def _name(self, name: str, file: int, number: int, digest: bytes) -> None:
        self._named.append((self._site(name), file, number, digest))

    def _store_names(self) -> None:
        """Write the answers that came while a file was being read."""
        query = "UPDATE documents SET site = ? WHERE file = ? AND number = ? AND digest = ?"
        self.cache.db.executemany(query, self._named)
        self._named.clear()


def changed_since(cache: Cache) -> bool:
    """Return whether a file that this run read is no longer as it was read."""
    query = "SELECT path, size, mtime, ctime, inode FROM seen JOIN files ON id = file WHERE read AND settled >= 0"
    for place, *stamp in cache.db.execute(query):
        try:
            if Stamp.of(os.stat(place)) != Stamp(*stamp):  # noqa: PTH116 - bytes
                return True
        except OSError:
            return True
    return False


def _address(file: int, item: Document) -> bytes:
    return item.digest + item.number.to_bytes(8, "little") + file.to_bytes(8, "little")


def _parts(address: bytes) -> tuple[int, int, bytes]:
    """Return file, number and digest."""
    return int.from_bytes(address[24:], "little"), int.from_bytes(address[16:24], "little"), address[:16]


def _anew(file: InputFile) -> InputFile:
    """Return the file with its stamp of now; the old one if it is gone, so that reading says so."""
    try:
        return replace(file, stamp=Stamp.of(os.stat(file.path)))  # noqa: PTH116 - may hold surrogates
    except OSError:
        return file


def reread(cache: Cache, file: int, options: RebuildOptions) -> Iterator[Document]:
    """Yield the documents of a scanned file; what can't be read now is left out."""
    query = "SELECT path, size, mtime, ctime, inode, shown, relative FROM files WHERE id = ?"
    place, *stamp, shown, relative = cache.db.execute(query, (file,)).fetchone()
    path = os.fsdecode(place)
    found = InputFile(os.path.realpath(path), path, shown, relative, Stamp(*stamp))
    try:
        for item in limited(read_documents(found, options.max_file_bytes, options.names)):
            if isinstance(item, Document):
                yield item
    except ChangedWhileReading:
        return
