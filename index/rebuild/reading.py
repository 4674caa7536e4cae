"""One file as it is read, beside what is known of it: what differs is gathered until the file is at its end."""

from collections.abc import Iterator
from typing import Any, Final

from index.read.documents import Document
from index.read.files import InputFile
from index.read.limits import More
from index.read.records import Rejected, Unreadable
from index.state.cache import Cache

#: Numbers of what is no document: a file that can't be read, or not to its end; rejects that are only counted.
WHOLE_FILE: Final = -1
_OTHERS: Final = -2
#: Rows that are written together.
_ROWS: Final = 2_000
_KNOWN: Final = """SELECT number, digest, site, reason, place FROM documents WHERE file = ? AND number >= 0
                   ORDER BY number"""
_INSERT: Final = "INSERT OR REPLACE INTO incoming VALUES (?, ?, ?, ?, ?, ?, ?)"

Known = tuple[int, bytes, int | None, str | None, str | None]


class Reading:
    """Compares the documents of a file with those known, in the order of their numbers.

    `fresh`: nothing that is known of them holds.  `end` tells why the file could not be read to its end.
    """

    def __init__(self, cache: Cache, file: int, fresh: bool, found: InputFile) -> None:
        self.file, self.fresh = file, fresh
        self._shown = found.shown
        self.end: Unreadable | None = None
        self._db = cache.db
        self._db.execute("DELETE FROM incoming")
        self._known: Iterator[Known] = iter(()) if fresh else self._db.execute(_KNOWN, (file,))
        self._next = next(self._known, None)
        self._rows: list[tuple[Any, ...]] = []

    def known_document(self, item: Document) -> Known | None:
        """Return what is known of a document that is as it was, else None."""
        return self._known_as(item.number, item.digest, None, self._place(item.raw.path, item.number))

    def _known_as(self, number: int, *was: object) -> Known | None:
        while self._next is not None and self._next[0] < number:
            self._add(self._next[0])
            self._next = next(self._known, None)
        if self._next is None or self._next[0] != number:
            return None
        found, self._next = self._next, next(self._known, None)
        return found if (found[1], *found[3:]) == was else None

    def add(self, item: Document, site: int | None) -> None:
        """Gather a document that is new or changed."""
        self._add(item.number, self._place(item.raw.path, item.number), item.digest, site)

    def reject(self, item: Rejected) -> None:
        """Gather a reject: a record, the file itself, or the rest of many."""
        if isinstance(item, More):
            self._add(_OTHERS, "", b"", 0, 1, item.reason, item.count)
        elif item.number < 0:
            self.end = item if isinstance(item, Unreadable) else None
            self._add(WHOLE_FILE, "", b"", 0, 1, item.reason)
        else:
            place = self._place(item.path, item.number)
            if not self._known_as(item.number, b"", item.reason, place):
                self._add(item.number, place, b"", 0, 1, item.reason)

    def _place(self, path: str, number: int) -> str | None:
        """Return where in its file a document is, None where its number says it: `#1` is number 0."""
        place = path.removeprefix(self._shown)
        return None if place == f"#{number + 1}" else place

    def finish(self) -> None:
        """Write what was gathered; documents that were not met are gone, if the file was read to its end."""
        while self._next is not None and self.end is None:
            self._add(self._next[0])
            self._next = next(self._known, None)
        self._write()

    def forget_reject(self) -> None:
        """Leave out the reject of the file itself: it is told otherwise."""
        self._db.execute("DELETE FROM incoming WHERE number = ?", (WHOLE_FILE,))

    def _add(self, number: int, place: str | None = None, digest: bytes | None = None, site: int | None = None,
             made: int = 0, reason: str | None = None, times: int = 1) -> None:
        self._rows.append((number, place, digest, site, made, reason, times))
        if len(self._rows) >= _ROWS:
            self._write()

    def _write(self) -> None:
        self._db.executemany(_INSERT, self._rows)
        self._rows.clear()
