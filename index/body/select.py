"""Find the body of an HTML page among its blocks: what repeats goes, the densest container stays."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from index.body.cues import cue
from index.body.lines import LONG, MOSTLY_LINKS, has_date, is_cut, is_date_line, is_long
from index.dates import is_dateline
from index.page.blocks import Block, is_sentence
from index.page.sites import SiteKnowledge, key_of
from search.article import Kind

#: The body is in the deepest element that holds this share of the running text (measured: .70-.85 alike).
CONTAINER_SHARE: Final = 0.75
#: Less running text than this is a notice or a listing, not an article.
SHORT: Final = 150
#: With less than this, the page is a notice even before its title is asked.
LEAST: Final = 60
#: A link of so many characters is a headline; so many of them are a listing.
HEADLINE: Final = 25
MANY: Final = 4
#: A title stands at most this many blocks above the running text.
NEAR: Final = 14
#: A cut cue counts once this share of the running text stands above it; before, it is a button or a box.
CUT_SHARE: Final = 0.3
#: How many blocks above the title, and below the body, may still belong to the article (section, date, by-line).
ABOVE: Final = 4
BELOW: Final = 3
#: How many levels above the container its last lines may hang (a by-line in a table of its own).
CLIMB: Final = 3
#: Long text on fewer than this share of a site's pages may be a twin of another article, not chrome.
_TWIN_SHARE: Final = 0.5
#: Elements whose names say that they are beside the content count less.
SIDE_WEIGHT: Final = 0.2
_SIDE: Final = re.compile(
    r"marquee|maquee|menu|\bnav|footer|sidebar|aside|banner|search|slide|ticker|copyright|breadcrumb|comment|related|widget|popup|modal"
    r"|cookie|advert|quangcao|lienquan|tinkhac|other"
)
#: A line that names the source stays even where it is a link.
_SOURCE: Final = re.compile(r"\(?(?:theo|nguồn|tin|ảnh|bài)\b.{2,80}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Indexes into the blocks of a page: the body and the article's lines around it; the rest has a reason."""

    body: tuple[int, ...]
    head: tuple[int, ...]
    tail: tuple[int, ...]
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
        elif known.is_chrome(block):
            reasons[index] = "repeated"
    return _without_twins(blocks, known, reasons)


def _without_twins(blocks: Sequence[Block], known: SiteKnowledge, reasons: dict[int, str]) -> dict[int, str]:
    """Keep an article whose twin was seen: text on few pages that is most of this page's is no chrome."""
    rare = {
        index for index, reason in reasons.items()
        if reason == "repeated" and is_long(blocks[index])
        and known.sightings(key_of(blocks[index])) < _TWIN_SHARE * known.pages
    }
    kept = sum(len(block.text) for index, block in enumerate(blocks) if is_long(block) and index not in reasons)
    twins = sum(len(blocks[index].text) for index in rare)
    if twins <= 1.5 * kept:
        return reasons
    return {index: reason for index, reason in reasons.items() if index not in rare}


def container(blocks: Sequence[Block], running: Iterable[int]) -> tuple[int, ...]:
    """Return the path of the deepest element that holds most of the running text."""
    weights: defaultdict[tuple[int, ...], float] = defaultdict(float)
    total = 0.0
    seen: set[str] = set()
    for index in running:
        block = blocks[index]
        if block.text in seen:
            continue
        seen.add(block.text)
        weight = _weight(block)
        total += weight
        for depth in range(len(block.path) + 1):
            weights[block.path[:depth]] += weight
    best = [path for path, weight in weights.items() if weight >= CONTAINER_SHARE * total]
    return max(best, key=len, default=())


def _weight(block: Block) -> float:
    """Return what a block of running text counts: its length, a fifth of it beside the content."""
    return len(block.text) * (SIDE_WEIGHT if _SIDE.search(block.names) else 1.0)


def body_start(blocks: Sequence[Block], chrome: Mapping[int, str]) -> int | None:
    """Return the index of the first sentence of the running text, None if there is hardly any text."""
    good = [index for index, block in enumerate(blocks) if index not in chrome and is_long(block)]
    path = container(blocks, good)
    running = [index for index in good if blocks[index].path[: len(path)] == path]
    if sum(_weight(blocks[index]) for index in running) < LEAST:
        return None
    sentences = [index for index in running if is_sentence(blocks[index].text) or len(blocks[index].text) >= SHORT]
    return (sentences or running)[0]


