"""What `--explain` shows of a query: normalised tokens, their readings, and the clauses that were searched."""

from collections.abc import Mapping

from search.engines.port import Found
from search.planning.clauses import QueryWord
from search.planning.query import Query
from search.query.syntax import Parsed
from search.text.spelling import spell


def explain_query(parsed: Parsed, query: Query, found: Found) -> Mapping[str, object]:
    """Return a JSON-able account of how a query was read, and in how many articles each of its units is."""
    return {
        "normalized": parsed.text,
        "words": [_word(word) for word in query.words],
        "units": [
            {"text": unit.text, "df": count, "required": place not in found.left_out}
            for place, (unit, count) in enumerate(zip(query.units, found.unit_counts, strict=False))
        ],
        "pairs": [list(pair) for pair in query.rescore.pairs] if query.rescore else [],
        "tree": repr(query.root),
        "members": repr(query.members),
    }


def _word(word: QueryWord) -> Mapping[str, object]:
    token = word.token
    return {
        "key": token.key,
        "fold": token.fold,
        "readings": [
            {"text": spell(candidate.key), "probability": round(chance, 4), "kind": candidate.kind}
            for candidate, chance in word.reading.variants
            if chance >= 0.001
        ],
        "terms": [
            {"form": term.form, "text": term.text, "weight": round(term.weight, 4)} for term in word.clause.terms
        ],
        "boost": word.clause.boost,
        "df": word.clause.df,
    }
