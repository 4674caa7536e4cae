"""How likely somebody types this when they mean that: marks dropped, marks wrong, keys undecoded, a slip.

The chances are not of the language but of typists; they were fitted on the dev queries and matter little
within a factor of two, since the neighbours of a word usually decide.
"""

from itertools import takewhile
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
#: One letter missing, or two turned round; the share of one such slip among all.
SLIP: Final = 2e-5
#: How likely other slips are beside it: a key next door instead of the right one or struck with it, any other key, the
#: same sound written otherwise.  These four kinds of slip make 80 % of all misspelled words (Damerau 1964), and most
#: wrong keys are neighbours of the right one (Grudin 1983); there are five times as many others.
NEXT_KEY: Final = 0.3
ANY_KEY: Final = 0.03
SAME_SOUND: Final = 0.5
#: A slip, and beside it a mark left out by somebody who types marks.
LEFT_OUT: Final = 0.05
#: Telex or VNI keys that stayed undecoded.
KEYSTROKES: Final = 0.02
#: How much less likely a slip is in a name typed with capitals, and in a word that looks foreign.
NAME: Final = 0.01
FOREIGN: Final = 0.2

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
#: Letters that are taken for each other by ear.
_HEARD_ALIKE: Final = ({"s", "x"}, {"l", "n"}, {"c", "k"}, {"i", "y"}, {"d", "r"})


def _next_door() -> frozenset[tuple[str, str]]:
    """Return the pairs of keys that touch: beside each other in a row, or in rows that are shifted by half a key."""
    places = {key: (row, 2 * column + row) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}
    return frozenset(
        (one, other) for one, (row, x) in places.items() for other, (line, y) in places.items()
        if (abs(row - line), abs(x - y)) in ((0, 2), (1, 1))
    )  # fmt: skip


_NEXT_DOOR: Final = _next_door()

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


def left_out(typed: str, meant: str) -> float:
    """Return how likely one slip away from the key `meant` leaves out so many marks as `typed` lacks, if it has any."""
    if not tone_of(typed) and letters_of(typed).isascii():
        return 1.0
    marked, wanted = (sum(not letter.isascii() for letter in letters_of(key)) for key in (typed, meant))
    slipped = len(letters_of(meant)) > len(letters_of(typed))
    return LEFT_OUT if wanted - marked > slipped else 1.0


def slip_kind(typed: str, meant: str) -> float:
    """Return how likely the one slip between two folded words is beside a letter left out."""
    start = _shared(typed, meant)
    end = _shared(typed[start:][::-1], meant[start:][::-1])
    wrong, right = typed[start : len(typed) - end], meant[start : len(meant) - end]
    if (not wrong and len(right) == 1) or (len(wrong) == 2 and wrong == right[::-1]):
        return 1.0
    if len(wrong) != 1 or len(right) > 1:
        return SAME_SOUND
    beside = right or typed[max(0, start - 1) : start] + typed[start + 1 : start + 2]
    if any((wrong, key) in _NEXT_DOOR or wrong == key for key in beside):
        return NEXT_KEY
    return SAME_SOUND if {wrong, right} in _HEARD_ALIKE else ANY_KEY


def _shared(one: str, other: str) -> int:
    """Return how many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


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
