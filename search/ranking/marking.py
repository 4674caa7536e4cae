"""Which words of an article are marked for a query, and what grade that makes the hit.

A word is marked where it has a likely reading.  Only in an article that shows none of them, every spelling of
the folded word is marked.
"""

from dataclasses import dataclass

from search.answer import Mark, Snippet
from search.article import Article
from search.highlight import Highlighter, Needle
from search.ranking.grades import hit_grade
from search.ranking.planner import Query


@dataclass(frozen=True, slots=True)
class Shown:
    """How one hit is shown."""

    title_marks: tuple[Mark, ...]
    snippets: tuple[Snippet, ...]
    grade: str


class Marker:
    """Marks articles for one query; made once per answer."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._made: dict[frozenset[int], Highlighter] = {}

    def show(self, article: Article) -> Shown:
        """Return title marks, snippets and grade of a hit."""
        marker = self._highlighter(frozenset())
        snippets = marker.snippets(article.body, article.spans)
        found = self._found(marker, article, snippets)
        missing = self._missing(found)
        if missing:
            marker = self._highlighter(missing)
            snippets = marker.snippets(article.body, article.spans)
            found = self._found(marker, article, snippets)
        return Shown(marker.marks(article.title), snippets, hit_grade(self._query.clauses, found))

    def fitting(self, article: Article) -> Highlighter:
        """Return the highlighter for the whole text of an article."""
        marker = self._highlighter(frozenset())
        texts = (article.title, article.body)
        missing = self._missing({("", number) for text in texts for _, _, number in marker.matches(text)})
        return self._highlighter(missing) if missing else marker

    @staticmethod
    def _found(marker: Highlighter, article: Article, snippets: tuple[Snippet, ...]) -> set[tuple[str, int]]:
        texts = (article.title, *(snippet.text for snippet in snippets))
        return {(text[start:end], number) for text in texts for start, end, number in marker.matches(text)}

    def _missing(self, found: set[tuple[str, int]]) -> frozenset[int]:
        """Return the words that were not found and have other spellings to look for."""
        seen = {number for _, number in found}
        clauses = enumerate(self._query.clauses)
        return frozenset(number for number, clause in clauses if number not in seen and clause.spelling.folds)

    def _highlighter(self, loosely: frozenset[int]) -> Highlighter:
        """Return a highlighter that marks every spelling of some words, of the others the likely readings."""
        made = self._made.get(loosely)
        if made is None:
            made = self._made[loosely] = self._make(loosely)
        return made

    def _make(self, loosely: frozenset[int]) -> Highlighter:
        needles = [
            Needle(clause.spelling.folds if number in loosely else frozenset(), clause.spelling.keys)
            for number, clause in enumerate(self._query.clauses)
        ]
        needles += [Needle(frozenset(), stems=(stem,)) for stem in self._query.stems]
        phrases = []
        for form in self._query.forms:
            places = tuple(range(len(needles), len(needles) + len(form.words)))
            needles += [Needle(frozenset(), frozenset([word.key])) for word in form.words]
            if len(places) > 1:
                phrases.append((places, 1))
        return Highlighter(needles, phrases)
