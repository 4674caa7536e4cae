"""From a parsed query to the engine's plan.

1. The wanted words are read in context, all together (`search.reading.restoring`).
2. Every syntax part becomes a node of the query tree: words become clauses, compounds a choice of the whole
   and its parts side by side, phrases a folded phrase whose marked words must also occur with their marks.
3. Words side by side must all occur if they are few; of many, a share of their idf mass.
4. Neighbouring words become pairs for the second look at the best documents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from search.engines.port import Coverage, Lead, Rescore, Sought
from search.planning.clauses import ClauseMaker, QueryWord
from search.planning.pairs import PairFrequency, pairs, sought
from search.planning.weights import Weights
from search.query.synonyms import Form, Synonyms
from search.query.syntax import All, Any, Chunk, Not, Parsed, Quoted, Restriction, Stem, Syntax
from search.query.tree import And, AndNot, AtLeast, Best, Every, Field, Filtered, Node, Or, Phrase, Prefix, Term, Word
from search.reading.restoring import Reading, Restorer
from search.text import Token
from search.text.spelling import has_marks, unmarked

#: From this share of a pair's occurrences on, its letters stand for the words typed.
CERTAIN: Final = 0.99


@dataclass(frozen=True, slots=True)
class MarkedPhrase:
    """A quoted phrase of tone keys, at least one of them with marks, that every hit must have.

    `doubtful`: its letters may well stand for other words in this archive, so that hits are worth looking at.
    """

    keys: tuple[str, ...]
    slop: int
    field: Field
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Effort:
    """How far a search may go from what was typed; the rungs of the zero-result ladder raise it."""

    correct: bool = True  # slips and undecoded keys
    loose: bool = False  # conflicting marks as well
    split: bool = False  # phrases and compounds as separate words
    strict: bool = False  # the words exactly as typed, all of them
    soft: bool = False  # a share of the words' idf mass, however few they are
    without: frozenset[int] = frozenset()  # places of words left out


AS_TYPED: Final = Effort()


@dataclass(slots=True)
class Query:
    """What the engine evaluates, and what the answer needs to know about it."""

    root: Node = field(default_factory=Every)
    words: list[QueryWord] = field(default_factory=list)
    #: Whether several words side by side must all occur, where a soft search would be content with some.
    may_soften: bool = False
    stems: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    rescore: Rescore | None = None
    #: Phrases to be verified in the text of the best hits.
    phrases: tuple[MarkedPhrase, ...] = ()

    @property
    def corrected(self) -> bool:
        """Say whether a word is searched in another spelling than the one typed."""
        return any(word.corrected for word in self.words)

    @property
    def empty(self) -> bool:
        """Say whether nothing is searched for (everything is found)."""
        return not self.words and not self.stems


class Planner:
    """Makes queries with one lexicon and one set of weights; safe to share between threads."""

    def __init__(self, restorer: Restorer, maker: ClauseMaker, synonyms: Synonyms, weights: Weights) -> None:
        self._synonyms = synonyms
        self._restorer = restorer
        self._maker = maker
        self._weights = weights
        self._frequency = PairFrequency(restorer.lexicon)
        self._lead = Lead(weights.lead, weights.lead_share, weights.lead_words)
        self._passage = Coverage(weights.passage, weights.passage_power, weights.passage_words)
        self._title = Coverage(weights.title_share, weights.title_power)

    def read(self, parsed: Parsed, correct: bool = True) -> list[Reading]:
        """Return the readings of the wanted words: the same for every effort that corrects, or does not."""
        return self._restorer.read(parsed.words, parsed.text, correct)

    def query(self, parsed: Parsed, effort: Effort = AS_TYPED, readings: Sequence[Reading] | None = None) -> Query:
        """Return the query for a parsed text; `readings` are what `read` returned for it, if it was asked before."""
        if readings is None:
            readings = self.read(parsed, effort.correct)
        build = _Build(self._maker, self._synonyms, self._weights, effort, iter(readings), parsed.text)
        root = build.node(parsed.root)
        excluded = build.excluded
        if excluded:
            root = AndNot(root or Every(), excluded[0] if len(excluded) == 1 else Or(tuple(excluded)))
        rescore = self._rescore(build.words)
        phrases = tuple(map(self._marked_phrase, build.marked))
        return Query(root or Every(), build.words, build.may_soften, build.stems, build.forms, rescore, phrases)

    def _marked_phrase(self, phrase: tuple[Quoted, tuple[str, ...]]) -> MarkedPhrase:
        quoted, keys = phrase
        certain = quoted.slop <= 1 and all(self._frequency.share(*pair) >= CERTAIN for pair in pairwise(keys))
        return MarkedPhrase(keys, quoted.slop, quoted.field, not certain)

    def _rescore(self, typed: Sequence[QueryWord]) -> Rescore | None:
        words = sought([word for word in typed if word.clause.field == "all"])
        if len(words) < 2:
            return None
        found = pairs(words, self._frequency, self._weights.pair)
        once: dict[str, Sought] = {}
        for word in words:  # of one with two readings, as the first says
            once.setdefault(word.text, word)
        return Rescore(
            self._weights.rescored, found, tuple(once.values()), self._weights.window, self._lead, self._passage,
            self._title,
        )  # fmt: skip


#: Words side by side and their node.
_Piece = tuple[tuple[Token, ...], Node]


class _Build:
    """One walk over a syntax tree; takes the readings in the order of the leaves."""

    def __init__(
        self, maker: ClauseMaker, synonyms: Synonyms, weights: Weights, effort: Effort, readings: Iterator[Reading],
        text: str,
    ) -> None:  # fmt: skip
        self._maker = maker
        self._synonyms = synonyms
        self.forms: list[Form] = []
        self._weights = weights
        self._effort = effort
        self._readings = readings
        self._text = text
        self.words: list[QueryWord] = []
        self.stems: list[str] = []
        self.may_soften = False
        self.excluded: list[Node] = []
        #: Quoted phrases with marks that are no alternatives of others, with the tone keys that are asked for.
        self.marked: list[tuple[Quoted, tuple[str, ...]]] = []
        self._alternatives = 0

    def node(self, part: Syntax) -> Node | None:
        """Return the node of one part; None where it leaves nothing to search for."""
        if isinstance(part, All):
            return self._all(part.parts)
        if isinstance(part, Chunk):
            return self._all((part,))
        if isinstance(part, Any):
            self._alternatives += 1
            nodes = [node for inner in part.parts if (node := self.node(inner)) is not None]
            self._alternatives -= 1
            return _joined(Or, nodes)
        if isinstance(part, Quoted):
            return self._quoted(part)
        if isinstance(part, Stem):
            return self._stem(part)
        if isinstance(part, Restriction):
            return Filtered(part.provinces, part.date_from, part.date_to)
        node = _excluded(part.part)
        if node is not None:
            self.excluded.append(node)
        return None

    def _all(self, parts: Sequence[Syntax]) -> Node | None:
        """Return the conjunction of parts: the bare words of it as a group of their own."""
        pieces: list[_Piece] = []
        others: list[Node] = []
        for part in parts:
            if isinstance(part, Chunk):
                pieces += self._chunk(part)
            elif (node := self.node(part)) is not None:
                others.append(node)
        words = [node for _, node in (pieces if self._effort.strict else self._with_synonyms(pieces))]
        group = _joined(And, words) if self._wants_all(len(words)) else self._most(tuple(words))
        return _joined(And, [*([group] if group else []), *others])

    def _wants_all(self, count: int) -> bool:
        if count < 2 or self._effort.strict:
            return True
        few = count <= self._weights.all_words_up_to
        softens = few and count >= self._weights.softened_from
        self.may_soften |= softens and not self._effort.soft
        return few and not (softens and self._effort.soft)

    def _most(self, words: tuple[Node, ...]) -> AtLeast:
        weights = self._weights
        if len(words) <= weights.all_words_up_to:
            return AtLeast(words, weights.mass_share_of_few)
        return AtLeast(words, weights.mass_share, weights.enough_found, weights.least_mass_share)

    def _with_synonyms(self, pieces: list[_Piece]) -> list[_Piece]:
        """Replace words that have other forms by a choice of them; the longest form wins."""
        longest = [self._synonyms.longest(tokens) for tokens, _ in pieces]
        if not any(longest):
            return pieces
        result: list[_Piece] = []
        at = 0
        while at < len(pieces):
            for end in range(min(len(pieces), at + longest[at]), at, -1):
                tokens = tuple(token for tokens, _ in pieces[at:end] for token in tokens)
                forms = self._synonyms.others(tokens, self._text)
                if forms:
                    typed = _joined(And, [node for _, node in pieces[at:end]])
                    nodes = (*((typed,) if typed else ()), *map(self._form, forms))
                    result.append((tokens, Best(nodes)))
                    at = end
                    break
            else:
                result.append(pieces[at])
                at += 1
        return result

    def _form(self, form: Form) -> Node:
        self.forms.append(form)
        if len(form.words) == 1:
            return Word((Term("key", form.words[0].key),), boost=self._weights.synonym, text=form.words[0].key)
        words = tuple(Word((Term("fold", word.fold),), text=word.key) for word in form.words)
        return Phrase(words, boost=self._weights.synonym)

    def _chunk(self, chunk: Chunk) -> list[_Piece]:
        """Return the nodes of a chunk with their words: one per word, and one for each compound in it."""
        tokens = chunk.tokens
        if len(tokens) == 1:
            return [(tokens, word) for word in self._words(tokens, chunk.field)]
        pieces: list[_Piece] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if not token.whole:
                pieces += [((token,), word) for word in self._words((token,), chunk.field)]
                continue
            parts = tuple([part for part in tokens[at:] if part.end <= token.end])
            at += len(parts)
            nodes = self._words(parts, chunk.field)
            whole = Word((Term("fold", token.fold),), chunk.field, text=token.key)
            apart = _joined(And, nodes) if self._effort.split else _phrase(nodes, 1, chunk.field)
            pieces.append((parts, Best((whole, apart)) if apart else whole))
        return pieces

    def _words(self, tokens: Sequence[Token], field: Field) -> list[Word]:
        """Make the clauses of the next words, and return what is searched of them."""
        words, effort = [], self._effort
        for _ in tokens:
            reading = next(self._readings)
            left_out = len(self.words) in effort.without
            word = self._maker.word(reading, field, effort.loose and not left_out, effort.strict and not left_out)
            self.words.append(word)
            if not left_out:
                words.append(word.clause)
        return words

    def _quoted(self, quoted: Quoted) -> Node | None:
        first = len(self.words)
        words = self._words(quoted.tokens, quoted.field)
        keys = tuple([word.asked for word in self.words[first:]])
        if not self._alternatives and quoted.field in ("all", "title") and len(keys) > 1 and any(map(has_marks, keys)):
            self.marked.append((quoted, keys))
        if self._effort.split or len(words) < 2:
            return _joined(And, words)
        phrase = _phrase(words, quoted.slop, quoted.field)
        marked = [word for word in words if all(term.form == "key" for term in word.terms)]
        return _joined(And, [node for node in (phrase, *marked) if node])

    def _stem(self, stem: Stem) -> Node:
        marked = stem.token.key != stem.token.fold
        self.stems.append(stem.token.fold)
        if marked and stem.field in ("all", "title"):
            return Prefix(stem.token.key, "key", stem.field)
        return Prefix(stem.token.fold, "fold", stem.field)


def _phrase(words: Sequence[Word], slop: int, field: Field) -> Node | None:
    """Return the folded phrase of words; marks are for their own clauses, since only folded terms have places."""
    folded = [Word(_folded(word), word.field, text=word.text) for word in words]
    if len(folded) < 2:
        return folded[0] if folded else None
    return Phrase(tuple(folded), slop, field)


def _folded(word: Word) -> tuple[Term, ...]:
    forms = [term.text if term.form == "fold" else unmarked(term.text) for term in word.terms]
    return tuple([Term("fold", form) for form in dict.fromkeys(forms)])


def _excluded(part: Syntax) -> Node | None:
    """Return the node that excludes: marked words with their marks, bare words in every spelling."""
    if isinstance(part, Chunk | Quoted):
        words = [_plain(token, part.field) for token in part.tokens if not token.whole]
        return _phrase(words, part.slop if isinstance(part, Quoted) else 1, part.field) if len(words) > 1 else words[0]
    if isinstance(part, Stem):
        return Prefix(part.token.fold, "fold", part.field)
    if isinstance(part, Restriction):
        return Filtered(part.provinces, part.date_from, part.date_to)
    if isinstance(part, Not):
        return _excluded(part.part)
    nodes = [node for inner in part.parts if (node := _excluded(inner)) is not None]
    return _joined(And if isinstance(part, All) else Or, nodes)


def _plain(token: Token, field: Field) -> Word:
    marked = token.key != token.fold and field in ("all", "title")
    return Word((Term("key", token.key) if marked else Term("fold", token.fold),), field, text=token.key)


def _joined(kind: type[And] | type[Or], nodes: Sequence[Node]) -> Node | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))
