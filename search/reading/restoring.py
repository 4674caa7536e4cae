"""Read a query's words in context: what each may mean, and how likely that is.

1. Every word gets candidates: the archive's words with the same folded form; the word that undecoded Telex
   or VNI keys mean; and, where its neighbours do not support it, words one slip away.
2. A hidden Markov model weighs them: the chance of typing it so (`search.reading.error_model`, for three kinds
   of typists) times the chance of standing beside each other (the lexicon's pair model).
3. Forward-backward gives each candidate its probability; the three kinds of typists are mixed by how well
   they explain the whole query.

Cost: two small matrix products per word; transitions and candidates are cached.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.lexicon.lexicon import UNKNOWN, Lexicon, Neighbours
from search.reading import candidates as slips
from search.reading import error_model as channel
from search.reading.error_model import Chances
from search.reading.keyboards import telex, vni
from search.reading.shapes import Shape, looks_foreign, shapes
from search.reading.vocabulary import CHANCE_OF_A_WORD, vocabulary
from search.text import Token, fold
from search.text.fold import letters_of
from search.text.spelling import SYLLABLE

#: Readings of a word that are kept, the likeliest.
MOST_READINGS: Final = 8
#: Chances are brought back to a sum of one after so many words; at 1e-16 a word they stay far from underflow.
_RESCALED_EVERY: Final = 8
_TINY: Final = 1e-300
_EACH_TYPIST: Final = np.ones(3)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing a word may mean.  `kind`: as typed, other marks, undecoded keys, or a slip; `df` in articles."""

    fold: str
    key: str
    number: int
    kind: str
    df: float


class Reading(NamedTuple):
    """A word of the query with its candidates and their chances, the likeliest first; there is at least one.

    `careless` is how likely the typist is one who leaves marks out, given the whole query.
    """

    token: Token
    variants: tuple[tuple[Candidate, float], ...]
    careless: float

    @property
    def best(self) -> Candidate:
        """Return the likeliest candidate."""
        return self.variants[0][0]


@dataclass(frozen=True, slots=True)
class _States:
    """What one word may mean: n candidates, and P(typed | candidate) for each kind of typist, shape (3, n).

    `alone` is `chances` times the frequency of each candidate.  `known`: the archive has one of them; `mendable`:
    it is a word in which slips are looked for.
    """

    candidates: tuple[Candidate, ...]
    numbers: tuple[int, ...]
    chances: NDArray[np.float64]
    alone: NDArray[np.float64]
    known: bool
    mendable: bool


