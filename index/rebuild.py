"""The rebuild job: from article files to a published generation.

1. lock     one rebuild at a time (`index.locking`); leavings of killed ones are removed
2. read     walk the inputs, read what changed (`index.scanning`)
3. learn    what each site repeats on its pages; 4. extract, in worker processes (`index.extraction`)
5. resolve  every document is accepted, duplicate or rejected; near-duplicates are clustered (`index.resolving`)
6. judge    nothing new, too many rejects, a shrunken archive: then nothing is published
7. build    the archive beside the live one (`search.building`); 8. seal and publish (`index.publishing`)

Between runs the cache (`index.cache`) knows what extraction gave; the old generation is never needed.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from index import publishing, resolving
from index.cache import FILE_NAME, Cache, CacheDamaged, remove_cache, translated
from index.extraction import Extraction
from index.locking import rebuild_lock
from index.options import RebuildOptions, cores
from index.progress import Progress
from index.report import Report, read_quarantine, update_quarantine
from index.resolving import Changes
from index.scanning import Scan, Scanner, changed_since
from index.workers import Workers
from search.errors import IndexMissing, IndexOutdated, IndexUnusable
from search.generations import ARCHIVE, GENERATIONS, check_generation, choose, current_id
from search.manifest import rules_fingerprint

#: How often inputs that change during the run are looked at again.
_LOOKS: Final = 3


def rebuild(options: RebuildOptions, progress: Progress | None = None) -> Report:
    """Run the job.  Raises RebuildRunning, UserError, OSError (a full disk), WorkersBroken; the index is then as it was."""
    progress = progress or Progress()
    with rebuild_lock(options.index, options.wait):
        publishing.sweep(options.index)
        try:
            return _Rebuild(options, progress).run()
        except CacheDamaged:
            remove_cache(options.index / FILE_NAME)
            return _Rebuild(options, progress).run()


@dataclass(slots=True)
class _Rebuild:
    """One attempt, with the lock held."""

    options: RebuildOptions
    progress: Progress
    started: float = 0.0

    def run(self) -> Report:
        self.started = time.perf_counter()
        options = self.options
        serving = self._serving()
        if options.if_needed and serving:
            return self._untouched(serving)
        if options.full:
            remove_cache(options.index / FILE_NAME)
        with self._cache() as cache:
            scan, extracted = self._gather(cache)
            resolving.decide_fates(cache)
            known = bool(serving) and cache.get("generation") == serving and cache.get("made") == self._made_by()
            if known and resolving.same_texts(cache):
                return self._report(cache, scan, serving, Changes(*self._totals(cache), 0, 0, 0), published=False)
            with self.progress.stage("cluster"):
                resolving.find_twins(cache)
            changes = self._changes(cache, serving)
            if reason := self._judge(cache, scan, changes, serving):
                return self._report(cache, scan, serving, changes, published=False, refused=reason)
            generation = self._publish(cache, changes, base=serving if known else "")
            return self._report(cache, scan, generation, changes, published=True)

    def _serving(self) -> str:
        """Return the id of the current generation if it is whole and of today's rules, else nothing."""
        try:
            found = check_generation(self.options.index, current_id(self.options.index))
        except IndexUnusable:
            return ""
        return found.id

    @contextmanager
    def _cache(self) -> Iterator[Cache]:
        from index.extract import EXTRACTOR_VERSION

        path = self.options.index / FILE_NAME
        with translated(path), Cache(self.options.index, f"{_cache_version()}-{EXTRACTOR_VERSION}") as cache:
            yield cache

    def _made_by(self) -> str:
        """Return what a build depends on beside the articles."""
        return f"{rules_fingerprint()} {sorted(self.options.engine.items())}"

    def _gather(self, cache: Cache) -> tuple[Scan, int]:
        """Read and extract until no input has changed meanwhile."""
        options = self.options
        extracted = 0
        with Workers(options.jobs or cores(), options.time_limit, options.memory_limit) as workers:
            scanner = Scanner(cache, options, workers, self.progress)
            extraction = Extraction(cache, options, workers, self.progress)
            for _ in range(_LOOKS):
                scan = scanner.scan()
                extracted += extraction.run()
                if not changed_since(cache) and not resolving.lacking(cache):
                    break
        return scan, extracted

    def _totals(self, cache: Cache) -> tuple[int, int]:
        total = cache.count("SELECT count(*) FROM published")
        return total, total

    def _changes(self, cache: Cache, serving: str) -> Changes:
        """Compare with what is served; if the cache does not know that, by count alone."""
        if serving and cache.get("generation") == serving:
            return resolving.compare(cache)
        total = cache.count("SELECT count(*) FROM outcomes WHERE fate = 'accepted'")
        before = self._articles_before()
        return Changes(total, before, total, 0, 0)

    def _articles_before(self) -> int:
        """Return the number of articles of the generation that is served, of whatever rules."""
        from search import manifest

        try:
            name = current_id(self.options.index)
            return manifest.read(self.options.index / GENERATIONS / name).counts.get("articles", 0)
        except IndexUnusable:
            return 0

    def _judge(self, cache: Cache, scan: Scan, changes: Changes, serving: str) -> str:
        """Return why nothing may be published, empty if it may."""
        options = self.options
        rejected = len(scan.rejected) + cache.count("SELECT count(*) FROM outcomes WHERE fate = 'rejected'")
        documents = len(scan.rejected) + cache.count("SELECT count(*) FROM outcomes")
        if not changes.total:
            return f"no article was found in {documents} documents"
        lost = changes.before - changes.total
        if changes.before and options.max_shrink.exceeded(lost, changes.before):
            return (f"the archive would shrink from {changes.before} to {changes.total} articles, more than --max-shrink "
                    f"({options.max_shrink}); is a disk not mounted?")
        if changes.before and options.max_rejects.exceeded(rejected, documents):
            return f"{rejected} of {documents} documents were rejected, more than --max-rejects ({options.max_rejects})"
        return ""

    def _publish(self, cache: Cache, changes: Changes, base: str) -> str:
        options = self.options
        build = publishing.start(options.index)
        try:
            with self.progress.stage("build", changes.total):
                self._build(cache, build, base)
            with self.progress.stage("publish"):
                counts = {"articles": changes.total}
                settings = {"engine": dict(options.engine), "roots": [str(root) for root in options.roots]}
                publishing.seal(build, counts, settings)
                publishing.publish(options.index, build)
                resolving.record_published(cache, build.id)
                cache.put("made", self._made_by())
                publishing.prune(options.index, options.keep)
        except BaseException:
            publishing.discard(build)
            raise
        return build.id

    def _build(self, cache: Cache, build: publishing.Build, base: str) -> None:
        from search.building import ArchiveBuilder

        options: dict[str, Any] = dict(self.options.engine)
        update = bool(base) and ArchiveBuilder.supports_base
        if update:
            options["base"] = self.options.index / GENERATIONS / base / ARCHIVE
        with ArchiveBuilder(build.archive, **options) as builder:
            if update:
                builder.remove(resolving.outdated_ids(cache))
            builder.add(self._counted(resolving.articles(cache, only_changed=update)))

    def _counted(self, articles: Iterator[Any]) -> Iterator[Any]:
        for article in articles:
            yield article
            self.progress.step()

    def _report(self, cache: Cache, scan: Scan, generation: str, changes: Changes, *, published: bool, refused: str = "") -> Report:
        options = self.options
        rejected = [*scan.rejected, *resolving.rejects(cache)]
        listed = update_quarantine(options.index, rejected, datetime.now(UTC))
        documents = len(scan.rejected) + cache.count("SELECT count(*) FROM outcomes")
        indexed = changes.added + changes.changed
        warning = ""
        if options.max_rejects.exceeded(len(rejected), documents) and not refused:
            warning = f"{len(rejected)} of {documents} documents were rejected, more than --max-rejects ({options.max_rejects})"
        return Report(
            generation=generation, published=published, files=scan.files, documents=documents, indexed=indexed,
            unchanged=changes.total - indexed, removed=changes.removed, ignored=scan.ignored, rejected=listed,
            duplicate=cache.count("SELECT count(*) FROM outcomes WHERE fate = 'duplicate'"),
            seconds=time.perf_counter() - self.started, stages=dict(self.progress.stages), refused=refused, warning=warning,
        )

    def _untouched(self, serving: str) -> Report:
        """Return the report of a run that did nothing, since nothing was needed."""
        articles = check_generation(self.options.index, serving).manifest.counts.get("articles", 0)
        listed = tuple(read_quarantine(self.options.index))
        return Report(serving, False, 0, articles + len(listed), 0, articles, 0, 0, 0, listed, time.perf_counter() - self.started)


def _cache_version() -> str:
    return "1"


__all__ = ["IndexMissing", "IndexOutdated", "choose", "rebuild", "sqlite3"]
