"""Articles as bytes for the cache: every field, as packed JSON with a hash that shows damage."""

import json
from typing import Final

import xxhash
import zstandard

from search.article import Article, ArticleDate, PlaceEvidence, Removed, Span

_DATES: Final = ("date", "event_date")
_NESTED: Final = {"spans": Span, "places": PlaceEvidence, "removed": Removed}
_TUPLES: Final = ("provinces", "links")
_NAMES: Final = tuple(Article.__dataclass_fields__)
_pack = zstandard.ZstdCompressor(level=3).compress
_unpack = zstandard.ZstdDecompressor().decompress
_CHECK: Final = 8


def pack(article: Article) -> bytes:
    """Return `article` as bytes that `unpack` understands."""
    values = [_plain(getattr(article, name), name) for name in _NAMES]
    packed = _pack(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    return xxhash.xxh3_64_digest(packed) + packed


def _plain(value: object, name: str) -> object:
    if name in _DATES:
        return _fields(value)
    return [_fields(item) for item in value] if name in _NESTED else value  # type: ignore[attr-defined]


def _fields(record: object) -> list[object]:
    return [getattr(record, name) for name in record.__dataclass_fields__]  # type: ignore[attr-defined]


def unpack(data: bytes) -> Article:
    """Return the article of `pack`.  Raises ValueError if the bytes were altered."""
    packed = data[_CHECK:]
    if xxhash.xxh3_64_digest(packed) != data[:_CHECK]:
        raise ValueError("a cached article was altered")
    values = dict(zip(_NAMES, json.loads(_unpack(packed).decode("utf-8", "surrogatepass")), strict=True))
    for name in _DATES:
        values[name] = ArticleDate(*values[name])
    for name, record in _NESTED.items():
        values[name] = tuple(record(*item) for item in values[name])
    for name in _TUPLES:
        values[name] = tuple(values[name])
    return Article(**values)
