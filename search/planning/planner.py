"""From a parsed query to the engine's plan.

1. The wanted words are read in context, all together (`search.reading.restoring`).
2. Neighbouring words that belong together become units (`search.planning.units`); so do quoted phrases, compounds
   such as `92/QĐ-UBND`, and words with other forms.
3. Members of the answer have all units (`Relaxed` where nothing has); what scores are the words, one by one.
4. Beyond the members lie articles that have all words somewhere, or of many words a share of their idf mass.
5. Neighbouring words become pairs for the second look at the best documents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from search.engines.port import Coverage, Lead, Lift, Rescore, Sought
from search.planning.clauses import ClauseMaker, QueryWord
from search.planning.intent import NONE, intent
from search.planning.pairs import PairFrequency, pairs, sought
from search.planning.units import Names, UnitFinder
from search.planning.weights import Weights
from search.query.synonyms import Form, Synonyms
from search.query.syntax import All, Any, Chunk, Group, Named, Not, Parsed, Quoted, Restriction, Stem, Syntax
from search.query.tree import And, AndNot, AtLeast, Best, Every, Field, Node, Or, Phrase, Prefix, Relaxed, Term, Word
from search.query.tree import Filtered as FilteredNode
from search.query.tree import Named as NamedNode
from search.reading.function_words import function_keys
from search.reading.restoring import Reading, Restorer
from search.text import Token
from search.text.spelling import has_marks, unmarked

#: From this share of a pair's occurrences on, its letters stand for the words typed.
CERTAIN: Final = 0.99
#: What may stand between the words of a unit as it was typed.
_BETWEEN: Final = frozenset({" ", "\u00a0", "-", "–"})


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
    """How far a search may go from what was typed; units are named by the place where they begin in the query."""

    correct: bool = True  # slips and undecoded keys
    strict: bool = False  # the words exactly as typed, all of them, side by side or not
    loose: bool = False  # other marks count as well
    split: frozenset[int] = frozenset()  # units whose words are searched one by one
    opened: frozenset[int] = frozenset()  # units of one word that is searched with other marks


AS_TYPED: Final = Effort()


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that belong together: what an article must have of them, how they were typed, and where.

    `loose` is where they are with any marks, None where that is nothing else.
    """

    node: Node
    text: str
    start: int
    words: int
    loose: Node | None = None

    @property
    def marked(self) -> bool:
        """Say whether any word was typed with marks."""
        return self.loose is not None


@dataclass(slots=True)
class Query:
    """What the engine evaluates, and what the answer needs to know about it.

    `members` are None where the query asks for nothing that could be found.
    """

    root: Node = field(default_factory=Every)
    members: Node | None = None
    beyond: Node | None = None
    #: Members with the words in any marks; None where these can be no more.
    loose: Node | None = None
    units: tuple[Unit, ...] = ()
    words: list[QueryWord] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    rescore: Rescore | None = None
    #: Phrases to be verified in the text of the best hits.
    phrases: tuple[MarkedPhrase, ...] = ()
    lifts: tuple[Lift, ...] = ()
    #: The period that is named, as typed, where an article need not name it if it appeared then.
    period: str = ""

    @property
    def corrected(self) -> bool:
        """Say whether a word is searched in another spelling than the one typed."""
        return any(word.corrected for word in self.words)

    @property
    def scores(self) -> bool:
        """Say whether anything is scored; what is not is best shown newest first."""
        return bool(self.words or self.stems)


