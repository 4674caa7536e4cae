"""A value of a record as plain text: lists, objects, numbers, what stands for nothing; never Python's own writing."""

import ast
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

#: Whole values that say that there is none.
_NOTHING: Final = frozenset({"none", "null", "nan", "undefined", "n/a", "nil", "[]", "{}", "<na>", "nat"})
#: Where the value of an object stands, the surest first: names of people and outlets, WordPress' `rendered`, XML
#: turned to JSON, schema.org's `@id`, MongoDB's `$date`.
_KEYS: Final = (
    "name", "text", "value", "rendered", "title", "html", "content", "#text", "_text", "__cdata", "$t", "$date", "$oid",
    "$numberLong", "$numberInt", "$numberDouble", "url", "href", "@id", "seconds", "_seconds", "$", "plain",
)  # fmt: skip
_MAX_DEPTH: Final = 6
#: A list or an object that was written into a text, as pandas does in CSV.
_WRITTEN_LIST: Final = re.compile(r"\s*(?:\[\s*[\['\"{].*\]|\{\s*['\"].*\}|\[\s*\])\s*", re.DOTALL)
_MAX_WRITTEN: Final = 1_000_000


def plain(value: Any, joint: str = ", ", depth: int = 0) -> str:
    """Return a value as text, `""` for nothing (null, NaN, `None`, an empty list); parts are joined by `joint`."""
    if isinstance(value, str):
        return _plain_text(value, joint, depth)
    if value is None or isinstance(value, bool) or depth > _MAX_DEPTH:
        return ""
    if isinstance(value, float):
        return "" if not math.isfinite(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        found = (plain(value[key], joint, depth + 1) for key in _KEYS if key in value)
        return next((text for text in found if text), "")
    if isinstance(value, Iterable):
        parts = (plain(item, joint, depth + 1) for item in value)
        return joint.join(dict.fromkeys(part for part in parts if part)) if joint != "\n" else _lines(value, depth)
    return ""


def first(value: Any) -> str:
    """Return the first text in a value: the one address of a list of addresses."""
    if isinstance(value, str) and _WRITTEN_LIST.fullmatch(value[:_MAX_WRITTEN]):
        value = _written(value)
    if isinstance(value, list | tuple):
        return next((text for item in value if (text := plain(item))), "")
    return plain(value)


def _lines(values: Iterable[Any], depth: int) -> str:
    """Return the paragraphs of a list, repeated ones too: they are the text."""
    return "\n".join(text for item in values if (text := plain(item, "\n", depth + 1)))


def _plain_text(text: str, joint: str, depth: int) -> str:
    stripped = text.strip()
    if len(stripped) < 10 and stripped.lower() in _NOTHING:
        return ""
    if stripped[:1] in ("[", "{") and depth < _MAX_DEPTH and len(text) < _MAX_WRITTEN and _WRITTEN_LIST.fullmatch(text):
        value = _written(stripped)
        if not isinstance(value, str):
            return plain(value, joint, depth + 1)
    return text


def _written(text: str) -> Any:
    """Return the list or object that a text writes out, as JSON or as Python, the text itself if it is none."""
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(value, list | tuple | dict):
            return value
    return text
