"""The rebuild job: from article files to a published generation.

1. lock     one rebuild at a time (`index.publish.locking`); leavings of killed ones are removed
2. read     walk the inputs, read what changed (`index.rebuild.scanning`)
3. learn    what each site repeats on its pages; 4. extract, in worker processes (`index.rebuild.extraction`)
5. resolve  every document is accepted, duplicate or rejected; near-duplicates are clustered (`index.rebuild.resolving`)
6. judge    nothing new, a rollback that holds, too many rejects, a shrunken archive: then nothing is published
            (`index.rebuild.judging`)
7. build    the archive beside the live one (`search.archive.building`)
8. publish  seal it and switch in one step (`index.publish.generations`)

Between runs the cache (`index.state.cache`) knows what extraction gave; the old generation is not read, except that
a few changes are made to a copy of it.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from index.publish import generations as publishing
from index.publish import holding
from index.publish.locking import rebuild_lock
from index.rebuild import resolving
from index.rebuild.extraction import Extraction
from index.rebuild.judging import articles_before, judge, too_many, unreadable
from index.rebuild.options import RebuildOptions, cores
from index.rebuild.progress import Progress
from index.rebuild.report import FileNote, Report, list_quarantine, read_quarantine, write_quarantine
from index.rebuild.resolving import Changes
from index.rebuild.scanning import Scan, Scanner, changed_since
from index.state.cache import FILE_NAME, Cache, CacheDamaged, Version, remove_cache, translated
from index.state.first_seen import FirstSeen, Stamp, stamp
from index.workers.pool import Workers, WorkersBroken
from search.archive import manifest as manifests
from search.archive.building import ENGINE
from search.archive.generations import ARCHIVE, CURRENT, GENERATIONS, check_generation, current_id
from search.engines import port
from search.errors import EngineUnavailable, IndexUnusable, RebuildFailed, SettingsError
from search.memory import give_back

#: Changes with the tables of the cache and with what is kept in them.
_CACHE_VERSION: Final = "7"
#: How often inputs that change during the run are looked at again.
_LOOKS: Final = 3
#: Share of the articles up to which changing the last generation costs less than building in full.
_MAX_CHANGED: Final = 0.01
#: From this many articles on, a build in several processes is faster than its start.
_PARALLEL_FROM: Final = 4000


def rebuild(options: RebuildOptions, progress: Progress | None = None) -> Report:
    """Run the job.

    Raises SettingsError, RebuildRunning, and RebuildFailed for what stops it, KeyboardInterrupt if that was a signal;
    the index is then as it was.
    """
    progress = progress or Progress()
    _check_directory(options.index)
    try:
        with rebuild_lock(options.index, options.wait), port.guarded(options.index, **options.engine):
            publishing.sweep(options.index)
            try:
                return _attempt(options, progress)
            except CacheDamaged:
                remove_cache(options.index / FILE_NAME)
                return _attempt(options, progress)
    except BrokenExecutor as error:
        raise RebuildFailed("The rebuild stopped: a process that builds the index was killed, perhaps since memory "
                            f"ran out. The index {options.index} is as it was.") from error
    except (OSError, WorkersBroken, CacheDamaged, EngineUnavailable) as error:
        raise RebuildFailed(f"The rebuild stopped: {error}. The index {options.index} is as it was.") from error


def _attempt(options: RebuildOptions, progress: Progress) -> Report:
    try:
        return _Rebuild(options, progress).run()
    except Exception as error:
        _end_if_interrupted(error)
        raise


def _end_if_interrupted(error: BaseException) -> None:
    """Raise KeyboardInterrupt if an error came up while one was on its way out.

    What is being closed may complain that it was not done: a ZIP archive with an open member does, and the interrupt
    would be taken for damage.
    """
    within = error.__context__
    while within is not None:
        if isinstance(within, KeyboardInterrupt):
            raise within from error
        within = within.__context__


def cache_version() -> Version:
    """Return the version of what a cache holds."""
    from index.extract.version import extractor_version, source_digest

    return Version(f"{_CACHE_VERSION}-{source_digest()}", lambda: f"{_CACHE_VERSION}-{extractor_version()}")


def _check_directory(index: Path) -> None:
    """Refuse a folder that holds other things than an index.  Raises SettingsError."""
    if index.is_dir():
        names = {path.name for path in index.iterdir()}
        if names and not names & {CURRENT, GENERATIONS, FILE_NAME, "LOCK"}:
            raise SettingsError(f"The folder {index} holds other files; give --index a new or empty one.")


@dataclass(slots=True)
class _Rebuild:
    """One attempt, with the lock held."""

    options: RebuildOptions
    progress: Progress
    started: float = 0.0

    def run(self) -> Report:
        self.started = time.perf_counter()
        serving = self._serving()
        if self.options.if_needed and serving:
            return self._untouched(serving)
        with self._cache() as cache:
            return self._run(cache, serving)

    def _run(self, cache: Cache, serving: str) -> Report:
        scan = self._gather(cache)
        known = bool(serving) and cache.get("generation") == serving and cache.get("made") == self._made_by()
        hold = holding.held(self.options.index)
        if hold is None and not scan.stop and known and resolving.same_texts(cache):
            articles = cache.count("SELECT count(*) FROM published")
            return self._report(cache, scan, serving, Changes(articles, articles, 0, 0, 0))
        if hold is None and not scan.stop:
            from index.rebuild.twins import find_twins

            with self.progress.stage("cluster"):
                find_twins(cache)
            give_back()
        changes = self._changes(cache, serving)
        if hold or scan.stop:
            return self._report(cache, scan, serving, changes, refused=scan.stop or str(hold), held=hold is not None)
        self.progress.stages["cluster"].count = changes.total
        if reason := judge(self.options, changes, *_counts(cache, scan), scan.ignored):
            return self._report(cache, scan, serving, changes, refused=reason)
        generation = self._publish(cache, changes, serving if known else "")
        return self._report(cache, scan, generation, changes, published=True)

    def _serving(self) -> str:
        """Return the id of the current generation if it is whole and of today's rules, else nothing."""
        try:
            found = check_generation(self.options.index, current_id(self.options.index))
            with contextlib.suppress(EngineUnavailable):  # whether it is whole will show
                port.verify(found.directory / ARCHIVE / ENGINE)
            return found.id
        except IndexUnusable:
            return ""

    @contextlib.contextmanager
    def _cache(self) -> Iterator[Cache]:
        path = self.options.index / FILE_NAME
        with translated(path), Cache(self.options.index, cache_version(), anew=self.options.full) as cache:
            yield cache

    def _made_by(self) -> str:
        """Return what a build depends on beside the articles."""
        engine = self.options.engine
        version = port.format_version(engine.get("engine", port.EMBEDDED))
        return f"{manifests.rules_fingerprint()} {version} {sorted(engine.items())}"

    def _gather(self, cache: Cache) -> Scan:
        """Read and extract until no input has changed meanwhile, and decide what becomes of each document."""
        options = self.options
        with Workers(options.jobs or cores(), options.time_limit, options.memory_limit) as workers:
            scanner = Scanner(cache, options, workers, self.progress)
            extraction = Extraction(cache, options, workers, self.progress, scanner.at_hand)
            for _ in range(_LOOKS):
                resolved = cache.get("resolved")
                cache.put("resolved", "")  # before anything is written, lest a killed run look like a finished one
                scan = scanner.scan()
                if scan.stop or (resolved and not scan.read and not scan.gone):
                    cache.put("resolved", resolved if not scan.read else "")
                    break  # all is as the last run left it, or is not to be looked at any further
                extraction.run()
                if not changed_since(cache) and not resolving.lacking(cache):
                    break
        if not cache.get("resolved") and not scan.stop:
            resolving.decide_fates(cache)
            cache.put("resolved", "yes")
        return scan

    def _changes(self, cache: Cache, serving: str) -> Changes:
        """Compare with what is served; if the cache does not know that, by count alone."""
        if serving and cache.get("generation") == serving:
            return resolving.compare(cache)
        total = cache.count("SELECT count(*) FROM outcomes WHERE fate = 'accepted'")
        return Changes(total, articles_before(self.options.index, cache), total, 0, 0)

    def _publish(self, cache: Cache, changes: Changes, before: str) -> str:
        """Build and publish; `before` is the generation that the changes were found against, if that is known."""
        options = self.options
        build = publishing.begin(options.index)
        base = "" if changes.added + changes.changed + changes.removed > _MAX_CHANGED * changes.total else before
        now = datetime.now(UTC).isoformat(timespec="seconds")
        seen = FirstSeen(options.index, now)
        try:
            publishing.start(build)  # in here, lest an interrupt between two lines leave the folder behind
            with self.progress.stage("build", changes.added + changes.changed if base else changes.total):
                self._build(cache, build, base, changes, seen)
            with self.progress.stage("publish"):
                settings = {"engine": dict(options.engine), "roots": [str(root) for root in options.roots]}
                publishing.seal(build, {"articles": changes.total}, settings)
                resolving.record_published(cache, build.id, before)
                cache.put("made", self._made_by())
                seen.commit()
                publishing.publish(options.index, build)
                with contextlib.suppress(sqlite3.DatabaseError):  # then the next run builds in full
                    cache.commit()
                publishing.prune(options.index, options.keep)
        except BaseException:
            publishing.discard(build)
            raise
        finally:
            seen.close()
        return build.id

    def _build(
        self, cache: Cache, build: publishing.Build, base: str, changes: Changes, seen: FirstSeen
    ) -> None:
        if base:
            try:
                self._build_on(cache, build, self._sound(base), seen)
                return
            except IndexUnusable as error:  # damage must not be sealed again as if it were whole
                _end_if_interrupted(error)
                publishing.discard_archive(build)
        self._build_all(cache, build, changes, seen)

    def _build_on(self, cache: Cache, build: publishing.Build, base: Path, seen: FirstSeen) -> None:
        """Build from the archive `base` and what differs.  Raises IndexUnusable."""
        from search.archive.building import ArchiveBuilder

        with ArchiveBuilder(build.archive, base=base, **self.options.engine) as builder:
            builder.remove(resolving.outdated_ids(cache))
            articles = [source.article() for source in resolving.accepted(cache, seen, only_changed=True)]
            builder.add(articles)
            self._note(seen, map(stamp, articles))

    def _build_all(self, cache: Cache, build: publishing.Build, changes: Changes, seen: FirstSeen) -> None:
        from search.archive.building import ArchiveBuilder

        options: dict[str, Any] = dict(self.options.engine)
        if changes.total >= _PARALLEL_FROM:
            options.setdefault("workers", self.options.jobs or cores())
        with ArchiveBuilder(build.archive, **options) as builder:
            for stamps in builder.make(resolving.accepted(cache, seen), stamp):
                self._note(seen, stamps)

    def _sound(self, base: str) -> Path:
        """Return the archive of the generation to increment, every byte checked.  Raises IndexUnusable.

        Those of the engine it checks itself as it opens them.
        """
        found = check_generation(self.options.index, base)
        manifests.check_full(found.directory, found.manifest, but=f"{ARCHIVE}/{ENGINE}")
        return found.directory / ARCHIVE

    def _note(self, seen: FirstSeen, stamps: Iterable[Stamp]) -> None:
        """Note when articles that were added were seen, and count them."""
        noted = list(stamps)
        seen.keep(noted)
        self.progress.step(len(noted))

    def _report(self, cache: Cache, scan: Scan, generation: str, changes: Changes, *, published: bool = False,
                refused: str = "", held: bool = False) -> Report:
        options = self.options
        now = datetime.now(UTC)
        listed = list_quarantine(options.index, [*scan.rejected, *resolving.rejects(cache)], now)
        unread = list_quarantine(options.index, scan.unreadable, now)
        # A run that has published did not fail: if the disk is full now, the next run writes the list.
        with contextlib.suppress(*([OSError] if published else [])):
            write_quarantine(options.index, [*listed, *unread])
        rejected, documents = _counts(cache, scan)
        indexed = changes.added + changes.changed
        over = options.max_rejects.exceeded(rejected, documents) and not refused
        return Report(
            generation=generation, published=published, files=scan.files, documents=documents, indexed=indexed,
            unchanged=changes.total - indexed, removed=changes.removed, ignored=dict(scan.ignored), notes=_notes(cache),
            rejected=listed,
            rejects=rejected, unreadable=unread,
            duplicate=cache.count("SELECT count(*) FROM outcomes WHERE fate = 'duplicate'"),
            articles=changes.before if refused else changes.total, seconds=time.perf_counter() - self.started,
            stages=dict(self.progress.stages), refused=refused, held=held,
            warning=too_many(options, rejected, documents) if over else unreadable(len(unread)),
        )

    def _untouched(self, serving: str) -> Report:
        """Return the report of a run that looked at no input, since the index is whole and of today's rules."""
        articles = check_generation(self.options.index, serving).manifest.counts.get("articles", 0)
        listed = tuple(read_quarantine(self.options.index))
        return Report(
            generation=serving, published=False, files=0, documents=0, indexed=0, unchanged=0, duplicate=0, removed=0,
            ignored={}, rejected=listed, rejects=len(listed), articles=articles,
            seconds=time.perf_counter() - self.started, skipped=True,
        )


def _counts(cache: Cache, scan: Scan) -> tuple[int, int]:
    """Return how many documents were rejected, and how many there are."""
    rejected, documents = resolving.counts(cache)
    return rejected + len(scan.rejected), documents + len(scan.rejected)


def _notes(cache: Cache) -> tuple[FileNote, ...]:
    """Return what is worth telling of the files, those that this run read first."""
    query = """SELECT shown, text, coalesce(read, 0) FROM notes JOIN files ON id = notes.file
               LEFT JOIN seen ON seen.file = notes.file ORDER BY coalesce(read, 0) DESC, path"""
    return tuple(FileNote(path, text, bool(read)) for path, text, read in cache.db.execute(query))