class Planner:
    """Makes queries with one lexicon and one set of weights; safe to share between threads."""

    def __init__(
        self, restorer: Restorer, maker: ClauseMaker, synonyms: Synonyms, weights: Weights, names: Names
    ) -> None:
        self._synonyms = synonyms
        self._restorer = restorer
        self._maker = maker
        self._weights = weights
        self._units = UnitFinder(restorer.lexicon, names)
        self._frequency = PairFrequency(restorer.lexicon)
        self._lead = Lead(weights.lead, weights.lead_share, weights.lead_words)
        self._passage = Coverage(weights.passage, weights.passage_power, weights.passage_words)
        self._title = Coverage(weights.title_share, weights.title_power)

    def read(self, parsed: Parsed, correct: bool = True) -> list[Reading]:
        """Return the readings of the wanted words: the same for every effort that corrects, or does not."""
        return self._restorer.read(parsed.words, parsed.text, correct)

    def unit_length(self, tokens: Sequence[Token], text: str) -> int:
        """Return how many of some neighbouring words of a query the first unit has."""
        words = [self._maker.word(reading) for reading in self._restorer.read(tokens, text)]
        return self._units.lengths(words, least=1)[0] if words else 0  # an operator asks for what belongs together

    def query(self, parsed: Parsed, effort: Effort = AS_TYPED, readings: Sequence[Reading] | None = None) -> Query:
        """Return the query for a parsed text; `readings` are what `read` returned for it, if it was asked before."""
        if readings is None:
            readings = self.read(parsed, effort.correct)
        asked = NONE if effort.strict else intent(parsed, self._units.names, self._weights)
        build = _Build(
            self._maker, self._synonyms, self._weights, self._units, effort, iter(readings), parsed.text, asked.offices
        )
        part = build.part(parsed.root)
        if part.empty and not build.filters and not build.excluded and parsed.text.strip():
            return Query()
        units = _in_time(part.units, asked.time) if asked.time else part.units
        members = [Relaxed(tuple([unit.node for unit in units]))] if units and not effort.strict else part.required()
        beyond = None if effort.strict or part.wide is None or _same(part, units) else part.wide
        return Query(
            part.scored or Every(),
            build.restricted(_joined(And, members)),
            None if beyond is None else build.restricted(beyond),
            build.restricted(Relaxed(tuple([unit.loose or unit.node for unit in units]), 0))
            if any(unit.marked for unit in units) and not effort.loose
            else None,
            tuple(units),
            build.words,
            build.stems,
            build.forms,
            self._rescore(build.words),
            tuple(map(self._marked_phrase, build.marked)),
            asked.lifts,
            parsed.text[asked.time[0] : asked.time[1]] if asked.time else "",
        )

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


