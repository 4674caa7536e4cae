"""Stage 5 of a rebuild: what becomes of each document, which articles are twins, and what changed.

Every document ends as accepted, duplicate or rejected.  Duplicate is the same thing met again: a second name of
one file (a link), or a record with the id and the content of an earlier one.  A copy under another name is an
article of its own, and a twin of the first.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from index.read.records import Rejected
from index.rebuild.scanning import BEING_WRITTEN
from index.state.cache import Cache, CacheDamaged
from index.state.packing import unpack
from search.article import Article

#: More digests than this are not worth a look at each one's neighbours.
_MAX_TOUCHED: Final = 5_000
#: Whose fates are decided anew: what was touched, and what has an id of anything touched, before or now.
_STALE = """
INSERT OR IGNORE INTO stale
SELECT id FROM outcomes WHERE digest IN (SELECT digest FROM touched) AND id IS NOT NULL
UNION SELECT r.id FROM documents d CROSS JOIN results r ON r.key = d.key WHERE d.digest IN (SELECT digest FROM touched)
"""
_IS_STALE = "digest IN (SELECT digest FROM touched) OR id IN (SELECT id FROM stale)"
#: Contents to look at for that: a document's copies decide whether it is a duplicate.
_AROUND = """WHERE d.digest IN (SELECT digest FROM touched
    UNION SELECT n.digest FROM stale s CROSS JOIN results q ON q.id = s.id CROSS JOIN documents n ON n.key = q.key)"""
_FATES = f"""
INSERT INTO outcomes (file, number, shown, id, key, digest, fate, reason)
SELECT file, number, shown, id, key, digest,
       CASE WHEN why != '' THEN 'rejected' WHEN place > 1 THEN 'duplicate' ELSE 'accepted' END, why
FROM (SELECT *, row_number() OVER (PARTITION BY why != '', inode, digest, number ORDER BY file) AS place
      FROM (SELECT d.file, d.number, d.shown, d.digest, d.key, r.id, f.inode,
                   coalesce(d.reason, CASE WHEN r.key IS NULL THEN '{BEING_WRITTEN}' ELSE r.reason END) AS why
            FROM documents d JOIN files f ON f.path = d.file LEFT JOIN results r USING (key) {{around}}))
WHERE {{chosen}}
"""
_SAME_IDS = """
UPDATE outcomes SET fate = CASE WHEN digest = first.content THEN 'duplicate' ELSE 'rejected' END,
                    reason = 'the id ' || id || ' is already used by ' || first.shown
FROM (SELECT id AS taken, shown, digest AS content, file AS f, number AS n,
             row_number() OVER (PARTITION BY id ORDER BY file, number) AS place
      FROM outcomes WHERE fate = 'accepted' {chosen}) AS first
