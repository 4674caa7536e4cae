"""The memory between runs, in SQLite: which files were read, what extraction gave, what was published.

It is no index and no truth: any doubt about it (another version, damage) and it is removed and made anew.
Only the holder of the rebuild lock opens it.  Tables: `cache.sql`.
"""

import contextlib
import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from search.errors import DauError

FILE_NAME: Final = "cache.sqlite"
_SCHEMA: Final = Path(__file__).with_name("cache.sql")
#: Seconds of work that a killed run may lose.
_PULSE: Final = 2.0
#: More digests than this are not worth a look at each one's neighbours: everything is decided anew.
MAX_TOUCHED: Final = 5_000
#: Seconds to wait for another reader of the cache, such as a backup.
PATIENCE: Final = 120.0
_KNOWN_FILES: Final = "SELECT path FROM files WHERE id IN (SELECT file FROM documents) UNION SELECT path FROM once"


class CacheDamaged(DauError):
    """The cache can't be trusted; remove it and start again."""


@dataclass(frozen=True, slots=True)
class Version:
    """What made a cache: digest of the `source`, and of what it says, which takes longer to tell."""

    source: str
    meaning: Callable[[], str]


class Cache:
    """A context manager over the database; `version` names the code that made what is in it.

    Of an older one, or with `anew`, only the names of the files are taken over (`once`).

    What is written is kept at `commit` and `pulse` alone, which are called where all tables fit together; an exception
    takes back what was written since, whatever it interrupted.
    """

    def __init__(self, index: Path, version: Version, anew: bool = False) -> None:
        self.path = index / FILE_NAME
        self.db = self._open(version, anew)
        self._committed = time.monotonic()

    def _open(self, version: Version, anew: bool) -> sqlite3.Connection:
        known: list[tuple[bytes]] = []
        with contextlib.suppress(sqlite3.DatabaseError), _waited(self.path), contextlib.ExitStack() as closing:
            db = closing.enter_context(contextlib.closing(_connect(self.path)))
            if not anew and _is_of(db, version):
                closing.pop_all()
                return db
            with contextlib.suppress(sqlite3.DatabaseError):
                known = db.execute(_KNOWN_FILES).fetchall()
        remove_cache(self.path)
        db = _connect(self.path)
        with translated(self.path):
            db.executescript(f"BEGIN; {_SCHEMA.read_text(encoding='utf-8')} COMMIT;")
            made = ("version", version.meaning()), ("source", version.source)
            db.executemany("INSERT INTO meta VALUES (?, ?)", made)
            db.executemany("INSERT OR IGNORE INTO once VALUES (?)", known)
        return db

    def __enter__(self) -> Self:
        if self.get("open"):  # the last run was cut off, perhaps by a power loss
            findings = self.db.execute("PRAGMA integrity_check").fetchone()
            if findings != ("ok",):
                raise CacheDamaged(f"The cache {self.path} is damaged: {findings[0]}.")
        self.put("open", "yes")
        self.db.execute("BEGIN")
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        with contextlib.suppress(sqlite3.DatabaseError):
            if self.db.in_transaction:
                self.db.execute("COMMIT" if kind is None else "ROLLBACK")
            if kind is None or issubclass(kind, KeyboardInterrupt):
                self.put("open", "")
        self.db.close()

    def commit(self) -> None:
        """Keep what was written so far, whatever happens to this process."""
        self.db.execute("COMMIT")
        self.db.execute("BEGIN")
        self._committed = time.monotonic()

    def pulse(self) -> None:
        """Commit now and then; called between units of work."""
        if time.monotonic() - self._committed > _PULSE:
            self.commit()

    def get(self, name: str) -> str:
        """Return a value of `meta`, empty if there is none."""
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def put(self, name: str, value: str) -> None:
        """Set a value of `meta`."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def count(self, query: str, *values: object) -> int:
        """Return the number that `query` gives."""
        return int(self.db.execute(query, values).fetchone()[0] or 0)

    def touch(self, digests: str | Iterable[bytes], *values: object) -> None:
        """Note digests, listed or as a query, whose outcomes must be decided anew."""
        if self.touched_all:
            return
        if isinstance(digests, str):
            self.db.execute(f"INSERT OR IGNORE INTO touched {digests}", values)
        else:
            self.db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", ((digest,) for digest in digests))
        if self.count("SELECT count(*) FROM touched") > MAX_TOUCHED:
            self.put("touched", "all")
            self.db.execute("DELETE FROM touched")

    @property
    def touched_all(self) -> bool:
        """Say whether too much was touched to decide it one by one."""
        return self.get("touched") == "all"

    def touch_nothing(self) -> None:
        """Forget what was touched: all outcomes are decided."""
        self.db.execute("DELETE FROM touched")
        self.put("touched", "")


def _connect(path: Path) -> sqlite3.Connection:
    """Open the database: no memory shared with others, no temporary files, no sync (it can be made again).

    Never use a savepoint in it: with its journal in memory every further one walks through all before it.
    """
    db = sqlite3.connect(os.fspath(path), isolation_level=None, timeout=PATIENCE)
    try:
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL", "temp_store = MEMORY",
                       "cache_size = -64000", "mmap_size = 0"):
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


def _is_of(db: sqlite3.Connection, version: Version) -> bool:
    """Say whether a database was made by this version; a source that says the same is noted as its source."""
    made = dict(db.execute("SELECT name, value FROM meta WHERE name IN ('version', 'source')"))
    if made.get("source") == version.source:
        return True
    if made.get("version") != version.meaning():
        return False
    db.execute("INSERT OR REPLACE INTO meta VALUES ('source', ?)", (version.source,))
    return True


def remove_cache(path: Path) -> None:
    """Delete the files of a cache."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextlib.contextmanager
def _waited(path: Path) -> Iterator[None]:
    """Raise OSError if another program still reads the cache after PATIENCE seconds: it is whole, and in use."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        busy = "another program, a backup perhaps, is reading it; run again when that is done"
        raise OSError(errno.EBUSY, busy, str(path)) from error


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise CacheDamaged for what SQLite says of a damaged file, OSError for a full disk or one that is in use."""
    try:
        with _waited(path):
            yield
    except sqlite3.DatabaseError as error:
        if "full" in str(error) or "disk I/O" in str(error):
            raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)} ({error})", str(path)) from error
        raise CacheDamaged(f"The cache {path} is damaged: {error}.") from error
