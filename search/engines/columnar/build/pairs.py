"""Lists of neighbouring words, made of the runs of single words that a build has spilled.

1. While the field of words is merged, `FrequentWords` notes those in many documents.
2. `spill` brings the occurrences of these back into the order of the text, a batch of documents at a time, and inverts
   what stands side by side: linear in the occurrences.
3. `chosen` leaves out pairs that chance alone puts side by side more often; the others are merged.  Their terms are
   numbers below a million: `merge_pairs` finds all chunks at once, and workers read and merge them (`encode_kept`).

An increment keeps the rule of its base: the lists that are there stay complete, and which are there changes no answer.
A build from nothing chooses anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.columnar.build.inverter import MAX_POSITION, stable_order
from search.engines.columnar.build.merging import Chunk, reordered
from search.engines.columnar.build.runs import Run, RunWriter, Stretch
from search.engines.columnar.format.pairs import PAIRS, TERM_SIZE, TITLE_PAIRS, PairRule, numbers_of, terms_of
from search.engines.columnar.format.postings import Postings, Records
from search.engines.columnar.format.postings_writer import RARE, encode, is_frequent
from search.engines.columnar.format.term_dictionary import TermDictionary
from search.memory import give_back

Numbers = npt.NDArray[np.int64]

#: Frequent words at most; 544 are in more than a twelfth of 88,514 news articles, nine of ten words of a text.
MOST_WORDS: Final = 1024
#: Spelled with either, many syllables are one (`kỹ`, `kĩ`): their pairs are asked for together.
_SPELLINGS: Final = {b"i": b"y", b"y": b"i"}


@dataclass
class FrequentWords:
    """Notes the frequent words of a build of `count` documents, and how often each occurs."""

    count: int
    total: int = 0
    _found: dict[bytes, tuple[int, int]] = field(default_factory=dict)

    def note(self, chunk: Chunk, df: Numbers) -> None:
        """Note the terms of a chunk, which are in `df` documents [terms]."""
        occurrences = np.zeros(len(chunk.terms), np.int64)
        for part in chunk.parts:
            occurrences[part.ranks] += part.tokens
        self.total += int(occurrences.sum())
        for place in np.flatnonzero(df > RARE).tolist():
            term = chunk.terms[place]
            if is_frequent(int(df[place]), self.count):
                self._found[term] = int(df[place]), int(occurrences[place])

    def rule(self) -> PairRule:
        """Return the words that pairs are made of, with all of their pairs."""
        words = sorted(sorted(self._found, key=lambda word: (-self._found[word][0], word))[:MOST_WORDS])
        return PairRule(words, np.zeros((len(words), len(words)), bool))

    def chosen(self, words: Sequence[bytes], runs: Sequence[Run]) -> PairRule:
        """Return the rule without pairs in fewer documents than chance has it; `runs` have all pairs of `words`."""
        counts = _postings_of(runs, PAIRS, len(words) ** 2).reshape(len(words), len(words))
        occurrences = np.array([self._found[word][1] for word in words], float)
        keep = counts * self.total >= np.outer(occurrences, occurrences)
        keep |= counts == 0  # costs nothing
        place = {word: number for number, word in enumerate(words)}
        other = [place.get(word[:-1] + _SPELLINGS.get(word[-1:], word[-1:]), number)
                 for number, word in enumerate(words)]  # fmt: skip
        keep |= keep[other]
        keep |= keep[:, other]
        return PairRule(words, ~keep)


@dataclass(frozen=True, slots=True)
class _Part:
    """Where the lists lie that one run, of documents from `first` on, has of the pairs of a chunk."""

    first: int
    terms: Stretch
    df: Stretch
    docs: Stretch
    freqs: Stretch


#: The lists of some consecutive pairs, run by run.
PairChunk = list[_Part]


def merge_pairs(runs: Sequence[Run], field: str, size: int, tokens: int) -> Iterator[PairChunk]:
    """Yield the lists of the pairs of a field in chunks of at most `tokens` postings each, or of a single pair.

    Pairs come in the order of their numbers, which are below `size`.
    """
    runs = [run for run in runs if run.count(field, "df")]
    bounds = _bounds(runs, field, size, tokens)
    terms, postings = (np.zeros((len(runs), len(bounds)), np.int64) for _ in range(2))
    for place, run in enumerate(runs):
        terms[place] = numbers_of(run.array(field, "terms")).searchsorted(bounds)
        postings[place] = np.append(0, np.cumsum(run.array(field, "df"), dtype=np.int64))[terms[place]]
    for at in range(len(bounds) - 1):
        chunk = [
            _part(run, field, terms[place, at : at + 2], postings[place, at : at + 2])
            for place, run in enumerate(runs)
            if terms[place, at] < terms[place, at + 1]
        ]
        if chunk:
            yield chunk


def _bounds(runs: Sequence[Run], field: str, size: int, tokens: int) -> Numbers:
    """Return the numbers at which chunks begin, and where the last one ends."""
    ends = np.append(0, np.cumsum(_postings_of(runs, field, size)))
    bounds = [0]
    while bounds[-1] < size:
        bounds.append(max(int(ends.searchsorted(ends[bounds[-1]] + tokens, "right")) - 1, bounds[-1] + 1))
    return np.array(bounds)


def _postings_of(runs: Sequence[Run], field: str, size: int) -> Numbers:
    """Return how many postings each pair has, [pairs by number]."""
    counts = np.zeros(size, np.int64)
    for run in runs:
        if run.count(field, "df"):
            counts[numbers_of(run.array(field, "terms"))] += run.array(field, "df")
    return counts


def _part(run: Run, field: str, terms: Numbers, postings: Numbers) -> _Part:
    """Return where the lists of some terms of a run lie, given from where to where they go among all."""
    (low, high), (start, end) = terms.tolist(), postings.tolist()
    return _Part(
        run.first,
        run.part(field, "terms").part(low * TERM_SIZE, (high - low) * TERM_SIZE),
        run.part(field, "df").part(low, high - low),
        *(run.part(field, name).part(start, end - start) for name in ("docs", "freqs")),
    )


def encode_kept(chunk: PairChunk, rule: PairRule) -> tuple[bytes, Numbers, Records]:
    """Return the terms of a chunk that a rule does not leave out, side by side, their sizes and their lists."""
    pairs = np.concatenate([numbers_of(part.terms.read()) for part in chunk])
    df = np.concatenate([part.df.read() for part in chunk]).astype(np.int64)
    order = np.argsort(pairs, kind="stable")  # runs come in the order of their documents
    order = order[~rule.left_out.ravel()[pairs[order]]]
    places = reordered(df, order)
    docs = np.concatenate([part.docs.read().astype(np.uint32) + np.uint32(part.first) for part in chunk])[places]
    freqs = np.concatenate([part.freqs.read() for part in chunk])[places]
    kept, starts = np.unique(pairs[order], return_index=True)
    sizes = np.add.reduceat(df[order], starts) if len(starts) else df[order]
    return terms_of(kept), np.full(len(kept), TERM_SIZE), encode(Postings([], sizes, docs, freqs, None))


def spill(run: Run, rule: PairRule, stem: str, tokens: int) -> list[Run]:
    """Write the pairs in the documents of a run: runs of about `tokens` tokens each, if it has any documents."""
    give_back()  # what encoding took; the pages of the run come on top
    return [_inverted(batch, rule, f"{stem}{batch.first:09d}.pairs") for batch in _batches(run, rule, tokens)]


@dataclass(frozen=True)
class _Batch:
    """Consecutive documents from `first` on; where each starts, [documents], in `layers` [layer, place] of the numbers
    of frequent words from 1 on, 0 of others; `title_words` [documents].

    In the second layer, where there is one, are compounds, which stand at the place of their first part.
    """

    first: int
    starts: Numbers
    layers: Sequence[npt.NDArray[np.uint16]]
    title_words: Numbers


class _Cursor:
    """Reads the documents and places of one word of a run from front to back; its file stays mapped."""

    def __init__(self, docs: npt.NDArray[np.uint32], freqs: npt.NDArray[np.uint32], places: Numbers) -> None:
        self._docs, self._freqs, self._places = docs, freqs, places

    def take(self, end: int) -> tuple[Numbers, Numbers, Numbers]:
        """Return documents below `end` that were not taken, their frequencies, and the positions in them."""
        count = int(self._docs.searchsorted(self._docs.dtype.type(end - 1), "right"))
        docs, self._docs = self._docs[:count].astype(np.int64), self._docs[count:]
        freqs, self._freqs = self._freqs[:count].astype(np.int64), self._freqs[count:]
        total = int(freqs.sum())
        places, self._places = self._places[:total].astype(np.int64), self._places[total:]
        return docs, freqs, places


def _cursors(run: Run, rule: PairRule, lists: Sequence[npt.NDArray[Any]]) -> list[_Cursor | None]:
    """Return a cursor for every frequent word, None for those that a run does not have.

    `lists` are the documents, frequencies and positions of all words of the run.
    """
    ends = {part: np.cumsum(run.array("fold", part), dtype=np.int64) for part in ("term_sizes", "df", "tokens")}
    terms = TermDictionary(memoryview(run.array("fold", "terms").tobytes()), ends["term_sizes"])
    docs, freqs, places = lists
    found: list[_Cursor | None] = []
    for word in rule.words:
        at = terms.find(word)
        if at < 0:
            found.append(None)
            continue
        (low, high), (start, end) = ([int(sums[at - 1]) if at else 0, int(sums[at])]
                                     for sums in (ends["df"], ends["tokens"]))  # fmt: skip
        found.append(_Cursor(docs[low:high], freqs[low:high], places[start:end]))
    return found


def _batches(run: Run, rule: PairRule, tokens: int) -> Iterator[_Batch]:
    words = run.array("text", "words").astype(np.int64)
    title_words = run.array("text", "title_words").astype(np.int64)
    ends = np.cumsum(words + 1)  # a place between documents
    lists = [run.part("fold", part).mapped() for part in ("docs", "freqs", "positions")]
    cursors = _cursors(run, rule, lists)
    low = 0
    while low < run.docs:
        before = int(ends[low - 1]) if low else 0
        high = max(int(ends.searchsorted(before + tokens, "right")), low + 1)
        starts = ends[low:high] - words[low:high] - 1 - before
        layers = [np.zeros(int(ends[high - 1]) - before + 1, np.uint16)]
        for number, cursor in enumerate(cursors, 1):
            if cursor is not None:
                docs, freqs, places = cursor.take(high)
                _put(layers, np.repeat(starts[docs - low], freqs) + places, number)
        for each in lists:  # every batch reads a little of each word: pages that add up to the whole file
            Stretch.let_go(each)
        yield _Batch(run.first + low, starts, layers, title_words[low:high])
        low = high


def _put(layers: list[npt.NDArray[np.uint16]], places: Numbers, number: int) -> None:
    """Put the number of a word at some places, in the second layer where there is one already."""
    taken = layers[0][places] > 0
    if taken.any():
        if len(layers) == 1:
            layers.append(np.zeros_like(layers[0]))
        layers[1][places[taken]] = number
        places = places[~taken]
    layers[0][places] = number


def _inverted(batch: _Batch, rule: PairRule, stem: str) -> Run:
    """Write a run of the pairs of a batch."""
    count = len(rule.words)
    at, kinds = [], []
    for left, right in product(batch.layers, batch.layers):
        found = np.flatnonzero((left[:-1] > 0) & (right[1:] > 0))
        at.append(found)
        kinds.append((left[found].astype(np.int32) - 1) * count + (right[found + 1] - 1))
    places, pairs = np.concatenate(at), np.concatenate(kinds)
    if len(at) > 1:
        order = np.argsort(places, kind="stable")
        places, pairs = places[order], pairs[order]
    keep = ~rule.left_out.ravel()[pairs]
    places, pairs = places[keep], pairs[keep]
    docs = np.repeat(np.arange(len(batch.starts), dtype=np.uint32),
                     np.diff(places.searchsorted(batch.starts), append=len(places)))  # fmt: skip
    writer = RunWriter(stem, batch.first, len(batch.starts))
    writer.write(PAIRS, _postings(rule, pairs, docs))
    titled = np.flatnonzero(places + 1 - batch.starts[docs] < batch.title_words[docs])
    writer.write(TITLE_PAIRS, _postings(rule, pairs[titled], docs[titled]))
    return writer.close()


def _postings(rule: PairRule, pairs: npt.NDArray[np.int32], docs: npt.NDArray[np.uint32]) -> Postings:
    """Group the pairs of ascending documents by their numbers: left x words + right."""
    count = len(rule.words)
    order = stable_order(pairs, count * count)
    pairs, docs = pairs[order], docs[order]
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = (pairs[1:] != pairs[:-1]) | (docs[1:] != docs[:-1])
    starts = np.flatnonzero(fresh)
    freqs = np.diff(starts, append=len(pairs)).astype(np.uint32)
    kinds, df = np.unique(pairs[starts], return_counts=True)
    data = terms_of(kinds)
    terms = [data[at : at + TERM_SIZE] for at in range(0, len(data), TERM_SIZE)]
    return Postings(terms, df, docs[starts], freqs, None)


def fits(words: npt.NDArray[Any]) -> bool:
    """Say whether every word of documents of so many words has a position of its own."""
    return int(words.max(initial=0)) <= MAX_POSITION
