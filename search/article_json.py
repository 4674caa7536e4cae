"""Articles as JSON in bytes, for engines that store them and for the cache of the rebuild.

`removed` (the boilerplate that was cut off) is kept apart, so that a page of hits does not read it.  Neither part has
a line break: JSON writes it as `\\n`.
"""

import json
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final, cast

from search.article import Article, ArticleDate, PlaceEvidence, Removed, Span

_NAMES: Final = tuple(field.name for field in fields(Article))
_NESTED: Final[dict[str, type[Any]]] = {"spans": Span, "places": PlaceEvidence, "countries": PlaceEvidence}
_DATES: Final = ("date", "event_date")
_LISTS: Final = ("provinces", "links", "authors")
_DEFAULTS: Final = tuple(field.default for field in fields(Article))
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def _plain(record: object) -> list[Any]:
    return [getattr(record, name) for name in record.__dataclass_fields__]  # type: ignore[attr-defined]


_read: Final = attrgetter(*_NAMES)


def encode_card(article: Article) -> bytes:
    """Return every field of `article` but `removed`; fields with their default value take no room."""
    values = {
        name: value
        for name, value, default in zip(_NAMES, _read(article), _DEFAULTS, strict=True)
        if value is not default and value != default
    }
    values.pop("removed", None)
    for name in _DATES:
        if name in values:
            values[name] = _plain(values[name])
    for name in _NESTED:
        if name in values:
            values[name] = [_plain(item) for item in values[name]]
    return _encode(values).encode("utf-8", "surrogatepass")


def encode_removed(article: Article) -> bytes:
    """Return the removed blocks, `b""` if there are none."""
    if not article.removed:
        return b""
    return _encode([_plain(block) for block in article.removed]).encode("utf-8", "surrogatepass")


def decode_article(card: bytes, removed: bytes = b"") -> Article:
    """Return the article that `encode_card` and `encode_removed` wrote."""
    values = cast("dict[str, Any]", json.loads(card.decode("utf-8", "surrogatepass")))
    for name in _DATES:
        if name in values:
            values[name] = ArticleDate(*values[name])
    for name, record in _NESTED.items():
        if name in values:
            values[name] = tuple(record(*item) for item in values[name])
    for name in _LISTS:
        if name in values:
            values[name] = tuple(values[name])
    if removed:
        blocks = json.loads(removed.decode("utf-8", "surrogatepass"))
        values["removed"] = tuple(Removed(*block) for block in blocks)
    return Article(**values)
