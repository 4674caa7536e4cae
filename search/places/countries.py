"""The countries of the world by the names that Vietnamese news give them, their capitals, and provinces next door.

The names are those of the Unicode CLDR tables (Vietnamese and English, read with babel), plus spellings of
Vietnamese newspapers (`CHDCND Lào`, `Mỹ`, `Chi-lê`); the provinces are those of Laos and Cambodia.  Viet Nam is not
among them.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from search.places.names import SEPARATORS, marks_agree
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

    As with provinces, a syllable typed with marks must be the one of the name and a bare one matches any (`Lào`, `lao`,
    `hàn quoc`, not `Láo`); blanks, hyphens and capitals don't matter.  What two countries may be names neither, unless
    it is one's name to the letter.
    """
    tokens = [token for token in SEPARATORS.split(normalize(text).casefold()) if token]
    typed = "".join(tokens)
    candidates = _by_folded().get(fold_text(typed), ())
    exact = [country for letters, country in candidates if letters == typed]
    meant = dict.fromkeys(country for letters, country in candidates if marks_agree(tokens, letters))
    return exact[0] if exact else next(iter(meant)) if len(meant) == 1 else None


@cache
def _by_folded() -> dict[str, tuple[tuple[str, str], ...]]:
    """Map folded letters to (letters without separators, country)."""
    table: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in country_spellings():
        if row.kind == "name":
            letters = SEPARATORS.sub("", row.spelling.casefold())
            table[fold_text(letters)].append((letters, row.country))
    return {key: tuple(pairs) for key, pairs in table.items()}
