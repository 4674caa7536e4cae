"""One walk over the syntax tree of a query, which makes its clauses, its units and its members."""

from collections.abc import Iterator, Sequence
from typing import Final

from search.planning.clauses import ClauseMaker, QueryWord
from search.planning.nodes import (
    either,
    excluded,
    filtered,
    folded_phrase,
    form_member,
    form_scored,
    in_any_marks,
    joined,
    together,
)
from search.planning.query import Effort, Part, Piece, Unit
from search.planning.units import UnitFinder
from search.planning.weights import Weights
from search.query.synonyms import Choice, Form, Synonyms
from search.query.syntax import All, Any, Chunk, Group, Named, Not, Quoted, Restriction, Stem, Syntax
from search.query.tree import And, AndNot, AtLeast, Best, Every, Field, Node, Or, Prefix, Term, Word
from search.reading.function_words import function_keys
from search.reading.restoring import Reading
from search.text import Token
from search.text.spelling import has_marks

#: What may stand between the words of a unit as it was typed.
_BETWEEN: Final = frozenset({" ", "\u00a0", "-", "–"})


class QueryBuild:
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
        kept = joined(And, [*([node] if node else []), *self.filters]) or Every()
        return AndNot(kept, Or(tuple(self.excluded))) if self.excluded else kept

    def part(self, part: Syntax) -> Part:
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
                return self._restriction(filtered(part))
            case Not(inner):
                node = excluded(inner)
                if node is not None:
                    self.excluded.append(node)
                return Part()

    def _restriction(self, node: Node) -> Part:
        if not self._alternatives:
            self.filters.append(node)
            return Part()
        return Part(None, node, [Unit(node, "", 0, 0)])

    def _any(self, parts: Sequence[Syntax]) -> Part:
        self._alternatives += 1
        found = [part for inner in parts if not (part := self.part(inner)).empty]
        self._alternatives -= 1
        if len(found) < 2:
            return found[0] if found else Part()
        members = [node for part in found if (node := joined(And, part.required())) is not None]
        units = [unit for part in found for unit in part.units]
        text = " / ".join(unit.text for unit in units)
        unit = Unit(Or(tuple(members)), text, min(unit.start for unit in units), 0)
        return Part(either(part.scored for part in found), either(part.wide for part in found), [unit])

    def _all(self, parts: Sequence[Syntax]) -> Part:
        """Return the conjunction of parts: the bare words of it as a group of their own."""
        pieces: list[Piece] = []
        others: list[Part] = []
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
        scored = either([*(piece.scored for piece in pieces), *(part.scored for part in others)])
        return Part(scored, joined(And, wide), sorted(units, key=lambda unit: unit.start))

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

    def _chunk(self, chunk: Chunk, number: int) -> list[Piece]:
        """Return the pieces of a chunk: one per word, and one for each compound in it."""
        tokens = chunk.tokens
        pieces: list[Piece] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if not token.whole:
                (word,) = self._words((token,), chunk.field)
                single = len(tokens) == 1
                pieces.append(Piece((word,), word.clause, word.wide, word.member, number, single, chunk.group))
                continue
            inner = tuple([part for part in tokens[at:] if part.end <= token.end])
            at += len(inner)
            words = tuple(self._words(inner, chunk.field))
            whole = Word((Term("fold", token.fold),), chunk.field, text=token.key)
            if token.start in self._effort.split:
                apart: tuple[Node | None, Node | None] = (either(word.clause for word in words),
                                                          joined(And, [word.wide for word in words]))
            else:
                phrase = folded_phrase([word.clause for word in words], 1, chunk.field)
                apart = phrase, phrase
            scored, wide = (Best((whole, node)) if node else whole for node in apart)
            pieces.append(Piece(words, scored, wide, Or((whole, together(words, 1))), number, False, chunk.group))
        return pieces

    def _words(self, tokens: Sequence[Token], field: Field) -> list[QueryWord]:
        """Make the next words of the query."""
        effort, made = self._effort, []
        for token in tokens:
            loose = effort.loose or token.start in effort.opened
            word = self._maker.word(next(self._readings), field, loose, effort.strict)
            if token.start in self._offices:  # the name decides
                boost = word.clause.boost * self._weights.office
                word = word._replace(clause=word.clause._replace(boost=boost))
            made.append(word)
        self.words += made
        return made

    def _with_synonyms(self, pieces: list[Piece]) -> list[Piece]:
        """Replace words that have other forms by a choice of them; the longest form wins."""
        tokens = [tuple([word.token for word in piece.words]) for piece in pieces]
        longest = [self._synonyms.longest(each) for each in tokens]
        if not any(longest):
            return pieces
        result: list[Piece] = []
        at = 0
        while at < len(pieces):
            for end in range(min(len(pieces), at + longest[at]), at, -1):
                choice = self._synonyms.others([token for each in tokens[at:end] for token in each], self._text)
                if choice:
                    result.append(self._choice(pieces[at:end], choice))
                    at = end
                    break
            else:
                result.append(pieces[at])
                at += 1
        return result

    def _choice(self, typed: Sequence[Piece], choice: Choice) -> Piece:
        """Return one piece for words that have other forms: what is one thing scores as one, whatever its form."""
        forms = choice.forms
        self.forms += forms
        words = tuple([word for piece in typed for word in piece.words])
        scored = [form_scored(form, self._weights.synonym) for form in forms]
        in_digits = any(form.wholes for form in forms) and all(word.token.fold.isdigit() for word in words)
        own = None if in_digits else self._own_member(typed, words, choice.foreign)
        member = Or((*([own] if own else []), *map(form_member, forms)))
        at, group = typed[0].at, typed[0].group
        apart = not choice.whole or words[0].token.start in self._effort.split
        if len(words) > 1 and apart:
            both = joined(And, [piece.scored for piece in typed]), joined(And, [piece.wide for piece in typed])
            whole, wide = (Best((*([node] if node else []), *scored)) for node in both)
            return Piece(words, whole, wide, member, at, False, group)
        phrase = folded_phrase([word.clause for word in words], 1, words[0].clause.field)
        typed_as = None if in_digits else words[0].clause if len(words) == 1 else phrase
        same = Best((*([typed_as] if typed_as else []), *scored), member)
        return Piece(words, same, same, member, at, False, group)

    def _own_member(self, typed: Sequence[Piece], words: Sequence[QueryWord], foreign: bool) -> Node:
        """Return where words that have other forms are as they were typed; foreign names are without marks as well."""
        own = typed[0].member if len(typed) == 1 else self._member(words)
        phrase = folded_phrase([word.member for word in words], 1, words[0].clause.field) if foreign else None
        if phrase is None or not any(has_marks(word.asked) for word in words):
            return own
        bare = [Word((Term("key", word.token.fold),), word.clause.field) for word in words if has_marks(word.asked)]
        return Or((own, And((phrase, *bare))))

    # Units ------------------------------------------------------------------------------------------

    def _units_of(self, pieces: Sequence[Piece]) -> list[Unit]:
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

    def _lengths(self, run: Sequence[Piece], words: Sequence[QueryWord]) -> list[int]:
        return self._finder.lengths(words) if run[0].single else [len(words)]

    def _runs(self, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
        """Yield single words that stand side by side, and every other piece by itself."""
        run: list[Piece] = []
        for piece in pieces:
            if run and not (piece.single and run[-1].single and self._beside(run[-1], piece)):
                yield run
                run = []
            run.append(piece)
        if run:
            yield run

    def _beside(self, left: Piece, right: Piece) -> bool:
        between = self._text[left.words[-1].token.end : right.words[0].token.start]
        near = right.at - left.at <= 1 and left.group == right.group and self._is_office(left) == self._is_office(right)
        return near and left.words[0].clause.field == right.words[0].clause.field and set(between) <= _BETWEEN

    def _is_office(self, piece: Piece) -> bool:
        return piece.words[0].token.start in self._offices

    def _member(self, words: Sequence[QueryWord]) -> Node:
        return words[0].member if len(words) == 1 else together(words, 1)

    def _unit(self, words: Sequence[QueryWord], node: Node) -> tuple[Unit, bool]:
        """Return a unit, and whether no member needs it: it is nothing but grammar, or title and office."""
        grammar = all(word.asked in function_keys() or word.token.start in self._offices for word in words)
        start, end = words[0].token.start, words[-1].token.end
        return Unit(node, self._text[start:end], start, len(words), in_any_marks(words)), grammar

    def _quoted(self, quoted: Quoted) -> Part:
        words = tuple(self._words(quoted.tokens, quoted.field))
        keys = tuple([word.asked for word in words])
        if not self._alternatives and quoted.field in ("all", "title") and len(keys) > 1 and any(map(has_marks, keys)):
            self.marked.append((quoted, keys))
        first = words[0].token.start
        if len(words) < 2 or first in self._effort.split:
            wide = self._most(tuple([word.wide for word in words]))
            return Part(either(word.clause for word in words), wide,
                         [self._unit((word,), word.member)[0] for word in words])  # fmt: skip
        phrase = folded_phrase([word.clause for word in words], quoted.slop, quoted.field)
        marked = [word.clause for word in words if all(term.form == "key" for term in word.clause.terms)]
        node = together(words, quoted.slop)
        return Part(either([phrase, *marked]), node, [self._unit(words, node)[0]])

    def _stem(self, stem: Stem) -> Part:
        marked = stem.token.key != stem.token.fold and stem.field in ("all", "title")
        self.stems.append(stem.token.fold)
        node = Prefix(stem.token.key if marked else stem.token.fold, "key" if marked else "fold", stem.field)
        text = self._text[stem.token.start : stem.token.end] + "*"
        return Part(node, node, [Unit(node, text, stem.token.start, 1)])
