"""Stage 4 of a rebuild: what becomes of each document, which articles are twins, and what changed.

Every document ends as accepted, duplicate or rejected.  Duplicate is the same thing met again: a second name of
one file (a link), or a record with the id and the content of an earlier one.  A copy under another name is an
article of its own, and a twin of the first.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.cache import Cache, CacheDamaged
from index.packing import unpack
from index.records import Rejected
from index.scanning import BEING_WRITTEN
from search.article import Article

_FATES = f"""
INSERT INTO outcomes (file, number, shown, id, key, digest, fate, reason)
SELECT file, number, shown, id, key, digest,
       CASE WHEN why != '' THEN 'rejected' WHEN place > 1 THEN 'duplicate' ELSE 'accepted' END, why
FROM (SELECT *, row_number() OVER (PARTITION BY why != '', inode, digest, number ORDER BY file) AS place
      FROM (SELECT d.file, d.number, d.shown, d.digest, d.key, r.id, f.inode,
                   coalesce(d.reason, CASE WHEN r.key IS NULL THEN '{BEING_WRITTEN}' ELSE r.reason END) AS why
            FROM documents d JOIN files f ON f.path = d.file LEFT JOIN results r USING (key)))
"""
_SAME_IDS = """
UPDATE outcomes SET fate = CASE WHEN digest = first.content THEN 'duplicate' ELSE 'rejected' END,
                    reason = 'the id ' || id || ' is already used by ' || first.shown
FROM (SELECT id AS taken, shown, digest AS content, file AS f, number AS n,
             row_number() OVER (PARTITION BY id ORDER BY file, number) AS place
      FROM outcomes WHERE fate = 'accepted') AS first
WHERE fate = 'accepted' AND id = taken AND place = 1 AND (file, number) != (f, n)
"""
_CURRENT = "outcomes o JOIN results r ON r.key = o.key"


@dataclass(frozen=True, slots=True)
class Changes:
    """Article counts against the published generation; `total` is after, `before` before."""

    total: int
    before: int
    added: int
    changed: int
    removed: int

    @property
    def any(self) -> bool:
        """Return whether anything differs."""
        return bool(self.added or self.changed or self.removed)


def decide_fates(cache: Cache) -> None:
    """Fill `outcomes` from the documents and their results."""
    cache.db.execute("DELETE FROM outcomes")
    cache.db.execute(_FATES)
    cache.db.execute(_SAME_IDS)


def lacking(cache: Cache) -> bool:
    """Return whether documents have no result: their file changed between two looks at it."""
    query = """SELECT EXISTS (SELECT 1 FROM documents d LEFT JOIN results r USING (key)
               WHERE d.reason IS NULL AND r.key IS NULL)"""
    return bool(cache.count(query))


def find_twins(cache: Cache) -> None:
    """Mark near-duplicates among the accepted with the id of their cluster."""
    from index.clusters import cluster

    query = f"SELECT o.id, r.sort_key, r.signature FROM {_CURRENT} WHERE o.fate = 'accepted' ORDER BY o.id"
    found = cluster(tuple(row) for row in cache.db.execute(query))
    cache.db.executemany("UPDATE outcomes SET cluster = ? WHERE fate = 'accepted' AND id = ?",
                         ((name, article) for article, name in found.items()))


def same_texts(cache: Cache) -> bool:
    """Return whether exactly the published articles are accepted, not looking at twins (which follow from them)."""
    accepted = f"SELECT o.id, r.mark FROM {_CURRENT} WHERE o.fate = 'accepted'"
    published = "SELECT id, mark FROM published"
    query = f"SELECT EXISTS ({accepted} EXCEPT {published}) OR EXISTS ({published} EXCEPT {accepted})"
    return not cache.count(query)


def compare(cache: Cache) -> Changes:
    """Compare the accepted articles, with their clusters, with the published ones."""
    total = cache.count("SELECT count(*) FROM outcomes WHERE fate = 'accepted'")
    before = cache.count("SELECT count(*) FROM published")
    query = f"""SELECT count(*), coalesce(sum((p.mark, p.cluster) != (r.mark, o.cluster)), 0)
                FROM {_CURRENT} JOIN published p ON p.id = o.id WHERE o.fate = 'accepted'"""
    common, changed = cache.db.execute(query).fetchone()
    return Changes(total, before, total - common, changed, before - common)


def articles(cache: Cache, only_changed: bool = False) -> Iterator[Article]:
    """Yield the accepted articles in the order of their ids.  Raises CacheDamaged."""
    differs = "AND (p.id IS NULL OR (p.mark, p.cluster) != (r.mark, o.cluster))" if only_changed else ""
    query = f"""SELECT data, o.cluster, o.shown FROM {_CURRENT} JOIN payloads USING (key)
                LEFT JOIN published p ON p.id = o.id WHERE o.fate = 'accepted' {differs} ORDER BY o.id"""
    try:
        for data, cluster, shown in cache.db.execute(query):
            yield replace(unpack(data), cluster=cluster, path=shown)
    except (ValueError, TypeError, sqlite3.DatabaseError) as error:
        raise CacheDamaged(f"The cache {cache.path} is damaged: {error}.") from error


def outdated_ids(cache: Cache) -> list[str]:
    """Return the ids of published articles that are gone or changed."""
    now = f"SELECT o.id, r.mark, o.cluster FROM {_CURRENT} WHERE o.fate = 'accepted'"
    query = f"""SELECT p.id FROM published p LEFT JOIN ({now}) n
                ON n.id = p.id WHERE n.id IS NULL OR (p.mark, p.cluster) != (n.mark, n.cluster) ORDER BY p.id"""
    return [name for (name,) in cache.db.execute(query)]


def rejects(cache: Cache) -> Iterator[Rejected]:
    """Yield the rejected documents in the order of their paths."""
    query = "SELECT shown, reason FROM outcomes WHERE fate = 'rejected' ORDER BY file, number"
    for shown, reason in cache.db.execute(query):
        yield Rejected(shown, reason)


def record_published(cache: Cache, generation: str) -> None:
    """Note what the generation about to be published is made of; the caller commits once it is published."""
    cache.db.execute("DELETE FROM published")
    cache.db.execute(f"INSERT INTO published SELECT o.id, r.mark, o.cluster FROM {_CURRENT} WHERE o.fate = 'accepted'")
    cache.put("generation", generation)
