"""From a parsed query to the engine's plan.

1. The wanted words are read in context, all together (`search.reading.restoring`).
2. Neighbouring words that belong together become units (`search.planning.units`); so do quoted phrases, compounds
   such as `92/QĐ-UBND`, and words with other forms.
3. Members of the answer have all units (`Relaxed` where nothing has); what scores are the words, one by one.
4. Beyond the members lie articles that have all words somewhere, or of many words a share of their idf mass.
5. Neighbouring words become pairs for the second look at the best documents.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from search.engines.port import Coverage, Lead, Rescore, Sought
from search.planning.building import QueryBuild
from search.planning.clauses import ClauseMaker, QueryWord
from search.planning.intent import NONE, intent
from search.planning.nodes import joined
from search.planning.pairs import PairFrequency, pairs, sought
from search.planning.query import AS_TYPED, Effort, MarkedPhrase, Part, Query, Unit
from search.planning.units import Names, UnitFinder
from search.planning.weights import Weights
from search.query.synonyms import Synonyms
from search.query.syntax import Parsed, Quoted
from search.query.tree import And, Every, Or, Relaxed
from search.query.tree import Filtered as FilteredNode
from search.reading.restoring import Reading, Restorer
from search.text import Token

#: From this share of a pair's occurrences on, its letters stand for the words typed.
CERTAIN: Final = 0.99


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
        build = QueryBuild(
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
            build.restricted(joined(And, members)),
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


def _same(part: Part, units: Sequence[Unit]) -> bool:
    """Say whether nothing can lie beyond the members: one word, as it must be."""
    return len(units) == 1 and units[0].words == 1


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
