"""Words one slip away: a letter missing, too many, exchanged, or two turned round; or one sound written otherwise."""

from collections.abc import Iterator
from typing import Final

from search.lexicon.lexicon import Lexicon
from search.text.fold import letters_of, tone_of

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
#: Ways to write the beginning of a syllable that sound alike in one dialect or another, or mean the same in chats;
#: those that differ by one letter (s and x, l and n, c and k) are slips of a letter as well.
_SOUND_ALIKE: Final = (
    ("tr", "ch"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("d", "v"), ("gi", "v"),
    ("f", "ph"), ("z", "d"), ("z", "gi"), ("z", "r"), ("j", "gi"), ("w", "qu"), ("k", "kh"), ("hw", "qu"),
)  # fmt: skip
#: Shorter words have too many neighbours, longer ones are mostly names and codes.
SHORTEST: Final = 2
LONGEST: Final = 14
#: Candidates tried in context, the most frequent first.
MOST: Final = 24


def one_slip(word: str) -> Iterator[str]:
    """Yield every string one slip away from a folded word (some of them twice)."""
    for pair in _SOUND_ALIKE:
        for written, meant in (pair, pair[::-1]):
            if word.startswith(written):
                yield meant + word[len(written) :]
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
