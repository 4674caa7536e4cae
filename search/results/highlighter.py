"""Mark what matched in an article, and cut the snippets that show it best.

1. The words of the query are found in the whole text as the tokens of the index (`search.results.scanner`), so a mark
   covers exactly what the index matched: either tone style, any capitals, compounds such as `92/QĐ-UBND` as a whole.
2. A word that the article has in none of its likely spellings is marked in every other one.
3. Words of a phrase are marked only in the phrase, halves of compounds, amounts and words of grammar only in the
   company that they need (`search.results.companions`).
4. Snippets are cut where most of that stands (`search.results.snippets`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from search.article import Span
from search.results.answer import Mark, Snippet
from search.results.companions import Companions
from search.results.scanner import Match, Scanner
from search.results.snippets import Bound, beginning, best_cuts, joined, snippet
from search.text.spelling import unmarked
from search.text.tokens import WORDS

#: Windows are compared among the first so many matches of a text; more are in books, not in news.
_MAX_MATCHES: Final = 3000
#: A second snippet is for what the first leaves out; the width is two lines of a page.
SNIPPETS: Final = 2
WIDTH: Final = 240
#: Every word may stand alone.
NO_COMPANIONS: Final = Companions()


@dataclass(frozen=True, slots=True)
class Needle:
    """One query word: a token matches if its folded form or tone key is listed, or begins with a stem.

    In an article that has nothing of that, `fallback` matches instead.
    """

    folds: frozenset[str]
    keys: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    fallback: "Needle | None" = None

    def matches(self, fold: str, key: str) -> bool:
        """Say whether a token with these forms matches, fallback aside."""
        return fold in self.folds or key in self.keys or (bool(self.stems) and fold.startswith(self.stems))

    @property
    def forms(self) -> set[str]:
        """Return the folded forms that a match may have, stems aside."""
        others = self.fallback.forms if self.fallback else set()
        return {*self.folds, *others, *map(unmarked, self.keys)}


@dataclass(frozen=True, slots=True)
class Shown:
    """How an article is shown; `found` are the marked words of title and snippets, each with its needle's number."""

    title_marks: tuple[Mark, ...]
    snippets: tuple[Snippet, ...]
    found: frozenset[tuple[str, int]]


class Highlighter:
    """Finds the words of one query in many texts.

    `phrases` are (numbers of needles, slop): needles named there are marked only where the whole phrase stands, at
    most `slop` - 1 other words between neighbours.  `companions` are the needles that are marked beside others only.
    `bound` says of any two words whether they are one compound: no snippet begins inside of one.
    """

    def __init__(
        self,
        needles: Sequence[Needle],
        phrases: Sequence[tuple[tuple[int, ...], int]] = (),
        companions: Companions = NO_COMPANIONS,
        bound: Bound = lambda left, right: False,
    ) -> None:
        self._cut_bound = bound
        self._needles, self._phrases, self._companions = tuple(needles), tuple(phrases), companions
        self._bound = frozenset(place for places, _ in phrases for place in places)
        forms = {form for needle in needles for form in needle.forms}
        self._scanner = Scanner(forms, [stem for needle in needles for stem in needle.stems], self._numbers)

    def _numbers(self, fold: str, key: str) -> tuple[int, ...]:
        """Return the numbers of the needles that a token matches; those that fall back on it come after all needles."""
        count = len(self._needles)
        numbers = []
        for number, needle in enumerate(self._needles):
            if needle.matches(fold, key):
                numbers.append(number)
            elif needle.fallback and needle.fallback.matches(fold, key):
                numbers.append(count + number)
        return tuple(numbers)

    def find(self, *texts: str) -> list[list[Match]]:
        """Return what matches in the NFC texts of one article, in order."""
        found = self._scanned(texts)
        if self._bound:
            found = [self._only_whole_phrases(text, matches) for text, matches in zip(texts, found, strict=True)]
        return self._companions.kept(texts, found)

    def _scanned(self, texts: Sequence[str]) -> list[list[Match]]:
        """Return what matches, and of what needles fall back on only that of needles that have nothing else."""
        found = [self._scanner.scan(text) for text in texts]
        count = len(self._needles)
        met = {number for matches in found for _, _, number in matches}
        if not met or max(met) < count:
            return found
        kept = {number: number % count for number in met if number < count or number - count not in met}
        return [[(start, end, kept[n]) for start, end, n in matches if n in kept] for matches in found]

    def _only_whole_phrases(self, text: str, found: list[Match]) -> list[Match]:
        kept = {match for match in found if match[2] not in self._bound}
        for needles, slop in self._phrases:
            kept.update(_phrase_matches(text, found, needles, slop))
        return sorted(kept)

    def matches(self, text: str) -> list[Match]:
        """Return what matches in a text on its own, in order."""
        return self.find(text)[0]

    def marks(self, *texts: str) -> tuple[tuple[Mark, ...], ...]:
        """Return the marks of the texts of one article; neighbours with only spaces between them are one mark."""
        return tuple(joined(text, matches) for text, matches in zip(texts, self.find(*texts), strict=True))

    def show(
        self, title: str, body: str, spans: Sequence[Span] = (), count: int = SNIPPETS, width: int = WIDTH
    ) -> Shown:
        """Return how an article is shown: up to `count` snippets of about `width` code points, best first.

        Snippets do not overlap.  Without a match in the body its beginning is shown.
        """
        in_title, in_body = self.find(title, body)
        captions = [(span.start, span.end) for span in spans if span.kind == "caption"]
        cuts = best_cuts(body, in_body[:_MAX_MATCHES], captions, count, width, self._cut_bound)
        found = {(title[start:end], number) for start, end, number in in_title}
        found.update([(body[start:end], number) for _, inside in cuts for start, end, number in inside])
        snippets = [snippet(body, place, inside) for place, inside in cuts]
        if not snippets and body.strip():
            snippets = [beginning(body, width)]
        return Shown(joined(title, in_title), tuple(snippets), frozenset(found))


def _phrase_matches(text: str, found: list[Match], needles: tuple[int, ...], slop: int) -> Iterable[Match]:
    """Yield the matches that belong to a whole occurrence of the phrase."""
    by_needle: dict[int, list[Match]] = {}
    for match in found:
        by_needle.setdefault(match[2], []).append(match)
    starts = {number: [match[0] for match in matches] for number, matches in by_needle.items()}
    for first in by_needle.get(needles[0], ()):
        chain = [first]
        for needle in needles[1:]:
            place = bisect_right(starts.get(needle, []), chain[-1][1] - 1)
            if place == len(starts.get(needle, [])):
                break
            following = by_needle[needle][place]
            between = text[chain[-1][1] : following[0]]
            if len(between) > 40 * slop or len(WORDS.findall(between)) >= slop:
                break
            chain.append(following)
        if len(chain) == len(needles):
            yield from chain
