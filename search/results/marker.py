"""Which words of an article are marked for a query, and what grade that makes the hit.

A word is marked where it has a likely reading; in an article that has none of them, every spelling of the folded
word is marked.  Halves of compounds, amounts without their unit and words of grammar are not marked alone.
"""

from collections.abc import Sequence
from typing import Final

from search.article import Article
from search.lexicon.lexicon import LEAST_ASSOCIATION, Lexicon
from search.planning.clauses import QueryWord
from search.planning.compounds import compounds
from search.planning.query import Query
from search.planning.weights import WEIGHTS
from search.query.amounts import is_number, numbered, units
from search.reading.function_words import function_keys
from search.results.answer import Mark
from search.results.companions import Companions, Company
from search.results.highlighter import Highlighter, Needle, Shown
from search.results.match_levels import GRADES, hit_grade
from search.results.phrase_levels import phrase_grade
from search.results.snippets import Bound
from search.text import fold, tone_key

#: Longer numbers are years and whole amounts, and are marked wherever they stand.
SHORT_NUMBER: Final = 3


class Marker:
    """Marks articles for one query; made once per answer."""

    def __init__(self, query: Query, lexicon: Lexicon) -> None:
        self._query = query
        self._asked = [word.asked for word in query.words]
        self._lexicon = lexicon
        self._highlighter = _highlighter(query, _companions(query.words, lexicon), self._are_compound)

    def _are_compound(self, left: str, right: str) -> bool:
        words = (self._lexicon.numbers(fold(word)).get(tone_key(word), -1) for word in (left, right))
        return self._lexicon.association(*words) >= LEAST_ASSOCIATION

    def show(self, article: Article) -> Shown:
        """Return how a hit is shown."""
        return self._highlighter.show(article.title, article.body, article.spans)

    def grade(self, shown: Shown, article: Article) -> str:
        """Return how well the marks of what is shown match those typed, and those of quoted phrases at their place.

        Empty where nothing is marked.
        """
        if not shown.found:
            return ""
        grades = (hit_grade(self._asked, shown.found), phrase_grade(self._query.phrases, article))
        return max(grades, key=GRADES.index)

    def marks(self, article: Article) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        """Return the marks of the whole title and body."""
        title, body = self._highlighter.marks(article.title, article.body)
        return title, body


def _highlighter(query: Query, companions: Companions, bound: Bound) -> Highlighter:
    needles = [_needle(word, WEIGHTS.marked_variant) for word in query.words]
    needles += [Needle(frozenset(), stems=(stem,)) for stem in query.stems]
    phrases = []
    for form in query.forms:
        places = tuple(range(len(needles), len(needles) + len(form.words)))
        if len(places) > 1:  # searched as a folded phrase, so any marks match
            needles += [Needle(frozenset([word.fold])) for word in form.words]
            phrases.append((places, 1))
        else:
            needles += [Needle(frozenset(), frozenset([word.key])) for word in form.words]
    return Highlighter(needles, phrases, companions, bound)


def _companions(words: Sequence[QueryWord], lexicon: Lexicon) -> Companions:
    """Return what the words of a query need beside them to be marked."""
    needs = dict(Companions.of_compounds(compounds(words, lexicon)).needs)
    keys = [word.asked for word in words]
    for at, key in enumerate(keys if len(keys) > 1 else ()):
        before = frozenset([at - 1] if at else [])
        after = frozenset([at + 1] if at + 1 < len(keys) else [])
        if is_number(key):
            if len(key) <= SHORT_NUMBER:
                needs[at] = Company(before, after)
            continue
        counts = bool(at) and is_number(keys[at - 1]) and key in units()
        counted = at + 1 < len(keys) and is_number(keys[at + 1]) and key in numbered()
        if counts or counted:
            needs[at] = Company(before if counts else frozenset(), after if counted else frozenset())
    return Companions(needs, frozenset(at for at, key in enumerate(keys) if key in function_keys() and at not in needs))


def _needle(word: QueryWord, least: float) -> Needle:
    """Return what is marked: the readings that are likely meant.

    In an article with none of them: any spelling of the folded forms, and the bare form of a word with marks.
    """
    token, terms = word.token, word.clause.terms
    likely = {candidate.key for candidate, chance in word.reading.variants if chance >= least}
    unlikely = {candidate.key for candidate, chance in word.reading.variants if chance < least}
    keys = {term.text for term in terms if term.form == "key"} - unlikely | {token.key}
    bare = {token.fold} - likely - {token.key}
    folds = frozenset([term.text for term in terms if term.form == "fold"])
    return Needle(frozenset(), frozenset(keys - bare), fallback=Needle(folds, frozenset(bare)))
