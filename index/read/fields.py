"""Find the fields of a record under whatever names it has them (the names: `fields.toml`)."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from index.dates.given import given_date
from index.read.values import first, plain
from search.text import fold_text

#: The fields of a record as they are handed on, in the order of `fields.toml`.
FIELDS: Final = ("id", "title", "text", "html", "lead", "url", "date", "author", "source", "province", "section")
#: How the parts of a list are joined; fields not named here take the first part.
_JOINTS: Final = {"text": "\n", "html": "\n", "lead": "\n", "author": ", ", "province": "\n"}
_TABLE: Final = Path(__file__).with_name("fields.toml")
#: Objects within objects are looked into so deep for the record that a dump wraps up.
_MAX_WRAPS: Final = 3
#: A text is taken to be cut off, as NewsAPI does, if another field holds so many times as much.
_FULLER: Final = 2
_MAX_TOLD: Final = 12
#: So much of a value tells what it may be.
_SAMPLE: Final = 400
#: Field -> whether a value may be one; those told best come first.
_FITTING: Final[dict[str, Callable[[str], bool]]] = {
    "url": lambda value: value.startswith(("http://", "https://")),
    "date": lambda value: given_date(value).precision == "day",
    "text": lambda value: len(value) >= 200,
    "title": lambda value: 15 <= len(value) < 200 and value.count(" ") > 2,
}


@lru_cache(maxsize=10_000)
def folded(name: str) -> str:
    """Return a field's name without case, marks and signs: `Ngày đăng` as `ngaydang`."""
    return re.sub(r"[^a-z0-9]+", "", fold_text(name[:100]))


@cache
def _known() -> tuple[dict[str, tuple[str, int]], frozenset[str]]:
    """Return folded name -> (field, rank), and the folded names of no use."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    ranks: dict[str, tuple[str, int]] = {}
    for target, names in table["names"].items():
        for rank, name in enumerate(names):
            ranks.setdefault(folded(name), (target, rank))
    return ranks, frozenset(map(folded, table["unneeded"]["names"]))


def is_field(name: str, target: str) -> bool:
    """Say whether a name is one of those of a field."""
    return _known()[0].get(folded(name), ("", 0))[0] == target


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Names that the user gave: field -> its name in the records (`a.b`: b inside of a); `-` for: not to be read."""

    given: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, texts: "Mapping[str, str] | str") -> "FieldNames":
        """Read `text=noi_dung,date=ngay`, or a table of dau.toml.  Raises ValueError, which names what is wrong."""
        if isinstance(texts, str):
            pairs = [part.partition("=")[::2] for part in texts.split(",") if part.strip()]
        else:
            pairs = [(str(key), str(value)) for key, value in texts.items()]
        found = {}
        for target, name in pairs:
            target, name = target.strip().lower(), name.strip()
            if target not in FIELDS or not name:
                raise ValueError(f"{target}={name}: say FIELD=NAME, with FIELD one of {', '.join(FIELDS)}")
            found[target] = name
        return cls(tuple(sorted(found.items())))

    def __str__(self) -> str:
        return ",".join(f"{target}={name}" for target, name in self.given)


#: No names of the user's own.
USUAL: Final = FieldNames()


@dataclass(slots=True)
class NamesSeen:
    """What was met in the records of one file: names used and for what, names not understood, dates not read.

    `unknown` holds the longest value seen of each name, or its beginning.
    """

    used: dict[str, dict[str, int]] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    records: int = 0
    unread_dates: int = 0
    unread_example: str = ""

    def suggestion(self) -> str:
        """Return what `--fields` might be given, told from the values of names that were not understood, or `""`."""
        free = {name: value for name, value in self.unknown.items() if value}
        found: dict[str, str] = {}
        for target, fits in _FITTING.items():
            names = [name for name in free if target not in self.used and fits(free[name])]
            if names:
                found[target] = max(names, key=lambda name: len(free[name]))
                del free[found[target]]
        worth = not found.keys().isdisjoint(("text", "title"))
        return ",".join(f"{target}={name}" for target, name in found.items()) if worth else ""

    def note(self) -> str:
        """Return one line for the report, `""` if all names are the usual ones and everything was understood."""
        parts = []
        renamed = {target: names for target, names in self.used.items() if set(names) != {target}}
        if renamed:
            told = (f"{target} from {'/'.join(names)}" for target, names in renamed.items())
            parts.append("fields: " + ", ".join(told))
        if self.unknown:
            names = list(self.unknown)
            more = f" and {len(names) - _MAX_TOLD} more" if len(names) > _MAX_TOLD else ""
            parts.append(f"not understood: {', '.join(names[:_MAX_TOLD])}{more} (--fields FIELD=NAME)")
        if self.unread_dates:
            parts.append(f"{self.unread_dates} dates not read, such as {self.unread_example!r}")
        return "; ".join(parts)


