"""Evaluate a query tree on whole arrays: no loop over postings, one Python step per node.

Cost of each step with N documents, lists of m <= n:
a cached frequent word 0; And O(m) per child, starting with the rarest; Or and Best O(m + n), dense O(N);
AtLeast O(candidates) per child, where the candidates hold one of the rarest words that any match must have;
Phrase O(occurrences of its words) for decoding, O(a log b) for joining; Prefix O(postings of its expansions).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from search.engines.columnar.matches import (
    NOTHING,
    Docs,
    Mask,
    Matches,
    Sparse,
    boost_by,
    every,
    intersect,
    restrict,
    subtract,
    unite,
)  # fmt: skip
from search.engines.columnar.phrase import PhraseFinder
from search.engines.columnar.words import FIELD_NAMES, TermList, WordLists
from search.query import tree
from search.query.tree import Node

#: A prefix stands for at most so many terms, the most frequent ones; `Found.notices` tells when it cuts.
MAX_EXPANSIONS = 10_000


@dataclass
class Evaluator:
    """Evaluates one query; `notices` collects the codes of limits that were reached."""

    words: WordLists
    phrases: PhraseFinder
    filter_mask: Callable[[tree.Filtered], Mask]
    notices: list[str] = field(default_factory=list)

    def run(self, node: Node) -> Matches:
        """Return the documents that match `node` with their scores."""
        match node:
            case tree.Word():
                return self._word(node)
            case tree.And(children):
                return self._and(children)
            case tree.Or(children):
                return unite([self.run(child) for child in children], self._size) if children else NOTHING
            case tree.Best(children):
                return unite([self.run(child) for child in children], self._size, best=True) if children else NOTHING
            case tree.AtLeast():
                return self._at_least(node)
            case tree.AndMaybe(required, optional):
                return boost_by(self.run(required), self.run(optional), self._size)
            case tree.AndNot(required, excluded):
                return subtract(self.run(required), self.run(excluded), self._size)
            case tree.Phrase():
                return self.phrases.find(node)
            case tree.Prefix():
                return self._prefix(node)
            case tree.Filtered():
                return restrict(every(self._size), self.filter_mask(node))
            case tree.Every():
                return every(self._size)

    @property
    def _size(self) -> int:
        return self.words.size

    def _word(self, word: tree.Word) -> Matches:
        found = self.words.impacts(word.terms, word.field)
        return found.scaled(word.boost * self.words.idf(self.words.word_df(word)))

    def _and(self, children: Sequence[Node]) -> Matches:
        if not children:
            return NOTHING
        found: list[Matches] = []
        for child in sorted(children, key=_cost):
            found.append(self.run(child))
            if not found[-1].count:
                return NOTHING
        return intersect(found, self._size)

    def _at_least(self, node: tree.AtLeast) -> Matches:
        """Score the candidates, then keep those whose matching children carry the share of the mass."""
        masses = [self.mass(child) for child in node.children]
        need = node.share * sum(masses) - 1e-6
        least = node.least * sum(masses) - 1e-6 if node.enough else need
        found = [self.run(child) for child in node.children]
        docs = self._candidates(found, masses, max(least, 1e-6))
        mass, scores = np.zeros(len(docs), np.float32), np.zeros(len(docs), np.float32)
        for matches, weight in zip(found, masses, strict=True):
            member, extra = matches.probe(docs, self._size)
            mass += member * np.float32(weight)
            scores += extra
        keep = mass >= need
        if np.count_nonzero(keep) < node.enough and len(mass):
            order = max(len(mass) - node.enough, 0)
            keep = mass >= max(float(np.partition(mass, order)[order]), least)
        return Sparse(docs[keep], scores[keep])

    def _candidates(self, found: Sequence[Matches], masses: Sequence[float], need: float) -> Docs:
        """Return the documents that have one of the rarest children without which the need can't be met."""
        order = sorted(range(len(found)), key=lambda child: found[child].count)
        rest, chosen = sum(masses), []
        for child in order:
            chosen.append(found[child])
            rest -= masses[child]
            if rest < need:
                break
        if not chosen:
            return NOTHING.docs
        return unite(chosen, self._size).sparse().docs

    def mass(self, node: Node) -> float:
        """Return boost x idf of a word; the sum over the words of a Phrase or And, the maximum of Or and Best."""
        match node:
            case tree.Word():
                return node.boost * self.words.idf(self.words.word_df(node))
            case tree.Phrase(words):
                return node.boost * sum(self.mass(word) for word in words)
            case tree.And(children) | tree.AtLeast(children):
                return sum(self.mass(child) for child in children)
            case tree.Or(children) | tree.Best(children):
                return max((self.mass(child) for child in children), default=0.0)
            case tree.AndMaybe(required) | tree.AndNot(required):
                return self.mass(required)
            case tree.Prefix():
                return node.boost * self.words.idf(self._prefix(node).count)
            case _:
                return 0.0

    def _prefix(self, node: tree.Prefix) -> Matches:
        name = FIELD_NAMES.get((node.field, node.form))
        if name is None:
            return NOTHING
        arrays = self.words.segment.fields[name]
        span = arrays.prefix(node.stem.encode())
        ordinals = np.arange(span.start, span.stop)
        if len(ordinals) > MAX_EXPANSIONS:
            self.notices.append("limit-expansions")
            top = np.argpartition(arrays.df[span.start : span.stop], -MAX_EXPANSIONS)[-MAX_EXPANSIONS:]
            ordinals = np.sort(ordinals[top])
        def decode() -> Matches:
            found = (arrays.postings(ordinal) for ordinal in ordinals.tolist())
            return self.words.score([(TermList(each.docs, each.freqs), 1.0) for each in found], node.field)

        matches = self.words.held((name, node.stem), decode)
        return matches.scaled(node.boost * self.words.idf(matches.count))


def _cost(node: Node) -> int:
    """Order children so that cheap and selective ones are evaluated before phrases and expansions."""
    match node:
        case tree.Word():
            return 0
        case tree.Filtered() | tree.Every():
            return 1
        case tree.Phrase():
            return 3
        case _:
            return 2
