"""From a request to what the engine finds for it, before any hit is looked up.

1. The query is parsed; missing blanks and half a last word are understood.  Its words are read in context:
   once, whatever is tried afterwards.
2. It is planned and searched as typed.
3. Nothing found: the rungs of the zero-result ladder, one after the other.  Very few articles with all the words
   of a longer query: most of the words are enough.  Both are decided before filters, so that a facet never shows
   more than it promised.
4. Of quoted phrases with marks, the text of the best hits tells which has them at their place.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from search.budget import check
from search.engines.port import Filters, Found, FoundHit, Plan, Reader, Recency
from search.lexicon.lexicon import Lexicon
from search.places import province_named
from search.planning.named_provinces import named_provinces
from search.planning.planner import AS_TYPED, Effort, Planner, Query
from search.planning.possible import possible
from search.planning.province_notices import merger_notices
from search.planning.relaxation import EXACTLY, NOT_ALL_WORDS, rungs
from search.planning.understanding import respaced
from search.planning.weights import Weights
from search.query.notices import Notice
from search.query.parser import parse
from search.query.syntax import Parsed, rewritten
from search.reading.blanks import Names
from search.reading.restoring import Reading
from search.results.answer import DEEPEST, Request
from search.results.match_levels import GRADES
from search.results.phrase_levels import LOOKED_AT, phrase_grade
from search.text import PIPELINE
from search.text.spelling import spell

EXACT: Final = Effort(correct=False, strict=True)


@dataclass(frozen=True, slots=True)
class Result:
    """A search before its hits are looked up."""

    parsed: Parsed
    query: Query
    found: Found
    notices: tuple[Notice, ...]


class Finder:
    """Searches one archive; safe to share between threads."""

    def __init__(self, reader: Reader, planner: Planner, weights: Weights, lexicon: Lexicon, names: Names) -> None:
        self._reader = reader
        self._planner = planner
        self._weights = weights
        self._lexicon = lexicon
        self._names = names

    def parse(self, q: str) -> Parsed:
        """Parse a query string; province names are understood in any spelling."""
        return parse(q, _provinces)

    def query(self, q: str) -> Query:
        """Return the query of a string as it would be searched if it finds something."""
        parsed = self.parse(q)
        better = respaced(parsed, self._lexicon, self._names)
        return self._planner.query(self.parse(better.text) if better else parsed)

    def find(self, request: Request) -> Result:
        """Search.  Any query string is accepted; what was ignored or changed is in the notices."""
        parsed = self.parse(request.q)
        if request.strict:
            return self._find(parsed, request)
        notices = []
        if better := respaced(parsed, self._lexicon, self._names):
            parsed = self.parse(better.text)
            notices.append(better.notice)
        result = self._find(parsed, request)
        return replace(result, notices=(*notices, *result.notices))

    def _find(self, parsed: Parsed, request: Request) -> Result:
        readings = self._planner.read(parsed, correct=not request.strict)
        query = self._planner.query(parsed, EXACT if request.strict else AS_TYPED, readings)
        found = self._search(query, request)
        notices = [*parsed.notices, *merger_notices(parsed, named_provinces(parsed, self._names))]
        if not request.strict and not query.empty:
            query, found, further = self._further(parsed, readings, query, found, request)
            notices += further
        if query.corrected:
            notices.insert(0, _corrected(query, parsed))
        return Result(parsed, query, found, tuple(notices))

    def _further(
        self, parsed: Parsed, readings: list[Reading], query: Query, found: Found, request: Request
    ) -> tuple[Query, Found, list[Notice]]:
        """Return what going further finds where too few articles have the words as typed, else what there is."""
        count = self._unfiltered(query, found, request)
        efforts: Iterable[tuple[Effort, Notice]] = ()
        if not count:
            efforts = rungs(parsed, query.words, AS_TYPED, self._weights.softened_from)
        elif query.may_soften and count < self._weights.few_found:
            efforts = [(Effort(soft=True), NOT_ALL_WORDS)]
        for effort, notice in efforts:
            check("reading the words")
            further = self._planner.query(parsed, effort, readings)
            if self._possible(further) and (result := self._search(further, request)).total:
                return further, result, [notice]
        return query, found, []

    def _unfiltered(self, query: Query, found: Found, request: Request) -> int:
        """Return how many articles match without filters, or a smaller number that is enough."""
        enough = self._weights.few_found if query.may_soften else 1
        if found.total >= enough or request.filters == Filters():
            return found.total
        counted = max(sum(found.facets.years.values()), *found.facets.provinces.values(), found.total)
        if counted >= enough or not self._possible(query):
            return counted
        return self._reader.search(Plan(query.root, limit=0, facets=False, collapse=False)).total

    def _possible(self, query: Query) -> bool:
        return possible(query.root, self._reader.df)

    def _search(self, query: Query, request: Request) -> Found:
        plan = _plan(query, request, self._weights)
        doubtful = any(phrase.doubtful for phrase in query.phrases)
        if doubtful and plan.sort == "relevance" and plan.offset < LOOKED_AT and plan.limit:
            return self._by_phrases(query, plan)
        return self._reader.search(plan)

    def _by_phrases(self, query: Query, plan: Plan) -> Found:
        """Return hits with the marks of quoted phrases at their place before others, within the best ones."""
        end = plan.offset + plan.limit
        found = self._reader.search(replace(plan, offset=0, limit=max(end, LOOKED_AT)))
        if len(found.hits) < 2:
            return replace(found, hits=found.hits[plan.offset : end])
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
        return replace(found, hits=[*hits, *rest][plan.offset : end])


def _plan(query: Query, request: Request, weights: Weights) -> Plan:
    sort = "newest" if query.empty and request.sort == "relevance" else request.sort
    offset = min((max(request.page, 1) - 1) * request.size, DEEPEST)
    return Plan(
        query.root,
        request.filters,
        sort,
        offset,
        request.size,
        rescore=query.rescore if sort == "relevance" else None,
        recency=Recency(weights.recency, weights.half_life) if request.recency else None,
        scoring=weights.scoring,
    )


def _provinces(name: str) -> tuple[str, ...]:
    """Return the province that a name means, in any spelling; none if there is none."""
    province = province_named(PIPELINE.normalize(name))
    return (province,) if province else ()


def _corrected(query: Query, parsed: Parsed) -> Notice:
    """Return the notice of a correction: the query with the corrected words in it, and the way back."""
    changes = [(word.token.start, word.token.end, spell(word.corrected.key)) for word in query.words if word.corrected]
    shown = rewritten(parsed, changes)
    return Notice("corrected", f"Hiển thị kết quả cho {shown} — tìm đúng {parsed.text}",
                  f"Showing results for {shown} — search exactly {parsed.text}", EXACTLY)  # fmt: skip
