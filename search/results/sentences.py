"""Where sentences and clauses of a text begin: the places where a snippet may."""

import re
from typing import Final, NamedTuple

#: Abbreviations that end in a full stop and stand before what they belong to: titles, kinds of places, initials.
#: From the rules of spelling of administrative texts (Decree 30/2020/NĐ-CP) and what news write.
_ABBREVIATED: Final = re.compile(
    r"(?<!\w)(?:tp|tx|tt|ts|ths|pgs|gs|bs|ks|ls|nsưt|nsnd|đc|st|mr|mrs|ms|dr|no|[a-zđ])$", re.IGNORECASE
)
#: What may end a sentence or a clause, with what closes it and the space after it.
_ENDS: Final = re.compile(r"[.!?…,;:\n–—-][.!?…]*[\"”’»)\]]*\s+")
_SENTENCE: Final = frozenset(".!?…")
_DASHES: Final = frozenset("–—-")
#: Code points before a full stop that tell an abbreviation.
_REACH: Final = 8


class Starts(NamedTuple):
    """Ascending places in a text where sentences begin, and where clauses inside of them do."""

    sentences: list[int]
    clauses: list[int]


def starts(text: str, low: int, high: int) -> Starts:
    """Return the beginnings of sentences and clauses in [low, high); `low` itself is one of a sentence."""
    sentences, clauses = [low], []
    for end in _ENDS.finditer(text, low, high):
        first, last = end.span()
        mark = text[first]
        if "\n" in end.group():
            sentences.append(last)
        elif mark in _SENTENCE:
            if not text[last : last + 1].islower() and not is_abbreviated(text, first):
                sentences.append(last)
        elif mark not in _DASHES or text[first - 1 : first].isspace():
            clauses.append(last)
    return Starts(sentences, clauses)


def is_abbreviated(text: str, stop: int) -> bool:
    """Say whether the full stop at a place belongs to an abbreviation, `TP. Vinh`, and ends no sentence."""
    return text[stop] == "." and _ABBREVIATED.search(text, max(stop - _REACH, 0), stop) is not None
