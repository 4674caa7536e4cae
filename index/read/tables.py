"""The rows of a CSV or TSV file: delimiter, quotes, escapes and encoding are found out from its beginning."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from index.read.encoding import Peekable, Stream, text_encoding
from index.read.fields import FieldNames, NamesSeen, canonical, folded, is_field
from index.read.records import Broken, NoArticle, Piece, too_big

_PEEK: Final = 1 << 17
_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE_ROWS: Final = 30
#: A quote within a cell that is written twice; two quotes around nothing are an empty cell.
_DOUBLED: Final = re.compile(r'(?<![\\,;\t|\n"])""(?!["\s,;|]|$)')
#: A head with more columns than this is no table of articles.
MAX_COLUMNS: Final = 1_000
_TOLD: Final = 12
#: Ids of rows that are mere counts would clash with those of the next table.
_MAX_COUNT: Final = 9


class _Raw(io.RawIOBase):
    """A stream as a raw file."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Dialect(csv.excel):
    """What was found out of a table."""

    strict = False


def table_pieces(stream: Stream, limit: int, names: FieldNames, seen: NamesSeen) -> Iterator[Piece]:
    """Yield the rows of a table as records; their numbers are those of the rows below the head.

    Raises Broken if there is no head, or none of its columns holds a text.
    """
    source = Peekable(stream)
    head = source.peek(_PEEK)
    encoding = text_encoding(head)
    sample = head.decode(encoding, "replace")
    csv.field_size_limit(limit)
    text = io.TextIOWrapper(io.BufferedReader(_Raw(source)), encoding, errors="replace", newline="")
    if sample.lstrip("\ufeff").lower().startswith("sep="):
        text.readline()
    rows = csv.reader(text, _dialect(sample))
    columns = _columns(rows, names)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Piece(f"#{number}", reason=_reason(error, limit))
            continue
        if any(cell.strip() for cell in cells):
            yield _piece(number, columns, cells, limit, names, seen)
        elif not cells:
            number -= 1


def _piece(number: int, columns: Sequence[str], cells: list[str], limit: int, names: FieldNames,
           seen: NamesSeen) -> Piece:
    place = f"#{number}"
    if len(cells) > len(columns) and any(cells[len(columns):]):
        more = f"the row has {len(cells)} cells where the head has {len(columns)}"
        return Piece(place, reason=f"{more}: is a quote missing?")
    size = sum(map(len, cells))
    if size > limit:
        return Piece(place, reason=too_big(size, limit))
    record = canonical(dict(zip(columns, cells, strict=False)), names, seen)
    if not (record.keys() & {"text", "html", "lead"}):
        return Piece(place, reason="the row has no text")
    if record.get("id", "").isdigit() and len(record["id"]) <= _MAX_COUNT:
        del record["id"]
    return Piece(place, record=record)


def _columns(rows: "Iterator[list[str]]", names: FieldNames) -> list[str]:
    """Return the names in the head of a table.  Raises Broken."""
    try:
        columns = next((row for row in rows if any(cell.strip() for cell in row)), [])
    except csv.Error as error:
        raise Broken(f"the head of the table can't be read: {error}") from error
    columns = [column.strip().lstrip("\ufeff") for column in columns]
    if len(columns) > MAX_COLUMNS:
        raise NoArticle(f"the table has {len(columns):,} columns, more than {MAX_COLUMNS:,}")
    mapped = dict(names.given)
    wanted = {mapped.get("text"), mapped.get("html"), mapped.get("lead")} - {None}
    if not (wanted & set(columns)) and not any(is_field(name, target) for name in columns
                                               for target in ("text", "html", "lead")):
        told = ", ".join(column[:30] for column in columns[:_TOLD]) or "none"
        raise NoArticle(f"no column is known as the text (columns: {told}); name it with --fields text=COLUMN")
    return columns


def _reason(error: csv.Error, limit: int) -> str:
    if "field larger" in str(error):
        return f"{too_big(limit + 1, limit)}: is a quote missing?"
    return f"the row can't be read: {error}"


def _dialect(sample: str) -> type[csv.Dialect]:
    """Return the dialect in which the first rows make the best table: known names above, as many cells in each row."""
    sample = sample.lstrip("\ufeff")
    first, _, rest = sample.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        return _made(first.strip()[-1], rest)
    return max((_made(delimiter, sample) for delimiter in _DELIMITERS), key=lambda dialect: _worth(sample, dialect))


def _made(mark: str, sample: str) -> type[csv.Dialect]:
    slashed = '\\"' in sample and not _DOUBLED.search(sample)

    class Dialect(_Dialect):
        delimiter = mark
        escapechar = "\\" if slashed else None
        doublequote = not slashed

    return Dialect


def _worth(sample: str, dialect: type[csv.Dialect]) -> tuple[int, float, int]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), dialect):
            rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0, 0.0, 0
    filled = [row for row in rows if any(row)]
    if not filled or len(filled[0]) < 1:
        return 0, 0.0, 0
    width = len(filled[0])
    targets = ("text", "html", "lead", "title", "date", "url", "author", "id", "source", "section")
    known = sum(any(is_field(name, target) for target in targets) for name in filled[0] if folded(name))
    body = filled[1:-1] or filled[1:]
    even = sum(len(row) == width for row in body) / len(body) if body else 0.0
    return known, even, width
