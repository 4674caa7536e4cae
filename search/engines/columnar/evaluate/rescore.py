"""The second look at the best documents: words in the lead, words side by side, the tightest window that has them all,
and what part of the query the best passage and the title cover.

Every occurrence of a word in these documents becomes one number: its document's place, shifted, plus its position,
shifted, plus its word.  Sorted, they tell both: linear in the occurrences, for the window times the words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.bm25f import Scores, saturate
from search.engines.columnar.evaluate.docsets import Docs, Mask
from search.engines.columnar.evaluate.positions import Occurrences
from search.engines.columnar.format.columns import TITLE_GAP
from search.engines.port import Coverage, Lead, Rescore, Scoring, Sought
from search.query.tree import Field, Form

Ints = npt.NDArray[np.signedinteger[Any]]
#: From the scores of all documents to the lowest one on the page that is asked for.
Page = Callable[[Scores], float]

#: Scores that differ by less may be equal.
_CLOSE = 1e-4


class Words(Protocol):
    """What the second look asks of words; `WordLists` is one."""

    @property
    def scoring(self) -> Scoring:
        """How words are scored."""

    @property
    def df(self) -> Callable[[Form, str], int]:
        """Document frequency of a term in the whole index."""

    def idf(self, df: float) -> float:
        """Return the idf of a document frequency."""

    def norm(self, field: Field, docs: Docs) -> Scores:
        """Return k1 (1 - b + b length / mean length) for some documents."""

    def term(self, form: Form, text: str, field: Field) -> Any | None:
        """Return the occurrences of a term, None if no document has it."""

    def freqs(self, found: Any, docs: Docs) -> npt.NDArray[Any]:
        """Return how often a term, given its occurrences, is in some documents; its titles count more often."""


class Places(Protocol):
    """What it asks of places; `Positions` is one."""

    def occurrences(self, terms: Sequence[str], docs: Docs) -> Occurrences:
        """Return all occurrences of terms in the few, ascending `docs`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the words of a query stand in a few documents, in the order of documents and positions.

    `addresses` [occurrences] differ by one where positions are neighbours, and by more than they ever do inside of a
    document between two documents; `words` are places in the list of words.  `counts` says of [word, document] how
    often it occurs, `bits` which part of an address is a position.
    """

    addresses: Ints
    words: Ints
    counts: npt.NDArray[np.intp]
    bits: int

    @classmethod
    def of(cls, found: Occurrences, longest: int) -> "Standing":
        """Merge the occurrences of several words: they are sorted word by word, which a stable sort makes use of.

        All positions are below `longest`.
        """
        count, size = found.counts.shape
        bits = longest.bit_length() + 1  # documents are further apart than positions
        below = max(count - 1, 1).bit_length()
        kind = np.int32 if (size + 1).bit_length() + bits + below < 32 else np.int64
        first = (np.arange(1, size + 1, dtype=kind) << (bits + below)) + np.arange(count, dtype=kind)[:, None]
        codes: Ints = found.positions.astype(kind)
        codes <<= below
        codes += first.ravel().repeat(found.counts.ravel())
        codes.sort(kind="stable")
        addresses = codes >> below
        codes &= (1 << below) - 1
        return cls(addresses, codes, found.counts, bits)

    def only(self, docs: Mask, words: int) -> "Standing":
        """Return the occurrences of the first `words` words in some of the documents."""
        keep = docs.take((self.addresses >> self.bits) - 1)
        if words < len(self.counts):
            keep &= self.words < words
        return Standing(self.addresses.compress(keep), self.words.compress(keep), self.counts[:words, docs], self.bits)


class SecondLook:
    """Scores leads, neighbouring pairs and tight windows of folded words in a few documents."""

    def __init__(self, words: Words, positions: Places, spans: npt.NDArray[Any],
                 title_words: npt.NDArray[Any]) -> None:  # fmt: skip
        """`spans` [documents]: the last position of each document plus one; `title_words`: where the title ends."""
        self._words, self._positions = words, positions
        self._spans, self._title_words = spans, title_words
        self._longest = int(spans.max(initial=0))

    def rescore(self, docs: Docs, scores: Scores, rescore: Rescore, page: Page) -> dict[str, Scores]:
        """Return the extra scores of the ascending `docs` by the names of their parts: lead, pairs, title, ...

        `scores` are their first ones.  Windows and passages are looked for only where they can lift a document onto
        the `page`: of 200 documents, 20 with three words and more.
        """
        sought = [word.text for word in rescore.words]
        words = list(dict.fromkeys(sought + [word for pair in rescore.pairs for word in (pair.left, pair.right)]))
        found = self._positions.occurrences(words, docs)
        standing = Standing.of(found, self._longest)
        norm = self._words.norm("all", docs)
        parts: dict[str, Scores] = {}
        if rescore.pairs:
            parts["pairs"] = self._pairs(norm, words, standing, rescore)
        masses = np.array([word.weight * self._words.idf(word.df) for word in rescore.words], np.float32)
        if sought and (rescore.lead or rescore.title):
            in_title, in_lead = self._parts(docs, found, len(sought), rescore.lead or Lead(0.0, 0.0, 0))
            if rescore.title:
                parts["title"] = self._title(docs, found, in_title, rescore.words, masses, rescore.title)
            if rescore.lead:
                parts["lead"] = self._lead(norm, found, in_title, in_lead, masses, rescore.lead)
        if len(sought) > 1 and (rescore.window or rescore.passage):
            known = sum(parts.values(), scores)
            parts |= self._close_together(standing, masses, rescore, known, page)
        return parts

    def _close_together(
        self, standing: Standing, masses: Scores, rescore: Rescore, known: Scores, page: Page
    ) -> dict[str, Scores]:
        """Return the scores of windows and passages, 0 where the best there can be leave a document off the page."""
        words = len(rescore.words)
        tight = np.array(
            [rescore.window * self._words.idf(self._words.df("fold", word.text)) for word in rescore.words], np.float32
        )
        present = (standing.counts[:words] > 0).astype(np.float32)
        most = tight @ present + _covered(masses @ present, masses, rescore.passage)
        near = known + most >= page(known) - _CLOSE
        some = standing.only(near, words)
        window, passage = _close(some, tight, masses, rescore.passage)
        parts: dict[str, Scores] = {}
        for name, value, wanted in (("window", window, rescore.window), ("passage", passage, rescore.passage)):
            if wanted:
                parts[name] = np.zeros(len(known), np.float32)
                parts[name][near] = value
        return parts

    def _parts(self, docs: Docs, found: Occurrences, words: int, lead: Lead) -> tuple[Scores, Scores]:
        """Return how often each of the first `words` words stands in the title and in the lead, [word, document]."""
        title = self._title_words.take(docs).astype(np.int32)
        body = title + TITLE_GAP
        until = body + np.ceil(np.minimum((self._spans.take(docs) - body) * lead.share, lead.most)).astype(np.int32)
        in_title, before_end = _before(found, words, np.array([title, until]))
        return in_title, before_end - in_title

    def _title(
        self, docs: Docs, found: Occurrences, in_title: Scores, words: Sequence[Sought], masses: Scores, title: Coverage
    ) -> Scores:
        """Return what part of the query the titles cover, by tone key: folded, names would be taken for words.

        Only folded words have places.  But a key's frequency counts titles more often, so where it is more than there
        are folded words in the body, it is in the title; it may be there unseen only if the body has many other marks.
        """
        inside = np.zeros(in_title.shape, np.float32)
        for place, word in enumerate(words):
            some = in_title[place].nonzero()[0]
            lists = [each for key in word.keys if (each := self._words.term("key", key, "all")) is not None]
            if lists and len(some):
                there = docs.take(some)
                freqs = sum(self._words.freqs(each, there).astype(np.float32) for each in lists)
                inside[place, some] = freqs > (found.counts[place] - in_title[place]).take(some)
        return _covered(masses @ inside, masses, title)

    def _lead(
        self, norm: Scores, found: Occurrences, in_title: Scores, in_lead: Scores, masses: Scores, lead: Lead
    ) -> Scores:
        """Return the BM25 scores with the words in the lead counted more often, less those without."""
        scoring = self._words.scoring
        tf = found.counts[: len(masses)].astype(np.float32) + np.float32(scoring.title - 1) * in_title
        more = tf + np.float32(lead.times) * in_lead
        scores: Scores = masses @ (saturate(more, norm, scoring.k1) - saturate(tf, norm, scoring.k1))
        return scores

    def _pairs(self, norm: Scores, words: Sequence[str], standing: Standing, rescore: Rescore) -> Scores:
        """Return the BM25 scores of the neighbouring pairs, all pairs in one pass."""
        number = {word: place for place, word in enumerate(words)}
        kinds = [number[pair.left] * len(words) + number[pair.right] for pair in rescore.pairs]
        which = np.full(len(words) ** 2, len(kinds))  # words that are no pair count as one more
        which[kinds] = np.arange(len(kinds))
        counts = neighbours(standing, which, len(kinds) + 1)[:-1]
        factors = [pair.weight * self._words.idf(pair.df) for pair in rescore.pairs]
        impacts = saturate(counts.astype(np.float32), norm, self._words.scoring.k1)
        scores: Scores = np.array(factors, np.float32) @ impacts
        return scores


def _before(found: Occurrences, words: int, bounds: npt.NDArray[np.int32]) -> Scores:
    """Return how many occurrences of the first `words` words stand before each of `bounds` [bound, document].

    [bound, word, document]
    """
    counts = found.counts[:words]
    ends = counts.ravel().cumsum()
    near = (found.positions[: int(ends[-1])] < bounds.max()).nonzero()[0]  # few are in any lead
    owners = ends.searchsorted(near, "right")
    inside = found.positions.take(near) < bounds.take(owners % counts.shape[1], axis=1)
    sums = np.array([np.bincount(owners.compress(each), minlength=counts.size) for each in inside], np.float32)
    return sums.reshape(len(bounds), *counts.shape)


def neighbours(standing: Standing, which: npt.NDArray[Any], kinds: int) -> npt.NDArray[np.intp]:
    """Return how often the words of each kind of pair stand side by side, [kind, document].

    `which` [left x words + right] is the kind of two words.  Words at one place (a compound and its first part) stand
    between neighbours, so that these may be further apart in the list than one; each distance in it takes one pass.
    """
    count, size = standing.counts.shape
    shift, total = standing.bits, np.zeros(kinds * size, np.intp)
    step = 1
    while len(gaps := standing.addresses[step:] - standing.addresses[:-step]):
        left = (gaps == 1).nonzero()[0]
        words = standing.words.take(left) * count
        words += standing.words.take(left + step)
        places = which.take(words)
        places *= size
        places += standing.addresses.take(left) >> shift
        total += np.bincount(places - 1, minlength=len(total))  # documents are numbered from 1 on
        if gaps.min():
            break
        step += 1
    return total.reshape(kinds, size)


def _covered(held: Scores, masses: Scores, coverage: Coverage | None) -> Scores:
    """Return the score of places that hold words of so much mass, of words of `masses` in all."""
    if coverage is None:
        return np.zeros(len(held), np.float32)
    mass = max(float(masses.sum()), 1e-9)
    scores: Scores = np.float32(coverage.weight * mass) * (held / np.float32(mass)) ** np.float32(coverage.power)
    return scores


def _close(
    standing: Standing, tight: Scores, masses: Scores, passage: Coverage | None
) -> tuple[Scores, Scores]:
    """Return the scores of the tightest window with all words that a document has, and of its best passage.

    That of a window is mean idf x words / width, 0 for one word.
    """
    sizes = standing.counts.sum(axis=0)
    window, best = np.zeros(len(sizes), np.float32), np.zeros(len(sizes), np.float32)
    held = sizes.nonzero()[0]
    if not len(held):
        return window, best
    present = standing.counts > 0
    reach = min(passage.words, 1 << (standing.bits - 1)) if passage else 0
    widths, inside = _from_last_places(standing, present, sizes, masses, reach)
    first = (sizes.cumsum() - sizes).take(held)
    tightest = np.minimum.reduceat(widths, first) + 1
    sums = np.ones((2, len(tight)), np.float32)
    sums[0] = tight
    weight, count = sums @ present.astype(np.float32)
    weight *= count
    weight[count < 2] = 0
    window[held] = weight.take(held) / tightest
    if passage:
        best[held] = _covered(np.maximum.reduceat(inside, first), masses, passage)
    return window, best


def _from_last_places(
    standing: Standing, present: npt.NDArray[np.bool_], sizes: npt.NDArray[np.intp], masses: Scores, reach: int
) -> tuple[Ints, Scores]:
    """Return for each occurrence how far before it the window begins that has all of its document's words, and the
    mass of the words that stand less than `reach` before it.

    Where a word has not come yet its last place is in another document, further away than any window is wide.
    """
    addresses = standing.addresses
    start = addresses.copy()
    seen = np.empty_like(addresses)
    inside = np.zeros(len(addresses), np.float32)
    for word, has in enumerate(present):
        np.multiply(addresses, standing.words == word, out=seen)  # 0 before the first
        np.maximum.accumulate(seen, out=seen)
        if reach:
            inside += masses[word] * (addresses - seen < reach)
        if not has.all():  # what a document does not have does not count there
            np.maximum(seen, np.where(has, 0, addresses[-1]).repeat(sizes), out=seen)
        np.minimum(start, seen, out=start)
    np.subtract(addresses, start, out=start)
    return start, inside
