"""What the cache knows of input files: which were met in this run, what is in them, which are gone."""

from typing import Any, Final

from index.state.cache import Cache

#: Below a folder: names sort between `folder/` and `folder0`, the sign after the slash.
_BELOW: Final = "(path = ? OR (path >= ? AND path < ?))"
_SEEN: Final = "INSERT OR IGNORE INTO seen SELECT id, 0 FROM files WHERE "
_ROW: Final = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TAKE_IN: Final = """INSERT INTO documents (file, number, place, digest, site, made, reason, times)
    SELECT ?, number, place, digest, site, made, reason, times FROM incoming WHERE digest IS NOT NULL"""
_REPLACED: Final = "file = ? AND (number < 0 OR number IN (SELECT number FROM incoming))"


class KnownFiles:
    """Begins a run with no file seen; paths are bytes, as the file system has them."""

    def __init__(self, cache: Cache) -> None:
        self._cache, self._db = cache, cache.db
        self._db.execute("DELETE FROM seen")
        self._last = cache.count("SELECT max(id) FROM files")

    def find(self, place: bytes) -> tuple[int, tuple[Any, ...] | None]:
        """Return the number of a file, a new one if it is not known, and how it was when it was read."""
        query = "SELECT id, size, mtime, ctime, inode, settled, shown, relative FROM files WHERE path = ?"
        row = self._db.execute(query, (place,)).fetchone()
        if row:
            return row[0], row[1:]
        self._last += 1
        return self._last, None

    def see(self, file: int, read: bool) -> None:
        """Note that a file is there."""
        self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (file, read))

    def note(self, file: int, text: str) -> None:
        """Keep what is worth telling of a file, `""` for nothing."""
        self._db.execute("DELETE FROM notes WHERE file = ?", (file,))
        if text:
            self._db.execute("INSERT INTO notes VALUES (?, ?)", (file, text))

    def read_anew(self) -> None:
        """Have every file read again, since it would now be read in another way."""
        self._db.execute("UPDATE files SET settled = -1")

    def keep(self, place: bytes) -> int:
        """Note that what is known at a place, and below it, still holds; return how many files that are."""
        return self._db.execute(_SEEN + _BELOW, _range(place)).rowcount

    def known_once(self, place: bytes) -> bool:
        """Say whether an older cache knew files at a place or below it, and nothing is known of them now."""
        return bool(self._cache.count(f"SELECT EXISTS (SELECT 1 FROM once WHERE {_BELOW})", *_range(place)))

    def lost(self, root: bytes) -> int:
        """Return how many files are known at a place or below it, if not one of them was seen; else 0."""
        below = f"FROM files WHERE {_BELOW}"
        if self._cache.count(f"SELECT EXISTS (SELECT 1 {below} AND id IN (SELECT file FROM seen))", *_range(root)):
            return 0
        return self._cache.count(f"SELECT count(*) {below}", *_range(root))

    def replace(self, file: int, row: tuple[Any, ...], fresh: bool) -> None:
        """Put what is incoming in the place of what was known of a file: of all of it, if none of it holds now."""
        gone = "file = ?" if fresh else _REPLACED
        self._cache.touch(f"SELECT digest FROM documents WHERE {gone}", file)
        self._remove(gone, file)
        self._cache.touch("SELECT digest FROM incoming WHERE digest IS NOT NULL")
        self._db.execute(_TAKE_IN, (file,))
        self._db.execute("DELETE FROM incoming")
        self._db.execute(_ROW, (file, *row))
        self._db.execute("DELETE FROM once WHERE path = ?", row[:1])

    def forget_unseen(self) -> int:
        """Forget the files that were not seen, and those of older caches that were not read; return how many."""
        self._db.execute("DELETE FROM once")
        unseen = self._db.execute("SELECT id FROM files WHERE id NOT IN (SELECT file FROM seen)").fetchall()
        for (file,) in unseen:
            self._cache.touch("SELECT digest FROM documents WHERE file = ?", file)
            self._remove("file = ?", file)
            self._db.execute("DELETE FROM files WHERE id = ?", (file,))
            self.note(file, "")
        return len(unseen)

    def _remove(self, which: str, file: int) -> None:
        chosen = f"(SELECT id FROM documents WHERE {which})"
        for table in ("results", "payloads"):
            self._db.execute(f"DELETE FROM {table} WHERE document IN {chosen}", (file,))
        self._db.execute(f"DELETE FROM documents WHERE {which}", (file,))


def _range(place: bytes) -> tuple[bytes, bytes, bytes]:
    folder = place.rstrip(b"/")
    return place, folder + b"/", folder + b"0"
