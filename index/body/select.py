"""Find the body of an HTML page among its blocks: what repeats goes, the densest container stays."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from index.blocks import Block
from index.body.cues import cue
from index.body.lines import LONG, MOSTLY_LINKS, has_date, is_cut, is_date_line, is_long, is_sentence
from index.memory import SiteKnowledge
from search.article import Kind

#: The body is in the deepest element that holds this share of the running text (measured: .70-.85 alike).
CONTAINER_SHARE: Final = 0.75
#: Less running text than this is a notice or a listing, not an article.
SHORT: Final = 150
#: With less than this, the page is a notice even before its title is asked.
LEAST: Final = 60
#: A title stands at most this many blocks above the running text.
NEAR: Final = 14
#: How many levels above the container its last lines may hang (a by-line in a table of its own).
CLIMB: Final = 3
#: Long text on fewer than this share of a site's pages may be a twin of another article, not chrome.
_TWIN_SHARE: Final = 0.5
#: A line that names the source stays even where it is a link.
_SOURCE: Final = re.compile(r"\(?(?:theo|nguồn|tin|ảnh|bài)\b.{2,80}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Indexes into the blocks of a page: title, article-zone lines around the body, body; the rest has a reason."""

    body: tuple[int, ...]
    head: tuple[int, ...]
    tail: tuple[int, ...]
    title: int | None
    reasons: dict[int, str]
    kind: Kind
    confident: bool


def mark_chrome(blocks: Sequence[Block], known: SiteKnowledge) -> dict[int, str]:
    """Return why a block is chrome by itself: it repeats on other pages, is a cue phrase, or imprint."""
    reasons: dict[int, str] = {}
    for index, block in enumerate(blocks):
        kind = cue(block.text)
        if kind:
            reasons[index] = "cue"
        elif known.is_chrome(block.text):
            reasons[index] = "repeated"
    return _without_twins(blocks, known, reasons)


def _without_twins(blocks: Sequence[Block], known: SiteKnowledge, reasons: dict[int, str]) -> dict[int, str]:
    """Keep an article whose twin was seen: text on few pages that is most of this page's is no chrome."""
    rare = {
        index for index, reason in reasons.items()
        if reason == "repeated" and is_long(blocks[index]) and known.sightings(blocks[index].text) < _TWIN_SHARE * known.pages
    }
    kept = sum(len(block.text) for index, block in enumerate(blocks) if is_long(block) and index not in reasons)
    twins = sum(len(blocks[index].text) for index in rare)
    if twins <= 1.5 * kept:
        return reasons
    return {index: reason for index, reason in reasons.items() if index not in rare}


def container(blocks: Sequence[Block], good: Callable[[int], bool]) -> tuple[int, ...]:
    """Return the path of the deepest element that holds most of the running text."""
    weights: Counter[tuple[int, ...]] = Counter()
    total = 0
    for index, block in enumerate(blocks):
        if not good(index):
            continue
        size = len(block.text)
        total += size
        for depth in range(len(block.path) + 1):
            weights[block.path[:depth]] += size
    best = [path for path, weight in weights.items() if weight >= CONTAINER_SHARE * total]
    return max(best, key=len, default=())


def body_start(blocks: Sequence[Block], chrome: Mapping[int, str]) -> int | None:
    """Return the index of the first sentence of the running text, None if there is hardly any text."""
    def good(index: int) -> bool:
        return index not in chrome and is_long(blocks[index])

    path = container(blocks, good)
    running = [index for index, block in enumerate(blocks) if good(index) and block.path[: len(path)] == path]
    if sum(len(blocks[index].text) for index in running) < SHORT:
        return None
    sentences = [index for index in running if is_sentence(blocks[index].text) or len(blocks[index].text) >= SHORT]
    return (sentences or running)[0]


