"""The names of countries, capitals and places next door, and the words that decide about them, as tables to look in."""

import re
import tomllib
from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from index.places.gazetteer import any_name, tone_styles
from search.places import CountryKind, country_spellings
from search.text import fold_text

WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: Letters of a place next door that need no marks to be told.
LOOSE_LETTERS: Final = 6


@cache
def cues() -> dict[str, Any]:
    """Return the table of cue words, `country_cues.toml`."""
    return tomllib.loads((files("index.places") / "country_cues.toml").read_text(encoding="utf-8"))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return a list of cue words by its name."""
    table = cues()
    return frozenset(table["words"][name] if name in table["words"] else table[name])


def letters_of(text: str) -> str:
    """Return the small letters of a text, without what joins or parts its words."""
    return "".join(WORD.findall(text)).lower()


@cache
def known_names() -> tuple[dict[str, tuple[str, CountryKind]], dict[str, tuple[str, CountryKind]]]:
    """Return names by their letters, and places next door by folded letters."""
    exact: dict[str, tuple[str, CountryKind]] = {}
    loose: dict[str, tuple[str, CountryKind]] = {}
    for row in country_spellings():
        for style in tone_styles(row.spelling):
            exact.setdefault(letters_of(style), (row.country, row.kind))
        key = fold_text(letters_of(row.spelling))
        if row.kind == "province" and len(key) >= LOOSE_LETTERS:
            loose.setdefault(key, (row.country, row.kind))
    return exact, loose


@cache
def _beginnings() -> dict[str, tuple[frozenset[str], int]]:
    """Map the first words of names, folded, to their second words and the number of words of the longest.

    `""` stands for a name of one word.
    """
    seconds: dict[str, set[str]] = defaultdict(set)
    longest: dict[str, int] = defaultdict(int)
    for row in country_spellings():
        first, *rest = [fold_text(word.lower()) for word in WORD.findall(row.spelling)]
        seconds[first].add(rest[0] if rest else "")
        longest[first] = max(longest[first], len(rest) + 1)
    return {first: (frozenset(words), longest[first]) for first, words in seconds.items()}


@lru_cache(maxsize=10_000)
def names_begun_by(word: str) -> tuple[frozenset[str], int]:
    """Return what `_beginnings` has for a word as it is written."""
    return _beginnings().get(fold_text(word).lower(), (frozenset(), 0))


@cache
def short_names() -> dict[str, str]:
    """Map short names, as in `Việt - Trung`, to countries."""
    return dict(cues()["pairs"])


@cache
def paired_names() -> frozenset[str]:
    """Return what the other half of a pair may be."""
    return frozenset({*cues()["pairs"], "Việt", "Asean", "ASEAN"})


@cache
def longer_names() -> tuple[str, ...]:
    """Return the names that hold one of a country and mean something else."""
    return tuple(cues()["stop"])


@cache
def stop_words() -> frozenset[str]:
    """Return the names that some longer name holds."""
    exact, _ = known_names()
    words = {word for stop in longer_names() for word in (*WORD.findall(stop), stop.removesuffix(" Dương"))}
    return frozenset(word for word in words if letters_of(word) in exact) | {"Italia"}


@cache
def first_words() -> re.Pattern[str]:
    """Return the pattern of the words that names begin with, as they are written."""
    words = set(cues()["pairs"])
    for row in country_spellings():
        for style in tone_styles(row.spelling):
            first = WORD.search(style)
            if first and first.group()[0].isupper():
                words.add(first.group())
                words |= {fold_text(first.group()).capitalize()} if row.kind == "province" else set()
    return any_name(words)
