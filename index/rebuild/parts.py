"""Reading and extraction on several machines, by whatever starts jobs: each has its part of the files.

1. `run_part` reads the files of one part, as told by a hash of their paths, into a cache of its own in the work folder,
   and leaves there what it saw of each site.
2. When all parts have done that, each knows the sample of every site and extracts its own files: as one run would.
3. `merge` puts the caches of all parts in the place of the index's own: the rebuild that follows has nothing left to
   extract, resolves, builds and publishes.

A part that died is started again, and goes on where it was.  Nothing depends on what the parts tell of samples: where
files changed meanwhile, the rebuild extracts anew what another sample was used for.
"""

import json
import re
import sqlite3
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import xxhash

from index.publish.durable import replace_file
from index.publish.locking import rebuild_lock
from index.rebuild.extraction import Extraction
from index.rebuild.job import cache_version
from index.rebuild.options import RebuildOptions, cores
from index.rebuild.progress import Progress
from index.rebuild.samples import sample
from index.rebuild.scanning import NO_SITE, Scanner
from index.state.cache import FILE_NAME, Cache, CacheDamaged, remove_cache, translated
from index.workers.pool import Workers
from search.errors import RebuildFailed, SettingsError

_DONE: Final = "part"
#: Stands for the files of other parts.
_ELSEWHERE: Final = 0
_POLL: Final = 0.5
_COPIES: Final = (
    "INSERT INTO files SELECT id + :files, path, size, mtime, ctime, inode, settled, shown, relative FROM part.files",
    "INSERT OR IGNORE INTO sites (name) SELECT name FROM part.sites",
    "UPDATE sites SET fingerprint = p.fingerprint FROM part.sites p WHERE p.name = sites.name",
    """INSERT INTO documents SELECT d.id + :documents, d.file + :files, number, place, digest, coalesce(s.id, d.site),
       made, reason, times FROM part.documents d LEFT JOIN part.sites p ON p.id = d.site
       LEFT JOIN sites s ON s.name = p.name WHERE d.file > 0""",
    """INSERT INTO results SELECT document + :documents, article, mark, sort_key, signature, reason FROM part.results
       WHERE document IN (SELECT id FROM part.documents WHERE file > 0)""",
    """INSERT INTO payloads SELECT document + :documents, data FROM part.payloads
       WHERE document IN (SELECT id FROM part.documents WHERE file > 0)""",
    "INSERT OR IGNORE INTO observations SELECT digest, data FROM part.observations",
    "INSERT INTO notes SELECT file + :files, text FROM part.notes",
)


