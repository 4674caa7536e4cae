"""What matches: a node of the query tree as a filter of the cluster, without any score.

Words are terms, a phrase is one of Lucene's; where words of it may stand apart, a script tells, in the documents that
have them all.  What depends on how many documents there are (`Relaxed`, `AtLeast` with `enough`) is counted first.
Counts are kept: an index never changes.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from search.budget import check
from search.engines.columnar.evaluate.bm25f import FIELD_NAMES, broadest
from search.engines.columnar.evaluate.phrases import DOCUMENT_GAP, folded_forms
from search.engines.facets import Filters
from search.engines.opensearch.documents import plain
from search.engines.opensearch.schema import FACETS
from search.engines.opensearch.scripts import HAS_PHRASE, phrase_params, script
from search.query import tree
from search.query.tree import Node, Word

Query = dict[str, Any]
NOTHING: Final[Query] = {"match_none": {}}
ALL: Final[Query] = {"match_all": {}}
#: Sums of masses that differ by less are equal: the cluster adds them up in 32 bits.
_CLOSE: Final = 3e-5
_LAST: Final = 99999999


def every(queries: Sequence[Query]) -> Query:
    """Return where all of some filters hold."""
    return queries[0] if len(queries) == 1 else {"bool": {"filter": list(queries)}} if queries else ALL


def some(queries: Sequence[Query]) -> Query:
    """Return where any of some filters holds."""
    if not queries:
        return NOTHING
    return queries[0] if len(queries) == 1 else {"bool": {"should": list(queries), "minimum_should_match": 1}}


def without(query: Query, excluded: Query) -> Query:
    """Return where a filter holds, and another does not."""
    return {"bool": {"filter": [query], "must_not": [excluded]}}


@dataclass(slots=True)
class Matcher:
    """Makes the filters of one search.

    `counts` gives the documents of filters, `best` the scores of the best documents of a query, `mass` the idf mass of
    a node.  Of a `Relaxed` node `left_out` are the places of children that are not asked for, `unit_counts` the
    documents of each.
    """

    counts: Callable[[Sequence[Query]], list[int]]
    best: Callable[[Query, int], list[float]]
    mass: Callable[[Node], float]
    left_out: list[int] = field(default_factory=list)
    unit_counts: list[int] = field(default_factory=list)
    _known: dict[int, tuple[Node, Query]] = field(default_factory=dict)

    def filter(self, node: Node) -> Query:
        """Return the filter of a node."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = node, self._find(node)  # held on to, so that no other node has its id
        return known[1]

    def _find(self, node: Node) -> Query:
        check("finding articles")
        match node:
            case tree.Word():
                return word_filter(node)
            case tree.And(children):
                return every([self.filter(child) for child in children]) if children else NOTHING
            case tree.Best(_, of) if of is not None:
                return self.filter(of)
            case tree.Or(children) | tree.Best(children):
                return some([self.filter(child) for child in children])
            case tree.AtLeast():
                return self._at_least(node)
            case tree.AndMaybe(required, _):
                return self.filter(required)
            case tree.AndNot(required, excluded):
                return without(self.filter(required), self.filter(excluded))
            case tree.Phrase():
                return phrase_filter(node)
            case tree.Prefix():
                name = FIELD_NAMES.get((node.field, node.form))
                return {"prefix": {name: {"value": plain(node.stem)}}} if name else NOTHING
            case tree.Filtered():
                return every(restrictions(node))
            case tree.Named():
                return named_filter(node)
            case tree.Relaxed(children, enough):
                return self._relaxed(children, enough)
            case tree.Every():
                return ALL

    def _relaxed(self, units: Sequence[Node], enough: int) -> Query:
        """Ask for units from the rarest on, and leave out those that would leave too few documents."""
        filters = [self.filter(unit) for unit in units]
        self.left_out, self.unit_counts = [], self.counts(filters)
        order = sorted(range(len(units)), key=lambda place: (self.unit_counts[place], place))
        kept: list[int] = []
        while order:  # mostly all are kept: then one look tells of all that is asked for one after the other
            steps = [every([filters[place] for place in [*kept, *order[:end]]]) for end in range(1, len(order) + 1)]
            few = 0
            for place, count in zip(list(order), self.counts(steps), strict=True):
                if enough and count < (1 if not kept else enough):
                    break
                kept.append(place)
                few += 1
            self.left_out += order[few : few + 1]
            order = order[few + 1 :]
        self.left_out.sort()
        return every([filters[place] for place in sorted(kept)]) if kept else NOTHING

    def _at_least(self, node: tree.AtLeast) -> Query:
        """Keep the documents whose matching children carry the share of the mass."""
        children = [self.filter(child) for child in node.children]
        if not children:
            return NOTHING
        if node.share >= 1:
            whole = every(children)
            if not node.enough or self.counts([whole])[0] >= node.enough:
                return whole
        masses = [self.mass(child) for child in node.children]
        need = node.share * sum(masses) - _CLOSE
        if node.enough:
            least = node.least * sum(masses) - _CLOSE
            found = self.best(_heavy(children, masses, min(need, least)), node.enough)
            if len(found) < node.enough or found[-1] < need:
                need = max(min(need, (found[-1] if found else 0.0) - _CLOSE), least)
        return _heavy(children, masses, need)


