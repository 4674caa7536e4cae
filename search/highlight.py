"""Mark what matched in a title, and cut the snippets that show it best.

Works on the whole text with the tokens of `search.text.tokenize`, so a mark covers exactly what the index
matched: either tone style, any capitals, compounds such as `92/QĐ-UBND` as a whole.  What a piece of text
matches is worked out once per highlighter.  Linear in the length of the text.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from search.answer import Mark, Snippet
from search.article import Span
from search.highlight_pieces import PIECES
from search.text.fold import fold, letters_of
from search.text.tokens import WORDS, tokenize

#: (start, end, index of the needle), code points.
Match = tuple[int, int, int]

ELLIPSIS: Final = "… "
_SENTENCE_ENDS: Final = (". ", "! ", "? ", "… ", '." ', ".” ", "\n")
#: Windows are compared among the first so many matches of a text; more are in books, not in news.
_MAX_MATCHES: Final = 3000


@dataclass(frozen=True, slots=True)
class Needle:
    """One query word: a token matches if its folded form or tone key is listed, or begins with a stem."""

    folds: frozenset[str]
    keys: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()

    def matches(self, fold: str, key: str) -> bool:
        """Say whether a token with these forms matches."""
        return fold in self.folds or key in self.keys or (bool(self.stems) and fold.startswith(self.stems))


class Highlighter:
    """Finds the words of one query in many texts.

    `phrases` are (indices of needles, slop): needles named there are marked only where the whole phrase
    stands, at most `slop` - 1 other words between neighbours.
    """

    def __init__(self, needles: Sequence[Needle], phrases: Sequence[tuple[tuple[int, ...], int]] = ()) -> None:
        self._needles, self._phrases = tuple(needles), tuple(phrases)
        self._bound = frozenset(place for places, _ in phrases for place in places)
        self._known: dict[str, tuple[Match, ...]] = {}
        keys = (_folded_key(key) for needle in needles for key in needle.keys)
        self._forms = {form for needle in needles for form in needle.folds} | set(keys)
        self._stems = tuple(stem for needle in needles for stem in needle.stems)

    def matches(self, text: str) -> list[Match]:
        """Return what matches in NFC `text`, in order.

        No token reaches across a space, so the text is cut at spaces; `PIECES` knows which of the pieces have the
        folded forms in question, and only these are tokenised, each once.
        """
        found = [
            (start + first, start + last, needle)
            for piece in PIECES.having(self._forms, self._stems, set(text.split()))
            if (places := self._known[piece] if piece in self._known else self._look_up(piece))
            for start in _occurrences(text, piece)
            for first, last, needle in places
        ]
        found.sort()
        return self._only_whole_phrases(text, found) if self._bound else found

    def _look_up(self, piece: str) -> tuple[Match, ...]:
        places = self._known[piece] = tuple(
            (token.start, token.end, number)
            for token in tokenize(piece)
            for number, needle in enumerate(self._needles)
            if needle.matches(token.fold, token.key)
        )
        return places

    def _only_whole_phrases(self, text: str, found: list[Match]) -> list[Match]:
        kept = {match for match in found if match[2] not in self._bound}
        for needles, slop in self._phrases:
            kept.update(_phrase_matches(text, found, needles, slop))
        return sorted(kept)

    def marks(self, text: str) -> tuple[Mark, ...]:
        """Return the marks of a short text; neighbours with only spaces between them are one mark."""
        return _joined(text, self.matches(text))

    def snippets(self, body: str, spans: Sequence[Span] = (), count: int = 2, width: int = 240) -> tuple[Snippet, ...]:
        """Return up to `count` cuts of about `width` code points, best first, that do not overlap.

        The best window has the most different query words, then the most of them side by side; windows in
        captions count less.  Without a match the beginning of the body is returned.
        """
        matches = self.matches(body)[:_MAX_MATCHES]
        if not matches:
            return (_beginning(body, width),) if body.strip() else ()
        captions = [(span.start, span.end) for span in spans if span.kind == "caption"]
        chosen: list[tuple[int, int]] = []
        snippets: list[Snippet] = []
        seen: set[int] = set()
        for _ in range(count):
            best = _best_window(matches, chosen, seen, captions, width)
            if best is None:
                break
            first, last = matches[best[0]][0], max(end for _, end, _ in matches[best[0] : best[1] + 1])
            start, end = _widened(body, first, last, width, chosen)
            chosen.append((start, end))
            seen.update(needle for _, _, needle in matches[best[0] : best[1] + 1])
            snippets.append(_cut(body, start, end, matches))
        return tuple(snippets)


def _folded_key(key: str) -> str:
    return fold(letters_of(key))


def _occurrences(text: str, piece: str) -> Iterable[int]:
    """Yield where `piece` stands between spaces in `text`."""
    start, size = text.find(piece), len(text)
    while start >= 0:
        end = start + len(piece)
        if (start == 0 or text[start - 1].isspace()) and (end == size or text[end].isspace()):
            yield start
        start = text.find(piece, end)


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


def _best_window(
    matches: list[Match], chosen: list[tuple[int, int]], seen: set[int], captions: list[tuple[int, int]], width: int
) -> tuple[int, int] | None:
    """Return (first, last) places in `matches` of the best window of at most `width` code points; O(matches)."""
    best, best_score, low = None, 0.0, 0
    held: dict[int, int] = {}
    different, side_by_side = 0.0, 0
    for high, (start, end, needle) in enumerate(matches):
        if chosen and any(start < taken_end and end > taken_start for taken_start, taken_end in chosen):
            held, low, different, side_by_side = {}, high + 1, 0.0, 0
            continue
        if not held.get(needle):
            different += 0.4 if needle in seen else 1.0
        held[needle] = held.get(needle, 0) + 1
        side_by_side += high > low and _neighbours(matches[high - 1], matches[high])
        while end - matches[low][0] > width and low < high:
            dropped = matches[low][2]
            held[dropped] -= 1
            if not held[dropped]:
                del held[dropped]
                different -= 0.4 if dropped in seen else 1.0
            side_by_side -= _neighbours(matches[low], matches[low + 1])
            low += 1
        score = different + 0.3 * (side_by_side if side_by_side < len(held) else len(held))
        if captions and any(first <= matches[low][0] < last for first, last in captions):
            score *= 0.6
        if score > best_score + 1e-9:
            best, best_score = (low, high), score
    return best if best_score > 0.5 or not chosen else None


def _neighbours(left: Match, right: Match) -> bool:
    return left[2] != right[2] and 0 <= right[0] - left[1] <= 1


def _widened(text: str, first: int, last: int, width: int, taken: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the cut around [first, last): from a sentence's start if one is near, to a sentence's or word's end."""
    floor = max((end for _, end in taken if end <= first), default=0)
    ceiling = min((start for start, _ in taken if start >= last), default=len(text))
    spare = max(width - (last - first), 0)
    start = _sentence_start(text, max(floor, first - spare * 3 // 4), first)
    if start is None:
        start = _word_start(text, max(floor, first - spare // 2), first)
    limit = min(max(start + width, last), ceiling)
    end = _sentence_end(text, max(last, start + width * 2 // 3), limit)
    if end is None:
        end = limit if limit == len(text) else _word_end(text, last, limit)
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _sentence_start(text: str, low: int, high: int) -> int | None:
    """Return the first start of a sentence in [low, high], None if there is none."""
    if low == 0:
        return len(text) - len(text.lstrip()) if text[:high].strip() or high == 0 else high
    places = [place + len(mark) for mark in _SENTENCE_ENDS if (place := text.find(mark, low, high)) >= 0]
    places = [place for place in places if place <= high]
    return _skip_spaces(text, min(places), high) if places else None


def _sentence_end(text: str, low: int, high: int) -> int | None:
    """Return the last end of a sentence in [low, high], None if there is none."""
    places = [place + len(mark.rstrip()) for mark in _SENTENCE_ENDS if (place := text.rfind(mark, low, high)) >= 0]
    return max(places) if places else None


def _word_start(text: str, low: int, high: int) -> int:
    if low == 0 or text[low - 1].isspace():
        return _skip_spaces(text, low, high)
    place = text.find(" ", low, high)
    return _skip_spaces(text, place, high) if place >= 0 else high


def _word_end(text: str, low: int, high: int) -> int:
    place = max(text.rfind(" ", low, high + 1), text.rfind("\n", low, high + 1))
    return place if place > low else max(low, high)


def _skip_spaces(text: str, place: int, limit: int) -> int:
    while place < limit and text[place].isspace():
        place += 1
    return place


def _cut(text: str, start: int, end: int, matches: list[Match]) -> Snippet:
    """Return text[start:end] with its marks; line breaks become spaces, cut sentences get an ellipsis."""
    before = ELLIPSIS if _inside_sentence(text, start) else ""
    after = " …" if text[end:].strip() and text[end - 1] not in ".!?…\"”" else ""
    cut = text[start:end].replace("\n", " ")
    inside = [(a - start, b - start, needle) for a, b, needle in matches if a >= start and b <= end]
    marks = tuple((a + len(before), b + len(before)) for a, b in _joined(cut, inside))
    return Snippet(before + cut + after, marks)


def _inside_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" ")
    return bool(before.strip()) and before[-1] not in ".!?…\n\"”"


def _beginning(text: str, width: int) -> Snippet:
    start = _skip_spaces(text, 0, len(text))
    if len(text) - start <= width:
        return _cut(text, start, len(text.rstrip()), [])
    end = _sentence_end(text, start + width // 2, start + width)
    return _cut(text, start, _word_end(text, start, start + width) if end is None else end, [])


def _joined(text: str, matches: Sequence[Match]) -> tuple[Mark, ...]:
    """Return marks in order; overlapping ones and neighbours with only spaces between them are one."""
    marks: list[Mark] = []
    for start, end, _ in sorted(matches):
        if marks and (start <= marks[-1][1] or not text[marks[-1][1] : start].strip(" \u00a0")):
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return tuple(marks)
