"""The provinces of Vietnam since 1975, each as it was in one era: name, kind, days, area.

Names are no identities and codes neither: since July 2025 'Đắk Lắk' is a larger unit than before, and
seven of the 34 carry the code of the other half of a merger.  A unit is keyed by its name and its era, and
its area is told in the 63 units of before July 2025 (plus Hà Tây, part of Hà Nội since August 2008), so
that what became of what is set arithmetic.

Sources: Resolution 202/2025/QH15 (34 units from 2025-07-01), 175/2024/QH15 (Huế), 22/2003/QH11 (Đắk Nông,
Điện Biên, Hậu Giang), 15/2008/QH12 (Hà Tây); 30, 36 and 39/2026/QH16 (Đồng Nai, Quảng Ninh and Bắc Ninh
become cities).  Founding days of before 1978 and the spring of 1992 are from memory of the trade.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Unit:
    """One province or city in one era; both days are inclusive, `date.min` and `date.max` mean open."""

    name: str
    kind: str
    valid_from: date
    valid_to: date
    area: frozenset[str]

    def in_force(self, first: date, last: date) -> bool:
        """Say whether the unit existed on some day from `first` to `last`."""
        return self.valid_from <= last and first <= self.valid_to


@dataclass(frozen=True, slots=True)
class Spelling:
    """Another way to write a name; `typed` ones are for queries and filters, too risky to find in text."""

    name: str
    spelling: str
    use: str


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the package's CSV tables."""
    yield from csv.DictReader((files("search.places") / name).read_text(encoding="utf-8").splitlines())


@cache
def all_units() -> tuple[Unit, ...]:
    """Return every unit of the table, in its order."""
    return tuple(
        Unit(
            row["name"],
            row["kind"],
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max,
            frozenset(row["area"].split(";")),
        )
        for row in read_table("units.csv")
    )


@cache
def spellings() -> tuple[Spelling, ...]:
    """Return the listed spellings, canonical names not among them."""
    return tuple(Spelling(row["name"], row["spelling"], row["use"]) for row in read_table("spellings.csv"))


@cache
def _by_name() -> dict[str, tuple[Unit, ...]]:
    grouped: dict[str, list[Unit]] = defaultdict(list)
    for unit in all_units():
        grouped[unit.name].append(unit)
    return {name: tuple(sorted(units, key=lambda unit: unit.valid_from)) for name, units in grouped.items()}


def units_named(name: str) -> tuple[Unit, ...]:
    """Return the units that bore a canonical name, oldest first; empty for a name not in the table."""
    return _by_name().get(name, ())


@cache
def all_names() -> tuple[str, ...]:
    """Return every canonical name of any era, in the order of the table."""
    return tuple(_by_name())
