"""Evaluate a query tree on whole arrays: no loop over postings, one Python step per node.

1. `Evaluator.members` of the root decides which documents match, from masks and lists, without any score.
2. `Evaluator.scores` scores only the documents asked for: those that match and pass the filters, or one page.

Cost of each step with N documents, lists of m <= n, d documents found: a frequent word is an operation on N bytes;
And O(m) per child, starting with the rarest; Or, Best and AtLeast O(N) bytes per child; Phrase O(occurrences of its
words in the documents that have them all); Prefix O(postings of its expansions), once; scoring O(d) per term.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from search.budget import check
from search.engines.columnar.evaluate.bm25f import Scores, WordLists, WordPostings, union
from search.engines.columnar.evaluate.docsets import (
    NOBODY,
    Docs,
    Listed,
    Mask,
    Masked,
    Members,
    Packed,
    intersect,
    subtract,
    unite,
)
from search.engines.columnar.evaluate.masses import heavy, last_of_best
from search.engines.columnar.evaluate.phrases import PhraseFinder, PhraseHits
from search.engines.columnar.evaluate.posting_lists import TermList
from search.engines.port import LIMIT_EXPANSIONS
from search.query import tree
from search.query.tree import Node

#: Sums of masses that differ by less are equal.
_CLOSE = 1e-5
#: From 1/8 of all documents on, masks cost less than lists.
_FEW = 8


@dataclass
class Evaluator:
    """Evaluates one query; `notices` collects the codes of limits that were reached.

    Of a `Relaxed` node `left_out` are the places of children that are not asked for, `unit_counts` the documents of
    each; one that leaves nothing out does not tell.
    """

    words: WordLists
    phrases: PhraseFinder
    restricted: Callable[[tree.Filtered | tree.Named], Mask]
    root: Node
    notices: list[str] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    unit_counts: list[int] = field(default_factory=list)
    _known: dict[int, Members] = field(default_factory=dict)
    _phrases: dict[int, PhraseHits] = field(default_factory=dict)
    _norms: dict[str, Scores] = field(default_factory=dict)
    _words: dict[int, WordPostings] = field(default_factory=dict)
    _unions: dict[tuple[tree.Field, tuple[tree.Term, ...]], Members] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._narrows = not _repeats(self.root, set())

    @property
    def _size(self) -> int:
        return self.words.size

    def _word(self, word: tree.Word) -> WordPostings:
        found = self._words.get(id(word))
        if found is None:
            found = self._words[id(word)] = self.words.word(word)
        return found

    def _union(self, word: tree.Word) -> Members:
        """Return the documents of a word; those of the same terms, asked for twice in a query, are found once."""
        terms = word.field, word.terms
        found = self._unions.get(terms)
        if found is None:
            found = self._unions[terms] = self._word(word).members()
        return found

    def members(self, node: Node, within: Members | None = None) -> Members:
        """Return the documents that match `node`; of those outside of `within` some may be missing."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = self._find(node, within if self._narrows else None)
        return known

    def _find(self, node: Node, within: Members | None) -> Members:
        check("finding articles")
        match node:
            case tree.Word():
                return self._union(node)
            case tree.And(children):
                return self._all(children, within)
            case tree.Best(_, of) if of is not None:
                return self.unit(of)
            case tree.Or(children) | tree.Best(children):
                return unite([self.members(child, within) for child in children], self._size) if children else NOBODY
            case tree.AtLeast():
                return self._at_least(node, within)
            case tree.AndMaybe(required, _):
                return self.members(required, within)
            case tree.AndNot(required, excluded):
                kept = self.members(required, within)
                return subtract(kept, self.members(excluded, kept), self._size)
            case tree.Phrase():
                found = self._phrases[id(node)] = self.phrases.find(node, within)
                return Listed(found.docs)
            case tree.Prefix():
                return union([self._prefix(node)], self._size)
            case tree.Filtered() | tree.Named():
                return Masked(self.restricted(node))
            case tree.Relaxed(children, enough):
                return self._relaxed(children, enough)
            case tree.Every():
                return Masked(np.ones(self._size, bool))

    def _all(self, children: Sequence[Node], within: Members | None) -> Members:
        """Intersect from the rarest child on; phrases look only at what the others leave."""
        found: Members | None = None
        for child in sorted(children, key=self._cost):
            if isinstance(found, Listed) and isinstance(child, tree.Word):
                found = Listed(found.docs[self._word(child).has(found.docs)])
            else:
                more = self.members(child, within if found is None else found)
                found = more if found is None else intersect(found, more, self._size)
            if isinstance(found, Listed) and not found.count:
                break
        return NOBODY if found is None else found

    def _cost(self, node: Node) -> tuple[bool, bool, int]:
        """Order children: what counts units always, then what is cheap, then what is rare."""
        listed = self.phrases.most(node) if isinstance(node, tree.Phrase) else None
        if listed is not None:
            return True, False, listed
        return not isinstance(node, tree.Relaxed), _is_dear(node), self._most(node)

    def unit(self, node: Node) -> Members:
        """Return the documents of a unit of a query; those of several words are kept from query to query."""
        if isinstance(node, tree.Word):
            return self.members(node)
        known = self._known.get(id(node))
        if known is None:
            cache = self.words.cache
            packed = cache.get(("unit", node), lambda: Packed.of(self.members(node), self._size), dear=True)
            known = self._known[id(node)] = packed.members(self._size)
        return known

    def _relaxed(self, units: Sequence[Node], enough: int) -> Members:
        """Ask for units from the rarest on, and leave out those that would leave too few documents."""
        found: Members | None = None
        sets = [self.unit(unit) for unit in units]
        counts, left_out = [each.count for each in sets], []
        for place in sorted(range(len(sets)), key=counts.__getitem__):
            more = sets[place] if found is None else intersect(found, sets[place], self._size)
            if enough and more.count < (1 if found is None else enough):
                left_out.append(place)
            else:
                found = more
        if enough:
            self.left_out, self.unit_counts = sorted(left_out), counts
        return NOBODY if found is None else found

    def lacking(self, units: Sequence[Node], docs: Docs) -> list[tuple[int, ...]]:
        """Return for each of `docs` the places of the units that it does not have."""
        if not len(docs):
            return []
        lacks = np.array([~self.unit(unit).has(docs, self._size) for unit in units])
        return [tuple(np.flatnonzero(column).tolist()) for column in lacks.T]

    def _most(self, node: Node) -> int:
        """Return an upper bound of the number of documents that match, from the dictionary alone."""
        match node:
            case tree.Word():
                return self.words.most(node)
            case tree.And(children) | tree.Phrase(children):
                return min((self._most(child) for child in children), default=0)
            case tree.Or(children) | tree.Best(children):
                return min(sum(self._most(child) for child in children), self._size)
            case tree.AndMaybe(required) | tree.AndNot(required):
                return self._most(required)
            case _:
                return self._size

    def _at_least(self, node: tree.AtLeast, within: Members | None) -> Members:
        """Keep the documents whose matching children carry the share of the mass."""
        if node.share >= 1:
            every = self._all(node.children, None if node.enough else within)
            if every.count >= max(node.enough, 1) or not node.enough:
                return every
            for child in node.children:
                self._forget(child)
        masses = [self.mass(child) for child in node.children]
        need = node.share * sum(masses) - _CLOSE
        least = node.least * sum(masses) - _CLOSE if node.enough else need
        within = None if node.enough else within  # how many are enough is not a question of what else is asked
        docs = self._candidates(node.children, masses, least, within)
        hits = [self.members(child, within).mask(self._size) if docs is None else self._has(child, docs, within)
                for child in node.children]  # fmt: skip
        places, found = heavy(hits, masses, need)
        if len(places) < node.enough:
            places, found = heavy(hits, masses, least)
            places = places[found >= last_of_best(found, node.enough) - _CLOSE]
        return Listed(places if docs is None else docs.take(places))

    def _forget(self, node: Node) -> None:
        """Forget what was found of a node and below it: it may have been looked for within few documents only."""
        if isinstance(node, tree.Word):
            return
        self._known.pop(id(node), None)
        match node:
            case tree.And(children) | tree.Or(children) | tree.Best(children) | tree.AtLeast(children):
                for child in children:
                    self._forget(child)
            case tree.AndMaybe(first, second) | tree.AndNot(first, second):
                self._forget(first)
                self._forget(second)

    def _candidates(self, children: Sequence[Node], masses: Sequence[float], need: float,
                    within: Members | None) -> Docs | None:  # fmt: skip
        """Return the few documents that may have enough of the mass; None where they are not few.

        One of the rarest children, without which the rest can't carry it, must be there.
        """
        if isinstance(within, Listed):
            return within.docs
        most = [self._most(child) for child in children]
        rest, chosen = sum(masses), []
        for child in sorted(range(len(most)), key=lambda child: most[child]):
            if rest < need:
                break
            chosen.append(child)
            rest -= masses[child]
        if not chosen or sum(most[child] for child in chosen) * _FEW > self._size:
            return None
        return unite([self.members(children[child], within) for child in chosen], self._size).docs

    def _has(self, node: Node, docs: Docs, within: Members | None = None) -> Mask:
        """Say which of `docs` match a node."""
        if isinstance(node, tree.Word) and id(node) not in self._known:
            return self._word(node).has(docs)
        return self.members(node, within).has(docs, self._size)

    def mass(self, node: Node) -> float:
        """Return boost x idf of a word; the sum over the words of a Phrase or And, the maximum of Or and Best."""
        match node:
            case tree.Word():
                return self.words.idf_mass(node)
            case tree.Phrase(words):
                return node.boost * sum(self.mass(word) for word in words)
            case tree.And(children) | tree.AtLeast(children):
                return sum(self.mass(child) for child in children)
            case tree.Best(_, of) if of is not None:
                return self.words.idf(self.unit(of).count)
            case tree.Or(children) | tree.Best(children):
                return max((self.mass(child) for child in children), default=0.0)
            case tree.AndMaybe(required) | tree.AndNot(required):
                return self.mass(required)
            case tree.Prefix():
                return node.boost * self.words.idf(union([self._prefix(node)], self._size).count)
            case _:
                return 0.0

    def _prefix(self, node: tree.Prefix) -> TermList:
        found, cut = self.words.prefix(node)
        if cut and LIMIT_EXPANSIONS not in self.notices:
            self.notices.append(LIMIT_EXPANSIONS)
        return found

    def scores(self, docs: Docs) -> Scores:
        """Return the scores of `docs`, ascending, which all match."""
        self._norms.clear()
        return self._score(self.root, docs, True)

    def summands(self) -> list[tuple[Node, float]]:
        """Return the nodes whose scores add up to that of the root, with upper bounds; none if it is no such sum."""
        if not isinstance(self.root, tree.Or):
            return []
        most = self.words.scoring.k1 + 1
        return [(child, most * self.mass(child) if isinstance(child, tree.Word) else math.inf)
                for child in self.root.children]

    def score_of(self, node: Node, docs: Docs) -> Scores:
        """Return what a node adds to the scores of `docs`, ascending."""
        self._norms.clear()
        return self._score(node, docs, False)

    def _score(self, node: Node, docs: Docs, inside: bool) -> Scores:
        """Return the scores of `docs`, 0 for those that don't match; `inside` says that all of them do."""
        check("scoring articles")
        match node:
            case tree.Word():
                return self._impact(self._word(node).tf(docs), node.field, docs, self.mass(node))
            case tree.And(children):
                return self._masked(self._sum(children, docs, inside), node, docs, inside)
            case tree.Or(children):
                return self._sum(children, docs, False)
            case tree.Best(children, of) if of is not None:
                freqs = sum((self._freqs(child, docs) for child in children), np.zeros(len(docs), np.float32))
                return self._impact(freqs, "all", docs, self.mass(node))
            case tree.Best(children):
                best = np.zeros(len(docs), np.float32)
                for child in children:
                    np.maximum(best, self._score(child, docs, False), out=best)
                return best
            case tree.AtLeast(children):
                return self._masked(self._sum(children, docs, False), node, docs, inside)
            case tree.AndMaybe(required, optional):
                total = self._score(required, docs, inside) + self._score(optional, docs, False)
                return self._masked(total, node, docs, inside)
            case tree.AndNot(required, _):
                return self._masked(self._score(required, docs, inside), node, docs, inside)
            case tree.Phrase():
                self.members(node, Listed(docs))
                return self._phrases[id(node)].at(docs, self._size)
            case tree.Prefix():
                freqs = self._prefix(node).at(docs, self._size).astype(np.float32)
                return self._impact(freqs, node.field, docs, self.mass(node))
            case _:
                return np.zeros(len(docs), np.float32)

    def _freqs(self, node: Node, docs: Docs) -> Scores:
        """Return how often `docs` have a word or a phrase, times its boost."""
        match node:
            case tree.Word():
                return self._word(node).tf(docs) * np.float32(node.boost)
            case tree.Phrase():
                self.members(node, Listed(docs))
                return self._phrases[id(node)].freqs_at(docs, self._size) * np.float32(node.boost)
        return np.zeros(len(docs), np.float32)

    def _sum(self, children: Sequence[Node], docs: Docs, inside: bool) -> Scores:
        total = np.zeros(len(docs), np.float32)
        for child in children:
            total += self._score(child, docs, inside)
        return total

    def _masked(self, scores: Scores, node: Node, docs: Docs, inside: bool) -> Scores:
        """Clear the scores of documents that don't match `node`."""
        return scores if inside else scores * self._has(node, docs, Listed(docs))

    def _impact(self, tf: Scores, field: tree.Field, docs: Docs, mass: float) -> Scores:
        """Return mass (k1 + 1) tf / (tf + norm), in the place of `tf`."""
        norm = self._norms.get(field)
        if norm is None:
            norm = self._norms[field] = self.words.norm(field, docs)
        tf /= tf + norm
        tf *= np.float32((self.words.scoring.k1 + 1) * mass)
        return tf


def _repeats(node: Node, seen: set[int]) -> bool:
    """Say whether one object stands in several places of a tree: what is known of it in one may not fit the other."""
    if isinstance(node, tree.Word):
        return False
    if id(node) in seen:
        return True
    seen.add(id(node))
    match node:
        case tree.And(children) | tree.Or(children) | tree.Best(children) | tree.AtLeast(children):
            return any(not isinstance(child, tree.Word) and _repeats(child, seen) for child in children)
        case tree.AndMaybe(first, second) | tree.AndNot(first, second):
            return _repeats(first, seen) or _repeats(second, seen)
    return False


def _is_dear(node: Node) -> bool:
    """Say whether a node is cheaper to evaluate within few documents."""
    return isinstance(node, tree.Phrase | tree.Best | tree.AtLeast | tree.Relaxed | tree.AndNot | tree.AndMaybe)
