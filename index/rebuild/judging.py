"""Stage 6 of a rebuild: may what was found be published?

A first generation is published with any number of rejects: there is nothing better to keep.
"""

from collections.abc import Mapping
from pathlib import Path

from index.read.files import HIDDEN
from index.read.kinds import ENDINGS
from index.rebuild.options import RebuildOptions
from index.rebuild.resolving import Changes
from index.state.cache import Cache
from search.archive import manifest as manifests
from search.archive.generations import GENERATIONS, current_id, generation_ids
from search.errors import IndexUnusable


def judge(options: RebuildOptions, changes: Changes, rejected: int, documents: int,
          ignored: Mapping[str, int]) -> str:
    """Return why nothing may be published, empty if it may."""
    if not changes.total:
        return _nothing_found(options, documents)
    if options.strict_files and (not_read := sum(count for kind, count in ignored.items() if kind != HIDDEN)):
        return (f"{not_read} files are not read (--strict-files): move them away, or convert them; "
                "`dau look` tells their kinds")
    lost = changes.before - changes.total
    if changes.before and options.max_shrink.exceeded(lost, changes.before):
        return (f"the archive would shrink from {changes.before} to {changes.total} articles, more than "
                f"--max-shrink ({options.max_shrink}): see whether a disk is not mounted, or give a higher limit")
    if changes.before and options.max_rejects.exceeded(rejected, documents):
        return too_many(options, rejected, documents)
    return ""


def too_many(options: RebuildOptions, rejected: int, documents: int) -> str:
    """Return the sentence about too many rejects."""
    return (f"{rejected} of {documents} documents were rejected, more than --max-rejects ({options.max_rejects}): "
            "see why, or give a higher limit")


def unreadable(count: int) -> str:
    """Return the sentence about inputs that could not be read this time."""
    return f"{count} files or folders can't be read; the articles known of them stay" if count else ""


def _nothing_found(options: RebuildOptions, documents: int) -> str:
    if documents:
        return f"none of {documents} documents is an article"
    places = ", ".join(map(str, options.roots))
    return f"there is no file to read in {places}; file names must end in one of {' '.join(ENDINGS)}"


def articles_before(index: Path, cache: Cache) -> int:
    """Return how many articles the last generation had, whatever is damaged of it: of its manifest, of what the cache
    notes at each publication, of the manifests of older ones, the first that can be read.
    """  # fmt: skip
    try:
        return _articles(index, current_id(index))
    except IndexUnusable:
        pass
    if cache.get("generation"):
        return cache.count("SELECT count(*) FROM published")
    for name in generation_ids(index):
        try:
            return _articles(index, name)
        except IndexUnusable:
            continue
    return 0


def _articles(index: Path, name: str) -> int:
    return manifests.read(index / GENERATIONS / name).counts.get("articles", 0)