def _heavy(children: Sequence[Query], masses: Sequence[float], need: float) -> Query:
    """Return the documents that have children with so much mass together, which is their score."""
    weights = [{"filter": child, "weight": mass} for child, mass in zip(children, masses, strict=True) if mass > 0]
    if not weights:
        return some(children)
    return {"function_score": {"query": some(children), "functions": weights, "score_mode": "sum",
                               "boost_mode": "replace", "min_score": need}}  # fmt: skip


def word_filter(word: Word) -> Query:
    """Return the documents that have any term of a word."""
    texts: dict[str, list[str]] = {}
    for term in broadest(word):
        if name := FIELD_NAMES.get((word.field, term.form)):
            name = name.replace("fold", "bare") if term.form == "bare" else name
            texts.setdefault(name, []).append(plain(term.text))
    return some([{"term": {name: each[0]}} if len(each) == 1 else {"terms": {name: each}}
                 for name, each in texts.items()])  # fmt: skip


def phrase_filter(phrase: tree.Phrase) -> Query:
    """Return the documents with a phrase, in which each word has one of its terms."""
    if not phrase.words:
        return NOTHING
    slop = min(max(phrase.slop, 1), DOCUMENT_GAP)
    forms = [list(map(plain, folded_forms(word))) for word in phrase.words]
    words = [word_filter(word if word.field == "all" else Word(word.terms, phrase.field))
             for word in phrase.words if word.field != "all" or any(term.form != "fold" for term in word.terms)]
    if len(forms) > 1 and slop == 1:
        place = _side_by_side(forms)
    else:
        place = every([{"terms": {"text": each}} for each in forms])
    exact = [] if slop == 1 and phrase.field != "title" else [
        {"script": {"script": script(HAS_PHRASE, **phrase_params(forms, slop, phrase.field == "title"))}}
    ]
    return every([place, *words, *exact])


def _side_by_side(forms: Sequence[Sequence[str]]) -> Query:
    if all(len(each) == 1 for each in forms):
        return {"match_phrase": {"text": " ".join([each[0] for each in forms])}}
    clauses: list[Query] = []
    for each in forms:
        terms = [{"span_term": {"text": form}} for form in each]
        clauses.append(terms[0] if len(terms) == 1 else {"span_or": {"clauses": terms}})
    return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}


def named_filter(node: tree.Named) -> Query:
    """Return the documents whose author or source has some words in order."""
    if not node.words:
        return ALL
    return {"match_phrase": {f"{node.field}_text": " ".join([plain(typed) for typed, _ in node.words])}}


def restrictions(node: tree.Filtered) -> list[Query]:
    """Return the filters of a restriction in the query."""
    found = _dates(node.year, node.month, node.date_from, node.date_to)
    if node.provinces:
        found.append({"terms": {FACETS["province"]: list(map(plain, node.provinces))}})
    return found if node.day is None else [*found, {"term": {"day": node.day}}]


def facet_filters(filters: Filters) -> dict[str, Query]:
    """Return the filters that are set, by the facet each belongs to."""
    found: dict[str, Query] = {
        name: {"terms": {FACETS[name]: list(map(plain, texts))}} for name, texts in filters.named.items() if texts
    }
    dates = _dates(filters.year, filters.month, filters.date_from or 0, filters.date_to or _LAST)
    return {"date": every(dates), **found} if dates else found


def _dates(year: int | None, month: int | None, low: int, high: int) -> list[Query]:
    found: list[Query] = []
    if year is not None:
        found.append({"range": {"ym": {"gte": year * 100, "lt": year * 100 + 100}}})
    if month is not None:
        found.append({"term": {"month": month}})
    if low > 0 or high < _LAST:
        found += [{"range": {"last": {"gte": low}}}, {"range": {"first": {"gt": 0, "lte": high}}}]
    return found


def key_of(query: Query) -> str:
    """Return what tells equal queries."""
    return json.dumps(query, sort_keys=True)
