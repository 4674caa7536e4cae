"""How likely somebody types this when they mean that: marks dropped, marks wrong, keys undecoded, a slip.

The chances are not of the language but of typists; they were fitted on the dev queries and matter little
within a factor of two, since the neighbours of a word usually decide.
"""

from typing import Final

from search.text.fold import fold, letters_of, tone_of

#: One chance for each kind of typist.
Chances = tuple[float, ...]

#: How often a typist leaves out the marks of a word: hardly ever, of every other word, nearly always.
DROP_RATES: Final = (0.01, 0.5, 0.97)
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
#: How much less likely a slip is in a name typed with capitals, and in a word that looks foreign.
NAME: Final = 0.01
FOREIGN: Final = 0.2

AS_MEANT: Final[Chances] = (FAITHFUL,) * len(DROP_RATES)
UNDECODED: Final[Chances] = (KEYSTROKES,) * len(DROP_RATES)
_MARKS_KEPT: Final[Chances] = tuple((1 - rate) * FAITHFUL for rate in DROP_RATES)
_MARKS_DROPPED: Final[Chances] = tuple(rate * FAITHFUL for rate in DROP_RATES)


def marks_chance(typed: str, meant: str, folded: str) -> Chances:
    """Return P(typed key | meant key) for each kind of typist; both keys fold to `folded`."""
    if typed == meant:
        return AS_MEANT if meant == folded else _MARKS_KEPT
    if typed == folded:
        return _MARKS_DROPPED
    return (_disagreement(typed, meant),) * len(DROP_RATES)


def slip_chance(unmarked: bool, meant_bare: bool) -> Chances:
    """Return the chance of one slip in a word typed with or without marks, where the word meant has some or none."""
    dropped = DROP_RATES if unmarked and not meant_bare else (1.0,) * len(DROP_RATES)
    return tuple(SLIP * rate for rate in dropped)


def times(chances: Chances, factor: float) -> Chances:
    """Return chances that are all so much likelier."""
    return tuple(chance * factor for chance in chances)


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