@dataclass(slots=True)
class _Part:
    """A part of a query: what scores, where all its words are, and the units that its members have."""

    scored: Node | None = None
    wide: Node | None = None
    units: list[Unit] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return self.scored is None and self.wide is None and not self.units

    def required(self) -> list[Node]:
        """Return the nodes of which a member matches every one."""
        return [unit.node for unit in self.units]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words that stand or fall together: one, those of a compound, or words that have other forms.

    `single` is the word of a piece that may be part of a longer unit; `field` is that of all its words.
    """

    words: tuple[QueryWord, ...]
    scored: Node
    wide: Node
    member: Node
    at: int
    single: bool
    group: int


class _Build:
    """One walk over a syntax tree; takes the readings in the order of the leaves."""

    def __init__(
        self, maker: ClauseMaker, synonyms: Synonyms, weights: Weights, finder: UnitFinder, effort: Effort,
        readings: Iterator[Reading], text: str, offices: frozenset[int] = frozenset(),
    ) -> None:  # fmt: skip
        self._maker = maker
        self._synonyms = synonyms
        self._weights = weights
        self._finder = finder
        self._effort = effort
        self._readings = readings
        self._text = text
        self._offices = offices
        self.words: list[QueryWord] = []
        self.stems: list[str] = []
        self.forms: list[Form] = []
        self.filters: list[Node] = []
        self.excluded: list[Node] = []
        #: Quoted phrases with marks that are no alternatives of others, with the tone keys that are asked for.
        self.marked: list[tuple[Quoted, tuple[str, ...]]] = []
        self._alternatives = 0

    def restricted(self, node: Node | None) -> Node:
        """Return what matches a node, passes the filters of the query and has nothing that it excludes."""
        kept = _joined(And, [*([node] if node else []), *self.filters]) or Every()
        return AndNot(kept, Or(tuple(self.excluded))) if self.excluded else kept

    def part(self, part: Syntax) -> _Part:
        """Return what is searched of one part of the query."""
        match part:
            case All(parts):
                return self._all(parts)
            case Chunk() | Group():
                return self._all((part,))
            case Any(parts):
                return self._any(parts)
            case Quoted():
                return self._quoted(part)
            case Stem():
                return self._stem(part)
            case Restriction() | Named():
                return self._restriction(_filter(part))
            case Not(inner):
                node = _excluded(inner)
                if node is not None:
                    self.excluded.append(node)
                return _Part()

    def _restriction(self, node: Node) -> _Part:
        if not self._alternatives:
            self.filters.append(node)
            return _Part()
        return _Part(None, node, [Unit(node, "", 0, 0)])

    def _any(self, parts: Sequence[Syntax]) -> _Part:
        self._alternatives += 1
        found = [part for inner in parts if not (part := self.part(inner)).empty]
        self._alternatives -= 1
        if len(found) < 2:
            return found[0] if found else _Part()
        members = [node for part in found if (node := _joined(And, part.required())) is not None]
        units = [unit for part in found for unit in part.units]
        text = " / ".join(unit.text for unit in units)
        unit = Unit(Or(tuple(members)), text, min(unit.start for unit in units), 0)
        return _Part(_either(part.scored for part in found), _either(part.wide for part in found), [unit])

    def _all(self, parts: Sequence[Syntax]) -> _Part:
        """Return the conjunction of parts: the bare words of it as a group of their own."""
        pieces: list[_Piece] = []
        others: list[_Part] = []
        for number, part in enumerate(parts):
            if isinstance(part, Chunk):
                pieces += self._chunk(part, number)
            elif isinstance(part, Group):
                pieces += [piece for chunk in part.parts for piece in self._chunk(chunk, number)]
            elif not (found := self.part(part)).empty:
                others.append(found)
        if not self._effort.strict:
            pieces = self._with_synonyms(pieces)
        wide = [self._most(tuple([piece.wide for piece in pieces]))] if pieces else []
        wide += [part.wide for part in others if part.wide is not None]
        units = [*self._units_of(pieces), *(unit for part in others for unit in part.units)]
        scored = _either([*(piece.scored for piece in pieces), *(part.scored for part in others)])
        return _Part(scored, _joined(And, wide), sorted(units, key=lambda unit: unit.start))

    def _most(self, words: tuple[Node, ...]) -> Node:
        """Return where enough of the words are: all of a few, of many a share of their idf mass."""
        weights, count = self._weights, len(words)
        if count == 1:
            return words[0]
        if count > weights.all_words_up_to:
            return AtLeast(words, weights.mass_share, weights.enough_found, weights.least_mass_share)
        if count < weights.softened_from:
            return AtLeast(words, 1.0, 1, weights.least_mass_share)
        return AtLeast(words, 1.0, weights.few_found, weights.mass_share_of_few)

    # Words ------------------------------------------------------------------------------------------

    def _chunk(self, chunk: Chunk, number: int) -> list[_Piece]:
        """Return the pieces of a chunk: one per word, and one for each compound in it."""
        tokens = chunk.tokens
        pieces: list[_Piece] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if not token.whole:
                (word,) = self._words((token,), chunk.field)
                single = len(tokens) == 1
                pieces.append(_Piece((word,), word.clause, word.wide, word.member, number, single, chunk.group))
                continue
            inner = tuple([part for part in tokens[at:] if part.end <= token.end])
            at += len(inner)
            words = tuple(self._words(inner, chunk.field))
            whole = Word((Term("fold", token.fold),), chunk.field, text=token.key)
            if token.start in self._effort.split:
                apart: tuple[Node | None, Node | None] = (_either(word.clause for word in words),
                                                          _joined(And, [word.wide for word in words]))
            else:
                phrase = _phrase([word.clause for word in words], 1, chunk.field)
                apart = phrase, phrase
            scored, wide = (Best((whole, node)) if node else whole for node in apart)
            pieces.append(_Piece(words, scored, wide, Or((whole, _together(words, 1))), number, False, chunk.group))
        return pieces

    def _words(self, tokens: Sequence[Token], field: Field) -> list[QueryWord]:
        """Make the next words of the query."""
        effort, made = self._effort, []
        for token in tokens:
            loose = effort.loose or token.start in effort.opened
            made.append(self._maker.word(next(self._readings), field, loose, effort.strict))
        self.words += made
        return made

    def _with_synonyms(self, pieces: list[_Piece]) -> list[_Piece]:
        """Replace words that have other forms by a choice of them; the longest form wins."""
        tokens = [tuple([word.token for word in piece.words]) for piece in pieces]
        longest = [self._synonyms.longest(each) for each in tokens]
        if not any(longest):
            return pieces
        result: list[_Piece] = []
        at = 0
        while at < len(pieces):
            for end in range(min(len(pieces), at + longest[at]), at, -1):
                forms = self._synonyms.others([token for each in tokens[at:end] for token in each], self._text)
                if forms:
                    result.append(self._choice(pieces[at:end], forms))
                    at = end
                    break
            else:
                result.append(pieces[at])
                at += 1
        return result

    def _choice(self, typed: Sequence[_Piece], forms: Sequence[Form]) -> _Piece:
        """Return one piece for words that have other forms."""
        self.forms += forms
        words = tuple([word for piece in typed for word in piece.words])
        scored = [_form(form, self._weights.synonym) for form in forms]
        both = [_joined(And, [node for piece in typed for node in [piece.scored]]),
                _joined(And, [piece.wide for piece in typed])]  # fmt: skip
        whole, wide = (Best((*([node] if node else []), *scored)) for node in both)
        own = typed[0].member if len(typed) == 1 else self._member(words)
        member = Or((own, *map(_form_member, forms)))
        return _Piece(words, whole, wide, member, typed[0].at, False, typed[0].group)

    # Units ------------------------------------------------------------------------------------------

    def _units_of(self, pieces: Sequence[_Piece]) -> list[Unit]:
        """Return the units of bare words; words of grammar are none beside others."""
        units: list[tuple[Unit, bool]] = []
        for run in self._runs(pieces):
            singles = [word for piece in run for word in piece.words]
            lengths = [len(run)] if run[0].group else self._lengths(run, singles)
            at = 0
            for length in lengths:
                words = singles[at : at + length]
                at += length
                if len(words) > 1 and (words[0].token.start in self._effort.split or self._effort.strict):
                    units += [self._unit((word,), word.member) for word in words]
                else:
                    units.append(self._unit(words, run[0].member if not run[0].single else self._member(words)))
        telling = [unit for unit, grammar in units if not grammar]
        return telling or [unit for unit, _ in units]

    def _lengths(self, run: Sequence[_Piece], words: Sequence[QueryWord]) -> list[int]:
        return self._finder.lengths(words) if run[0].single else [len(words)]

    def _runs(self, pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
        """Yield single words that stand side by side, and every other piece by itself."""
        run: list[_Piece] = []
        for piece in pieces:
            if run and not (piece.single and run[-1].single and self._beside(run[-1], piece)):
                yield run
                run = []
            run.append(piece)
        if run:
            yield run

    def _beside(self, left: _Piece, right: _Piece) -> bool:
        between = self._text[left.words[-1].token.end : right.words[0].token.start]
        near = right.at - left.at <= 1 and left.group == right.group
        return near and left.words[0].clause.field == right.words[0].clause.field and set(between) <= _BETWEEN

    def _member(self, words: Sequence[QueryWord]) -> Node:
        return words[0].member if len(words) == 1 else _together(words, 1)

    def _unit(self, words: Sequence[QueryWord], node: Node) -> tuple[Unit, bool]:
        """Return a unit, and whether no member needs it: it is nothing but grammar, or title and office."""
        grammar = all(word.asked in function_keys() or word.token.start in self._offices for word in words)
        start, end = words[0].token.start, words[-1].token.end
        return Unit(node, self._text[start:end], start, len(words), _loose(words)), grammar

    def _quoted(self, quoted: Quoted) -> _Part:
        words = tuple(self._words(quoted.tokens, quoted.field))
        keys = tuple([word.asked for word in words])
        if not self._alternatives and quoted.field in ("all", "title") and len(keys) > 1 and any(map(has_marks, keys)):
            self.marked.append((quoted, keys))
        first = words[0].token.start
        if len(words) < 2 or first in self._effort.split:
            wide = self._most(tuple([word.wide for word in words]))
            return _Part(_either(word.clause for word in words), wide,
                         [self._unit((word,), word.member)[0] for word in words])  # fmt: skip
        phrase = _phrase([word.clause for word in words], quoted.slop, quoted.field)
        marked = [word.clause for word in words if all(term.form == "key" for term in word.clause.terms)]
        node = _together(words, quoted.slop)
        return _Part(_either([phrase, *marked]), node, [self._unit(words, node)[0]])

    def _stem(self, stem: Stem) -> _Part:
        marked = stem.token.key != stem.token.fold and stem.field in ("all", "title")
        self.stems.append(stem.token.fold)
        node = Prefix(stem.token.key if marked else stem.token.fold, "key" if marked else "fold", stem.field)
        text = self._text[stem.token.start : stem.token.end] + "*"
        return _Part(node, node, [Unit(node, text, stem.token.start, 1)])


def _same(part: _Part, units: Sequence[Unit]) -> bool:
    """Say whether nothing can lie beyond the members: one word, as it must be."""
    return len(units) == 1 and units[0].words == 1


def _loose(words: Sequence[QueryWord]) -> Node | None:
    """Return where words typed with marks are in any marks, None of words without."""
    if not any(has_marks(word.asked) for word in words):
        return None
    folded = [Word(_folded(word.member), word.member.field) for word in words]
    return folded[0] if len(folded) == 1 else Phrase(tuple(folded), 1, folded[0].field)


def _together(words: Sequence[QueryWord], slop: int) -> Node:
    """Return where words stand in order: as a folded phrase, each marked one somewhere with its marks.

    Only folded terms have places.
    """
    phrase = _phrase([word.member for word in words], slop, words[0].member.field)
    marked = [word.member for word in words if all(term.form != "fold" for term in word.member.terms)]
    return And(tuple([node for node in (phrase, *marked) if node]))


def _phrase(words: Sequence[Word], slop: int, field: Field) -> Node | None:
    """Return the folded phrase of words; marks are for their own clauses, since only folded terms have places."""
    folded = [Word(_folded(word), word.field, text=word.text) for word in words]
    if len(folded) < 2:
        return folded[0] if folded else None
    return Phrase(tuple(folded), slop, field)


def _folded(word: Word) -> tuple[Term, ...]:
    forms = [unmarked(term.text) if term.form == "key" else term.text for term in word.terms]
    return tuple([Term("fold", form) for form in dict.fromkeys(forms)])


def _in_time(units: Sequence[Unit], time: tuple[int, int, FilteredNode]) -> list[Unit]:
    """Return units in which a period is one: that is in the text, or the article appeared then."""
    start, end, dates = time
    named = [unit for unit in units if start <= unit.start < end]
    others = [unit for unit in units if not start <= unit.start < end]
    if not named or not others:
        return list(units)
    text = " ".join(unit.text for unit in named)
    node = Or((And(tuple([unit.node for unit in named])), dates))
    return sorted([*others, Unit(node, text, start, 0)], key=lambda unit: unit.start)


def _form(form: Form, weight: float) -> Node:
    """Return what is scored of another form: one word by its tone key, a phrase folded."""
    if len(form.words) == 1:
        return Word((Term("key", form.words[0].key),), boost=weight, text=form.words[0].key)
    return Phrase(tuple([Word((Term("fold", word.fold),), text=word.key) for word in form.words]), boost=weight)


def _form_member(form: Form) -> Node:
    """Return where another form of some words is: with its marks, or without any in an article written so."""
    words = [Word((Term("key", word.key), *([Term("bare", word.fold)] if word.key != word.fold else [])), text=word.key)
             for word in form.words]  # fmt: skip
    if len(words) == 1:
        return words[0]
    phrase = Phrase(tuple([Word((Term("fold", word.fold),), text=word.key) for word in form.words]))
    return And((phrase, *[word for word in words if len(word.terms) > 1]))


def _filter(part: Restriction | Named) -> Node:
    if isinstance(part, Named):
        return NamedNode(part.field, tuple([(token.key, token.fold) for token in part.tokens]))
    return FilteredNode(part.provinces, part.date_from, part.date_to, part.year, part.month, part.day)


def _excluded(part: Syntax) -> Node | None:
    """Return the node that excludes: marked words with their marks, bare words in every spelling."""
    match part:
        case Chunk() | Quoted() | Group():
            tokens = [token for token in part.tokens if not token.whole]
            words = [_plain(token, part.field) for token in tokens]
            if len(words) < 2:
                return words[0] if words else None
            folded = [Word((Term("fold", token.fold),), part.field) for token in tokens]
            phrase = _phrase(folded, part.slop if isinstance(part, Quoted) else 1, part.field)
            marked = [word for word in words if word.terms[0].form == "key"]
            return _joined(And, [node for node in (phrase, *marked) if node])
        case Stem():
            return Prefix(part.token.fold, "fold", part.field)
        case Restriction() | Named():
            return _filter(part)
        case Not(inner):
            return _excluded(inner)
        case All(parts) | Any(parts):
            nodes = [node for inner in parts if (node := _excluded(inner)) is not None]
            return _joined(And if isinstance(part, All) else Or, nodes)


def _plain(token: Token, field: Field) -> Word:
    marked = token.key != token.fold
    return Word((Term("key", token.key) if marked else Term("fold", token.fold),), field, text=token.key)


def _either(nodes: "Sequence[Node | None] | Iterator[Node | None]") -> Node | None:
    return _joined(Or, [node for node in nodes if node is not None])


def _joined(kind: type[And] | type[Or], nodes: Sequence[Node]) -> Node | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))
