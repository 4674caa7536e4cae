"""How likely somebody types this when they mean that: marks dropped, marks wrong, keys undecoded, a slip.

The chances are not of the language but of typists; they were fitted on the dev queries and matter little
within a factor of two, since the neighbours of a word usually decide.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.text.fold import fold, letters_of, tone_of

#: How often a typist leaves out the marks of a word: hardly ever, of every other word, nearly always.
DROP_RATES: Final = np.array([0.01, 0.5, 0.97])
FAITHFUL: Final = 0.97
#: The right letters, another tone typed.
WRONG_TONE: Final = 0.004
#: A tone or the marks of letters typed, the rest left out.
PARTIAL: Final = 0.02
#: Marks typed that contradict the word's in other ways.
CONFLICT: Final = 0.0005
#: One letter missing, doubled, exchanged or turned round; the share of one such slip among all.
SLIP: Final = 1e-5
#: Telex or VNI keys that stayed undecoded.
KEYSTROKES: Final = 0.02


def marks_chance(typed: str, meant: str, folded: str) -> NDArray[np.float64]:
    """Return P(typed key | meant key) for each drop rate, shape (3,); both keys fold to `folded`."""
    if typed == meant:
        return np.full(3, FAITHFUL) if meant == folded else (1 - DROP_RATES) * FAITHFUL
    if typed == folded:
        return DROP_RATES * FAITHFUL
    return np.full(3, 1.0) * _disagreement(typed, meant)


def _disagreement(typed: str, meant: str) -> float:
    same_letters = letters_of(typed) == letters_of(meant)
    if same_letters:
        return WRONG_TONE if tone_of(typed) else PARTIAL
    if drops_marks(typed, meant):
        return PARTIAL
    return CONFLICT


def drops_marks(typed: str, meant: str) -> bool:
    """Say whether `typed` is `meant` with some of its marks left out and none changed."""
    tone, letters, wanted = tone_of(typed), letters_of(typed), letters_of(meant)
    if tone not in ("", tone_of(meant)) or len(letters) != len(wanted):
        return False
    return all(left in (right, fold(right)) for left, right in zip(letters, wanted, strict=True))
