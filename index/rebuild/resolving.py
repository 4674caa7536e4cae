"""Stage 5 of a rebuild: what becomes of each document, which articles are twins, and what changed.

Every document ends as accepted, duplicate or rejected.  Duplicate is the same thing met again: a second name of
one file (a link), or a record with the id and the content of an earlier one.  A copy under another name is an
article of its own, and a twin of the first.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from index.read.records import Rejected
from index.rebuild.scanning import BEING_WRITTEN
from index.state.cache import Cache, CacheDamaged
from index.state.first_seen import FirstSeen, When
from index.state.packing import unpack, unpacked_size
from search.article import Article

#: Whose fates are decided anew: what was touched, and what has an id of anything touched, before or now.
_STALE: Final = """
INSERT OR IGNORE INTO stale
SELECT id FROM outcomes WHERE digest IN (SELECT digest FROM touched) AND id IS NOT NULL
UNION SELECT r.article FROM documents d CROSS JOIN results r ON r.document = d.id
      WHERE d.digest IN (SELECT digest FROM touched) AND r.article IS NOT NULL
"""
_IS_STALE: Final = "digest IN (SELECT digest FROM touched) OR id IN (SELECT id FROM stale)"
#: Contents to look at for that: a document's copies decide whether it is a duplicate.
_AROUND: Final = """WHERE d.digest IN (SELECT digest FROM touched UNION SELECT n.digest FROM stale s
    CROSS JOIN results q ON q.article = s.id CROSS JOIN documents n ON n.id = q.document)"""
_FATES: Final = f"""
INSERT INTO outcomes (document, id, digest, fate, reason)
SELECT * FROM (
    SELECT d.id, r.article AS id, d.digest AS digest,
           CASE WHEN coalesce(d.reason, r.reason, '-') = '' THEN 'accepted' ELSE 'rejected' END,
           coalesce(d.reason, r.reason, '{BEING_WRITTEN}')
    FROM documents d LEFT JOIN results r ON r.document = d.id {{around}})
WHERE {{chosen}}
"""
#: A second name of one file (a link) is a duplicate.
_SAME_FILES: Final = """
UPDATE outcomes SET fate = 'duplicate' WHERE document IN (SELECT id FROM (
    SELECT d.id, row_number() OVER (PARTITION BY f.inode, d.digest, d.number ORDER BY f.path) AS place
    FROM (SELECT inode FROM files GROUP BY inode HAVING count(*) > 1) t CROSS JOIN files f ON f.inode = t.inode
    CROSS JOIN documents d ON d.file = f.id CROSS JOIN outcomes o ON o.document = d.id WHERE o.fate = 'accepted'
) WHERE place > 1)
"""
_SAME_IDS: Final = """
UPDATE outcomes SET fate = CASE WHEN digest = first.content THEN 'duplicate' ELSE 'rejected' END,
                    reason = 'the id ' || id || ' is already used by ' || first.shown
FROM (SELECT o.id AS taken, {shown} AS shown, o.digest AS content, o.document AS doc,
             row_number() OVER (PARTITION BY o.id ORDER BY f.path, d.number) AS place
      FROM (SELECT id FROM outcomes WHERE fate = 'accepted' {chosen} GROUP BY id HAVING count(*) > 1) t
      CROSS JOIN outcomes o ON o.fate = 'accepted' AND o.id = t.id
      CROSS JOIN documents d ON d.id = o.document CROSS JOIN files f ON f.id = d.file) AS first
