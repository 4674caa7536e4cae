"""The records of a JSON file of any shape.

One value a line, values one after another however they are printed, a list, an object with the list inside (also of
objects by their ids, or of columns), and the wraps of dumps.  A record that is broken or too big costs itself only.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from index.read.encoding import CHUNK, Peekable, Stream, decoder, text_encoding
from index.read.fields import FieldNames, NamesSeen, canonical, fields_seen, folded, holds_text, is_field
from index.read.json_text import BadValue, JsonText, loads
from index.read.records import Broken, NoArticle, Piece, too_big

_PEEK: Final = 1 << 16
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
#: Lists are looked for in objects within objects so deep.
_MAX_DEPTH: Final = 5
#: Names under which a list of articles stands even beside a title, which is then the feed's.
_CONTAINERS: Final = frozenset(map(folded, (
    "items", "articles", "docs", "documents", "data", "results", "records", "entries", "hits", "rows", "posts", "news",
    "list", "@graph", "edges", "nodes", "value", "response", "bai_viet", "tin_tuc", "danh_sach",
)))  # fmt: skip
#: Lines of Elasticsearch's bulk format that say what to do with the next.
_ACTIONS: Final = frozenset(("index", "create", "update", "delete"))


def json_pieces(stream: Stream, limit: int, names: FieldNames, seen: NamesSeen) -> Iterator[Piece]:
    """Yield the records of a JSON file; `limit` in bytes for one.  Raises Broken where the rest can't be read."""
    source = Peekable(stream)
    head = source.peek(_PEEK)
    encoding = text_encoding(head)
    found = _by_line(source, encoding, limit) if _is_by_line(head, encoding) else _values(source, encoding, limit)
    count = 0
    for place, value in found:
        count += 1
        if isinstance(value, BadValue):
            yield Piece(place, reason=str(value))
        else:
            yield _piece(place, value, names, seen)
    if not count:
        raise NoArticle("there is no article in it" if head.strip() else "the file is empty")


def _piece(place: str, value: Any, names: FieldNames, seen: NamesSeen) -> Piece:
    if not isinstance(value, Mapping):
        return Piece(place, reason="the record is no JSON object with fields such as title and text")
    record = canonical(value, names, seen)
    if not (record.keys() & {"text", "html", "lead"}):
        told = ", ".join(fields_seen(value))
        return Piece(place, reason=f"the record has no text (its fields: {told}); name the one with --fields text=NAME")
    return Piece(place, record=record)


def _is_by_line(head: bytes, encoding: str) -> bool:
    """Say whether each line is a value: the first one is whole, and more follow."""
    text = decoder(encoding)(head, False).lstrip("\ufeff \t\r\n\x1e")
    first, end, rest = text.partition("\n")
    if not end:
        return False
    if not first.startswith("{"):
        return not first.startswith("[") or (first.rstrip().endswith("]") and bool(rest.strip()))
    if _is_whole(first):
        return bool(rest.strip())
    second = rest.lstrip().partition("\n")[0]
    return first.rstrip()[-1] not in ",[{:" and second.startswith("{") and _is_whole(second)


def _is_whole(line: str) -> bool:
    """Say whether every bracket of a line is closed."""
    bare = _STRING.sub("", line)
    return all(bare.count(left) == bare.count(right) for left, right in ("{}", "[]"))


def _by_line(source: Stream, encoding: str, limit: int) -> Iterator[tuple[str, Any]]:
    """Yield (place, value) for each line that is not blank; its number is that of the line."""
    wide = encoding.startswith(("utf-16", "utf-32"))
    lines = _lines(_Narrow(source, encoding) if wide else source, limit)
    encoding = "utf-8" if wide else encoding
    for number, line, size in lines:
        place = f"#{number}"
        if line is None:
            yield place, BadValue(too_big(size, limit))
            continue
        text = line.decode(encoding, "replace").strip("\ufeff \t\r\x1e,")
        if not text or text in "[]":
            continue
        try:
            value = loads(text)
        except BadValue as error:
            yield place, error
            continue
        if _is_action(value):
            continue
        records = list(records_in(value))
        single = len(records) == 1
        for index, record in enumerate(records, 1):
            yield place if single else f"{place}.{index}", record


