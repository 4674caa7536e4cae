"""Answers as JSON-able objects: one shape for the endpoint, the command and the feeds.

Offsets are Unicode code points into the text beside them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from search.article import Article
from search.engines.facets import FacetCounts
from search.query.notices import Notice
from search.results.answer import Answer, ArticleView, Hit, Mark, Suggestion

Json = dict[str, Any]
#: What is not known of an article, as a value of a facet and of a filter.
UNKNOWN: Final = "unknown"


def answer_json(answer: Answer) -> Json:
    """Return the object of `GET /api/search`."""
    result: Json = {
        "q": answer.request.q,
        "total": answer.total,
        "more": answer.more,
        "page": answer.request.page,
        "size": answer.request.size,
        "took_ms": round(answer.took_ms, 3),
        "generation": answer.generation,
        "hits": [_hit(hit) for hit in answer.hits],
        "facets": facets_json(answer.facets),
        "notices": [_notice(notice) for notice in answer.notices],
        "next": answer.next,
    }
    if answer.explain is not None:
        result["explain"] = answer.explain
    return result


def article_json(view: ArticleView) -> Json:
    """Return the object of `GET /api/articles/<id>`."""
    article = view.article
    return {
        **_card(article),
        "section": article.section,
        "photographer": article.photographer,
        "kind": article.kind,
        "body": article.body,
        "spans": [{"start": span.start, "end": span.end, "kind": span.kind} for span in article.spans],
        "event_date": article.event_date.value,
        "places": [{"name": place.name, "score": place.score, "evidence": place.evidence} for place in article.places],
        "title_marks": _marks(view.title_marks),
        "body_marks": _marks(view.body_marks),
        "twins": [_card(twin) for twin in view.twins],
        "similar": [_card(other) for other in view.similar],
    }


def suggestions_json(prefix: str, suggestions: Sequence[Suggestion]) -> Json:
    """Return the object of `GET /api/suggest`."""
    return {
        "q": prefix,
        "suggestions": [{"text": found.text, "kind": found.kind, "count": found.count} for found in suggestions],
    }


def facets_json(facets: FacetCounts) -> Json:
    """Return years, newest first, each with its months, and the values of other facets, most frequent first.

    What is not known of an article is the value `unknown`, which a filter takes as well, and stands at the end.
    """
    months: dict[int, list[Json]] = {}
    for (year, month), count in sorted(facets.months.items(), key=lambda entry: (entry[0][0], entry[0][1] or 99)):
        months.setdefault(year, []).append({"value": month or UNKNOWN, "count": count})
    years = [
        {"value": year or UNKNOWN, "count": count, "months": months.get(year, [])}
        for year, count in sorted(facets.years.items(), reverse=True)
    ]
    return {"year": years, **{name: _values(counts) for name, counts in facets.named.items()}}


def _values(counts: Mapping[str, int]) -> list[Json]:
    ranked = sorted(counts.items(), key=lambda entry: (not entry[0], -entry[1], entry[0]))
    return [{"value": name or UNKNOWN, "count": count} for name, count in ranked]


def _hit(hit: Hit) -> Json:
    result: Json = {
        **_card(hit.article),
        "score": round(hit.score, 4),
        "grade": hit.grade,
        "twins": hit.twins,
        "member": hit.member,
        "missing": list(hit.missing),
        "title_marks": _marks(hit.title_marks),
        "snippets": [{"text": snippet.text, "marks": _marks(snippet.marks)} for snippet in hit.snippets],
    }
    if hit.explain is not None:
        result["explain"] = hit.explain
    return result


def _card(article: Article) -> Json:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "author": article.author,
        "date": article.date.value,
        "date_precision": article.date.precision,
        "province": article.province,
        "provinces": list(article.provinces),
        "countries": [country.name for country in article.countries],
    }


def _marks(marks: Iterable[Mark]) -> list[list[int]]:
    return [[start, end] for start, end in marks]


def _notice(notice: Notice) -> Mapping[str, Any]:
    return {"code": notice.code, "vi": notice.vi, "en": notice.en, "action": dict(notice.action)}