class Restorer:
    """Reads queries against one lexicon; keeps small caches, safe to share between threads.

    `rare` tells the number of articles with a tone key that the lexicon does not keep (numbers, codes, rare words).
    """

    def __init__(self, lexicon: Lexicon, rare: Callable[[str], int] = lambda key: 0) -> None:
        self.lexicon = lexicon
        self._rare = rare
        self._plain = lru_cache(maxsize=5_000)(self._plain_states)
        self._slips = lru_cache(maxsize=200)(self._with_slips)

    def read(self, words: Sequence[Token], text: str, correct: bool = True) -> list[Reading]:
        """Return a reading of each word of a query; `correct` allows candidates that are spelled otherwise.

        Capitals are those of the words in `text`.
        """
        if not words:
            return []
        typed: Sequence[Shape] = shapes(text, words) if correct else ["code"] * len(words)
        states = [self._plain(word.key, word.fold, shape == "plain") for word, shape in zip(words, typed, strict=True)]
        steps = self._steps(states)
        if correct:
            suspects = [at for at in _suspects(states, steps) if typed[at] != "code"]
            for at in suspects:
                states[at] = self._slips(words[at].key, words[at].fold, typed[at])
            if suspects:
                steps = self._steps(states)
        joint, careless = _posterior(states, steps)
        return [
            Reading(word, _ranked(state.candidates, chances), careless)
            for word, state, chances in zip(words, states, joint, strict=True)
        ]

    def _steps(self, states: Sequence[_States]) -> list[Neighbours]:
        return [self.lexicon.neighbours(left.numbers, right.numbers) for left, right in pairwise(states)]

    def _plain_states(self, key: str, folded: str, keys: bool) -> _States:
        numbers = self.lexicon.numbers(folded)
        found = [
            self._candidate(folded, other, number, "typed" if other == key else "marks")
            for other, number in numbers.items()
        ]
        chances = [channel.marks_chance(key, other.key, folded) for other in found]
        if key not in numbers:
            found.append(self._candidate(folded, key, -1, "typed"))
            chances.append(self._as_unknown(key))
        if keys and key == folded and (folded.isalpha() or not self._rare(key)):  # no code of this archive
            for decoded in (telex(folded), vni(folded)):
                if decoded is not None:
                    self._add_decoded(decoded, found, chances)
        return self._states(found, chances, folded)

    def _as_unknown(self, key: str) -> Chances:
        """Return the chances of a word typed as it is meant that the archive lacks, times how likely such a word is.

        The lexicon takes it for a word that hardly exists; one of the language is likelier.
        """
        if key not in vocabulary():
            return channel.AS_MEANT
        likelier = max(CHANCE_OF_A_WORD * self.lexicon.total / UNKNOWN, 1.0)
        return tuple(chance * likelier for chance in channel.AS_MEANT)

    def _candidate(self, folded: str, key: str, number: int, kind: str) -> Candidate:
        df = self.lexicon.df(number) if number >= 0 else self._rare(key)
        return Candidate(folded, key, number, kind, float(df))

    def _states(self, found: Sequence[Candidate], chances: Sequence[Chances], folded: str) -> _States:
        numbers = tuple(candidate.number for candidate in found)
        each = np.array(chances).T.copy()
        mendable = len(folded) >= slips.SHORTEST and folded.isalpha()
        alone = each * self.lexicon.frequencies(numbers)
        return _States(tuple(found), numbers, each, alone, max(numbers) >= 0, mendable)

    def _add_decoded(self, key: str, found: list[Candidate], chances: list[Chances]) -> None:
        folded = fold(letters_of(key))
        number = self.lexicon.numbers(folded).get(key)
        if number is not None:
            found.append(self._candidate(folded, key, number, "keys"))
            chances.append(channel.UNDECODED)

    def _with_slips(self, key: str, folded: str, shape: Shape) -> _States:
        plain = self._plain(key, folded, shape == "plain")
        found, chances = list(plain.candidates), [tuple(each) for each in plain.chances.T.tolist()]
        known = {candidate.key for candidate in found}
        for form, other, number in slips.candidates(self.lexicon, key, folded):
            if other not in known:
                found.append(self._candidate(form, other, number, "slip"))
                chance = channel.slip_chance(unmarked=key == folded, meant_bare=other.isascii())
                kind = channel.slip_kind(folded, form) * channel.left_out(key, other)
                chances.append(channel.times(chance, kind * _doubt(folded, form, shape)))
        return self._states(found, chances, folded)


def _doubt(typed: str, meant: str, shape: Shape) -> float:
    """Return by how much less likely a slip is in a name or a word that looks foreign; both are folded."""
    doubt = channel.NAME if shape == "name" else 1.0
    if shape == "foreign" or looks_foreign(typed) or not (SYLLABLE.fullmatch(typed) or SYLLABLE.fullmatch(meant)):
        doubt *= channel.FOREIGN
    return doubt


def _posterior(states: Sequence[_States], steps: Sequence[Neighbours]) -> tuple[list[list[float]], float]:
    """Return the chance of each candidate of each word, up to a factor, and that of a typist who drops marks.

    Forward-backward.  Chances are joint ones of word and typist, so the sum over typists weighs each by how well it
    explains the whole query.  They are scaled by one number for all candidates and typists, which cancels.
    """
    forward = [states[0].alone]
    for at, step in enumerate(steps, 1):
        forward.append(_scaled(forward[-1] @ step.chances * states[at].chances, at))
    last = forward[-1].tolist()
    typists = [sum(chances) for chances in last]
    result = [[sum(chances) for chances in zip(*last, strict=True)]]
    backward = states[-1].chances
    for at in range(len(steps) - 1, -1, -1):
        backward = _scaled(backward @ steps[at].chances.T, len(steps) - at)
        result.append((_EACH_TYPIST @ (forward[at] * backward)).tolist())
        backward = backward * states[at].chances
    return result[::-1], 1 - typists[0] / (sum(typists) + _TINY)


def _suspects(states: Sequence[_States], steps: Sequence[Neighbours]) -> list[int]:
    """Return the places of words that the archive does not have, or never beside their neighbours."""
    supported = [not steps, *[step.supported for step in steps], not steps]
    return [
        at
        for at, state in enumerate(states)
        if state.mendable and not (state.known and (supported[at] or supported[at + 1]))
    ]


def _scaled(chances: NDArray[np.float64], words: int) -> NDArray[np.float64]:
    """Return the chances after so many words, brought back to a sum of one every now and then."""
    return chances if words % _RESCALED_EVERY else chances / (chances.sum() + _TINY)


def _ranked(candidates: tuple[Candidate, ...], joint: list[float]) -> tuple[tuple[Candidate, float], ...]:
    total = sum(joint) + _TINY
    order = sorted(range(len(joint)), key=joint.__getitem__, reverse=True)[:MOST_READINGS]
    return tuple([(candidates[at], joint[at] / total) for at in order])
