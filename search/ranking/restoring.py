"""Read a query's words in context: what each may mean, and how likely that is.

1. Every word gets candidates: the archive's words with the same folded form; the word that undecoded Telex
   or VNI keys mean; and, where its neighbours do not support it, words one slip away.
2. A hidden Markov model weighs them: the chance of typing it so (`search.ranking.channel`, for three kinds
   of typists) times the chance of standing beside each other (the lexicon's pair model).
3. Forward-backward gives each candidate its probability; the three kinds of typists are mixed by how well
   they explain the whole query.

Cost: a few small matrix products per word; transitions and candidates are cached.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.lexicon.lexicon import Lexicon
from search.ranking import channel, slips
from search.text import Token, fold
from search.text.fold import letters_of
from search.text.keyboard import telex, vni

#: A word that this share of its article neighbours' counts does not support is checked for a slip.
_TINY: Final = 1e-300


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
    candidates: tuple[Candidate, ...]
    numbers: tuple[int, ...]
    chances: NDArray[np.float64]  # (3, n): P(typed | candidate) per kind of typist


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
        if correct:
            for at in self._suspects(words, states):
                states[at] = self._slips(words[at].key, words[at].fold)
        chances, careless = self._posterior(states)
        return [
            Reading(word, _ranked(state.candidates, chance), careless)
            for word, state, chance in zip(words, states, chances, strict=True)
        ]

    def _plain_states(self, key: str, folded: str, correct: bool) -> _States:
        numbers = self.lexicon.numbers(folded)
        found = [
            Candidate(folded, other, number, "typed" if other == key else "marks") for other, number in numbers.items()
        ]
        chances = [channel.marks_chance(key, other.key, folded) for other in found]
        if key not in numbers:
            found.append(Candidate(folded, key, -1, "typed"))
            chances.append(np.full(3, channel.FAITHFUL))
        if correct and key == folded:
            for decoded in (telex(folded), vni(folded)):
                if decoded is not None:
                    self._add_decoded(decoded, found, chances)
        return _states(found, chances)

    def _add_decoded(self, key: str, found: list[Candidate], chances: list[NDArray[np.float64]]) -> None:
        folded = fold(letters_of(key))
        number = self.lexicon.numbers(folded).get(key)
        if number is not None:
            found.append(Candidate(folded, key, number, "keys"))
            chances.append(np.full(3, channel.KEYSTROKES))

    def _with_slips(self, key: str, folded: str) -> _States:
        plain = self._plain(key, folded, True)
        found, chances = list(plain.candidates), list(plain.chances.T)
        known = {candidate.key for candidate in found}
        for form, other, number in slips.candidates(self.lexicon, key, folded):
            if other not in known:
                found.append(Candidate(form, other, number, "slip"))
                meant_bare = other.isascii()
                dropped = channel.DROP_RATES if key == folded and not meant_bare else np.ones(3)
                chances.append(dropped * channel.SLIP)
        return _states(found, chances)

    def _suspects(self, words: Sequence[Token], states: list[_States]) -> list[int]:
        """Return the places of words that the archive does not have, or never beside their neighbours."""
        suspects = []
        for at, (word, state) in enumerate(zip(words, states, strict=True)):
            if len(word.fold) < slips.SHORTEST or not word.fold.isalpha():
                continue
            unknown = all(number < 0 for number in state.numbers)
            if unknown or (len(words) > 1 and not self._supported_at(states, at)):
                suspects.append(at)
        return suspects

    def _supported_at(self, states: Sequence[_States], at: int) -> bool:
        lefts = [left for left in (at - 1, at) if 0 <= left < len(states) - 1]
        return any(self._supported(states[left], states[left + 1]) for left in lefts)

    def _supported(self, left: _States, right: _States) -> bool:
        moves = self.lexicon.transitions(left.numbers, right.numbers)
        floor = self.lexicon.frequencies(right.numbers)
        return bool((moves > floor[None, :]).any())

    def _posterior(self, states: list[_States]) -> tuple[list[NDArray[np.float64]], float]:
        """Return the probability of each candidate, and of a typist who drops marks, by forward-backward."""
        forward = [states[0].chances * self.lexicon.frequencies(states[0].numbers)]
        scale = np.log(forward[0].sum(axis=1) + _TINY)
        forward[0] /= forward[0].sum(axis=1, keepdims=True) + _TINY
        moves = []
        for before, state in pairwise(states):
            move = self.lexicon.transitions(before.numbers, state.numbers)
            step = (forward[-1] @ move) * state.chances
            total = step.sum(axis=1, keepdims=True) + _TINY
            scale += np.log(total[:, 0])
            forward.append(step / total)
            moves.append(move)
        backward = np.ones((3, len(states[-1].numbers)))
        evidence = np.exp(scale - scale.max())
        evidence = evidence / evidence.sum()
        result = [self._mixed(forward[-1], backward, evidence)]
        for at in range(len(states) - 2, -1, -1):
            backward = (backward * states[at + 1].chances) @ moves[at].T
            backward /= backward.max(axis=1, keepdims=True) + _TINY
            result.append(self._mixed(forward[at], backward, evidence))
        return result[::-1], float(1 - evidence[0])

    @staticmethod
    def _mixed(
        forward: NDArray[np.float64], backward: NDArray[np.float64], evidence: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        joint = forward * backward
        joint /= joint.sum(axis=1, keepdims=True) + _TINY
        mixed: NDArray[np.float64] = evidence @ joint
        return mixed


def _states(found: Sequence[Candidate], chances: Sequence[NDArray[np.float64]]) -> _States:
    return _States(tuple(found), tuple(candidate.number for candidate in found), np.array(chances).T)


def _ranked(candidates: tuple[Candidate, ...], chances: NDArray[np.float64]) -> tuple[tuple[Candidate, float], ...]:
    order = np.argsort(-chances, kind="stable")[:8]
    return tuple((candidates[at], float(chances[at])) for at in order)