def select(blocks: Sequence[Block], chrome: Mapping[int, str], title: int | None, sure: bool = False) -> Selection:
    """Return what is body, head and tail of a page.

    `title` is the index of the title block if one was found; if it is `sure`, the body is looked for between it
    and the first cut cue below it.
    """
    reasons = dict(chrome)
    start, stop = 0, len(blocks)
    if sure and title is not None:
        start, stop = title + 1, _stop(blocks, reasons, title + 1)
    good = [i for i in range(start, stop) if i not in reasons and i != title and is_long(blocks[i])]
    path = container(blocks, good)
    running = [index for index in good if blocks[index].path[: len(path)] == path]
    if sum(_weight(blocks[index]) for index in running) < LEAST:
        lists = _lists(blocks, reasons, title, sure)
        return _listing(blocks, reasons, title) if lists else _notice(blocks, reasons, title)
    stop = _stop(blocks, reasons, running[0])
    running = [index for index in running if index < stop]
    first = _first(blocks, reasons, running[0], title)
    last = _last(blocks, reasons, running[-1], stop, len(path))
    parents = {blocks[index].path[:-1] for index in running} | {blocks[index].path for index in running}
    body: list[int] = []
    head: list[int] = []
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


def _stop(blocks: Sequence[Block], reasons: Mapping[int, str], start: int) -> int:
    """Return the index of the cut cue that ends the article beginning at `start`, or the number of blocks.

    A cue with most of the running text still below it is a button or a box inside the article.
    """
    sizes = [len(block.text) if index >= start and index not in reasons and is_long(block) else 0
             for index, block in enumerate(blocks)]
    total, above = sum(sizes), 0
    for index in range(start, len(blocks)):
        if is_cut(blocks[index]) and (above >= CUT_SHARE * total or total < SHORT):
            return index
        above += sizes[index]
    return len(blocks)


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
    """Return a page without running text: what stands between its title and the first cut, or a listing."""
    if title is None:
        return _listing(blocks, reasons, title)
    body: list[int] = []
    head: list[int] = []
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


def _lists(blocks: Sequence[Block], reasons: Mapping[int, str], title: int | None, sure: bool) -> bool:
    """Say whether a page without running text is a list of other pages: no sure title, many headlines below it.

    Headlines under a cut cue are the related news of a notice.
    """
    if title is None or sure:
        return title is None
    stop = next((index for index in range(title + 1, len(blocks)) if is_cut(blocks[index])), len(blocks))
    return sum(_is_headline(blocks[index]) for index in range(title + 1, stop) if index not in reasons) >= MANY


def _is_headline(block: Block) -> bool:
    return block.link_share >= MOSTLY_LINKS and len(block.text) >= HEADLINE


def _listing(blocks: Sequence[Block], reasons: dict[int, str], title: int | None) -> Selection:
    """Return the headlines and teasers of a listing; it is sure only if there are some."""
    body = [
        index for index, block in enumerate(blocks)
        if index not in reasons and index != title and not _SIDE.search(block.names)
        and (_is_headline(block) or is_long(block))
    ]
    taken = {*body, title}
    left = {index: reasons.get(index, "outside the body") for index in range(len(blocks)) if index not in taken}
    return Selection(tuple(body), (), (), left, "listing", len(body) >= MANY)


def _finish(blocks: Sequence[Block], reasons: dict[int, str], title: int | None, body: list[int], head: list[int],
            kind: Kind | None = None) -> Selection:
    start = body[0] if body else (title if title is not None else 0)
    top = min(start, title) if title is not None else start
    for index in range(max(0, top - ABOVE), start):
        plain = index not in reasons and blocks[index].link_share < MOSTLY_LINKS
        if index != title and (plain or is_dateline(blocks[index].text, repeated=reasons.get(index) == "repeated")):
            head.append(index)
    head = sorted(set(head) - set(body))
    tail = _tail(blocks, reasons, (body or [start])[-1] + 1)
    taken = {*body, *head, *tail, title}
    left = {index: reasons.get(index, "outside the body") for index in range(len(blocks)) if index not in taken}
    size = sum(len(blocks[index].text) for index in body)
    if kind is None:
        kind = "article" if size >= SHORT else "notice"
    return Selection(tuple(body), tuple(head), tail, left, kind, bool(body) and title is not None)


def _tail(blocks: Sequence[Block], reasons: Mapping[int, str], start: int) -> tuple[int, ...]:
    tail = []
    for index in range(start, min(len(blocks), start + BELOW)):
        if is_cut(blocks[index]):
            break
        if index not in reasons and blocks[index].link_share < MOSTLY_LINKS:
            tail.append(index)
    return tuple(tail)
