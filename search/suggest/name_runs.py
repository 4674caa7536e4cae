"""Names for suggestions: runs of capitalised words, neither cut short nor cut out of longer ones.

Vietnamese capitalises persons and places in every word, offices in the first syllables only: the run `Sở Ngoại` is
the beginning of `Sở Ngoại vụ`, `Hồ Chí` that of `Hồ Chí Minh`, and neither is a name.  How the archive itself goes on
after a run tells them apart; no list of offices is needed.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from search.reading.function_words import function_keys
from search.text import tone_key

_CAPITALS: Final = "".join(letter for letter in map(chr, range(0x2000)) if letter.isalpha() and letter.isupper())
#: Two or more capitalised words with one space between them, none of them cut off by punctuation.
_RUN: Final = re.compile(rf"(?<![^\W\d_])[{_CAPITALS}][^\W\d_]*(?: [{_CAPITALS}][^\W\d_]*)+")
_NEXT_WORD: Final = re.compile(r" ([^\W\d_]+)")
_LONGEST: Final = 5
#: Stands behind the beginning of a longer name, in place of how that goes on.
_GOES_ON: Final = " "
#: A run that goes on so often is no name by itself ...
CUT_SHARE: Final = 0.8
#: ... where every way to go on that counts has this share of it: `Bộ Công` is `Bộ Công an` and `Bộ Công Thương`.
WAY_SHARE: Final = 0.1


def names_in(text: str, end: int) -> Iterator[str]:
    """Yield what `shown_names` counts of the names that begin before `end`.

    That is each name, with the small word after it as well, and how longer ones begin.  A name has two to five
    words; the first word of a sentence is capitalised by rule, so it is no part of one.
    """
    for match in _RUN.finditer(text):
        if match.start() >= end:
            break
        run = match.group().split(" ")
        if text[max(match.start() - 2, 0) : match.start()].strip() in (".", "!", "?", ""):
            del run[0]
        if not 2 <= len(run) <= _LONGEST:
            continue
        name = " ".join(run)
        yield name
        if len(run) > 2:
            yield " ".join(run[:2]) + _GOES_ON
        following = _NEXT_WORD.match(text, match.end())
        if following and following.group(1).islower():
            yield f"{name} {following.group(1)}"


def shown_names(counts: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Return (names, beginnings that are none) with their counts; what occurs once is neither.

    `counts` are articles by what `names_in` yields.
    """
    runs: dict[str, int] = {}
    inside: dict[str, int] = {}
    ways: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for text, count in counts.items():
        run, _, word = text.rpartition(" ")
        if count < 2:
            continue
        if not word:
            inside[run] = count
        elif not (" " in run and word.islower()):
            runs[text] = count
        elif tone_key(word) not in function_keys():
            ways[run][text] = count
    names: dict[str, int] = {}
    cut: dict[str, int] = {}
    for name in sorted(runs.keys() | inside.keys()):
        whole = runs.get(name, 0) + inside.get(name, 0)
        found = {way: times for way, times in ways[name].items() if times >= WAY_SHARE * whole}
        if inside.get(name, 0) + sum(found.values()) >= CUT_SHARE * whole:
            cut[name] = whole
            names.update(found)
        else:
            names[name] = runs[name]
    return names, cut
