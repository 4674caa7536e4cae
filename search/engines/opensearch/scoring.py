"""What matches is worth: a node of the query tree as a query whose score is that of the port.

Leaves are scored by scripts, what holds them together by Lucene: sums are `bool`, the best is `dis_max`.  `roughly`
gives a cheap one instead, by which each shard's best are chosen where very many match.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from search.budget import check
from search.engines.columnar.evaluate.bm25f import FIELD_NAMES
from search.engines.columnar.evaluate.phrases import DOCUMENT_GAP, folded_forms
from search.engines.opensearch.documents import plain
from search.engines.opensearch.matching import NOTHING, Matcher, Query, phrase_filter, some, word_filter
from search.engines.opensearch.scripts import PHRASE, PREFIX, TOGETHER, WORD, phrase_params, script
from search.engines.port import SCORING, Scoring
from search.query import tree
from search.query.tree import Form, Node, Word

#: A weight of 0 means "matches but scores nothing".
_LEAST: Final = 1e-6
#: Of words that begin with a stem that has marks, the most frequent are scored: a script asks for each.
SCORED_EXPANSIONS: Final = 200
_LENGTHS: Final = {"all": "len", "title": "title_len", "author": "author_len", "source": "source_len"}


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an index knows as a whole: documents, mean lengths by field, documents of a term."""

    count: int
    means: dict[str, float]
    df: Callable[[Form, str], int]
    most_frequent: Callable[[Form, str, int], list[str]]

    def idf(self, df: float) -> float:
        """Return ln(1 + (N - df + 0.5) / (df + 0.5)), never negative."""
        return math.log(1 + (max(self.count - df, 0.0) + 0.5) / (max(df, 0.0) + 0.5))


