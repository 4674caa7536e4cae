"""From a request to what the engine finds for it, before any hit is looked up.

1. The query is parsed; initials, missing blanks and half a last word are understood.  Its words are read in context:
   once, whatever is tried afterwards.
2. It is planned and searched as typed.
3. Units that no article has are searched again, word by word or with other marks; what too few articles have together
   is left out (`Relaxed`).  Both are decided before filters, so that a filter never adds an article.
4. Of quoted phrases with marks, the text of the best hits tells which has them at their place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from search.archive import cursors
from search.budget import check
from search.engines.facets import FacetCounts
from search.engines.port import LIMIT_EXPANSIONS, MAX_EXPANSIONS, Found, FoundHit, Plan, Reader, Recency
from search.places import province_named
from search.planning.named_provinces import named_provinces
from search.planning.planner import Planner
from search.planning.province_notices import merger_notices
from search.planning.query import AS_TYPED, Effort, Query
from search.planning.relaxation import EXACTLY, OTHER_SPELLINGS, apart, appeared_then, left_out, other_marks
from search.planning.understanding import Rewriting
from search.planning.weights import Weights
from search.query import notices as say
from search.query.notices import Notice
from search.query.parser import parse
from search.query.syntax import Parsed, rewritten
from search.query.tree import Named
from search.reading.blanks import Names
from search.reading.restoring import Reading
from search.results.answer import DEEPEST, Request
from search.results.match_levels import GRADES
from search.results.phrase_levels import LOOKED_AT, phrase_grade
from search.text import PIPELINE, Token
from search.text.spelling import cased_as, spell

EXACT: Final = Effort(correct=False, strict=True)
NOTHING_FOUND: Final = Found(0, (), FacetCounts())


@dataclass(frozen=True, slots=True)
class Result:
    """A search before its hits are looked up."""

    parsed: Parsed
    query: Query
    found: Found
    notices: tuple[Notice, ...]


class Finder:
    """Searches one archive; safe to share between threads."""

    def __init__(
        self,
        reader: Reader,
        planner: Planner,
        weights: Weights,
        state: str,
        understand: Callable[[Parsed], Rewriting | None],
        names: Names,
    ) -> None:
        self._reader = reader
        self._planner = planner
        self._weights = weights
        self._state = state
        self._understand = understand
        self._names = names

    # What the parser asks the archive (`search.query.parser.Binder`) --------------------------------

    def provinces(self, name: str) -> tuple[str, ...]:
        """Return the province that a name means, in any spelling; none if there is none."""
        province = province_named(PIPELINE.normalize(name))
        return (province,) if province else ()

    def unit(self, tokens: Sequence[Token], text: str) -> int:
        """Return how many of some words of a query are one word or name with the first."""
        return self._planner.unit_length(tokens, text)

    def named(self, field: Literal["author", "source"], tokens: Sequence[Token]) -> int:
        """Return how many of some words stand so in an author or a source, 0 if none does."""
        for count in range(len(tokens), 0, -1):
            node = Named(field, tuple([(token.key, token.fold) for token in tokens[:count]]))
            if self._reader.search(Plan(node, limit=0, facets=False)).total:
                return count
        return 0

    # ------------------------------------------------------------------------------------------------

    def parse(self, q: str) -> Parsed:
        """Parse a query string; what belongs together is told by the archive."""
        return parse(q, self)

    def query(self, q: str) -> Query:
        """Return the query of a string as it would be searched if it finds something."""
        parsed = self.parse(q)
        better = self._understand(parsed)
        return self._planner.query(self.parse(better.text) if better else parsed)

    def find(self, request: Request) -> Result:
        """Search.  Any query string is accepted; what was ignored or changed is in the notices.

        Raises ParameterError for a cursor of another search or generation.
        """
        parsed = self.parse(request.q)
        if request.strict:
            return self._find(parsed, request)
        notices = []
        if better := self._understand(parsed):
            parsed = self.parse(better.text)
            notices.append(better.notice)
        result = self._find(parsed, request)
        return replace(result, notices=(*notices, *result.notices))

    def _find(self, parsed: Parsed, request: Request) -> Result:
        readings = self._planner.read(parsed, correct=not request.strict)
        effort = EXACT if request.strict else replace(AS_TYPED, loose=request.loose)
        query = self._planner.query(parsed, effort, readings)
        notices = [*parsed.notices, *merger_notices(parsed, named_provinces(parsed, self._names))]
        if query.members is None:
            return Result(parsed, query, NOTHING_FOUND, (*notices, say.NOTHING))
        found = self._search(query, request)
        if not request.strict:
            query, found, further = self._further(parsed, readings, effort, query, found, request)
            notices += further
        if LIMIT_EXPANSIONS in found.notices:
            notices.append(say.too_many_words(MAX_EXPANSIONS))
        if query.period:
            notices.append(appeared_then(query.period))
        if query.corrected:
            notices.insert(0, _corrected(query, parsed))
        return Result(parsed, query, found, tuple(notices))

    def _further(
        self, parsed: Parsed, readings: list[Reading], effort: Effort, query: Query, found: Found, request: Request
    ) -> tuple[Query, Found, list[Notice]]:
        """Search again for units that no article has: for their words one by one, or with other marks.

        Return what was found then, and what is to be said of it.
        """
        notices: list[Notice] = []
        for _ in range(2):  # the words of a unit may have to be opened as well
            nowhere = [query.units[place] for place in found.left_out if not found.unit_counts[place]]
            split = [unit for unit in nowhere if unit.words > 1]
            opened = [unit for unit in nowhere if unit.words == 1 and unit.marked and unit.start not in effort.opened]
            if effort.loose or not (split or opened):
                break
            effort = replace(
                effort,
                split=effort.split | {unit.start for unit in split},
                opened=effort.opened | {unit.start for unit in opened},
            )
            check("reading the words")
            query = self._planner.query(parsed, effort, readings)
            found = self._search(query, request)
            notices += [apart(split)] if split else []
            notices += [OTHER_SPELLINGS] if opened else []
        if not found.total + found.more:
            notices.clear()  # nothing of that is shown
        if found.left_out and len(found.left_out) < len(query.units):
            notices.append(left_out([query.units[place] for place in found.left_out]))
        return query, found, [*notices, *([other_marks(found.others)] if found.others > 0 else [])]

    def _search(self, query: Query, request: Request) -> Found:
        plan = self._plan(query, request)
        doubtful = any(phrase.doubtful for phrase in query.phrases)
        if doubtful and plan.sort == "relevance" and plan.offset < LOOKED_AT and plan.limit:
            return self._by_phrases(query, plan)
        return self._reader.search(plan)

    def _plan(self, query: Query, request: Request) -> Plan:
        weights = self._weights
        sort = "newest" if not query.scores and request.sort == "relevance" else request.sort
        offset, after = (max(request.page, 1) - 1) * request.size, None
        if request.after:
            offset, last = cursors.read(request, self._state)
            after = last if offset + request.size > DEEPEST else None
        return Plan(
            query.root,
            request.filters,
            sort,
            offset,
            request.size,
            query.members,
            query.beyond,
            weights.member,
            tuple([unit.node for unit in query.units]),
            None if request.strict else query.loose,
            after,
            rescore=query.rescore if sort == "relevance" else None,
            recency=Recency(weights.recency, weights.half_life) if request.recency else None,
            lifts=query.lifts,
            collapse=not request.each,
            scoring=weights.scoring,
        )

    def _by_phrases(self, query: Query, plan: Plan) -> Found:
        """Return hits with the marks of quoted phrases at their place before others, within the best ones."""
        end = plan.offset + plan.limit
        found = self._reader.search(replace(plan, offset=0, limit=max(end, LOOKED_AT)))
        if len(found.hits) < 2:
            return replace(found, hits=found.hits[plan.offset : end], last=found.last and end >= len(found.hits))
        looked, rest = found.hits[:LOOKED_AT], found.hits[LOOKED_AT:]
        by_grade: dict[str, list[FoundHit]] = {grade: [] for grade in GRADES}
        for place, hit in enumerate(looked):
            check("finding a phrase")
            (card,) = self._reader.cards([hit.doc])
            by_grade[phrase_grade(query.phrases, card)].append(hit)
            if len(by_grade[GRADES[0]]) == end:  # nothing further comes before these
                rest = [*looked[place + 1 :], *rest]
                break
        hits = [hit for hits in by_grade.values() for hit in hits]
        last = found.last and end >= len(found.hits)
        return replace(found, hits=[*hits, *rest][plan.offset : end], last=last)


def _corrected(query: Query, parsed: Parsed) -> Notice:
    """Return the notice of a correction: the query with the corrected words in it, and the way back."""
    shown = rewritten(parsed, [
        (token.start, token.end, cased_as(parsed.text[token.start : token.end], spell(meant.key)))
        for token, meant in ((word.token, word.corrected) for word in query.words) if meant
    ])  # fmt: skip
    return Notice("corrected", f"Hiển thị kết quả cho {shown} — tìm đúng {parsed.text}",
                  f"Showing results for {shown} — search exactly {parsed.text}", EXACTLY)  # fmt: skip
