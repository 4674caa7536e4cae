"""Choose the cuts of a text that show best what matched, and make snippets of them.  Linear in the matches."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from search.results.answer import Mark, Snippet
from search.results.scanner import Match

#: (start, end), code points.
Place = tuple[int, int]

ELLIPSIS: Final = "… "
_SENTENCE_ENDS: Final = (". ", "! ", "? ", "… ", '." ', ".” ", "\n")
_JOINERS: Final = ("-", "/", ".", "\u2013")
#: A word that another snippet shows already; a word right beside another one of the query; a window in a caption.
_SHOWN_ALREADY, _BESIDE, _IN_CAPTION = 0.4, 0.3, 0.6
#: Further windows that are worth less are not shown: less than one word that was not seen yet.
_LEAST: Final = 0.5


def best_cuts(
    text: str, matches: Sequence[Match], captions: Sequence[Place], count: int, width: int
) -> list[tuple[Place, tuple[Match, ...]]]:
    """Return up to `count` cuts of about `width` code points, best first, with the matches in each.

    The best window has the most different query words, then the most of them side by side; windows in captions
    count less.  Cuts do not overlap.
    """
    beside = [False, *(_neighbours(left, right) for left, right in pairwise(matches))]
    chosen: list[Place] = []
    cuts = []
    seen: set[int] = set()
    for _ in range(count):
        best = _best_window(matches, beside, chosen, seen, captions, width)
        if best is None:
            break
        window = matches[best[0] : best[1] + 1]
        start, end = _widened(text, window[0][0], max(last for _, last, _ in window), width, chosen)
        chosen.append((start, end))
        seen.update(number for _, _, number in window)
        cuts.append(((start, end), tuple([match for match in matches if match[0] >= start and match[1] <= end])))
    return cuts


def _best_window(
    matches: Sequence[Match],
    beside: Sequence[bool],
    chosen: Sequence[Place],
    seen: set[int],
    captions: Sequence[Place],
    width: int,
) -> tuple[int, int] | None:
    """Return (first, last) places in `matches` of the best window of at most `width` code points."""
    best, best_score, low = None, 1e-9, 0
    held: dict[int, int] = {}
    different, together = 0.0, 0
    for high, (start, end, number) in enumerate(matches):
        if chosen and any(start < taken_end and end > taken_start for taken_start, taken_end in chosen):
            held, low, different, together = {}, high + 1, 0.0, 0
            continue
        count = held.get(number, 0)
        held[number] = count + 1
        if not count:
            different += _SHOWN_ALREADY if number in seen else 1.0
        if beside[high] and high > low:
            together += 1
        while end - matches[low][0] > width and low < high:
            dropped = matches[low][2]
            held[dropped] -= 1
            if not held[dropped]:
                del held[dropped]
                different -= _SHOWN_ALREADY if dropped in seen else 1.0
            low += 1
            together -= beside[low]
        score = different + _BESIDE * (together if together < len(held) else len(held))
        if score > best_score and captions and any(first <= matches[low][0] < last for first, last in captions):
            score *= _IN_CAPTION
        if score > best_score:
            best, best_score = (low, high), score + 1e-9
    return best if best_score > _LEAST or not chosen else None


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


def snippet(text: str, place: Place, matches: Sequence[Match]) -> Snippet:
    """Return a cut of a text with its marks; line breaks become spaces, cut sentences get an ellipsis."""
    start, end = place
    before = ELLIPSIS if _inside_sentence(text, start) else ""
    after = " …" if text[end:].strip() and text[end - 1] not in ".!?…\"”" else ""
    cut = text[start:end].replace("\n", " ")
    shift = len(before) - start
    marks = tuple([(first + shift, last + shift) for first, last in joined(text, matches)])
    return Snippet(before + cut + after, marks)


def _inside_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" ")
    return bool(before.strip()) and before[-1] not in ".!?…\n\"”"


def beginning(text: str, width: int) -> Snippet:
    """Return the beginning of a text that has more than spaces, up to the end of a sentence if one is near."""
    start = _skip_spaces(text, 0, len(text))
    if len(text) - start <= width:
        return snippet(text, (start, len(text.rstrip())), ())
    end = _sentence_end(text, start + width // 2, start + width)
    return snippet(text, (start, _word_end(text, start, start + width) if end is None else end), ())


def joined(text: str, matches: Sequence[Match]) -> tuple[Mark, ...]:
    """Return the marks of matches in order; overlapping ones and neighbours are one.

    Only spaces stand between neighbours, or what joins the parts of `26/12/2017` and `Covid-19`.
    """
    marks: list[Mark] = []
    for start, end, _ in matches:
        if marks and (start <= marks[-1][1] or _joins(text[marks[-1][1] : start])):
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return tuple(marks)


def _joins(between: str) -> bool:
    return between in _JOINERS or not between.strip(" \u00a0")
