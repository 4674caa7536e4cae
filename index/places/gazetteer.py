"""One regular expression for every way a province is written in text, longest first, and the stop names.

Names are matched as they are spelled, with their capitals and marks: folded text is never searched, since
`hoa binh` is peace and `nam dinh` half of many sentences.  Capital-letter lines (`SỞ NGOẠI VỤ TỈNH PHÚ YÊN`)
have their own spellings.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from search.places import all_names, spellings, units_named
from search.text import normalize

#: Bare 'Hồ Chí Minh' is a person, a street, a thought in 43 of 100 cases: only with TP or thành phố before it.
NEEDS_PREFIX: Final = frozenset({"Hồ Chí Minh"})
#: Gone so recently that the press still uses them as they are; other former provinces need 'tỉnh' before them.
RECENT: Final = frozenset({"Thừa Thiên Huế", "Hà Tây"})
_TWINS: Final = (("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"), ("úy", "uý"), ("ủy", "uỷ"))
_SPACE: Final = "[ \u00a0]{1,2}"


def is_former(name: str) -> bool:
    """Say whether a name is of the time before 1997, to be believed only after 'tỉnh'."""
    last = units_named(name)[-1]
    return last.valid_to.year < 2000 and name not in RECENT


def tone_styles(spelling: str) -> Iterable[str]:
    """Yield a spelling in both tone styles, and both in capitals."""
    variants = {spelling}
    for old, new in _TWINS:
        variants |= {variant.replace(old, new) for variant in variants}
    for variant in variants:
        yield variant
        yield variant.upper()


def _listed() -> dict[str, str]:
    """Map every spelling that may stand in text to its canonical name; former names carry their 'tỉnh'."""
    found: dict[str, str] = {}
    pairs = [(name, name) for name in all_names() if name not in NEEDS_PREFIX]
    pairs += [(row.spelling, row.name) for row in spellings() if row.use == "text"]
    for spelling, name in pairs:
        for variant in tone_styles(normalize(spelling)):
            found.setdefault(variant, name)
    return found


@cache
def stop_names() -> tuple[str, ...]:
    """Return the names that hold a province's name and mean something else."""
    lines = (files("index.places") / "stopnames.txt").read_text(encoding="utf-8").splitlines()
    names = [normalize(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    return tuple(dict.fromkeys(variant for name in names for variant in tone_styles(name)))


@cache
def name_of(surface: str) -> str | None:
    """Return the canonical name for a matched surface, None for a stop name."""
    return _surface_table().get(re.sub(r"\s+", " ", surface))


@cache
def _surface_table() -> dict[str, str]:
    table = dict(_listed())
    for spelling, name in list(table.items()):
        if is_former(name):
            for word in ("tỉnh", "Tỉnh", "TỈNH"):
                table[f"{word} {spelling}"] = name
    for stop in stop_names():
        table.pop(stop, None)
    return table


@cache
def finder() -> re.Pattern[str]:
    """Return the pattern that finds provinces and stop names; a stop name is a match without a `name_of`.

    Alternatives are grouped by their first letter and syllable and begin with the letter: `re` then sweeps to
    the next capital in question, and one look at the next letters settles most of them.
    """
    alternatives: dict[str, list[str]] = defaultdict(list)
    former = []
    for spelling, name in _listed().items():
        if is_former(name):
            former.append(spelling)
        else:
            alternatives[spelling.split(" ")[0]].append(spelling)
    for stop in stop_names():
        alternatives[stop.split(" ")[0]].append(stop)
    former.sort(key=len, reverse=True)
    after_kind = f"ỉnh{_SPACE}(?:{'|'.join(map(_spaced, former))})"
    by_letter = defaultdict(list, {"t": [after_kind], "T": [after_kind, f"ỈNH{after_kind[3:]}"]})
    for first, rests in sorted(alternatives.items(), key=lambda item: -len(item[0])):
        by_letter[first[0]].append(_group(first, rests)[1:])
    letters = (f"{letter}(?<!\\w{letter})(?:{'|'.join(rests)})" for letter, rests in by_letter.items())
    return re.compile(rf"(?:{'|'.join(letters)})(?!\w)")


def any_name(names: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of any of the names as whole words, with the sweep that `finder` explains."""
    by_letter: dict[str, set[str]] = defaultdict(set)
    for name in names:
        by_letter[name[0]].add(name[1:])
    letters = (
        f"{letter}(?<!\\w{letter})(?:{'|'.join(map(re.escape, sorted(rests, key=len, reverse=True)))})"
        for letter, rests in by_letter.items()
    )
    return re.compile(rf"(?:{'|'.join(letters)})(?!\w)")


def _group(first: str, spelled: list[str]) -> str:
    """Return one alternative for all spellings with the same first syllable, longest first."""
    rests = sorted({spelling[len(first) :] for spelling in spelled}, key=len, reverse=True)
    if rests == [""]:
        return _spaced(first)
    return f"{_spaced(first)}(?:{'|'.join(map(_spaced, rests))})"


def _spaced(spelling: str) -> str:
    return re.escape(spelling).replace(r"\ ", _SPACE)
