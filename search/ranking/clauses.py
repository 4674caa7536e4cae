"""From the reading of one query word to a scored clause of index terms.

A word typed with marks: its tone key counts fully, the bare form half, other readings as likely as they
are.  A word typed without: every variant by its probability, none under the floor.  A corrected word: the
likely readings, with the typed form beside them at a low weight.
"""

from dataclasses import dataclass
from typing import Final

from search.engines.base import Reader
from search.lexicon.lexicon import Lexicon
from search.query.synonyms import twin_spellings
from search.query.tree import Field, Form, Term, Word
from search.ranking.functions import function_keys
from search.ranking.restoring import Candidate, Reading
from search.ranking.weights import Weights
from search.text import Token

#: A reading is told as a correction if it is more likely than all others together.
LIKELY: Final = 0.5
#: The terms of one clause, with their weights.
_Terms = dict[tuple[Form, str], float]


@dataclass(frozen=True, slots=True)
class Spelling:
    """What is marked for one word: the tone keys that are likely meant.

    In an article with none of them: any spelling of the folded forms, and the bare form of a word with marks.
    """

    folds: frozenset[str]
    keys: frozenset[str]
    bare: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Clause:
    """A scored word, what to mark for it, and the correction that is searched instead of or beside it, if any."""

    word: Word
    spelling: Spelling
    reading: Reading
    corrected: Candidate | None = None


class ClauseMaker:
    """Makes clauses with one set of weights; `df` gives the number of articles with a word of the lexicon."""

    def __init__(self, weights: Weights, df: "DocumentFrequency") -> None:
        self._weights = weights
        self._df = df

    def clause(self, reading: Reading, field: Field = "all", loose: bool = False, strict: bool = False) -> Clause:
        """Return the clause of one word; `loose` also finds conflicting marks, `strict` only the ones typed."""
        respelled = not strict and self._is_respelled(reading)
        corrected = reading.best if respelled or is_correction(reading) else None
        terms: _Terms = {}
        if is_correction(reading):
            self._corrected(reading, terms)
        elif reading.token.key == reading.token.fold:
            self._bare(reading, terms)
        else:
            self._marked(reading, terms, strict)
        if not strict:
            self._twins(terms)
        if loose:
            _add(terms, "fold", reading.token.fold, self._weights.other)
        word = Word(
            tuple([Term(form, text, weight) for (form, text), weight in terms.items()]),
            field,
            self._weights.function_syllable if reading.best.key in function_keys() else 1.0,
            self._expected_df(reading),
            reading.token.key,
        )
        return Clause(word, self._spelling(reading, terms), reading, corrected)

    def _bare(self, reading: Reading, terms: _Terms) -> None:
        floor = self._weights.variant_floor * reading.careless
        _add(terms, "fold", reading.token.fold, floor)
        for candidate, chance in self._likely(reading):
            _add(terms, "key", candidate.key, (1 - floor) * chance)

    def _marked(self, reading: Reading, terms: _Terms, strict: bool) -> None:
        _add(terms, "key", reading.token.key, self._weights.exact)
        if strict:
            return
        _add(terms, "key", reading.token.fold, self._weights.bare)
        for candidate, chance in self._likely(reading):
            if candidate.key != reading.token.key:
                _add(terms, "key", candidate.key, chance)

    def _corrected(self, reading: Reading, terms: _Terms) -> None:
        form: Form = "fold" if reading.token.key == reading.token.fold else "key"
        _add(terms, form, reading.token.key, self._weights.typed_beside_correction)
        for candidate, chance in self._likely(reading):
            _add(terms, "key", candidate.key, chance)
        if reading.best.kind == "slip" and form == "fold":
            _add(terms, "fold", reading.best.fold, self._weights.variant_floor)

    def _twins(self, terms: _Terms) -> None:
        """Add the other spelling of syllables that are written with i and with y."""
        twins = twin_spellings()
        both = [(twins[text], weight) for (form, text), weight in terms.items() if form == "key" and text in twins]
        for twin, weight in both:
            _add(terms, "key", twin, weight * self._weights.twin_spelling)

    def _spelling(self, reading: Reading, terms: _Terms) -> Spelling:
        """Return what is marked: the likely readings, and for an article without one of them every variant."""
        least = self._weights.marked_variant
        unlikely = {candidate.key for candidate, chance in reading.variants if chance < least}
        keys = {text for form, text in terms if form == "key"} - unlikely | {reading.token.key}
        bare = {reading.token.fold} - {candidate.key for candidate, chance in reading.variants if chance >= least}
        bare -= {reading.token.key}
        folds = frozenset([text for form, text in terms if form == "fold"])
        return Spelling(folds, frozenset(keys - bare), frozenset(bare))

    def _likely(self, reading: Reading) -> list[tuple[Candidate, float]]:
        least = self._weights.least_variant
        return [entry for entry in reading.variants[: self._weights.most_variants] if entry[1] >= least]

    def _is_respelled(self, reading: Reading) -> bool:
        """Say whether the archive knows a word typed with marks only with other ones: `quôc` is read as `quốc`."""
        token = reading.token
        likely = reading.variants[0][1] > LIKELY and reading.best.key not in (token.key, token.fold)
        return likely and token.key != token.fold and not self._df.knows(token)

    def _expected_df(self, reading: Reading) -> float | None:
        expected = sum([chance * self._df(candidate) for candidate, chance in reading.variants])
        return max(expected, 1.0)


class DocumentFrequency:
    """The number of articles with a candidate: from the lexicon, for numbers and rare words from the index."""

    def __init__(self, lexicon: Lexicon, reader: Reader) -> None:
        self._lexicon = lexicon
        self._reader = reader

    def __call__(self, candidate: Candidate) -> float:
        """Return the number of articles with a candidate."""
        if candidate.number >= 0:
            return float(self._lexicon.df(candidate.number))
        return float(self._reader.df("key", candidate.key))

    def knows(self, token: Token) -> bool:
        """Say whether the archive has a word as it is typed."""
        return token.key in self._lexicon.numbers(token.fold)


def is_correction(reading: Reading) -> bool:
    """Say whether a word is read as another spelling than the one typed."""
    return reading.best.kind in ("slip", "keys") and reading.variants[0][1] > LIKELY


def _add(terms: _Terms, form: Form, text: str, weight: float) -> None:
    known = terms.get((form, text))
    if known is None or weight > known:
        terms[form, text] = weight


