"""Find the body of a plain-text dump among its lines: the best contiguous run, up to the first cut cue."""

from collections.abc import Mapping, Sequence
from typing import Final

from index.body.cues import cue
from index.body.lines import LONG, SHORT, is_cut, is_date_line, letters
from index.body.select import Selection
from index.fields import head_section
from index.page.blocks import Block, is_sentence
from search.article import Kind
from search.text import normalize

#: What a line adds to a run: chrome and short lines cost, running text earns its length.
_CUT_COST: Final = -300.0
_CUE_COST: Final = -40.0
_REPEATED_COST: Final = -60.0
#: Among pages of a known site a short line that does not repeat is probably content (a table, a list).
_SHORT_COST: Final = -25.0
_SHORT_COST_KNOWN: Final = -6.0
#: A headline has no full stop; below a cut cue it is a link to another article.
_HEADLINE_SHARE: Final = 0.3
#: A run that earns less is a notice: its lines are taken from the title to the first cut.
_LEAST_RUN: Final = 100.0
_TITLE_REACH: Final = 10
_NOTICE_LINES: Final = 12


def line_blocks(text: str) -> tuple[Block, ...]:
    """Return the lines of a text as blocks; empty lines show as `gap` of the next."""
    blocks, gap = [], False
    for line in text.splitlines():
        # A blank is the only white space that prints, so such a line has none to make one.
        bare = line.strip(" ") if "  " not in line and line.isprintable() else " ".join(line.split())
        cleaned = normalize(bare)
        if cleaned:
            blocks.append(Block(cleaned, gap=gap))
            gap = False
        else:
            gap = True
    return tuple(blocks)


def text_start(blocks: Sequence[Block], chrome: Mapping[int, str], known: bool) -> int | None:
    """Return the index of the first sentence of the running text, None if there is hardly any text."""
    start, end, worth = _best_run(_worths(blocks, chrome, known))
    if worth < _LEAST_RUN:
        return None
    running = [index for index in range(start, end) if index not in chrome and len(blocks[index].text) >= LONG]
    sentences = [index for index in running if is_sentence(blocks[index].text) or len(blocks[index].text) >= SHORT]
    return next(iter(sentences or running), None)


def text_title(blocks: Sequence[Block], chrome: Mapping[int, str], start: int | None, known: bool) -> int | None:
    """Return the index of the line above the running text that is most like a title, None if none is.

    Where the site is known, the article begins right below the last line that other pages share, so its first
    line is the title; else the nearest line is, or the one beside the date.
    """
    first = next((index for index in range(len(blocks)) if index not in chrome), 0) if start is None else start
    best, best_score = None, 0.0
    for index in range(first if start is not None else min(first + _NOTICE_LINES, len(blocks) - 1), -1, -1):
        if index < first - _TITLE_REACH or ((known and _parts_articles(blocks[index], chrome.get(index))) and not (
            start is not None and start - index <= 2
        )):
            break
        score = _title_score(blocks, index, chrome, start)
        score += 0.4 * (first - index) if known else -0.4 * abs(first - index)
        if score > best_score:
            best, best_score = index, score
    return best


def _above_text(blocks: Sequence[Block], index: int, chrome: Mapping[int, str], start: int | None) -> bool:
    """Say whether a repeated line is a title that other pages list: right above the text, a date beside it."""
    if chrome[index] != "repeated" or start is None or not 0 < start - index <= 2 or letters(blocks[index].text) < 15:
        return False
    return any(is_date_line(blocks[near].text) for near in range(max(0, index - 2), start))


def _parts_articles(block: Block, reason: str | None) -> bool:
    """Say whether a line is chrome that stands above the article, not a date or a bracket within it."""
    return reason is not None and letters(block.text) >= 5 and not is_date_line(block.text)


def _title_score(blocks: Sequence[Block], index: int, chrome: Mapping[int, str], start: int | None) -> float:
    text = blocks[index].text
    if (index in chrome and not _above_text(blocks, index, chrome, start)) or is_date_line(text):
        return -9.0
    if not 5 <= letters(text) <= 300:
        return -9.0
    if is_sentence(text) and len(text) > 2 * LONG:
        return -9.0
    score = 1.5 + min(len(text), LONG) / LONG
    if any(is_date_line(blocks[near].text) for near in (index - 1, index + 1) if 0 <= near < len(blocks)):
        score += 1.5
    score -= 1.5 * ((index == start) + (is_sentence(text) or text.endswith((":", ";"))) + (len(text) > 2 * LONG))
    if head_section(text) or (text.isupper() and len(text) < LONG / 2):
        score -= 1.5
    return score


