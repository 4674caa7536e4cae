"""Which neighbouring words of a query are one word of two syllables, as `thanh hóa` and `kinh tế` are.

Vietnamese writes a space between the syllables of a word, and no list of words is needed to see which belong
together: in the archive's own sample of pairs they stand side by side far more often than chance has it.  Names of
provinces are known beforehand.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from search.lexicon.lexicon import LEAST_ASSOCIATION, Lexicon
from search.places import all_names
from search.planning.clauses import QueryWord
from search.reading.restoring import Candidate
from search.text import PIPELINE
from search.text.spelling import SYLLABLE


def compounds(words: Sequence[QueryWord], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return the places of neighbouring words that are one word of two syllables, each in one pair at most."""
    found = []
    for (left, one), (right, other) in pairwise(enumerate(words)):
        if one.clause.field == other.clause.field and _is_syllable(one) and _is_syllable(other):
            found.append((_strength(one.reading.best, other.reading.best, lexicon), left, right))
    chosen: list[tuple[int, int]] = []
    taken: set[int] = set()
    for strength, left, right in sorted(found, key=lambda entry: (-entry[0], entry[1])):
        if strength >= LEAST_ASSOCIATION and not taken & {left, right}:
            chosen.append((left, right))
            taken |= {left, right}
    return sorted(chosen)


def _strength(left: Candidate, right: Candidate, lexicon: Lexicon) -> float:
    if (left.key, right.key) in _provinces():
        return 1.0
    return lexicon.association(left.number, right.number)


@cache
def _provinces() -> frozenset[tuple[str, ...]]:
    """Return the tone keys of the provinces' names, former ones as well, of two syllables."""
    names = (tuple(token.key for token in PIPELINE.tokens(name)) for name in all_names())
    return frozenset(keys for keys in names if len(keys) == 2)


def _is_syllable(word: QueryWord) -> bool:
    return SYLLABLE.fullmatch(word.reading.best.fold) is not None
