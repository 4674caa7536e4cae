"""From the reading of one query word to a scored clause of index terms.

A word typed with marks: its tone key counts fully, the bare form at a low weight, other readings as likely as they
are.  A word typed without: every variant by its probability, none under the floor.  A corrected word: the
likely readings, with the typed form beside them at a low weight.
"""

from typing import Final, NamedTuple

from search.lexicon.lexicon import Lexicon
from search.planning.weights import Weights
from search.query.synonyms import twin_spellings
from search.query.tree import Field, Form, Term, Word
from search.reading.function_words import function_keys
from search.reading.restoring import Candidate, Reading
from search.reading.vocabulary import vocabulary
from search.text import Token
from search.text.spelling import unmarked

#: A reading is told as a correction if it is more likely than all others together.
LIKELY: Final = 0.5
#: ... and of a word that the archive knows as it was typed, with so much certainty.
FAR_LIKELIER: Final = 0.98
#: The terms of one clause, with their weights.
_Terms = dict[tuple[Form, str], float]


class QueryWord(NamedTuple):
    """A word of the query: what is searched of it, how it was read, and the correction that is searched, if any.

    `clause` scores; `member` has the terms of which an article must have one.  The word's place in the query is that of
    its token, its field that of its clause.
    """

    clause: Word
    reading: Reading
    corrected: Candidate | None
    member: Word

    @property
    def wide(self) -> Word:
        """Return the word with the terms of `member` and the weight of `clause`."""
        return self.member._replace(boost=self.clause.boost, df=self.clause.df)

    @property
    def token(self) -> Token:
        """Return the word as typed."""
        return self.reading.token

    @property
    def asked(self) -> str:
        """Return the tone key that is asked for: the typed one, or that of the correction."""
        return self.corrected.key if self.corrected else self.reading.token.key


class ClauseMaker:
    """Makes clauses with one set of weights, for the archive of one lexicon."""

    def __init__(self, weights: Weights, lexicon: Lexicon) -> None:
        self._weights = weights
        self._lexicon = lexicon
        self._grammar = function_keys()
        self._twin = twin_spellings()

    def word(self, reading: Reading, field: Field = "all", loose: bool = False, strict: bool = False) -> QueryWord:
        """Return what is searched of one word; `loose` counts other marks as well, `strict` only the ones typed."""
        token, best = reading.token, reading.best
        correction = is_correction(reading) and not self._is_trifle(reading)
        corrected = best if correction or (not strict and self._is_respelled(reading)) else None
        if correction:
            terms = self._corrected(reading)
        elif token.key == token.fold:
            terms = self._bare(reading)
        else:
            terms = self._marked(reading, strict)
        if not strict:
            self._add_twins(terms)
        if loose:
            _add(terms, "fold", token.fold, self._weights.other)
        boost = self._weights.function_syllable if best.key in self._grammar else 1.0
        df = sum([chance * candidate.df for candidate, chance in reading.variants])
        chosen = tuple([Term(form, text, weight) for (form, text), weight in terms.items()])
        member = Word(self._member(reading, corrected, loose, strict), field, text=token.key)
        return QueryWord(Word(chosen, field, boost, max(df, 1.0), token.key), reading, corrected, member)

    def _member(self, reading: Reading, corrected: Candidate | None, loose: bool, strict: bool) -> tuple[Term, ...]:
        """Return the terms of which an article must have one.

        A word typed with marks: with these marks, as one of its i/y spellings, or without marks in an article that is
        written so.  One typed without: in every marking.  A corrected word: as typed or as corrected.
        """
        token = reading.token
        typed_bare = token.key == token.fold
        terms: dict[tuple[Form, str], None] = {_form(token, loose or typed_bare): None}
        if corrected:
            terms[_form(corrected, loose or (typed_bare and corrected.kind == "slip"))] = None
        if not strict:
            keys = [text for form, text in terms if form == "key"]
            keys += [candidate.key for candidate, _ in self._likely(reading)] if typed_bare else []
            terms.update({("key", self._twin[key]): None for key in keys if key in self._twin})
            terms.update({("bare", unmarked(key)): None for key in keys if not typed_bare})
        return tuple([Term(form, text) for form, text in terms])

    def _bare(self, reading: Reading) -> _Terms:
        floor = self._weights.variant_floor * reading.careless
        terms: _Terms = {("fold", reading.token.fold): floor}
        for candidate, chance in self._likely(reading):
            _add(terms, "key", candidate.key, (1 - floor) * chance)
        return terms

    def _marked(self, reading: Reading, strict: bool) -> _Terms:
        typed = reading.token.key
        terms: _Terms = {("key", typed): self._weights.exact}
        if not strict:
            _add(terms, "key", reading.token.fold, self._weights.bare)
            for candidate, chance in self._likely(reading):
                if candidate.key != typed:
                    _add(terms, "key", candidate.key, chance)
        return terms

    def _corrected(self, reading: Reading) -> _Terms:
        token = reading.token
        form: Form = "fold" if token.key == token.fold else "key"
        terms: _Terms = {(form, token.key): self._weights.typed_beside_correction}
        for candidate, chance in self._likely(reading):
            _add(terms, "key", candidate.key, chance)
        if reading.best.kind == "slip" and form == "fold":
            _add(terms, "fold", reading.best.fold, self._weights.variant_floor)
        return terms

    def _add_twins(self, terms: _Terms) -> None:
        """Add the other spelling of syllables that are written with i and with y."""
        for (form, text), weight in list(terms.items()):
            if text in self._twin and form == "key":
                _add(terms, "key", self._twin[text], weight * self._weights.twin_spelling)

    def _likely(self, reading: Reading) -> list[tuple[Candidate, float]]:
        least = self._weights.least_variant
        return [entry for entry in reading.variants[: self._weights.most_variants] if entry[1] >= least]

    def _is_respelled(self, reading: Reading) -> bool:
        """Say whether a word typed with marks is meant with other ones.

        The archive knows it only so (`quôc` is read as `quốc`), and it is no word of the language; or it is rare beside
        its neighbours and the other far likelier (a wrong tone).
        """
        token, chance = reading.token, reading.variants[0][1]
        if token.key == token.fold or reading.best.key in (token.key, token.fold):
            return False
        if token.key in self._lexicon.numbers(token.fold):
            return chance > FAR_LIKELIER and not (reading.best.key in self._grammar and token.key in vocabulary())
        return chance > LIKELY and token.key not in vocabulary()


    def _is_trifle(self, reading: Reading) -> bool:
        """Say whether a word typed in plain letters would be corrected to one of grammar.

        It is a name or a foreign word (`Mote`, `nuy`) more often than a slip, and grammar hardly tells articles apart.
        """
        return reading.token.key.isascii() and reading.best.kind == "slip" and reading.best.key in self._grammar


def _form(word: Token | Candidate, any_marks: bool) -> tuple[Form, str]:
    return ("fold", word.fold) if any_marks else ("key", word.key)


def is_correction(reading: Reading) -> bool:
    """Say whether a word is read as another spelling than the one typed."""
    best, chance = reading.variants[0]
    return best.kind in ("slip", "keys") and chance > LIKELY


def _add(terms: _Terms, form: Form, text: str, weight: float) -> None:
    known = terms.get((form, text))
    if known is None or weight > known:
        terms[form, text] = weight
