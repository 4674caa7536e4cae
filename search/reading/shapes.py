"""How a word was typed: plainly, as a name, a foreign word or a code.

Keys that no editor has decoded are looked for in plain words only, slips in all but codes.  Capitals tell only where
the query has small letters beside them, and where they are not those of its beginning.  Letters with digits are a code
(`U17`, `SE6`, `khối A1`), unless the query shows that somebody types with VNI keys.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

from search.reading.keyboards import telex, vni
from search.text import Token
from search.text.spelling import SYLLABLE

Shape = Literal["plain", "name", "foreign", "code"]

#: Several syllables in one word, as foreign names and words have; its last one may end in any consonant.
_FOREIGN: Final = re.compile(
    "(?:[bcdfghjklmnpqrstvwxz]{0,3}[aeiouy]{1,2}){1,5}[bcdfghjklmnpqrstvwxz]{1,3}[aeiouy]{1,2}[a-z]?"
)
#: So many words typed with keys tell how somebody types.
_HABIT: Final = 2
#: Codes have fewer letters before their digits.
_LETTERS_OF_A_WORD: Final = 3


def shapes(text: str, words: Sequence[Token]) -> list[Shape]:
    """Return the shape of each word of a query, given its text."""
    typed = [text[word.start : word.end] for word in words]
    bare = text.isascii()
    if bare and sum(bool(telex(each)) for each in typed) >= _HABIT:
        return ["code" if _is_code(each, typed) else "plain" for each in typed]
    letters = [each for each in typed if each.isalpha()]
    small = sum(each.islower() for each in letters)
    capitals = 0 < small < len(letters)
    found: list[Shape] = []
    for each, word in zip(typed, words, strict=True):
        if _is_code(each, typed) or (capitals and each.isalpha() and len(each) > 1 and not each[1:].islower()):
            found.append("code")
        elif capitals and found and each[:1].isupper():
            found.append("name")
        else:
            found.append("foreign" if not bare and each.isascii() and looks_foreign(word.fold) else "plain")
    return found


def _is_code(word: str, typed: Sequence[str]) -> bool:
    """Say whether a word of letters and digits is a code, not VNI keys."""
    if word.isalpha() or not any(char.isdigit() for char in word):
        return False
    if word[1:].upper() == word[1:] != word[1:].lower() or vni(word) is None or not all(map(str.isascii, typed)):
        return True
    decoded = sum(bool(vni(each)) for each in typed)
    return decoded < _HABIT and sum(map(str.isalpha, word)) < _LETTERS_OF_A_WORD


def looks_foreign(folded: str) -> bool:
    """Say whether a folded word has the pattern of foreign words: several syllables in one, or none at all."""
    return not any(char in "aeiouy" for char in folded) or (
        SYLLABLE.fullmatch(folded) is None and _FOREIGN.fullmatch(folded) is not None
    )
