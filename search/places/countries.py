"""The countries of the world by the names that Vietnamese news give them, their capitals, and provinces next door.

The names are those of the Unicode CLDR tables (Vietnamese and English, read with babel), plus spellings of
Vietnamese newspapers (`CHDCND Lào`, `Mỹ`, `Chi-lê`); the provinces are those of Laos and Cambodia.  Viet Nam is not
among them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from search.places.units import read_table
from search.text import normalize

CountryKind = Literal["name", "capital", "province"]


@dataclass(frozen=True, slots=True)
class CountrySpelling:
    """One way to name a country, or a place that stands for it; `country` is the name that is shown."""

    code: str
    country: str
    spelling: str
    kind: CountryKind


@cache
def country_spellings() -> tuple[CountrySpelling, ...]:
    """Return every spelling of the table, the shown name of a country first."""
    return tuple(
        CountrySpelling(row["code"], row["country"], normalize(row["spelling"]), cast("CountryKind", row["kind"]))
        for row in read_table("countries.csv")
    )