def select_lines(blocks: Sequence[Block], chrome: Mapping[int, str], title: int | None, known: bool) -> Selection:
    """Return what is body, head and tail among the lines of a text; `known` says that its site is."""
    reasons = dict(chrome)
    start, end, worth = _best_run(_worths(blocks, chrome, known))
    if worth < _LEAST_RUN:
        start, end = _notice(blocks, title)
    elif title is not None and title < start and start - title <= _TITLE_REACH:
        start = title + 1
    while end < len(blocks) and _is_last_line(blocks[end], reasons.get(end)):
        end += 1
    body: list[int] = []
    head: list[int] = []
    for index in range(start, end):
        if index == title:
            continue
        if is_date_line(blocks[index].text) and not body:
            head.append(index)
        elif reasons.get(index) == "cue" or (index in reasons and len(blocks[index].text) < LONG and not body):
            continue
        else:
            body.append(index)
    head += [index for index in range(max(0, min(start, title or start) - 6), start)
             if index != title and (index not in reasons or is_date_line(blocks[index].text))]
    stop = next((index for index in range(end, len(blocks)) if is_cut(blocks[index])), len(blocks))
    tail = tuple(index for index in range(end, min(stop, end + 3)) if index not in reasons)
    taken = {*body, *head, *tail, title}
    left = {
        index: reasons.get(index, "below the article" if index >= stop else "outside the body")
        for index in range(len(blocks)) if index not in taken
    }
    kind: Kind = "article" if sum(len(blocks[index].text) for index in body) >= SHORT else "notice"
    return Selection(tuple(body), tuple(sorted(set(head))), tail, left, kind, bool(body))


def without_news(blocks: Sequence[Block], chrome: Mapping[int, str]) -> dict[int, str]:
    """Return the chrome of an article's own text: no imprint has text below it, nor is it all there is.

    `Điện thoại: 0237...` between two sentences is the news.
    """
    running = (index for index, block in enumerate(blocks) if index not in chrome and is_sentence(block.text))
    last = max(running, default=-1)
    feet = {index for index, reason in chrome.items() if reason == "cue" and cue(blocks[index].text) == "foot"}
    only = len(chrome) == len(blocks)
    return {index: reason for index, reason in chrome.items() if index not in feet or not (only or index < last)}


def _notice(blocks: Sequence[Block], title: int | None) -> tuple[int, int]:
    """Return the range of a notice: from below its title to the first cut cue, a few lines at most."""
    start = 0 if title is None else title + 1
    end = start
    while end < min(len(blocks), start + _NOTICE_LINES) and not is_cut(blocks[end]):
        end += 1
    return start, end


def _worths(blocks: Sequence[Block], chrome: Mapping[int, str], known: bool) -> list[float]:
    """Return what each line adds to a run."""
    worths = []
    after_cut = False
    for index, block in enumerate(blocks):
        if is_cut(block):
            worths.append(_CUT_COST)
            after_cut = True
            continue
        reason = chrome.get(index)
        if reason:
            worths.append(_CUE_COST if reason == "cue" else _REPEATED_COST)
            continue
        worth = _worth(blocks, index, known)
        headline = len(block.text) >= LONG and not is_sentence(block.text)
        if headline:
            worth *= -_HEADLINE_SHARE if after_cut else _HEADLINE_SHARE
        elif worth > 0:
            after_cut = False
        worths.append(worth)
    return worths


def _worth(blocks: Sequence[Block], index: int, known: bool) -> float:
    text = blocks[index].text
    if len(text) >= LONG:
        return float(len(text))
    if _is_fragment(blocks, index):
        return len(text) / 2
    if is_sentence(text):
        return 5.0
    return _SHORT_COST_KNOWN if known else _SHORT_COST


def _is_fragment(blocks: Sequence[Block], index: int) -> bool:
    """Say whether a short line is a piece of a sentence that the dump has broken at a bold word or a link."""
    text = blocks[index].text
    if text[0].islower() or text[0] in ",.;:)”…":
        return index > 0 and not is_sentence(blocks[index - 1].text)
    following = blocks[index + 1].text if index + 1 < len(blocks) else ""
    return bool(following) and not is_sentence(text) and (following[0].islower() or following[0] in ",.;)”")


def _best_run(worths: Sequence[float]) -> tuple[int, int, float]:
    """Return the half-open range of the contiguous run with the highest sum, and the sum (Kadane)."""
    best, best_sum = (0, 0), 0.0
    start, running = 0, 0.0
    for index, worth in enumerate(worths):
        if running <= 0:
            start, running = index, 0.0
        running += worth
        if running > best_sum:
            best, best_sum = (start, index + 1), running
    return *best, best_sum


def _is_last_line(block: Block, reason: str | None) -> bool:
    return reason is None and len(block.text) < LONG and not is_date_line(block.text) and cue(block.text) is None
