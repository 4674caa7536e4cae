"""Words one slip away: a letter missing, too many, exchanged, or two turned round."""

from collections.abc import Iterator
from typing import Final

from search.lexicon.lexicon import Lexicon
from search.text.fold import letters_of, tone_of

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
#: Shorter words have too many neighbours, longer ones are mostly names and codes.
SHORTEST: Final = 2
LONGEST: Final = 14
#: Candidates tried in context, the most frequent first.
MOST: Final = 24


def one_slip(word: str) -> Iterator[str]:
    """Yield every string one slip away from a folded word (some of them twice)."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]
            for letter in _LETTERS:
                yield head + letter + tail[1:]
        for letter in _LETTERS:
            yield head + letter + tail


def candidates(lexicon: Lexicon, typed: str, folded: str) -> tuple[tuple[str, str, int], ...]:
    """Return (folded form, tone key, number) of the archive's words that one slip could have made `typed`.

    A tone or mark typed is never contradicted: it must be in the word at the same letters.
    """
    if not SHORTEST <= len(folded) <= LONGEST or not folded.isascii() or not folded.isalpha():
        return ()
    found = []
    for form in lexicon.known(one_slip(folded)) - {folded}:
        for key, number in lexicon.numbers(form).items():
            if _keeps_marks(typed, folded, key):
                found.append((lexicon.cf(number), form, key, number))
    found.sort(reverse=True)
    return tuple((form, key, number) for _, form, key, number in found[:MOST])


def _keeps_marks(typed: str, folded: str, key: str) -> bool:
    if typed == folded:
        return True
    tone = tone_of(typed)
    if tone and tone != tone_of(key):
        return False
    marks = [letter for letter in letters_of(typed) if not letter.isascii()]
    return all(letter in letters_of(key) for letter in marks)