WHERE fate = 'accepted' AND id = taken AND place = 1 AND (file, number) != (f, n)
"""
_CURRENT = "outcomes o JOIN results r ON r.key = o.key"
#: Candidates that are accepted, and ones that are published; CROSS JOIN keeps SQLite from starting with the big tables.
_NEW = """candidates c CROSS JOIN outcomes o ON o.fate = 'accepted' AND o.id = c.id
          CROSS JOIN results r ON r.key = o.key LEFT JOIN published p ON p.id = c.id"""
_OLD = """candidates c CROSS JOIN published p ON p.id = c.id
          LEFT JOIN outcomes o ON o.fate = 'accepted' AND o.id = c.id LEFT JOIN results r ON r.key = o.key"""
_DIFFERS = "(p.mark, p.cluster) IS NOT (r.mark, o.cluster)"


@dataclass(frozen=True, slots=True)
class Changes:
    """Article counts against the published generation; `total` is after, `before` before."""

    total: int
    before: int
    added: int
    changed: int
    removed: int


def decide_fates(cache: Cache) -> None:
    """Bring `outcomes` up to date with the documents and their results, and note whose articles may differ now."""
    db = cache.db
    db.execute("CREATE TEMP TABLE IF NOT EXISTS stale (id TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("DELETE FROM stale")
    few = cache.count("SELECT count(*) FROM touched") <= _MAX_TOUCHED
    if few:
        db.execute(_STALE)
        db.execute(f"DELETE FROM outcomes WHERE {_IS_STALE}")
        db.execute(_FATES.format(around=_AROUND, chosen=_IS_STALE))
        db.execute(_SAME_IDS.format(chosen="AND id IN (SELECT id FROM stale)"))
        db.execute("INSERT OR IGNORE INTO candidates SELECT id FROM stale")
    else:
        db.execute("DELETE FROM outcomes")
        db.execute(_FATES.format(around="", chosen="true"))
        db.execute(_SAME_IDS.format(chosen=""))
        _suspect_all(cache)
    db.execute("DELETE FROM touched")


def _suspect_all(cache: Cache) -> None:
    """Note that any article may differ from the published one."""
    cache.db.execute("INSERT OR IGNORE INTO candidates SELECT id FROM outcomes WHERE fate = 'accepted' "
                     "UNION SELECT id FROM published")


def lacking(cache: Cache) -> bool:
    """Return whether documents have no result: their file changed between two looks at it."""
    query = """SELECT EXISTS (SELECT 1 FROM documents d LEFT JOIN results r USING (key)
               WHERE d.reason IS NULL AND r.key IS NULL)"""
    return bool(cache.count(query))


def find_twins(cache: Cache) -> None:
    """Mark near-duplicates among the accepted with the id of their cluster."""
    from index.clusters.near_duplicates import cluster

    query = f"SELECT o.id, r.sort_key, r.signature, o.cluster FROM {_CURRENT} WHERE o.fate = 'accepted' ORDER BY o.id"
    rows = cache.db.execute(query).fetchall()
    found = cluster((name, date, sign) for name, date, sign, _ in rows)
    moved = [(new, name) for name, _, _, old in rows if (new := found.get(name, "")) != old]
    cache.db.executemany("UPDATE outcomes SET cluster = ? WHERE fate = 'accepted' AND id = ?", moved)
    cache.db.executemany("INSERT OR IGNORE INTO candidates VALUES (?)", ((name,) for _, name in moved))


def same_texts(cache: Cache) -> bool:
    """Return whether exactly the published articles are accepted, not looking at twins (which follow from them)."""
    now = f"SELECT 1 FROM {_NEW} WHERE p.mark IS NOT r.mark"
    before = f"SELECT 1 FROM {_OLD} WHERE o.id IS NULL"
    return not cache.count(f"SELECT EXISTS ({now}) OR EXISTS ({before})")


def compare(cache: Cache) -> Changes:
    """Compare the accepted articles, with their clusters, with the published ones."""
    total = cache.count("SELECT count(*) FROM outcomes WHERE fate = 'accepted'")
    before = cache.count("SELECT count(*) FROM published")
    added = cache.count(f"SELECT count(*) FROM {_NEW} WHERE p.id IS NULL")
    changed = cache.count(f"SELECT count(*) FROM {_NEW} WHERE p.id IS NOT NULL AND {_DIFFERS}")
    return Changes(total, before, added, changed, before + added - total)


def articles(cache: Cache, only_changed: bool = False) -> Iterator[Article]:
    """Yield the accepted articles in the order of their ids.  Raises CacheDamaged."""
    chosen = f"{_NEW} JOIN payloads ON payloads.key = o.key WHERE {_DIFFERS}"
    if not only_changed:
        chosen = f"{_CURRENT} JOIN payloads USING (key) WHERE o.fate = 'accepted'"
    try:
        for data, cluster, shown in cache.db.execute(f"SELECT data, o.cluster, o.shown FROM {chosen} ORDER BY o.id"):
            yield replace(unpack(data), cluster=cluster, path=shown)
    except (ValueError, TypeError, sqlite3.DatabaseError) as error:
        raise CacheDamaged(f"The cache {cache.path} is damaged: {error}.") from error


def outdated_ids(cache: Cache) -> list[str]:
    """Return the ids of published articles that are gone or changed."""
    return [name for (name,) in cache.db.execute(f"SELECT p.id FROM {_OLD} WHERE {_DIFFERS} ORDER BY p.id")]


def rejects(cache: Cache) -> Iterator[Rejected]:
    """Yield the rejected documents in the order of their paths."""
    query = "SELECT shown, reason FROM outcomes WHERE fate = 'rejected' ORDER BY file, number"
    for shown, reason in cache.db.execute(query):
        yield Rejected(shown, reason)


def record_published(cache: Cache, generation: str, before: str) -> None:
    """Note what the generation about to be published is made of; the caller commits once it is published.

    `before` is the generation that the changes were found against; without one, everything is noted anew.
    """
    if not before:
        _suspect_all(cache)
    new = f"SELECT o.id, r.mark, o.cluster FROM {_NEW}"
    rows = cache.db.execute(new).fetchall()
    cache.db.execute("DELETE FROM published WHERE id IN (SELECT id FROM candidates)")
    cache.db.executemany("INSERT INTO published VALUES (?, ?, ?)", rows)
    cache.db.execute("DELETE FROM candidates")
    cache.put("generation", generation)
