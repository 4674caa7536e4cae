"""Whether codes stay what they are: `U17`, `SE6`, `Galaxy A5`, `khối A1` are VNI keystrokes as well.

The archive's own titles tell which codes people write.  Each code that VNI could decode is searched for together with
the words at its side, and is kept if it is read as typed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from search.archive.archive import Archive
from search.reading.keyboards import vni
from search.results.answer import DEEPEST, Request
from search.text import PIPELINE, Token

#: Different codes that are tried.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Codes:
    """How many codes were searched for, and those that were read as something else, with what was searched."""

    tried: int
    decoded: dict[str, str]


def measure_codes(archive: Archive) -> Codes:
    """Search for codes of the archive's titles, each with the words at its side."""
    titles = archive.titles(archive.find(Request(size=DEEPEST)).found)
    tried = list(islice(_codes(titles), MOST))
    decoded = {}
    for query, code in tried:
        words = archive.find(Request(q=query, size=1)).query.words
        read = [word.corrected.key for word in words if word.corrected and word.token.key == code]
        if read:
            decoded[query] = read[0]
    return Codes(len(tried), decoded)


def _codes(titles: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (query, tone key of the code), once for each code and the word before it."""
    seen: set[tuple[str, str]] = set()
    for title in titles:
        tokens = [token for token in PIPELINE.tokens(title) if not token.whole]
        for at, token in enumerate(tokens):
            before = tokens[at - 1].key if at else ""
            if _is_code(token) and (before, token.key) not in seen:
                seen.add((before, token.key))
                beside = tokens[max(at - 1, 0) : at + 2]
                yield title[beside[0].start : beside[-1].end], token.key


def _is_code(token: Token) -> bool:
    return token.key == token.fold and vni(token.key) is not None
