"""Generated Whoosh queries over the vocabulary of an index: every kind, nested, with boosts."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from whoosh import query as q

Make = Callable[[], q.Query]


@dataclass(frozen=True)
class Vocabulary:
    """What there is to ask for: folded terms and tone keys of articles in text order, drawn by frequency."""

    folds: list[list[str]]
    keys: list[list[str]]


class Generator:
    """Makes queries; equal seeds make equal queries."""

    def __init__(self, seed: int, vocabulary: Vocabulary) -> None:
        self._rng = random.Random(seed)
        self._vocabulary = vocabulary

    def queries(self, count: int) -> list[q.Query]:
        kinds: list[Make] = [
            self.term, self.term, self.key, self.conjunction, self.disjunction, self.negation, self.and_maybe,
            self.phrase, self.loose_phrase, self.prefix, self.wildcard, self.fuzzy, self.term_range, self.author,
            self.nested, self.nested, self.boosted_pair,
        ]
        return [kinds[number % len(kinds)]() for number in range(count)]

    def _boost(self) -> float:
        return self._rng.choice([1.0, 1.0, 1.0, 0.4, 2.5])

    def word(self) -> str:
        return self._rng.choice(self._rng.choice(self._vocabulary.folds))

    def term(self) -> q.Query:
        return q.Term("fold", self.word(), boost=self._boost())

    def key(self) -> q.Query:
        return q.Term("key", self._rng.choice(self._rng.choice(self._vocabulary.keys)), boost=self._boost())

    def title(self) -> q.Query:
        return q.Term("title_fold", self.word())

    def author(self) -> q.Query:
        return q.Term("author", self._rng.choice(["lan", "minh", "hoa", "duc", "anh"]), boost=self._boost())

    def words(self, low: int, high: int) -> list[q.Query]:
        leaves = [self.term, self.term, self.term, self.key, self.title]
        return [self._rng.choice(leaves)() for _ in range(self._rng.randint(low, high))]

    def neighbours(self, low: int, high: int) -> list[q.Query]:
        """Words of one article, so that conjunctions find something."""
        text = self._rng.choice(self._vocabulary.folds)
        chosen = self._rng.sample(text, k=min(len(text), self._rng.randint(low, high)))
        return [q.Term("fold", word, boost=self._boost()) for word in chosen]

    def conjunction(self) -> q.Query:
        return q.And(self.neighbours(2, 5), boost=self._boost())

    def disjunction(self) -> q.Query:
        return q.Or(self.words(2, 6))

    def boosted_pair(self) -> q.Query:
        return q.Or([q.Term("fold", self.word(), boost=self._rng.uniform(0.1, 5)) for _ in range(2)])

    def negation(self) -> q.Query:
        return q.And([*self.neighbours(1, 2), q.Not(self.term())])

    def and_maybe(self) -> q.Query:
        return q.AndMaybe(self.term(), q.Or(self.words(1, 3)))

    def phrase(self, slop: int = 1) -> q.Query:
        text = self._rng.choice(self._vocabulary.folds)
        start = self._rng.randrange(max(1, len(text) - 4))
        words = text[start : start + self._rng.randint(2, 4)]
        return q.Phrase("fold", words, slop=slop, boost=self._boost())

    def loose_phrase(self) -> q.Query:
        text = self._rng.choice(self._vocabulary.folds)
        start = self._rng.randrange(max(1, len(text) - 6))
        words = text[start : start + 6 : 2] if self._rng.random() < 0.7 else [text[start], self.word()]
        return q.Phrase("fold", words, slop=self._rng.randint(2, 5))

    def prefix(self) -> q.Query:
        return q.Prefix("fold", self.word()[: self._rng.choice([2, 3, 3, 4, 4])], boost=self._boost())

    def wildcard(self) -> q.Query:
        word = self.word()
        place = self._rng.randrange(len(word))
        return q.Wildcard("fold", word[:place] + self._rng.choice("?*") + word[place + 1 :])

    def fuzzy(self) -> q.Query:
        word = self.word()
        place = self._rng.randrange(len(word))
        slip = word[:place] + self._rng.choice(["", "h", "nn"]) + word[place + self._rng.randint(0, 1) :]
        maximum, prefix = self._rng.choice([(1, 0), (1, 1), (1, 2), (2, 1), (2, 2)])
        return q.FuzzyTerm("fold", slip or "a", maxdist=maximum, prefixlength=min(prefix, len(slip)))

    def term_range(self) -> q.Query:
        low, high = sorted([self.word(), self.word()])
        return q.And([self.term(), q.TermRange("fold", low, low[:1] + high[-2:])])

    def nested(self, depth: int = 2) -> q.Query:
        if depth == 0 or self._rng.random() < 0.25:
            leaves = [self.term, self.key, self.phrase, self.prefix, self.title, self.author]
            return self._rng.choice(leaves)()
        children = [self.nested(depth - 1) for _ in range(self._rng.randint(2, 3))]
        kind = self._rng.randrange(4)
        if kind == 0:
            return q.And(children)
        if kind == 1:
            return q.And([children[0], q.Not(children[1])])
        if kind == 2:
            return q.AndMaybe(children[0], children[1])
        return q.Or(children)


