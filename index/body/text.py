"""Find the body of a plain-text dump among its lines: the best contiguous run, up to the first cut cue."""

from collections.abc import Mapping, Sequence
from typing import Final

from index.blocks import Block
from index.body.cues import cue
from index.body.lines import LONG, is_cut, is_date_line, is_sentence
from index.body.select import CUT_SHARE, SHORT, Selection
from search.article import Kind
from search.text import normalize

#: Or once this many paragraphs are above it.
_CUT_PARAGRAPHS: Final = 3


def line_blocks(text: str) -> tuple[Block, ...]:
    """Return the lines of a text as blocks; empty lines show as `gap` of the next."""
    blocks, gap = [], False
    for line in text.splitlines():
        cleaned = normalize(" ".join(line.split()))
        if cleaned:
            blocks.append(Block(cleaned, gap=gap))
            gap = False
        else:
            gap = True
    return tuple(blocks)


def text_start(blocks: Sequence[Block], chrome: Mapping[int, str]) -> int | None:
    """Return the index of the first sentence of the running text, None if there is none."""
    stop = _cut(blocks, None)
    start, end = _best_run([_worth(block, chrome.get(index)) for index, block in enumerate(blocks[:stop])])
    running = [index for index in range(start, end) if index not in chrome and len(blocks[index].text) >= LONG]
    sentences = [index for index in running if is_sentence(blocks[index].text) or len(blocks[index].text) >= SHORT]
    return (sentences or running or [None])[0]


def select_lines(blocks: Sequence[Block], chrome: Mapping[int, str], title: int | None) -> Selection:
    """Return what is body, head and tail among the lines of a text."""
    reasons = dict(chrome)
    stop = _cut(blocks, title)
    start, end = _best_run([_worth(block, reasons.get(index)) for index, block in enumerate(blocks[:stop])])
    if title is not None and title < start and start - title < 12:
        start = title + 1
    while end < stop and _is_last_line(blocks[end], reasons.get(end)):
        end += 1
    body, head = [], []
    for index in range(start, end):
        if index == title:
            continue
        if index in reasons and (reasons[index] == "cue" or len(blocks[index].text) < LONG):
            continue
        (head if not body and _is_label(blocks[index]) else body).append(index)
    for index in range(max(0, start - 6), start):
        if index not in reasons and index != title:
            head.append(index)
    tail = [index for index in range(end, min(stop, end + 3)) if index not in reasons]
    taken = {*body, *head, *tail, title}
    for index in range(len(blocks)):
        if index not in taken:
            reasons.setdefault(index, "below the article" if index >= stop else "outside the body")
    size = sum(len(blocks[index].text) for index in body)
    left = {index: reason for index, reason in reasons.items() if index not in taken}
    kind: Kind = "article" if size >= SHORT else "notice"
    return Selection(tuple(body), tuple(sorted(head)), tuple(tail), title, left, kind, bool(body))


def _cut(blocks: Sequence[Block], title: int | None) -> int:
    """Return the index of the first cut cue that stands below enough of the article, or the number of lines."""
    whole = sum(len(block.text) for block in blocks)
    above = paragraphs = 0
    for index, block in enumerate(blocks):
        if is_cut(block) and (above >= CUT_SHARE * whole or paragraphs >= _CUT_PARAGRAPHS):
            return index
        above += len(block.text)
        paragraphs += len(block.text) >= LONG and is_sentence(block.text)
    return len(blocks)


def _worth(block: Block, reason: str | None) -> float:
    """Return what a line adds to a run: running text its length, chrome and short lines a loss."""
    size = len(block.text)
    if reason:
        return -80.0 if reason == "repeated" else -40.0
    if size >= LONG:
        return float(size)
    return 5.0 if is_sentence(block.text) else -25.0


def _best_run(worths: Sequence[float]) -> tuple[int, int]:
    """Return the half-open range of the contiguous run with the highest sum (Kadane)."""
    best, best_sum = (0, 0), 0.0
    start, running = 0, 0.0
    for index, worth in enumerate(worths):
        if running <= 0:
            start, running = index, 0.0
        running += worth
        if running > best_sum:
            best, best_sum = (start, index + 1), running
    return best


def _is_last_line(block: Block, reason: str | None) -> bool:
    return reason is None and len(block.text) < LONG and not is_date_line(block.text) and cue(block.text) is None


def _is_label(block: Block) -> bool:
    return is_date_line(block.text) or cue(block.text) == "head"
