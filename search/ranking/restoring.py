"""Read a query's words in context: what each may mean, and how likely that is.

1. Every word gets candidates: the archive's words with the same folded form; the word that undecoded Telex
   or VNI keys mean; and, where its neighbours do not support it, words one slip away.
2. A hidden Markov model weighs them: the chance of typing it so (`search.ranking.channel`, for three kinds
   of typists) times the chance of standing beside each other (the lexicon's pair model).
3. Forward-backward gives each candidate its probability; the three kinds of typists are mixed by how well
   they explain the whole query.

Cost: two small matrix products per word; transitions and candidates are cached.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.lexicon.lexicon import Lexicon, Neighbours
from search.ranking import channel, slips
from search.ranking.channel import Chances
from search.text import Token, fold
from search.text.fold import letters_of
from search.text.keyboard import telex, vni

#: Readings of a word that are kept, the likeliest.
MOST_READINGS: Final = 8
#: Chances are brought back to a sum of one after so many words; at 1e-16 a word they stay far from underflow.
_RESCALED_EVERY: Final = 8
_TINY: Final = 1e-300
_EACH_TYPIST: Final = np.ones(3)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing a word may mean.  `kind`: as typed, other marks, undecoded keys, or a slip."""

    fold: str
    key: str
    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A word of the query with its candidates, the likeliest first."""

    token: Token
    variants: tuple[tuple[Candidate, float], ...] = field(default=())
    #: How likely the typist is one who leaves marks out, given the whole query.
    careless: float = 1.0

    @property
    def best(self) -> Candidate:
        """Return the likeliest candidate."""
        return self.variants[0][0]


@dataclass(frozen=True, slots=True)
class _States:
    """What one word may mean: n candidates, and P(typed | candidate) for each kind of typist, shape (3, n)."""

    candidates: tuple[Candidate, ...]
    numbers: tuple[int, ...]
    chances: NDArray[np.float64]

    @property
    def known(self) -> bool:
        """Say whether the archive has one of them."""
        return any(number >= 0 for number in self.numbers)


class Restorer:
    """Reads queries against one lexicon; keeps small caches, safe to share between threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._plain = lru_cache(maxsize=20_000)(self._plain_states)
        self._slips = lru_cache(maxsize=5_000)(self._with_slips)

    def read(self, words: Sequence[Token], correct: bool = True) -> list[Reading]:
        """Return a reading of each word; `correct` allows candidates that are spelled otherwise."""
        if not words:
            return []
        states = [self._plain(word.key, word.fold, correct) for word in words]
        steps = self._steps(states)
        if correct:
            suspects = list(_suspects(words, states, steps))
            for at in suspects:
                states[at] = self._slips(words[at].key, words[at].fold)
            if suspects:
                steps = self._steps(states)
        chances, careless = self._posterior(states, steps)
        return [
            Reading(word, _ranked(state.candidates, chance), careless)
            for word, state, chance in zip(words, states, chances, strict=True)
        ]

    def _steps(self, states: Sequence[_States]) -> list[Neighbours]:
        return [self.lexicon.neighbours(left.numbers, right.numbers) for left, right in pairwise(states)]

    def _plain_states(self, key: str, folded: str, correct: bool) -> _States:
        numbers = self.lexicon.numbers(folded)
        found = [
            Candidate(folded, other, number, "typed" if other == key else "marks") for other, number in numbers.items()
        ]
        chances = [channel.marks_chance(key, other.key, folded) for other in found]
        if key not in numbers:
            found.append(Candidate(folded, key, -1, "typed"))
            chances.append(channel.AS_MEANT)
        if correct and key == folded:
            for decoded in (telex(folded), vni(folded)):
                if decoded is not None:
                    self._add_decoded(decoded, found, chances)
        return _states(found, chances)

    def _add_decoded(self, key: str, found: list[Candidate], chances: list[Chances]) -> None:
        folded = fold(letters_of(key))
        number = self.lexicon.numbers(folded).get(key)
        if number is not None:
            found.append(Candidate(folded, key, number, "keys"))
            chances.append(channel.UNDECODED)

    def _with_slips(self, key: str, folded: str) -> _States:
        plain = self._plain(key, folded, True)
        found, chances = list(plain.candidates), [tuple(each) for each in plain.chances.T.tolist()]
        known = {candidate.key for candidate in found}
        for form, other, number in slips.candidates(self.lexicon, key, folded):
            if other not in known:
                found.append(Candidate(form, other, number, "slip"))
                chances.append(channel.slip_chance(unmarked=key == folded, meant_bare=other.isascii()))
        return _states(found, chances)

    def _posterior(
        self, states: Sequence[_States], steps: Sequence[Neighbours]
    ) -> tuple[list[list[float]], float]:
        """Return the probability of each candidate, and of a typist who drops marks, by forward-backward.

        Chances are joint ones of word and typist, so the sum over typists weighs each by how well it explains
        the whole query.  They are scaled by one number for all candidates and typists, which cancels.
        """
        forward = [states[0].chances * self.lexicon.frequencies(states[0].numbers)]
        for at, step in enumerate(steps, 1):
            forward.append(_scaled((forward[-1] @ step.chances) * states[at].chances, at))
        last = forward[-1]
        typists = last.sum(axis=1)
        result = [_normalised(_EACH_TYPIST @ last)]
        backward = np.ones(last.shape)
        for at in range(len(steps) - 1, -1, -1):
            backward = _scaled((backward * states[at + 1].chances) @ steps[at].chances.T, at)
            result.append(_normalised(_EACH_TYPIST @ (forward[at] * backward)))
        return result[::-1], float(1 - typists[0] / (typists.sum() + _TINY))


def _suspects(words: Sequence[Token], states: Sequence[_States], steps: Sequence[Neighbours]) -> Iterable[int]:
    """Yield the places of words that the archive does not have, or never beside their neighbours."""
    for at, (word, state) in enumerate(zip(words, states, strict=True)):
        if len(word.fold) < slips.SHORTEST or not word.fold.isalpha():
            continue
        if not state.known or (steps and not any(step.supported for step in steps[max(at - 1, 0) : at + 1])):
            yield at


def _states(found: Sequence[Candidate], chances: Sequence[Chances]) -> _States:
    return _States(tuple(found), tuple(candidate.number for candidate in found), np.array(chances).T.copy())


def _scaled(chances: NDArray[np.float64], at: int) -> NDArray[np.float64]:
    """Return the chances after `at` words, brought back to a sum of one every now and then."""
    if at % _RESCALED_EVERY:
        return chances
    scaled: NDArray[np.float64] = chances / (chances.sum() + _TINY)
    return scaled


def _normalised(joint: NDArray[np.float64]) -> list[float]:
    chances: list[float] = joint.tolist()
    total = sum(chances) + _TINY
    return [chance / total for chance in chances]


def _ranked(candidates: tuple[Candidate, ...], chances: list[float]) -> tuple[tuple[Candidate, float], ...]:
    order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)[:MOST_READINGS]
    return tuple([(candidates[at], chances[at]) for at in order])
