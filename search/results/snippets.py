"""Choose the cuts of a text that show best what matched, and make snippets of them.

1. A cut may begin where a sentence does that has a match in it or, in a long sentence, a clause.  Only where neither is
   near enough it begins with the match itself, or the word that the match is part of.
2. Of those beginnings the best is that of the most different words, side by side if possible, in about two lines.
3. A second cut is made only where the first holds too few of the words that the text has.

Linear in the matches.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from search.results.answer import Mark, Snippet
from search.results.scanner import Match
from search.results.sentences import is_abbreviated, starts
from search.text.tokens import WORDS

#: (start, end), code points.
Place = tuple[int, int]
#: Says whether two neighbouring words are one compound: a cut never begins with the second.
Bound = Callable[[str, str], bool]

ELLIPSIS: Final = "… "
_JOINERS: Final = ("-", "/", ".", "\u2013")
#: A word that another snippet shows already; a word right beside another one of the query; a window in a caption.
_SHOWN_ALREADY, _BESIDE, _IN_CAPTION = 0.4, 0.3, 0.6
#: What a beginning is worth: that of a sentence, of a clause, any other.
_SENTENCE, _CLAUSE, _INSIDE = 1.0, 0.85, 0.6
#: A cut may be so much longer than asked for, if it begins with a sentence.
_STRETCH: Final = 1.25
#: A cut that holds this share of the words of a text is enough.
_MOST: Final = 0.6
#: Further windows that are worth less are not shown: less than one word that was not seen yet.
_LEAST: Final = 0.5
#: How far before a match its sentence is looked for, and how many words a compound has at most.
_REACH, _LONGEST_COMPOUND = 400, 4


class _Cut(NamedTuple):
    score: float
    start: int
    matches: Sequence[Match]


def best_cuts(
    text: str,
    matches: Sequence[Match],
    captions: Sequence[Place],
    count: int,
    width: int,
    bound: Bound = lambda left, right: False,
) -> list[tuple[Place, tuple[Match, ...]]]:
    """Return up to `count` cuts of about `width` code points, best first, with the matches in each.

    Cuts do not overlap.  Words that running text has are not looked for in captions.
    """
    matches = _outside(matches, captions)
    words = {number for _, _, number in matches}
    chosen: list[Place] = []
    cuts = []
    seen: set[int] = set()
    while len(chosen) < count and not (chosen and len(seen) >= _MOST * len(words)):
        best = _best_cut(text, matches, chosen, seen, captions, width, bound)
        if best is None or (chosen and best.score <= _LEAST):
            break
        ceiling = min((first for first, _ in chosen if first > best.start), default=len(text))
        place = best.start, _end(text, best.start, best.matches, width, ceiling, bound)
        chosen.append(place)
        inside = tuple([match for match in matches if match[0] >= place[0] and match[1] <= place[1]])
        seen.update(number for _, _, number in inside)
        cuts.append((place, inside))
        matches = [match for match in matches if match[1] <= place[0] or match[0] >= place[1]]
    return cuts


def _outside(matches: Sequence[Match], captions: Sequence[Place]) -> Sequence[Match]:
    """Leave out matches in captions, but for words that stand nowhere else."""
    if not captions:
        return matches
    inside = [any(first <= start < last for first, last in captions) for start, _, _ in matches]
    text = {match[2] for match, caption in zip(matches, inside, strict=True) if not caption}
    return [match for match, caption in zip(matches, inside, strict=True) if not caption or match[2] not in text]


def _best_cut(
    text: str,
    matches: Sequence[Match],
    chosen: Sequence[Place],
    seen: set[int],
    captions: Sequence[Place],
    width: int,
    bound: Bound,
) -> _Cut | None:
    """Return where the best cut begins and what it shows; None without a match.

    Windows are tried from the best on: where one can begin with its sentence, no later one is better.
    """
    best: _Cut | None = None
    for loss, low in sorted(_windows(matches, seen, captions, width)):
        bare = -loss
        if best is not None and best.score >= bare:
            break
        begin, end, _ = matches[low]
        floor = max((last for _, last in chosen if last <= begin), default=0)
        ceiling = min((first for first, _ in chosen if first >= end), default=len(text))
        for start, worth in _beginnings(text, begin, end, floor, width, bound):
            limit = min(ceiling, start + (width * _STRETCH if worth == _SENTENCE else width))
            held = _held(matches, low, limit)
            score = worth * min(_score(held, seen), bare)
            if best is None or score > best.score:
                best = _Cut(score, start, held)
    return best


def _windows(
    matches: Sequence[Match], seen: set[int], captions: Sequence[Place], width: int
) -> Iterator[tuple[float, int]]:
    """Yield (-score, first match) of the windows of at most `width` code points, one for each first match."""
    held: dict[int, int] = {}
    different, together, high = 0.0, 0, 0
    beside = [*(_neighbours(left, right) for left, right in pairwise(matches)), False]
    for low, (start, _, number) in enumerate(matches):
        while high < len(matches) and (matches[high][1] - start <= width or high == low):
            other = matches[high][2]
            count = held[other] = held.get(other, 0) + 1
            if count == 1:
                different += _SHOWN_ALREADY if other in seen else 1.0
            together += high > low and beside[high - 1]
            high += 1
        score = different + _BESIDE * min(together, len(held))
        if captions and any(first <= start < last for first, last in captions):
            score *= _IN_CAPTION
        yield -score, low
        held[number] -= 1
        if not held[number]:
            del held[number]
            different -= _SHOWN_ALREADY if number in seen else 1.0
        together -= beside[low] and high > low + 1


def _score(held: Sequence[Match], seen: set[int]) -> float:
    numbers = {number for _, _, number in held}
    together = sum(_neighbours(left, right) for left, right in pairwise(held))
    return sum(_SHOWN_ALREADY if n in seen else 1.0 for n in numbers) + _BESIDE * min(together, len(numbers))


def _neighbours(left: Match, right: Match) -> bool:
    return left[2] != right[2] and 0 <= right[0] - left[1] <= 1


def _held(matches: Sequence[Match], low: int, limit: float) -> Sequence[Match]:
    """Return the matches from `low` on that end before a place, at least one."""
    high = low + 1
    while high < len(matches) and matches[high][1] <= limit:
        high += 1
    return matches[low:high]


def _beginnings(
    text: str, begin: int, end: int, floor: int, width: int, bound: Bound
) -> Iterator[tuple[int, float]]:
    """Yield where a cut that shows the match [begin, end) may begin, and what that is worth."""
    line = max(text.rfind("\n", 0, begin) + 1, floor)
    far = begin - line > _REACH
    found = starts(text, text.find(" ", begin - _REACH) + 1 if far else line, begin)
    sentence = found.sentences[-1]
    if far and len(found.sentences) == 1:
        sentence = line
    inside = sentence == floor > 0  # another cut ends here
    if end - sentence <= width * _STRETCH and not inside:
        yield sentence, _SENTENCE
        return
    clause = max((place for place in found.clauses if place > sentence), default=-1)
    if end - clause <= width and clause > 0:
        yield clause, _CLAUSE
    else:
        yield max(_whole_word(text, begin, bound), floor), _INSIDE


def _whole_word(text: str, start: int, bound: Bound) -> int:
    """Return where the compound begins that the word at `start` is part of."""
    words = [*WORDS.finditer(text, max(start - 40, 0), start)][-_LONGEST_COMPOUND:]
    following = WORDS.match(text, start)
    for word in reversed(words):
        if following is None or not bound(word.group(), following.group()):
            break
        start, following = word.start(), word
    return start


def _end(text: str, start: int, matches: Sequence[Match], width: int, ceiling: int, bound: Bound) -> int:
    """Return where a cut ends: with a sentence, if one ends near the width, else with a word, never in a compound."""
    last = max(end for _, end, _ in matches)
    limit = min(max(start + width, last), ceiling)
    end = _sentence_end(text, max(last, start + width // 2), limit)
    if end is None:
        end = limit if limit == len(text) else _word_end(text, last, limit)
        following = WORDS.search(text, end, end + 20)
        if following and following.start() == end + 1:
            end = max(_whole_word(text, following.start(), bound) - 1, last) if end > last else end
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _sentence_end(text: str, low: int, high: int) -> int | None:
    """Return the last end of a sentence in [low, high], None if there is none."""
    found = starts(text, low, min(high + 1, len(text))).sentences[1:]
    if high == len(text):
        found.append(high)
    return len(text[:found[-1]].rstrip()) if found else None


def _word_end(text: str, low: int, high: int) -> int:
    place = max(text.rfind(" ", low, high + 1), text.rfind("\n", low, high + 1))
    return place if place > low else max(low, high)


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
    before = text[max(start - 40, 0) : start].rstrip(" \u00a0")
    if not before or before[-1] == "\n":
        return False
    ending = before.rstrip("\"”’»)]")
    stop = max(start - 40, 0) + len(ending) - 1
    return not ending or ending[-1] not in ".!?…" or is_abbreviated(text, stop)


def beginning(text: str, width: int) -> Snippet:
    """Return the beginning of a text that has more than spaces, up to the end of a sentence if one is near."""
    start = len(text) - len(text.lstrip())
    if len(text) - start <= width:
        return snippet(text, (start, len(text.rstrip())), ())
    end = _sentence_end(text, start + width // 2, start + width)
    return snippet(text, (start, _word_end(text, start, start + width) if end is None else end), ())


def joined(text: str, matches: Iterable[Match]) -> tuple[Mark, ...]:
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
