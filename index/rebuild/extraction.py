"""Stages 3 and 4 of a rebuild: learn which blocks each site repeats, then extract what has no result yet.

A site is known by the documents with the lowest hashes, at most `SAMPLE`: adding or changing one of many pages
rarely changes the sample, and when it does, all pages of the site are extracted anew, so that any sequence of
increments ends where a full rebuild ends.  A result that is to be made anew holds until it is: its document may have
become unreadable meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

import xxhash

from index.page.sites import Observation, SiteMemory
from index.read.documents import Document
from index.rebuild.at_hand import AtHand
from index.rebuild.options import RebuildOptions
from index.rebuild.progress import Progress
from index.rebuild.samples import keep, sample
from index.rebuild.scanning import NO_SITE, reread
from index.state.cache import Cache
from index.workers.pool import Done, Task, Workers

_UNMADE: Final = "made = 0 AND site IS NOT NULL"
_UNMADE_ROWS: Final = 10_000
#: Results that are written together.
_ROWS: Final = 256


@dataclass(slots=True)
class Extraction:
    """Fills `observations`, `results` and `payloads` of the cache."""

    cache: Cache
    options: RebuildOptions
    workers: Workers
    progress: Progress
    at_hand: AtHand

    def run(self) -> int:
        """Bring all results up to date; return how many documents were extracted.  Raises WorkersBroken."""
        with self.progress.stage("learn"):
            self._learn()
        self.workers.forget()
        self.workers.memory_of = lru_cache(maxsize=64)(self._memory_of)
        return self._extract()

    def _learn(self) -> None:
        """Observe the samples that changed, and have the results of their sites made anew."""
        changed = self._changed_sites()
        self._observe({digest for digests in changed.values() for digest in digests})
        for site, digests in changed.items():
            self.cache.db.execute("UPDATE documents SET made = 0 WHERE site = ?", (site,))
            self.cache.db.execute("UPDATE sites SET fingerprint = ? WHERE id = ?", (_fingerprint(digests), site))
        self.cache.commit()

    def _changed_sites(self) -> dict[int, list[bytes]]:
        """Return the samples of the sites whose sample is not the one that their results were made with."""
        sites = self.cache.db.execute("SELECT id, fingerprint FROM sites WHERE name != ?", (NO_SITE,)).fetchall()
        samples = ((site, known, sample(self.cache, site)) for site, known in sites)
        return {site: digests for site, known, digests in samples if digests and known != _fingerprint(digests)}

    def _observe(self, digests: set[bytes]) -> None:
        """Observe those documents that were not when they were read: pages, and those of very many sites."""
        db = self.cache.db
        known = "SELECT 1 FROM observations WHERE digest = ?"
        wanted = {digest for digest in digests if not db.execute(known, (digest,)).fetchone()}
        place = "SELECT file FROM documents WHERE digest = ? LIMIT 1"
        files: defaultdict[int, set[bytes]] = defaultdict(set)
        for digest in wanted:
            files[db.execute(place, (digest,)).fetchone()[0]].add(digest)
        for done in self.workers.run(self._observations(files)):
            keep(self.cache, done)
            self.progress.step()
            self.cache.pulse()

    def _observations(self, files: Mapping[int, set[bytes]]) -> Iterator[Task]:
        """Yield a task for each digest that is wanted of a file; no file is read further than to the last of them."""
        for file, wanted in sorted(files.items()):
            for document in reread(self.cache, file, self.options):
                if document.digest in wanted:
                    wanted.discard(document.digest)
                    yield Task("observe", document.digest, document.raw)
                    if not wanted:
                        break

    def _memory_of(self, site: str) -> SiteMemory:
        (number,) = self.cache.db.execute("SELECT id FROM sites WHERE name = ?", (site,)).fetchone()
        digests = sample(self.cache, number)
        places = ", ".join("?" * len(digests))
        query = f"SELECT data FROM observations WHERE digest IN ({places}) AND data != x''"
        rows = self.cache.db.execute(query, digests)
        return SiteMemory.from_observations(Observation.from_bytes(data) for (data,) in rows)

    def _extract(self) -> int:
        files = [file for (file,) in self.cache.db.execute(f"SELECT DISTINCT file FROM documents WHERE {_UNMADE}")]
        total = self.cache.count(f"SELECT count(*) FROM documents WHERE {_UNMADE}")
        waiting: list[Done] = []
        with self.progress.stage("extract", total):
            for done in self.workers.run(self._extractions(files)):
                waiting.append(done)
                if len(waiting) == _ROWS:
                    self._store(waiting)
            self._store(waiting)
        self.cache.commit()
        return total

    def _extractions(self, files: list[int]) -> Iterator[Task]:
        names = dict(self.cache.db.execute("SELECT id, name FROM sites"))
        for file in files:
            unmade = self._unmade(file)
            wanted = next(unmade, None)
            for document in self._documents(file):
                while wanted is not None and wanted[0] < document.number:
                    wanted = next(unmade, None)
                if wanted is None:
                    break
                number, digest, key, site = wanted
                if (number, digest) == (document.number, document.digest):
                    name = names[site]
                    yield Task("extract", key.to_bytes(8, "little"), document.raw, "" if name == NO_SITE else name)

    def _documents(self, file: int) -> Iterable[Document]:
        """Return the documents of a file, at least those without a result."""
        held = self.at_hand.take(file)
        wanted = [(each.number, each.digest) for each in held]
        if held and wanted == [row[:2] for row in islice(self._unmade(file), len(held) + 1)]:
            return held
        return reread(self.cache, file, self.options)

    def _unmade(self, file: int) -> Iterator[tuple[int, bytes, int, int]]:
        """Yield (number, digest, id, site) of the documents of a file that have no result, in order, some at a time."""
        query = f"SELECT number, digest, id, site FROM documents WHERE file = ? AND number > ? AND {_UNMADE}"
        last = -1
        while rows := self.cache.db.execute(f"{query} ORDER BY number LIMIT {_UNMADE_ROWS}", (file, last)).fetchall():
            yield from rows
            last = rows[-1][0]

    def _store(self, answers: list[Done]) -> None:
        """Write some results and empty the list."""
        db, rows = self.cache.db, [(int.from_bytes(done.key, "little"), done) for done in answers]
        db.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)", (
            (number, done.id, xxhash.xxh3_128_digest(done.payload), done.sort_key, done.signature, done.reason)
            for number, done in rows
        ))
        db.executemany("INSERT OR REPLACE INTO payloads VALUES (?, ?)",
                       ((number, done.payload) for number, done in rows if done.payload))
        db.executemany("DELETE FROM payloads WHERE document = ?",
                       ((number,) for number, done in rows if not done.payload))
        db.executemany("UPDATE documents SET made = 1 WHERE id = ?", ((number,) for number, _ in rows))
        if not self.cache.touched_all:
            query = "SELECT digest FROM documents WHERE id = ?"
            self.cache.touch([db.execute(query, (number,)).fetchone()[0] for number, _ in rows])
        answers.clear()
        self.progress.step(len(rows))
        self.cache.pulse()


def _fingerprint(digests: list[bytes]) -> str:
    return xxhash.xxh3_64_hexdigest(b"".join(digests))
