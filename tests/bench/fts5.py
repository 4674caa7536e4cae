"""SQLite FTS5: `unicode61 remove_diacritics 2`, with đ mapped, as it folds all other letters.

The text is contentless, so its size is the index's; facets are one grouped query over the matching rows.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.corpus import Question, Sample
from tests.bench.engine import BenchEngine, Reply

_D = str.maketrans("đĐ", "dD")


class Fts5(BenchEngine):
    """The embedded engine to compare with."""

    name = "sqlite fts5"

    def build(self, samples: Sequence[Sample], directory: Path) -> None:
        base = self._connect(directory)
        base.executescript(
            "create virtual table text using fts5(body, content='', tokenize='unicode61 remove_diacritics 2');"
            "create table facet (id integer primary key, month int, province text);"
            "create table stored (id integer primary key, title text);"
        )
        base.executemany("insert into text (rowid, body) values (?, ?)", _texts(samples))
        rows = list(enumerate(samples))
        base.executemany("insert into facet values (?, ?, ?)", ((n, one.month, one.province) for n, one in rows))
        base.executemany("insert into stored values (?, ?)", ((n, one.article.title) for n, one in rows))
        base.execute("insert into text (text) values ('optimize')")
        base.commit()
        base.close()

    def _connect(self, directory: Path) -> sqlite3.Connection:
        base = sqlite3.connect(directory / "fts5.sqlite")
        base.executescript("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000;"
                           "pragma mmap_size = 2000000000; pragma temp_store = memory;")  # fmt: skip
        return base

    def open(self, directory: Path) -> None:
        self._base = self._connect(directory)

    def answer(self, question: Question) -> Reply:
        match = _match(question)
        condition, values = _condition(question)
        counts = self._base.execute(
            "select facet.month, facet.province, count(*) from text join facet on facet.id = text.rowid"
            " where text match ? group by facet.month, facet.province", (match,)
        ).fetchall()  # fmt: skip
        hits = self._base.execute(
            "select title from (select text.rowid as row from text"
            + (" join facet on facet.id = text.rowid" if condition else "")
            + f" where text match ?{condition} order by rank limit 10) join stored on stored.id = row",
            (match, *values),
        ).fetchall()
        return _reply(question, counts, [title for (title,) in hits])

    def index_bytes(self, directory: Path) -> int:
        base = sqlite3.connect(directory / "fts5.sqlite")
        (size,) = base.execute("select sum(pgsize) from dbstat where name like 'text%' or name = 'facet'").fetchone()
        base.close()
        return int(size)

    def close(self) -> None:
        self._base.close()


def _texts(samples: Sequence[Sample]) -> Iterator[tuple[int, str]]:
    for number, sample in enumerate(samples):
        yield number, f"{sample.article.title}\n{sample.article.body}".translate(_D)


def _match(question: Question) -> str:
    words = [word.replace('"', "") for word in question.words]
    if question.prefix:
        return f'"{words[0]}"*'
    if question.phrase:
        return '"' + " ".join(words) + '"'
    excluded = "".join(f' NOT "{word}"' for word in question.excluded)
    return "(" + " AND ".join(f'"{word}"' for word in words) + ")" + excluded


def _condition(question: Question) -> tuple[str, tuple[object, ...]]:
    if question.province:
        return " and facet.province = ?", (question.province,)
    if question.year:
        return " and facet.month between ? and ?", (question.year * 100, question.year * 100 + 12)
    return "", ()


def _reply(question: Question, counts: list[tuple[int, str, int]], titles: list[str]) -> Reply:
    """Count each facet without its own filter, and the total with both."""
    reply = Reply(0, titles)
    for month, province, count in counts:
        in_province = not question.province or province == question.province
        in_year = not question.year or month // 100 == question.year
        reply.total += count * (in_province and in_year)
        if in_province and month:
            reply.months[month] = reply.months.get(month, 0) + count
        if in_year and province:
            reply.provinces[province] = reply.provinces.get(province, 0) + count
    return reply