def canonical(record: Mapping[str, Any], names: FieldNames, seen: NamesSeen) -> dict[str, str]:
    """Return the fields of a record under the names of `FIELDS`, all text; empty ones are left out.

    Only a source whose list is empty is told as `""`.
    """
    seen.records += 1
    candidates = _candidates(record, names, seen.unknown)
    if not _tells(candidates):
        record = _unwrapped(record, names)
        candidates = _candidates(record, names, seen.unknown)
    found: dict[str, str] = {}
    for target, values in candidates.items():
        name, text = _chosen(target, values)
        if text:
            found[target] = text
            used = seen.used.setdefault(target, {})
            used[name] = used.get(name, 0) + 1
    if "source" not in found and any(is_field(str(name), "source") for name, value in record.items() if value == []):
        found["source"] = ""  # the record says that there is none, so none is guessed
    if "date" in found and not given_date(found["date"]).value:
        seen.unread_dates += 1
        seen.unread_example = seen.unread_example or found["date"][:60]
    return found


def holds_text(record: Mapping[str, Any], names: FieldNames = USUAL) -> bool:
    """Say whether an object is the record of an article: it has a text, or a title and a lead, under some name."""
    return _tells(_candidates(record, names, {}))


def _tells(candidates: Mapping[str, list[tuple[str, str]]]) -> bool:
    return "text" in candidates or "html" in candidates or ("title" in candidates and "lead" in candidates)


def _candidates(record: Mapping[str, Any], names: FieldNames,
                unknown: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Return field -> [(name, value as text)], the surest first, no empty ones; gather others in `unknown`."""
    ranks, unneeded = _known()
    ranked: dict[str, list[tuple[int, str, str]]] = {}
    given = dict(names.given)
    for target, name in given.items():
        if text := _as_text(target, _at(record, name)):
            ranked.setdefault(target, []).append((-1, name, text))
    mapped = set(given.values())
    for name, value in record.items():
        if name in mapped:
            continue
        target, rank = ranks.get(folded(str(name)), ("", 0))
        if not target:
            if folded(str(name)) not in unneeded and value not in (None, "", [], {}):
                unknown[str(name)] = max(unknown.get(str(name), ""), plain(value)[:_SAMPLE], key=len)
        elif given.get(target) != "-" and (text := _as_text(target, value)):
            ranked.setdefault(target, []).append((rank, str(name), text))
    return {target: [(name, text) for _, name, text in sorted(values)] for target, values in ranked.items()}


def _as_text(target: str, value: Any) -> str:
    if target not in _JOINTS:
        return first(value)
    if target in ("text", "html") and isinstance(value, Mapping):
        value = next((value[key] for key in ("text", "html", "rendered", "content", "body") if value.get(key)), value)
    return plain(value, _JOINTS[target])


def _chosen(target: str, values: list[tuple[str, str]]) -> tuple[str, str]:
    """Return (name, text) of the value to take."""
    if not values:
        return "", ""
    if target == "text":
        best = max(values, key=lambda item: len(item[1]))
        return best if len(best[1]) > _FULLER * len(values[0][1]) else values[0]
    if target == "date":
        return next((item for item in values if given_date(item[1]).value), values[0])
    return values[0]


def _at(record: Mapping[str, Any], path: str) -> Any:
    """Return the value at a name, or at a path `a.b` where no name has that dot."""
    if path in record:
        return record[path]
    value: Any = record
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def _unwrapped(record: Mapping[str, Any], names: FieldNames) -> Mapping[str, Any]:
    """Return the object that a dump wraps up (`_source`, `doc`, `attributes`), with the id that stands outside."""
    outer: dict[str, Any] = {}
    inside: Mapping[str, Any] = record
    for _ in range(_MAX_WRAPS):
        objects = [value for value in inside.values() if isinstance(value, Mapping)]
        outer = {name: inside[name] for name in ("id", "_id") if inside.get(name)} or outer
        inner = next((value for value in objects if holds_text(value, names)), None)
        if inner is not None:
            return {**outer, **inner}
        if len(objects) != 1:
            break
        inside = objects[0]
    return record


def fields_seen(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of a record's fields for a message, at most a dozen."""
    for index, name in enumerate(record):
        if index == _MAX_TOLD:
            yield "..."
            return
        yield str(name)[:40]
