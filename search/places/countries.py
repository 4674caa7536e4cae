"""The countries of the world by the names that Vietnamese news give them, their capitals, and provinces next door.

The names are those of the Unicode CLDR tables (Vietnamese and English, read with babel), plus spellings of
Vietnamese newspapers (`CHDCND Lào`, `Mỹ`, `Chi-lê`); the provinces are those of Laos and Cambodia.  Viet Nam is not
among them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from search.places.units import read_table
from search.text import fold_text, normalize

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


@cache
def country_names() -> tuple[str, ...]:
    """Return the names that are shown."""
    return tuple(dict.fromkeys(row.country for row in country_spellings()))


def country_named(text: str) -> str | None:
    """Return the shown name for a country's name in Vietnamese or English, or its short form; None if it names none.

    Marks that are typed must be right (`Lào`, `lao`, not `Láo`); blanks, hyphens and capitals don't matter.
    """
    marked, bare = _by_letters()
    letters = _letters(text)
    return marked.get(letters) or (bare.get(letters) if letters.isascii() else None)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, normalize(text).casefold()))


@cache
def _by_letters() -> tuple[dict[str, str], dict[str, str]]:
    """Return the shown names by the letters of spellings, and by those without marks where that is one country."""
    marked: dict[str, str] = {}
    bare: dict[str, set[str]] = {}
    for row in country_spellings():
        if row.kind == "name":
            marked.setdefault(_letters(row.spelling), row.country)
            bare.setdefault(fold_text(_letters(row.spelling)), set()).add(row.country)
    return marked, {letters: next(iter(names)) for letters, names in bare.items() if len(names) == 1}