@dataclass(frozen=True, slots=True)
class Part:
    """Part `number` of `count`, from 1."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `3/16`.  Raises ValueError."""
        found = re.fullmatch(r"([0-9]{1,5})/([0-9]{1,5})", text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise ValueError(text)
        return cls(int(found[1]), int(found[2]))

    def has(self, place: bytes) -> bool:
        """Say whether a file belongs to this part."""
        return xxhash.xxh3_64_intdigest(place) % self.count == self.number - 1

    def others(self) -> "list[Part]":
        """Return all parts but this one."""
        return [Part(number, self.count) for number in range(1, self.count + 1) if number != self.number]

    def __str__(self) -> str:
        return f"{self.number}-of-{self.count}"


def run_part(options: RebuildOptions, part: Part, work: Path, progress: Progress) -> list[Part]:
    """Read and extract the files of a part; return the parts that it could not wait for, none if it is done.

    Raises SettingsError, RebuildRunning, RebuildFailed.
    """
    folder = work / f"part-{part}"
    try:
        with rebuild_lock(folder, options.wait):
            try:
                return _run(options, part, work, progress)
            except CacheDamaged:
                remove_cache(folder / FILE_NAME)
                return _run(options, part, work, progress)
    except (OSError, CacheDamaged) as error:
        raise RebuildFailed(f"Part {part.number}/{part.count} stopped: {error}.") from error


def _run(options: RebuildOptions, part: Part, work: Path, progress: Progress) -> list[Part]:
    folder = work / f"part-{part}"
    with translated(folder / FILE_NAME), Cache(folder, cache_version(), anew=options.full) as cache, Workers(
        options.jobs or cores(), options.time_limit, options.memory_limit
    ) as workers:
        cache.put(_DONE, "")
        cache.db.execute("DELETE FROM documents WHERE file = ?", (_ELSEWHERE,))
        scanner = Scanner(cache, options, workers, progress, part.has)
        scan = scanner.scan()
        if scan.stop:
            raise SettingsError(f"Part {part.number}/{part.count}: {scan.stop}.")
        extraction = _PartExtraction(cache, options, workers, progress, scanner.at_hand)
        extraction.learn_own()
        replace_file(work / f"samples-{part}.json", _told(cache))
        until = time.monotonic() + options.wait
        while lacking := [each for each in part.others() if not (work / f"samples-{each}.json").exists()]:
            if time.monotonic() >= until:
                return lacking
            time.sleep(_POLL)
        for number, each in enumerate(part.others()):
            _take_in(cache, work / f"samples-{each}.json", number)
        extraction.run()
        cache.put(_DONE, f"{part}")
    return []


class _PartExtraction(Extraction):
    """Knows documents of other parts, which count as those of its sites' samples and are not extracted."""

    def learn_own(self) -> None:
        """Observe the own documents that may belong to the sample of a site."""
        self._observe({digest for digests in self._changed_sites().values() for digest in digests})
        self.cache.commit()

    def _learn(self) -> None:
        super()._learn()
        self.cache.db.execute("UPDATE documents SET made = 1 WHERE file = ?", (_ELSEWHERE,))


def _told(cache: Cache) -> bytes:
    """Return what was seen of each site, for other parts: digests and observations."""
    sites = cache.db.execute("SELECT id, name FROM sites WHERE name != ?", (NO_SITE,)).fetchall()
    told = {name: [(digest.hex(), _observation(cache, digest)) for digest in sample(cache, site)]
            for site, name in sites}
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _observation(cache: Cache, digest: bytes) -> str:
    row = cache.db.execute("SELECT data FROM observations WHERE digest = ?", (digest,)).fetchone()
    return b64encode(row[0]).decode() if row else ""


def _take_in(cache: Cache, path: Path, number: int) -> None:
    """Note what another part saw of its sites, as documents of no file."""
    db = cache.db
    told = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
    place = cache.count("SELECT count(*) FROM documents WHERE file = ?", _ELSEWHERE)
    for name, rows in told.items():
        db.execute("INSERT OR IGNORE INTO sites (name) VALUES (?)", (name,))
        (site,) = db.execute("SELECT id FROM sites WHERE name = ?", (name,)).fetchone()
        for digest, data in rows:
            place += 1
            db.execute("INSERT INTO documents (file, number, digest, site, made, reason, times) "
                       "VALUES (?, ?, ?, ?, 1, NULL, 1)", (_ELSEWHERE, place, bytes.fromhex(digest), site))
            db.execute("INSERT OR IGNORE INTO observations VALUES (?, ?)", (bytes.fromhex(digest), b64decode(data)))


def merge(options: RebuildOptions, work: Path) -> int:
    """Put what all parts gave in the place of the cache of the index; return the number of parts.

    Raises SettingsError if a part is not done, RebuildRunning, RebuildFailed.
    """
    parts = _parts(work)
    try:
        with rebuild_lock(options.index, options.wait), translated(options.index / FILE_NAME):
            remove_cache(options.index / FILE_NAME)
            with Cache(options.index, cache_version()) as cache:
                cache.put("fields", str(options.names))
                cache.put("touched", "all")
                _copy(cache, [work / f"part-{part}" / FILE_NAME for part in parts])
    except (OSError, CacheDamaged) as error:
        raise RebuildFailed(f"The parts in {work} can't be merged: {error}.") from error
    return len(parts)


def _copy(cache: Cache, paths: Iterable[Path]) -> None:
    db = cache.db
    for path in paths:
        cache.commit()
        db.execute("COMMIT")
        db.execute("ATTACH ? AS part", (str(path),))
        db.execute("BEGIN")
        base = {"files": cache.count("SELECT max(id) FROM files"),
                "documents": cache.count("SELECT max(id) FROM documents")}  # fmt: skip
        for query in _COPIES:
            db.execute(query, base if ":" in query else {})
        db.execute("COMMIT")
        db.execute("DETACH part")
        db.execute("BEGIN")


def _parts(work: Path) -> list[Part]:
    """Return the parts in a work folder.  Raises SettingsError if any is not there or not done."""
    counts = {int(path.name.rpartition("-")[2]) for path in work.glob("part-*-of-*")}
    if len(counts) != 1:
        wrong = "parts of several runs" if counts else "no part of a run"
        raise SettingsError(f"{work} holds {wrong}: give the --work of `dau rebuild --part K/N`.")
    (count,) = counts
    parts = [Part(number, count) for number in range(1, count + 1)]
    undone = [str(part.number) for part in parts if not _is_done(work / f"part-{part}" / FILE_NAME, part)]
    if undone:
        raise SettingsError(f"Not done of {count} parts: {', '.join(undone)}; start them again.")
    return parts


def _is_done(path: Path, part: Part) -> bool:
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path)) as db:
            return bool(db.execute("SELECT value FROM meta WHERE name = ?", (_DONE,)).fetchone() == (str(part),))
    except sqlite3.DatabaseError:
        return False
