"""Phrases by position arithmetic.

The documents that have all words come first.  In these, every occurrence of a word gets a number: the place of its
document among them, shifted, plus its position.  Two words stand side by side where their numbers differ by one, so
a phrase is a join of sorted integer lists: of similar lengths by merging, O(a + b), else by search, O(a log b).

Where two neighbours have a list of their own (`pair_lists`) that is all there is to a phrase of two, and longer ones
are looked for only where these lists meet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from typing import Any

import numpy as np
import numpy.typing as npt

from search.budget import check
from search.engines.columnar.evaluate.bm25f import Scores, WordLists, saturate
from search.engines.columnar.evaluate.docsets import Docs, Listed, Members, intersect
from search.engines.columnar.evaluate.pair_lists import NONE, PairLists, PairPostings, in_turn, merged
from search.engines.columnar.evaluate.positions import Codes, Positions
from search.engines.columnar.evaluate.posting_lists import find
from search.query.tree import Phrase, Term, Word
from search.text.fold import fold, letters_of

#: Numbers left free between documents; a phrase's slop is cut to it so that it never reaches across.
DOCUMENT_GAP = 64
#: Merging two lists costs as much as so many binary searches of one in the other.
_SEARCH = 6
#: Documents that are looked at together: their occurrences stay in the processor's cache, and memory has a bound.
_SLICE = 1 << 15
#: When so few documents are left of those there were, the next word is looked up in these alone.
_NARROW = 2


@dataclass(frozen=True)
class PhraseHits:
    """The documents with a phrase, ascending, how often each has it, and how often in its title.

    `score` makes scores of documents and their frequencies; an occurrence in the title counts `title` times.
    """

    docs: Docs
    tf: Scores
    titled: npt.NDArray[Any]
    title: float
    score: Callable[[Docs, Scores], Scores]

    @cached_property
    def scores(self) -> Scores:
        """Their scores."""
        return self.score(self.docs, self.tf)

    @cached_property
    def freqs(self) -> Scores:
        """Frequencies where each in the title counts more."""
        freqs: Scores = (self.tf + np.float32(self.title - 1) * self.titled).astype(np.float32)
        return freqs

    def at(self, docs: Docs, size: int) -> Scores:
        """Return the scores of `docs`, 0 for those without the phrase."""
        return self._spread(self.scores, docs, size)

    def freqs_at(self, docs: Docs, size: int) -> Scores:
        """Return the frequencies in `docs`, 0 in those without the phrase."""
        return self._spread(self.freqs, docs, size)

    def _spread(self, values: Scores, docs: Docs, size: int) -> Scores:
        if len(docs) == len(self.docs) and np.array_equal(docs, self.docs):
            return values
        every = np.zeros(size, np.float32)
        every[self.docs] = values
        return every.take(docs)


class PhraseFinder:
    """Finds phrases in the `fold` field of one segment."""

    def __init__(self, words: WordLists, pairs: PairLists, positions: Positions, spans: npt.NDArray[Any],
                 title_words: npt.NDArray[Any]) -> None:  # fmt: skip
        """`spans` [documents]: the last position of each document plus one; `title_words`: where the title ends."""
        self._words, self._pairs, self._positions, self._title_words = words, pairs, positions, title_words
        self._longest = int(spans.max(initial=0))

    def find(self, phrase: Phrase, within: Members | None = None) -> PhraseHits:
        """Return the documents with the phrase, of `within`: tf is the number of its occurrences, idf the sum of its
        words'."""
        forms = self._forms(phrase)
        if len(forms) == 1 and any(forms[0].values()):
            found = merged([self._pairs.get(term) if term else self._joined(_pair(phrase, words), within, ())
                            for words, term in forms[0].items()])  # fmt: skip
            if isinstance(within, Listed) and within.count < len(found.docs):
                found = found.within(within.docs)
        else:
            found = self._joined(phrase, within, forms)
        if phrase.field == "title":
            found = found.in_title()
        words = self._words

        def score(docs: Docs, tf: Scores) -> Scores:
            idf = sum(word.boost * words.idf(words.word_df(word)) for word in phrase.words)
            return saturate(tf, words.norm(phrase.field, docs), words.scoring.k1) * np.float32(idf * phrase.boost)

        tf, titled = found.freqs.astype(np.float32), found.titled.astype(np.intp)
        return PhraseHits(found.docs.astype(np.intp), tf, titled, words.scoring.title, score)

    def most(self, phrase: Phrase) -> int | None:
        """Return how many documents have two neighbours in a phrase, if lists of their own tell; else None."""
        listed = [forms.values() for forms in self._forms(phrase) if all(forms.values())]
        return min((sum(self._pairs.df(term) for term in terms if term) for terms in listed), default=None)

    def _forms(self, phrase: Phrase) -> list[dict[tuple[str, str], bytes | None]]:
        """Return for each two neighbours in a phrase all forms of both, with the terms of those that have lists."""
        terms = [term for word in phrase.words for term in word.terms]
        if phrase.slop > 1 or phrase.field not in ("all", "title") or any(term.form != "fold" for term in terms):
            return []
        if any(word.field not in ("all", phrase.field) for word in phrase.words):
            return []
        forms = [folded_forms(word) for word in phrase.words]
        if any(_share_place(each) for each in forms):
            return []
        return [{pair: self._pairs.term(*pair) for pair in product(*two)} for two in pairwise(forms)]

    def _joined(
        self, phrase: Phrase, within: Members | None, forms: Sequence[Mapping[tuple[str, str], bytes | None]]
    ) -> PairPostings:
        """Find a phrase by the positions of its words."""
        docs = self._candidates(phrase, within, forms)
        bits = (self._longest + len(phrase.words) + DOCUMENT_GAP).bit_length()
        if not phrase.words or not len(docs):
            return NONE
        return in_turn([self._joined_in(phrase, docs[at : at + _SLICE], bits) for at in range(0, len(docs), _SLICE)])

    def _joined_in(self, phrase: Phrase, docs: Docs, bits: int) -> PairPostings:
        """Find a phrase in some documents that have all of its words."""
        docs, owners, positions = self._join(phrase, docs, bits)
        counts = np.bincount(owners, minlength=len(docs))
        titled = np.bincount(owners[positions < self._title_words[docs[owners]]], minlength=len(docs))
        hit = counts.nonzero()[0]
        return PairPostings(docs[hit], counts[hit], titled[hit])

    def _candidates(
        self, phrase: Phrase, within: Members | None, forms: Sequence[Mapping[tuple[str, str], bytes | None]]
    ) -> Docs:
        """Return the documents that have all words, and the neighbours that have lists, from the rarest on."""
        found = within
        lists = [merged([self._pairs.get(term) for term in two.values() if term]) for two in forms if all(two.values())]
        for each in sorted(lists, key=lambda each: len(each.docs)):
            more: Members = Listed(each.docs.astype(np.intp))
            found = more if found is None else intersect(found, more, self._words.size)
        words = [word if word.field != "all" else Word(word.terms, phrase.field, word.boost, word.df, word.text)
                 for word in phrase.words]  # fmt: skip
        for word in sorted(words, key=self._words.most):
            if isinstance(found, Listed):
                found = Listed(found.docs[self._words.word(word).has(found.docs)])
            else:
                more = self._words.word(word).members()
                found = more if found is None else intersect(found, more, self._words.size)
        return found.docs if found is not None else np.empty(0, np.intp)

    def _join(self, phrase: Phrase, docs: Docs, bits: int) -> tuple[Docs, npt.NDArray[np.intp], npt.NDArray[Any]]:
        """Return (documents, and for every occurrence of the phrase: its document's place among them, last position).
        """
        slop = min(max(phrase.slop, 1), DOCUMENT_GAP)
        if slop > 1:
            reached = within_steps([self._codes(word, docs, bits) for word in phrase.words], slop)
        else:
            docs, reached = self._adjacent(phrase.words, docs, bits)
        return docs, (reached >> bits).astype(np.intp), reached & ((1 << bits) - 1)

    def _adjacent(self, words: Sequence[Word], docs: Docs, bits: int) -> tuple[Docs, Codes]:
        """Join from the rarest word on; after each join only the documents that are left are looked at."""
        last = len(words) - 1
        order = sorted(range(len(words)), key=lambda place: self._words.most(words[place]))
        reached = self._codes(words[order[0]], docs, bits) + (last - order[0])
        for place in order[1:]:
            owners = reached >> bits
            first = np.ones(len(owners), bool)
            np.not_equal(owners[1:], owners[:-1], out=first[1:])
            if np.count_nonzero(first) * _NARROW < len(docs):
                docs = docs[owners[first]]
                reached = (np.cumsum(first) - 1 << bits | reached & ((1 << bits) - 1)).astype(reached.dtype)
            reached = common(reached, self._codes(words[place], docs, bits) + (last - place))
        return docs, reached

    def _codes(self, word: Word, docs: Docs, bits: int) -> Codes:
        """Return the numbers of the occurrences of a word in `docs`, ascending."""
        check("finding a phrase")
        return self._positions.codes(folded_forms(word), docs, bits)


