"""Complete a last word that is half typed: `sở ngoại v` while somebody types on.

Only where nothing else fits: the archive never has the word as typed behind the one before it, and of the words that
begin so one stands there more often than all others.
"""

from collections.abc import Sequence
from typing import Final

from search.lexicon.lexicon import Lexicon
from search.reading.blanks import Names
from search.text import Token, fold
from search.text.fold import letters_of, tone_of
from search.text.spelling import cased_as, spell

#: A completion stands behind the word before it so many times more often than by chance ...
_LIFT: Final = 4.0
#: ... and is this share of all that do and begin so.
_SHARE: Final = 0.5
#: Words of a name that is looked up: the two before the last one and itself.
_OF_A_NAME: Final = 3


def completion(lexicon: Lexicon, words: Sequence[Token], text: str, names: Names) -> str | None:
    """Return the word that the last one is the beginning of, None if it is one itself or nothing is likely."""
    if len(words) < 2 or not text.endswith(text[words[-1].start : words[-1].end]):
        return None
    before, last = words[-2], words[-1]
    typed = text[last.start : last.end]
    if not typed.isalpha() or text[before.end : last.start] != " ":
        return None
    lefts = _variants(lexicon, before.fold, before.key)
    if not lefts:
        return None
    own = _variants(lexicon, last.fold, last.key)
    if own and lexicon.together(lefts, own) >= 1:
        return None
    found = _in_name(words, names) or _likeliest(lexicon, lefts, last)
    return cased_as(typed[:1], found) if found else None


def _in_name(words: Sequence[Token], names: Names) -> str | None:
    """Return the last word of the most frequent name that the last three words begin."""
    if len(words) < _OF_A_NAME:
        return None
    *before, last = words[-_OF_A_NAME:]
    found = [
        (count, keys[2])
        for keys, count in names(before[0].fold, before[1].fold)
        if len(keys) >= _OF_A_NAME and _continues(keys[2], last)
        and all(word.key in (word.fold, key) for word, key in zip(before, keys, strict=False))
    ]  # fmt: skip
    return spell(max(found)[1]) if found else None


def _likeliest(lexicon: Lexicon, lefts: Sequence[int], last: Token) -> str | None:
    followers = []
    for left in lefts:
        alone = float(lexicon.frequencies((left,))[0]) * lexicon.total
        for count, number, key in lexicon.followers(left):
            if _continues(key, last) and count >= _LIFT * alone * float(lexicon.frequencies((number,))[0]):
                followers.append((count, key))
    if not followers:
        return None
    count, key = max(followers)
    return spell(key) if count >= _SHARE * sum(count for count, _ in followers) else None


def _continues(key: str, last: Token) -> bool:
    """Say whether a word begins with the letters typed, marks and all; a tone may still come."""
    letters = letters_of(key)
    typed = letters_of(last.key)
    if last.key == last.fold:
        return fold(letters).startswith(last.fold)
    return letters.startswith(typed) and tone_of(last.key) in ("", tone_of(key))


def _variants(lexicon: Lexicon, folded: str, key: str) -> tuple[int, ...]:
    return tuple([number for other, number in lexicon.numbers(folded).items() if key in (folded, other)])
