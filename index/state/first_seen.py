"""When the archive first had each article, and since when its text is as it is: what feeds are ordered by.

Kept beside the generations, since it must outlive them and the cache: an article that a full rebuild reads again is not
new.  It is committed before the generation that uses it is published; if that fails, the next rebuild finds the same.
"""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Final

from search.article import Article

FILE_NAME: Final = "first-seen.sqlite"
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, first TEXT, updated TEXT, digest BLOB) WITHOUT ROWID"
)


class FirstSeen:
    """The times of one index directory, for one rebuild that begins at the ISO time `now`."""

    def __init__(self, index: Path, now: str) -> None:
        self._now = now
        path = index / FILE_NAME
        try:
            self._db = self._open(path)
        except sqlite3.DatabaseError:  # damaged: it is set aside, and every article is as new as the index
            with suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
            self._db = self._open(path)

    def _open(self, path: Path) -> sqlite3.Connection:
        db = sqlite3.connect(path)
        db.execute(_TABLE)
        return db

    def stamped(self, article: Article) -> Article:
        """Return an article with the times at which the archive first had it and its present text."""
        text = f"{article.title}\n{article.body}".encode("utf-8", "surrogatepass")
        digest = blake2b(text, digest_size=8).digest()
        known = self._db.execute("SELECT first, updated, digest FROM seen WHERE id = ?", (article.id,)).fetchone()
        first, updated = (known[0], known[1]) if known else (self._now, self._now)
        if known and known[2] != digest:
            updated = self._now
        if not known or known[2] != digest:
            self._db.execute("REPLACE INTO seen VALUES (?, ?, ?, ?)", (article.id, first, updated, digest))
        return replace(article, first_seen=first, updated=updated)

    def commit(self) -> None:
        """Keep the times of this rebuild."""
        self._db.commit()

    def close(self) -> None:
        """Release the file; what was not committed is forgotten."""
        self._db.close()