def _pair(phrase: Phrase, words: tuple[str, str]) -> Phrase:
    return Phrase(tuple([Word((Term("fold", word),), phrase.field) for word in words]), 1, phrase.field)


def folded_forms(word: Word) -> tuple[str, ...]:
    """Return the folded forms that a word stands for."""
    forms = (term.text if term.form == "fold" else fold(letters_of(term.text)) for term in word.terms)
    return tuple(dict.fromkeys(forms))


def _share_place(forms: Sequence[str]) -> bool:
    """Say whether forms of a word may stand at one place, as a compound and its first part do: lists of pairs would
    tell such a place twice.
    """
    return any(one != other and one.startswith(other) for one, other in product(forms, forms))


def common(left: Codes, right: Codes) -> Codes:
    """Return the numbers in both ascending lists; merging two ascending runs is what a stable sort does."""
    few, many = (left, right) if len(left) < len(right) else (right, left)
    if not len(few):
        return few
    if len(few) * _SEARCH < len(many):
        return few.compress(find(many, few)[1])
    merged = np.concatenate((few, many))
    merged.sort(kind="stable")
    return merged[:-1].compress(merged[1:] == merged[:-1])


def within_steps(lists: Sequence[Codes], slop: int) -> Codes:
    """Return the numbers of last words that are reached from a first word by steps of at most `slop`."""
    reached = lists[0]
    for numbers in lists[1:]:
        if not len(reached):
            return reached
        check("finding a phrase")
        before = np.searchsorted(reached, numbers, "left") - 1
        near = (before >= 0) & (numbers - reached[np.maximum(before, 0)] <= slop)
        reached = numbers[near]
    return reached
