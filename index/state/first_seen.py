"""When the archive first had each article, and since when its text is as it is: what feeds are ordered by.

Kept beside the generations, since it must outlive them and the cache: an article that a full rebuild reads again is not
new.  It is committed before the generation that uses it is published; if that fails, the next rebuild finds the same.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from search.article import Article

FILE_NAME: Final = "first-seen.sqlite"
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, first TEXT, updated TEXT, digest BLOB) WITHOUT ROWID"
)


#: Id, when it was first had, since when its text is as it is, digest of the text.
Stamp = tuple[str, str, str, bytes]


@dataclass(frozen=True, slots=True)
class When:
    """The ISO time `now`, and what was known before of an article: its times and the digest of its text, or nothing."""

    now: str
    known: tuple[str, str, bytes] | None

    def times(self, article: Article) -> tuple[str, str]:
        """Return when the archive first had an article, and its present text."""
        if self.known is None:
            return self.now, self.now
        first, updated, digest = self.known
        return first, updated if digest == _digest(article) else self.now


def stamp(article: Article) -> Stamp:
    """Return what is noted of an article that has its times."""
    return article.id, article.first_seen, article.updated, _digest(article)


def _digest(article: Article) -> bytes:
    return blake2b(f"{article.title}\n{article.body}".encode("utf-8", "surrogatepass"), digest_size=8).digest()


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

    def when(self, id: str) -> "When":
        """Return what is known of an article, to stamp it with."""
        query = "SELECT first, updated, digest FROM seen WHERE id = ?"
        return When(self._now, self._db.execute(query, (id,)).fetchone())

    def keep(self, articles: Iterable[Stamp]) -> None:
        """Note the times of articles: of those that are new, or have another text now."""
        rows = (each for each in articles if each[2] == self._now)
        self._db.executemany("REPLACE INTO seen VALUES (?, ?, ?, ?)", rows)

    def commit(self) -> None:
        """Keep the times of this rebuild."""
        self._db.commit()

    def close(self) -> None:
        """Release the file; what was not committed is forgotten."""
        self._db.close()
