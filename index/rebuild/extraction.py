"""Stages 3 and 4 of a rebuild: learn which blocks each site repeats, then extract what has no result yet.

A site is known by the documents with the lowest hashes, at most `SAMPLE`: adding or changing one of many pages
rarely changes the sample, and when it does, all pages of the site are extracted anew, so that any sequence of
increments ends where a full rebuild ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import xxhash

from index.page.sites import SAMPLE, Observation, SiteMemory
from index.rebuild.options import RebuildOptions
from index.rebuild.progress import Progress
from index.rebuild.scanning import NO_SITE, reread
from index.state.cache import Cache
from index.workers.pool import Done, Task, Workers

_SAMPLE_QUERY: Final = "SELECT DISTINCT digest FROM documents WHERE site = ? ORDER BY digest LIMIT ?"
_PENDING: Final = "key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM results r WHERE r.key = documents.key)"


@dataclass(slots=True)
class Extraction:
    """Fills `observations`, `results` and `payloads` of the cache."""

    cache: Cache
    options: RebuildOptions
    workers: Workers
    progress: Progress

    def run(self) -> int:
        """Bring all results up to date; return how many documents were extracted.  Raises WorkersBroken."""
        with self.progress.stage("learn"):
            self._learn()
            self._name_results()
        self.workers.forget()
        self.workers.memory_of = lru_cache(maxsize=64)(self._memory_of)
        return self._extract()

    def _learn(self) -> None:
        """Observe the samples that changed, and have the results of their sites named anew."""
        changed = self._changed_sites()
        self._observe({digest for sample in changed.values() for digest in sample})
        for site, sample in changed.items():
            self.cache.db.execute("UPDATE documents SET key = NULL WHERE site = ?", (site,))
            self.cache.db.execute("INSERT OR REPLACE INTO sites VALUES (?, ?)", (site, _fingerprint(sample)))
        self.cache.commit()

    def _changed_sites(self) -> dict[str, list[bytes]]:
        """Return the samples of the sites whose sample is not the one that their results were made with."""
        known = dict(self.cache.db.execute("SELECT site, fingerprint FROM sites"))
        sites = self.cache.db.execute("SELECT DISTINCT site FROM documents WHERE site NOT IN ('', ?)", (NO_SITE,))
        samples = ((site, self._sample(site)) for (site,) in sites.fetchall())
        return {site: sample for site, sample in samples if known.get(site) != _fingerprint(sample)}

    def _sample(self, site: str) -> list[bytes]:
        return [digest for (digest,) in self.cache.db.execute(_SAMPLE_QUERY, (site, SAMPLE))]

    def _observe(self, digests: set[bytes]) -> None:
        db = self.cache.db
        known = "SELECT 1 FROM observations WHERE digest = ?"
        wanted = {digest for digest in digests if not db.execute(known, (digest,)).fetchone()}
        place = "SELECT file FROM documents WHERE digest = ? LIMIT 1"
        places = sorted({db.execute(place, (digest,)).fetchone()[0] for digest in wanted})
        for done in self.workers.run(self._observations(places, wanted)):
            db.execute("INSERT OR REPLACE INTO observations VALUES (?, ?)", (done.key, done.payload))
            self.progress.step()
            self.cache.pulse()

    def _observations(self, places: list[bytes], wanted: set[bytes]) -> Iterator[Task]:
        for place in places:
            for _, digest, raw in reread(self.cache, place, self.options.max_file_bytes):
                if digest in wanted:
                    wanted.discard(digest)
                    yield Task("observe", digest, raw)

    def _memory_of(self, site: str) -> SiteMemory:
        query = f"SELECT data FROM observations WHERE digest IN ({_SAMPLE_QUERY}) AND data != x''"
        rows = self.cache.db.execute(query, (site, SAMPLE))
        return SiteMemory.from_observations(Observation.from_bytes(data) for (data,) in rows)

    def _name_results(self) -> None:
        """Give every document the key of its result: a hash of content, place, and what is known of its site."""
        query = """SELECT file, number, digest, relative, d.site, coalesce(fingerprint, '')
                   FROM documents d LEFT JOIN sites USING (site)
                   WHERE key IS NULL AND reason IS NULL AND d.site != ''"""
        while rows := self.cache.db.execute(query + " LIMIT 10000").fetchall():
            named = ((_key(*row[2:]), row[0], row[1]) for row in rows)
            self.cache.db.executemany("UPDATE documents SET key = ? WHERE file = ? AND number = ?", named)
        self.cache.commit()

    def _extract(self) -> int:
        db = self.cache.db
        query = f"SELECT DISTINCT file FROM documents WHERE {_PENDING} ORDER BY file"
        places = [place for (place,) in db.execute(query)]
        total = self.cache.count(f"SELECT count(*) FROM documents WHERE {_PENDING}")
        with self.progress.stage("extract", total):
            for done in self.workers.run(self._extractions(places)):
                self._store(done)
                self.progress.step()
                self.cache.pulse()
        unused = "SELECT key FROM dropped WHERE key NOT IN (SELECT key FROM documents WHERE key IS NOT NULL)"
        db.execute(f"DELETE FROM payloads WHERE key IN ({unused})")
        db.execute(f"DELETE FROM results WHERE key IN ({unused})")
        db.execute("DELETE FROM dropped")
        self.cache.commit()
        return total

    def _extractions(self, places: list[bytes]) -> Iterator[Task]:
        query = f"SELECT key, site FROM documents WHERE file = ? AND number = ? AND digest = ? AND {_PENDING}"
        for place in places:
            for number, digest, raw in reread(self.cache, place, self.options.max_file_bytes):
                if row := self.cache.db.execute(query, (place, number, digest)).fetchone():
                    yield Task("extract", row[0], raw, "" if row[1] == NO_SITE else row[1])

    def _store(self, done: Done) -> None:
        db = self.cache.db
        mark = xxhash.xxh3_128_digest(done.payload)
        db.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)",
                   (done.key, done.id, mark, done.sort_key, done.signature, done.reason))
        if done.payload:
            db.execute("INSERT OR REPLACE INTO payloads VALUES (?, ?)", (done.key, done.payload))


def _key(digest: bytes, relative: str, site: str, fingerprint: str) -> bytes:
    return xxhash.xxh3_128_digest(digest + "\0".join((relative, site, fingerprint)).encode("utf-8", "surrogateescape"))


def _fingerprint(digests: list[bytes]) -> str:
    return xxhash.xxh3_64_hexdigest(b"".join(digests))