@dataclass(frozen=True, slots=True)
class Scorer:
    """Makes the scoring queries of one search."""

    statistics: Statistics
    matcher: Matcher
    scoring: Scoring

    def query(self, node: Node, roughly: bool = False) -> Query:
        """Return the query of a node: what it scores matters, not what else it matches."""
        check("scoring articles")
        match node:
            case tree.Word():
                return self._roughly(node) if roughly else self._word(node)
            case tree.Phrase() if node.words:
                return self._constant(node) if roughly else self._phrase(node)
            case tree.Prefix():
                return self._constant(node) if roughly else self._prefix(node)
            case tree.Best(children, of) if of is not None:
                return self._summed(children, roughly) if roughly else self._together(children, node)
            case tree.Or(children):
                return self._summed(children, roughly)
            case tree.Best(children) if children:
                return {"dis_max": {"queries": [self.query(child, roughly) for child in children]}}
            case tree.And(children) | tree.AtLeast(children):
                return self._summed(children, roughly, node)
            case tree.AndMaybe(required, optional):
                return self._summed((required, optional), roughly, node)
            case tree.AndNot(required, _):
                return self._summed((required,), roughly, node)
            case _:
                return NOTHING

    def _summed(self, children: Sequence[Node], roughly: bool, within: Node | None = None) -> Query:
        """Return the sum of the scores of some nodes, of the documents of `within` alone."""
        found: Query = {"should": [self.query(child, roughly) for child in children]}
        if within is not None:
            found["filter"] = [self.matcher.filter(within)]
        return {"bool": found} if children else NOTHING

    def mass(self, node: Node) -> float:
        """Return boost x idf of a word; the sum over the words of a Phrase or And, the maximum of Or and Best."""
        match node:
            case tree.Word():
                return node.boost * self.statistics.idf(self._df(node))
            case tree.Phrase(words):
                return node.boost * sum(self.mass(word) for word in words)
            case tree.And(children) | tree.AtLeast(children):
                return sum(self.mass(child) for child in children)
            case tree.Best(_, of) if of is not None:
                return self.statistics.idf(self.matcher.counts([self.matcher.filter(of)])[0])
            case tree.Or(children) | tree.Best(children):
                return max((self.mass(child) for child in children), default=0.0)
            case tree.AndMaybe(required) | tree.AndNot(required):
                return self.mass(required)
            case tree.Prefix():
                return node.boost * self.statistics.idf(self.matcher.counts([self.matcher.filter(node)])[0])
            case _:
                return 0.0

    def _df(self, word: Word) -> float:
        """Return the df given with a word, else that of the union of its terms."""
        if word.df is not None:
            return word.df
        if len(word.terms) == 1 and word.field == "all":
            return float(self.statistics.df(word.terms[0].form, word.terms[0].text))
        return float(self.matcher.counts([word_filter(word)])[0])

    def _scripted(self, query: Query, source: str, mass: float, field: tree.Field, **params: Any) -> Query:
        scoring, length = self.scoring, self.statistics.means[_LENGTHS[field]]
        params |= {"m": (scoring.k1 + 1) * mass, "k": scoring.k1 * (1 - scoring.b),
                   "l": scoring.k1 * scoring.b / max(length, 1e-9), "d": _LENGTHS[field]}  # fmt: skip
        return {"script_score": {"query": {"bool": {"filter": [query]}}, "script": script(source, **params)}}

    def _word(self, word: Word) -> Query:
        fields, texts, weights = self._frequencies(word)
        return self._scripted(word_filter(word), WORD, self.mass(word), word.field, f=fields, t=texts, w=weights)

    def _frequencies(self, word: Word) -> tuple[list[str], list[str], list[float]]:
        """Return fields, terms and weights whose frequencies sum up to that of a word."""
        rows: list[tuple[str, str, float]] = []
        more = self.scoring.title - SCORING.title
        for term in word.terms:
            name = FIELD_NAMES.get((word.field, term.form))
            if name is None:
                continue
            name = name.replace("fold", "bare") if term.form == "bare" else name
            weight = max(term.weight, _LEAST)
            rows.append((name, plain(term.text), weight))
            if more and word.field == "all":
                rows.append((f"title_{name}", plain(term.text), weight * more))
        return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]

    def _together(self, children: Sequence[Node], node: Node) -> Query:
        """Return the score of spellings of one thing: the sum of their frequencies, with the idf of the thing."""
        fields: list[str] = []
        texts: list[str] = []
        weights: list[float] = []
        phrases: list[tuple[dict[str, Any], float]] = []
        for child in children:
            if isinstance(child, tree.Word):
                own = self._frequencies(child)
                fields, texts = fields + own[0], texts + own[1]
                weights += [weight * child.boost for weight in own[2]]
            elif isinstance(child, tree.Phrase) and child.words:
                for title, times in ((False, 1.0), (True, self.scoring.title - 1)):
                    given = self._given(child) | {"h": title or child.field == "title"}
                    phrases.append((given, child.boost * times))
        found = some([self.matcher.filter(child) for child in children])
        return self._scripted(
            found, TOGETHER, self.mass(node), "all", f=fields, t=texts, w=weights,
            p=[given for given, _ in phrases], v=[weight for _, weight in phrases],
        )  # fmt: skip

    def _given(self, phrase: tree.Phrase) -> dict[str, Any]:
        forms = [list(map(plain, folded_forms(word))) for word in phrase.words]
        return phrase_params(forms, min(max(phrase.slop, 1), DOCUMENT_GAP), phrase.field == "title")

    def _phrase(self, phrase: tree.Phrase) -> Query:
        return self._scripted(phrase_filter(phrase), PHRASE, self.mass(phrase), phrase.field, **self._given(phrase))

    def _prefix(self, prefix: tree.Prefix) -> Query:
        found, mass = self.matcher.filter(prefix), self.mass(prefix)
        if prefix.form == "fold" and prefix.field in ("all", "title"):
            stem = [byte - 256 if byte > 127 else byte for byte in plain(prefix.stem).encode()]
            return self._scripted(found, PREFIX, mass, prefix.field, s=stem, h=prefix.field == "title")
        name = FIELD_NAMES.get((prefix.field, prefix.form))
        if name is None or prefix.field not in ("all", "title"):
            return {"constant_score": {"filter": found, "boost": mass}}
        texts = list(map(plain, self.statistics.most_frequent(prefix.form, prefix.stem, SCORED_EXPANSIONS)))
        fields, weights = [name] * len(texts), [1.0] * len(texts)
        if prefix.field == "all":  # an occurrence in the title counts once
            fields, texts = [*fields, *(f"title_{name}" for _ in texts)], texts * 2
            weights += [1 - SCORING.title] * len(weights)
        return self._scripted(found, WORD, mass, prefix.field, f=fields, t=texts, w=weights)

    def _constant(self, node: tree.Phrase | tree.Prefix) -> Query:
        return {"constant_score": {"filter": self.matcher.filter(node), "boost": self.mass(node)}}

    def _roughly(self, word: Word) -> Query:
        """Return Lucene's own score of a word's terms, with our mass for the idf of each."""
        mass, queries = self.mass(word), []
        for term in word.terms:
            name = FIELD_NAMES.get((word.field, term.form))
            if name is None:
                continue
            name = name.replace("fold", "bare") if term.form == "bare" else name
            own = self.statistics.idf(self.statistics.df(term.form, term.text))
            boost = mass * max(term.weight, _LEAST) / max(own, 1e-6)
            queries.append({"term": {name: {"value": plain(term.text), "boost": max(boost, 1e-9)}}})
        return {"bool": {"should": queries, "minimum_should_match": 1}} if queries else word_filter(word)