WHERE fate = 'accepted' AND id = taken AND place = 1 AND document != doc
"""
#: How a document `d` of file `f` is shown.
_SHOWN: Final = "f.shown || coalesce(d.place, '#' || (d.number + 1))"
_PLACES: Final = "CROSS JOIN documents d ON d.id = o.document CROSS JOIN files f ON f.id = d.file"
#: Candidates that are accepted, and ones that are published; CROSS JOIN keeps SQLite from starting with the big tables.
ACCEPTED = """candidates c CROSS JOIN outcomes o ON o.fate = 'accepted' AND o.id = c.id
               CROSS JOIN results r ON r.document = o.document"""
_NEW = f"{ACCEPTED} LEFT JOIN published p ON p.id = c.id"
_OLD = """candidates c CROSS JOIN published p ON p.id = c.id
          LEFT JOIN outcomes o ON o.fate = 'accepted' AND o.id = c.id LEFT JOIN results r ON r.document = o.document"""
_DIFFERS = "(p.mark, p.cluster) IS NOT (r.mark, o.cluster)"


@dataclass(frozen=True, slots=True)
class Changes:
    """Article counts against the published generation; `total` is after, `before` before."""

    total: int
    before: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Cached:
    """The source of an article: `data` of the cache at `place`, and what may change while that stays.

    That is the `cluster` of its twins, how its file is `shown`, and `when` it was seen.
    """

    id: str
    data: bytes
    cluster: str
    shown: str
    when: When
    place: Path

    @property
    def size(self) -> int:
        """Letters, about: three for four bytes, as Vietnamese has them."""
        return unpacked_size(self.data) * 3 // 4

    def article(self) -> Article:
        """Return the article.  Raises CacheDamaged."""
        try:
            made = unpack(self.data)
            first, updated = self.when.times(made)
            return replace(made, cluster=self.cluster, path=self.shown, first_seen=first, updated=updated)
        except (ValueError, TypeError) as error:
            raise CacheDamaged(f"The cache {self.place} is damaged: {error}.") from error


def decide_fates(cache: Cache) -> None:
    """Bring `outcomes` up to date with the documents and their results, and note whose articles may differ now."""
    db = cache.db
    if cache.touched_all:
        db.execute("DELETE FROM outcomes")
        db.execute(_FATES.format(around="ORDER BY d.id", chosen="true"))
        db.execute(_SAME_FILES)
        db.execute(_SAME_IDS.format(shown=_SHOWN, chosen=""))
        _suspect_all(cache)
    else:
        db.execute("CREATE TEMP TABLE IF NOT EXISTS stale (id TEXT PRIMARY KEY) WITHOUT ROWID")
        db.execute("DELETE FROM stale")
        db.execute(_STALE)
        db.execute(f"DELETE FROM outcomes WHERE {_IS_STALE}")
        db.execute(_FATES.format(around=_AROUND, chosen=_IS_STALE))
        db.execute(_SAME_FILES)
        db.execute(_SAME_IDS.format(shown=_SHOWN, chosen="AND id IN (SELECT id FROM stale)"))
        db.execute("INSERT OR IGNORE INTO candidates SELECT id FROM stale")
    cache.touch_nothing()


def _suspect_all(cache: Cache) -> None:
    """Note that any article may differ from the published one."""
    cache.db.execute("INSERT OR IGNORE INTO candidates SELECT id FROM outcomes WHERE fate = 'accepted' "
                     "UNION SELECT id FROM published")


def lacking(cache: Cache) -> bool:
    """Return whether documents have no result: their file changed between two looks at it."""
    query = """SELECT EXISTS (SELECT 1 FROM documents d WHERE d.made = 0
               AND NOT EXISTS (SELECT 1 FROM results r WHERE r.document = d.id))"""
    return bool(cache.count(query))


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


def accepted(cache: Cache, seen: FirstSeen, only_changed: bool = False) -> Iterator[Cached]:
    """Yield what the accepted articles are made of, in the order of their ids.  Raises CacheDamaged."""
    chosen = f"{_NEW} JOIN payloads a ON a.document = o.document {_PLACES} WHERE {_DIFFERS}"
    if not only_changed:
        chosen = f"outcomes o CROSS JOIN payloads a ON a.document = o.document {_PLACES} WHERE o.fate = 'accepted'"
    query = f"SELECT o.id, a.data, o.cluster, {_SHOWN} FROM {chosen} ORDER BY o.id"
    try:
        for name, data, cluster, shown in cache.db.execute(query):
            yield Cached(name, data, cluster, shown, seen.when(name), cache.path)
    except sqlite3.DatabaseError as error:
        raise CacheDamaged(f"The cache {cache.path} is damaged: {error}.") from error


def outdated_ids(cache: Cache) -> list[str]:
    """Return the ids of published articles that are gone or changed."""
    return [name for (name,) in cache.db.execute(f"SELECT p.id FROM {_OLD} WHERE {_DIFFERS} ORDER BY p.id")]


def rejects(cache: Cache) -> Iterator[Rejected]:
    """Yield the rejected documents in the order of their paths."""
    query = f"SELECT {_SHOWN}, o.reason FROM outcomes o {_PLACES} WHERE o.fate = 'rejected' ORDER BY f.path, d.number"
    for shown, reason in cache.db.execute(query):
        yield Rejected(shown, reason)


def counts(cache: Cache) -> tuple[int, int]:
    """Return how many documents are rejected, and how many there are; of some rejects only the number is known."""
    unlisted = cache.count("SELECT sum(times - 1) FROM documents WHERE times > 1")
    rejected = cache.count("SELECT count(*) FROM outcomes WHERE fate = 'rejected'")
    return rejected + unlisted, cache.count("SELECT count(*) FROM outcomes") + unlisted


def record_published(cache: Cache, generation: str, before: str) -> None:
    """Note what the generation about to be published is made of; the caller commits once it is published.

    `before` is the generation that the changes were found against; without one, everything is noted anew.
    """
    if not before:
        _suspect_all(cache)
    cache.db.execute("DELETE FROM published WHERE id IN (SELECT id FROM candidates)")
    cache.db.execute(f"INSERT INTO published SELECT o.id, r.mark, o.cluster FROM {ACCEPTED}")
    cache.db.execute("DELETE FROM candidates")
    cache.put("generation", generation)
