"""Cut NFC text into tokens: Vietnamese syllables, numbers and compounds with joiners.

`92/QĐ-UBND`, `26/12`, `TP.HCM`, `2025-2030`, `4.313` and `Bô-li-khăm-xay` can be searched in parts and as
a whole.  The parts take one position each; the whole is a further token at the position of its first part.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from search.text.fold import fold, tone_key

#: Letters and digits of any script, no underscore; combining marks that NFC could not compose stay inside.
_WORD: Final = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
_JOINERS: Final = r"[./\-\u2010-\u2013]"
WORDS: Final = re.compile(_WORD)
RUNS: Final = re.compile(rf"{_WORD}(?:{_JOINERS}{_WORD})*")
#: Longer "words" are markup or encoded data; their first letters are kept so that nothing is lost silently.
MAX_TOKEN: Final = 64
MAX_PARTS: Final = 8


@dataclass(frozen=True, slots=True)
class Token:
    """One index term with its place.

    `start` and `end` are code points in the text; `position` counts words from 0; `whole` marks a compound
    that stands beside its parts.
    """

    key: str
    fold: str
    start: int
    end: int
    position: int
    whole: bool = False


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of NFC `text` in order; a whole compound comes right before its first part."""
    position = 0
    for run in RUNS.finditer(text):
        start, surface = run.start(), run.group()
        parts = list(WORDS.finditer(surface))
        if len(parts) > 1:
            compound = compound_terms(surface)
            if compound:
                yield Token(*compound, start, run.end(), position, whole=True)
        for part in parts:
            word, first = part.group()[:MAX_TOKEN], start + part.start()
            yield Token(tone_key(word), fold(word), first, first + len(word), position)
            position += 1


def compound_terms(surface: str) -> tuple[str, str] | None:
    """Return (tone key, folded form) of a run with joiners as one term, or None if it is no compound.

    Hyphens between letters are left out (`Chi-lê`, `PLAY-OFF`), since foreign names are written with and without.
    Capitals tell nothing: a query typed in capitals must mean what it means in small letters.  So a missing space
    (`Nội.Hôm`) makes a compound as well; there are few, and the parts are terms of their own.
    """
    if len(surface) > MAX_TOKEN:
        return None
    parts = WORDS.findall(surface)
    if not 2 <= len(parts) <= MAX_PARTS:
        return None
    dashed = re.sub("[\u2010-\u2013]", "-", surface)
    joiners = set(re.sub(r"[\w\u0300-\u036f]", "", dashed))
    if joiners == {"-"} and not any(char.isdigit() for char in surface):
        dashed = dashed.replace("-", "")
    return tone_key(dashed), fold(dashed)