def select(blocks: Sequence[Block], chrome: Mapping[int, str], title: int | None) -> Selection:
    """Return what is body, head and tail of a page.  `title` is the index of the title block if one is known."""
    reasons = dict(chrome)

    def good(index: int) -> bool:
        return index not in reasons and is_long(blocks[index]) and index != title

    path = container(blocks, good)
    inside = [index for index, block in enumerate(blocks) if block.path[: len(path)] == path]
    running = [index for index in inside if good(index)]
    if not running or sum(len(blocks[index].text) for index in running) < LEAST:
        return _notice(blocks, reasons, title)
    stop = next((index for index in range(running[0] + 1, len(blocks)) if is_cut(blocks[index])), len(blocks))
    running = [index for index in running if index < stop]
    first = _first(blocks, reasons, running[0], title)
    last = _last(blocks, reasons, running[-1], stop, len(path))
    parents = {blocks[index].path[:-1] for index in running} | {blocks[index].path for index in running}
    body, head = [], []
    for index in range(first, last + 1):
        if index == title:
            continue
        if index < running[0] and _is_head_line(blocks[index]):
            head.append(index)
        elif _keep(blocks[index], reasons.get(index), parents):
            body.append(index)
        else:
            reasons.setdefault(index, "links")
    return _finish(blocks, reasons, title, body, head)


def _first(blocks: Sequence[Block], reasons: Mapping[int, str], start: int, title: int | None) -> int:
    """Return where the body begins: right below the title, else with the sentences above the container."""
    if title is not None and title < start and start - title <= NEAR:
        return title + 1
    first = start
    for index in range(start - 1, max(-1, start - NEAR), -1):
        if index in reasons or index == title or not (is_long(blocks[index]) and is_sentence(blocks[index].text)):
            break
        first = index
    return first


def _last(blocks: Sequence[Block], reasons: Mapping[int, str], end: int, stop: int, depth: int) -> int:
    """Return where the body ends: blocks that follow the container closely, up to links, chrome or a cut."""
    last, near = end, blocks[end].path[: max(1, depth - CLIMB)]
    for index in range(end + 1, stop):
        block = blocks[index]
        if block.path[: len(near)] != near or reasons.get(index) == "cue":
            break
        if block.link_share >= MOSTLY_LINKS and not _SOURCE.match(block.text):
            break
        if index in reasons and block.path[:-1] != blocks[last].path[:-1]:
            break
        last = index
    return last


def _keep(block: Block, reason: str | None, parents: set[tuple[int, ...]]) -> bool:
    """Say whether a block between the first and the last of the body belongs to it."""
    if reason == "cue":
        return False
    sibling = block.path[:-1] in parents or block.path in parents
    if reason == "repeated":
        return sibling and block.link_share < MOSTLY_LINKS
    return block.link_share < MOSTLY_LINKS or (sibling and (is_sentence(block.text) or bool(_SOURCE.match(block.text))))


def _is_head_line(block: Block) -> bool:
    if is_date_line(block.text) or cue(block.text) == "head":
        return True
    return len(block.text) < LONG and has_date(block.text) and not is_sentence(block.text)


def _notice(blocks: Sequence[Block], reasons: dict[int, str], title: int | None) -> Selection:
    """A page without running text: what stands between its title and the first cut, or a listing."""
    if title is None:
        body = [index for index, block in enumerate(blocks) if index not in reasons]
        return Selection(tuple(body), (), (), None, reasons, "listing", False)
    body, head = [], []
    for index in range(title + 1, len(blocks)):
        block = blocks[index]
        if is_cut(block) or len(body) > 12:
            break
        if index in reasons:
            continue
        if _is_head_line(block):
            head.append(index)
        elif block.link_share < 1 or len(block.text) < 30:
            body.append(index)
    return _finish(blocks, reasons, title, body, head, "notice")


def _finish(blocks: Sequence[Block], reasons: dict[int, str], title: int | None, body: list[int], head: list[int],
            kind: Kind | None = None) -> Selection:
    start = body[0] if body else (title or 0)
    around = [index for index in range(max(0, min(title if title is not None else start, start) - 6), start)
              if index not in reasons and index != title and blocks[index].link_share < MOSTLY_LINKS]
    head = sorted({*around, *head})
    end = body[-1] if body else start
    tail = []
    for index in range(end + 1, min(len(blocks), end + 4)):
        if is_cut(blocks[index]):
            break
        if index not in reasons and blocks[index].link_share < MOSTLY_LINKS:
            tail.append(index)
    taken = {*body, *head, *tail, title}
    for index in range(len(blocks)):
        if index not in taken:
            reasons.setdefault(index, "outside the body")
    size = sum(len(blocks[index].text) for index in body)
    if kind is None:
        kind = "article" if size >= SHORT else "notice"
    return Selection(tuple(body), tuple(head), tuple(tail), title, {i: r for i, r in reasons.items() if i not in taken}, kind, bool(body))