def _is_action(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and value.keys() <= _ACTIONS and all(
        isinstance(inner, dict) and all(str(name).startswith("_") for name in inner) for inner in value.values())


class _Narrow:
    """A UTF-16 or UTF-32 stream as UTF-8."""

    def __init__(self, source: Stream, encoding: str) -> None:
        self._source = source
        self._decode = decoder(encoding)

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, whatever `size` is."""
        while data := self._source.read(CHUNK):
            if text := self._decode(data, False):
                return text.encode("utf-8", "replace")
        return b""


def _lines(stream: Stream, limit: int) -> Iterator[tuple[int, bytes | None, int]]:
    """Yield (number from 1, line, its size) for each line that is not blank; a line over `limit` is None."""
    held: list[bytes] = []
    size, number = 0, 1
    while chunk := stream.read(CHUNK):
        if not size and not chunk.strip():  # a bomb of blank lines is not worth a loop
            number += chunk.count(b"\n")
            continue
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            size += len(part)
            if size:
                held.append(part)
                yield number, b"".join(held) if size <= limit else None, size
            held, size = [], 0
            number += 1
        size += len(rest)
        held = [*held, rest] if size <= limit else []
    if size:
        yield number, b"".join(held) if size <= limit else None, size


def _values(source: Stream, encoding: str, limit: int) -> Iterator[tuple[str, Any]]:
    """Yield (place, value) of the records of values that follow each other, or of one value that holds them."""
    text = JsonText(source, decoder(encoding), limit)
    number, several = 0, False
    found = _top(text)
    held = next(found, None)
    while held is not None:
        following = next(found, None)
        several = several or following is not None or isinstance(held, _InList)
        value = held.value if isinstance(held, _InList) else held
        number += 1
        yield f"#{number}" if several else "", value
        held = following


class _InList:
    """A record that stands in a list, so that it is counted even if it is the only one."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _top(text: JsonText) -> Iterator[Any]:
    while sign := text.next():
        if sign == "[" and text.follows("[", "{"):
            text.skip("[")
            yield from map(_InList, _list(text))
        elif sign in "]}\x00":
            text.skip(sign)
        else:
            yield from _one(text)


def _one(text: JsonText) -> Iterator[Any]:
    """Yield the records of the next value; one that can't be taken as a whole is gone through part by part."""
    try:
        value = text.value()
    except BadValue as error:
        if text.next() == "{":
            yield from _parts(text, BadValue(str(error), ends=error.ends), _MAX_DEPTH)
        else:
            yield from _after(text, error)
        return
    records = list(records_in(value))
    yield from records if len(records) == 1 and records[0] is value else map(_InList, records)


def _list(text: JsonText) -> Iterator[Any]:
    """Yield the records of the list whose bracket has been taken."""
    while not text.skip("]"):
        if not text.next():
            raise Broken("no valid JSON: the list ends early")
        try:
            value = text.value()
        except BadValue as error:
            yield from _after(text, error)
        else:
            yield from records_in(value)


def _parts(text: JsonText, error: BadValue, depth: int) -> Iterator[Any]:
    """Go through an object that is broken or too big: the lists of records in it are worth reading."""
    lists = 0
    text.skip("{")
    while not text.skip("}"):
        try:
            if text.next() != '"':
                raise error
            name = text.value()
            if not text.skip(":"):
                raise error
            if text.follows("[", "{") and folded(name) in _CONTAINERS | {"article"}:
                lists += 1
                text.skip("[")
                yield from map(_InList, _list(text))
            elif depth and text.next() == "{" and folded(name) in _CONTAINERS:
                lists += 1
                yield from _parts(text, error, depth - 1)
            else:
                text.value()
        except BadValue as bad:
            yield from _after(text, bad)
            return
    if not lists:
        yield from _after(text, error)


def _after(text: JsonText, error: BadValue) -> Iterator[Any]:
    """Yield the error, then the next record that is whole.  Raises Broken if the file was cut off."""
    if text.pass_over(error):
        yield error
        return
    found = text.recover(_is_whole_record)
    if error.ends and found is None:
        raise Broken(str(error)) from error
    yield error
    if found is not None:
        yield found


def _is_whole_record(value: Any) -> bool:
    """Say whether an object is a record beyond doubt: a comment within one has a text too."""
    return isinstance(value, dict) and holds_text(value) and _has(value, "title")


def records_in(value: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the records that a JSON value is or holds; a value that holds none is yielded itself."""
    if isinstance(value, list) and depth < _MAX_DEPTH:
        for item in value:
            yield from records_in(item, depth + 1)
    elif not isinstance(value, dict) or _has(value, "text") or _has(value, "html"):
        yield from _rows(value) if isinstance(value, dict) else (value,)
    else:
        inside = list(_inside(value, depth))
        yield from inside or (value,)


def _inside(value: dict[str, Any], depth: int) -> Iterator[Any]:
    """Yield the records in the lists and objects of an object that is no record by itself."""
    titled = _has(value, "title")
    for name, inner in value.items():
        container = folded(str(name)) in _CONTAINERS
        if depth >= _MAX_DEPTH or (titled and not container):
            continue
        if isinstance(inner, list) and any(isinstance(item, dict) and _is_record(item, depth) for item in inner[:20]):
            yield from (record for item in inner for record in records_in(item, depth + 1))
        elif isinstance(inner, dict) and container:
            found = list(records_in(inner, depth + 1))
            yield from found if found != [inner] else ()
    if not titled and len(value) > 1 and all(isinstance(inner, dict) and holds_text(inner) for inner in value.values()):
        yield from ({"id": name, **inner} for name, inner in value.items())


def _is_record(item: dict[str, Any], depth: int) -> bool:
    """Say whether an object of a list is a record, or wraps one up."""
    if holds_text(item) or _has(item, "title"):
        return True
    objects = [inner for inner in item.values() if isinstance(inner, dict)] if depth < _MAX_DEPTH else []
    return any(_is_record(inner, depth + 1) for inner in objects)


def _rows(value: dict[str, Any]) -> Iterator[Any]:
    """Yield a record, or the rows of a table that is written column by column, as pandas does."""
    columns = {name: inner for name, inner in value.items() if isinstance(inner, dict)}
    keys = next(iter(columns.values())).keys() if columns else ()
    even = 1 < len(columns) == len(value) and all(inner.keys() == keys for inner in columns.values())
    if even and all(str(key).isdigit() for key in keys):
        yield from ({name: inner[key] for name, inner in columns.items()} for key in keys)
    else:
        yield value


def _has(value: dict[str, Any], target: str) -> bool:
    """Say whether an object has a field of this kind that holds something."""
    return any(inner not in (None, "", [], {}) and is_field(str(name), target) for name, inner in value.items())
