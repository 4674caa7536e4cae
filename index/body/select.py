"""Find the body of an HTML page among its blocks: what is chrome goes, the densest container stays."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from index.body.chrome import is_headline, shared_start
from index.body.cues import cue
from index.body.imprint import imprint_start
from index.body.lines import LONG, MOSTLY_LINKS, SHORT, dated_by_label, has_date, is_cut, is_date_line, is_long
from index.dates import dateline, is_dateline
from index.dates.labels import FOREIGN
from index.fields.byline import signer
from index.page.blocks import Block, is_sentence
from index.page.roles import Role
from search.article import Kind

Path = tuple[int, ...]

#: The body is in the deepest element that holds this share of the running text (measured: .70-.85 alike).
CONTAINER_SHARE: Final = 0.75
#: An element that says it is the article is believed if it holds this share of the running text, and so many times
#: as much as the next of its kind.
_SECTION_SHARE: Final[Mapping[Role, float]] = {"body": 0.3, "main": 0.45}
_SECTION_LEAD: Final = 2.0
#: With less running text than this, the page is a notice even before its title is asked.
LEAST: Final = 60
#: A notice has at most about so many lines; a longer link is a headline of another page.
MOST_LINES: Final = 12
HEADLINE: Final = 30
#: So many headlines are a listing.
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
#: So many steps of its path at most a title does not share with its own day above it.
_BESIDE_TITLE: Final = 4
#: With so few steps in common a line above the title is not the article's.
FAR: Final = 12
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


def section(blocks: Sequence[Block], chrome: Mapping[int, str], sections: Sequence[tuple[Role, Path]]) -> Path:
    """Return the path of the element that says it is the article, `()` if none does so believably."""
    sizes: defaultdict[Path, int] = defaultdict(int)
    paths = {path for _, path in sections}
    total = 0
    for index, block in enumerate(blocks):
        if index in chrome or not is_long(block):
            continue
        total += len(block.text)
        for depth in range(1, len(block.path) + 1):
            if block.path[:depth] in paths:
                sizes[block.path[:depth]] += len(block.text)
    scope: Path = ()
    for role in ("body", "main"):
        # The deepest of nested ones that loses little; its equals elsewhere are other articles.
        named = sorted((path for found, path in sections if found == role and sizes[path]), key=len)
        if not named:
            continue
        best = max(named, key=lambda path: sizes[path])
        inner = [path for path in named if path[: len(best)] == best and sizes[path] >= CONTAINER_SHARE * sizes[best]]
        best = inner[-1]
        others = [sizes[path] for path in named if path[: len(best)] != best and best[: len(path)] != path]
        if sizes[best] >= max(_SECTION_SHARE[role] * total, _SECTION_LEAD * max(others, default=0)):
            scope = best
            break
    return scope


def container(blocks: Sequence[Block], running: Iterable[int]) -> Path:
    """Return the path of the deepest element that holds most of the running text."""
    weights: defaultdict[Path, int] = defaultdict(int)
    total = 0
    seen: set[str] = set()
    for index in running:
        block = blocks[index]
        if block.text in seen:
            continue
        seen.add(block.text)
        total += len(block.text)
        for depth in range(len(block.path) + 1):
            weights[block.path[:depth]] += len(block.text)
    best = [path for path, weight in weights.items() if weight >= CONTAINER_SHARE * total]
    return max(best, key=len, default=())


def running_text(blocks: Sequence[Block], chrome: Mapping[int, str], scope: Path) -> tuple[list[int], Path]:
    """Return the indexes of the running text, and the path of the element that it is in."""
    good = [index for index, block in enumerate(blocks)
            if index not in chrome and block.path[: len(scope)] == scope and is_long(block)]
    path = container(blocks, good)
    return [index for index in good if blocks[index].path[: len(path)] == path], path


def body_start(blocks: Sequence[Block], chrome: Mapping[int, str], scope: Path = ()) -> int | None:
    """Return the index of the first sentence of the running text, None if there is hardly any text."""
    running, _ = running_text(blocks, chrome, scope)
    if sum(len(blocks[index].text) for index in running) < LEAST:
        return None
    sentences = [index for index in running if is_sentence(blocks[index].text) or len(blocks[index].text) >= SHORT]
    if not sentences and sum(len(blocks[index].text) for index in running) < SHORT:
        return None
    return (sentences or running)[0]


def select(blocks: Sequence[Block], chrome: Mapping[int, str], title: int | None, sure: bool = False,
           scope: Path = ()) -> Selection:
    """Return what is body, head and tail of a page.

    `title` is the index of the title block if one was found; if it is `sure`, the body is looked for between it
    and the first cut cue below it.  `scope` is the element that says it is the article (`section`).
    """
    reasons = dict(chrome)
    barred = dict(chrome)
    if sure and title is not None:
        stop = _stop(blocks, reasons, title + 1)
        barred |= dict.fromkeys((*range(title + 1), *range(stop, len(blocks))), "outside the body")
    running, path = running_text(blocks, barred, scope)
    if sum(len(blocks[index].text) for index in running) < LEAST:
        return _notice(blocks, reasons, title)
    stop = _stop(blocks, reasons, running[0])
    running = [index for index in running if index < stop]
    first = _first(blocks, reasons, running[0], title)
    last = _last(blocks, reasons, running[-1], stop, scope or path[: max(1, len(path) - CLIMB)])
    parents = {blocks[index].path[:-1] for index in running} | {blocks[index].path for index in running}
    body: list[int] = []
    head: list[int] = []
    for index in range(first, last + 1):
        block = blocks[index]
        if index == title:
            continue
        if index < running[0] and _is_head_line(block, path) and not _dates_another(blocks, index):
            if index not in reasons or is_date_line(block.text):
                head.append(index)
        elif index not in reasons and (_tells_about(blocks, index, running)
                                       or (index > running[-1] and dated_by_label(block.text))):
            head.append(index)
        elif _keep(block, reasons.get(index), parents, path):
            body.append(index)
        elif block.role == "meta" and index not in reasons:  # a by-line or a date below the lead
            head.append(index)
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
    if title is not None and title < start and sum(at not in reasons for at in range(title + 1, start)) <= NEAR:
        return title + 1
    first = start
    for index in range(start - 1, max(-1, start - NEAR), -1):
        if index in reasons or index == title or not (is_long(blocks[index]) and is_sentence(blocks[index].text)):
            break
        first = index
    return first


def _last(blocks: Sequence[Block], reasons: Mapping[int, str], end: int, stop: int, near: Path) -> int:
    """Return where the body ends: blocks in the element `near` that follow closely, up to links, chrome or a cut."""
    last = end
    for index in range(end + 1, stop):
        block = blocks[index]
        if block.path[: len(near)] != near or reasons.get(index) == "cue":
            break
        if block.link_share >= MOSTLY_LINKS and not _SOURCE.match(block.text):
            break
        known = reasons.get(index) == "repeated" and (block.tag in ("td", "th") or _SOURCE.match(block.text))
        if index in reasons and not known and block.path[:-1] != blocks[last].path[:-1]:
            break
        last = index
    while last > end and not is_sentence(blocks[last].text) and (
        blocks[last].heading or _heads_links(blocks, reasons, last, blocks[end].path[:-1])
    ):
        last -= 1  # it heads what follows
    return last


def _heads_links(blocks: Sequence[Block], reasons: Mapping[int, str], index: int, text: Path) -> bool:
    """Say whether a short line outside of the element of the `text` heads links to other pages right below it."""
    block, below = blocks[index], blocks[index + 1 : index + 2]
    apart = len(block.text) < LONG and block.path[:-1] != text
    return apart and any(reasons.get(index + 1) == "card" or is_headline(other) for other in below)


def _keep(block: Block, reason: str | None, parents: set[Path], path: Path) -> bool:
    """Say whether a block between the first and the last of the body belongs to it.

    What other pages repeat is text all the same where it stands inside: a recurring phrase, the cells of a table.
    """
    if (reason is not None and reason != "repeated") or not any(map(str.isalnum, block.text)):
        return False
    if block.role == "meta" and len(block.text) < LONG and not is_sentence(block.text):
        return False
    sibling = block.path[:-1] in parents or block.path in parents
    if reason == "repeated":
        around = path[: max(1, len(path) - CLIMB)]
        if _SOURCE.match(block.text):
            return sibling
        return (sibling or (bool(path) and block.path[: len(around)] == around)) and block.link_share < MOSTLY_LINKS
    return block.link_share < MOSTLY_LINKS or (sibling and (is_sentence(block.text) or bool(_SOURCE.match(block.text))))


def _is_head_line(block: Block, path: Path) -> bool:
    """Say whether a line between the title and the text in `path` tells about the article: date, by-line, button."""
    if is_date_line(block.text) or cue(block.text) == "head":
        return True
    if is_sentence(block.text) or len(block.text) >= LONG:
        return False
    if block.role == "meta" or signer(block.text, bare=False).signature.written:
        return True
    apart = block.path[: len(path)] != path
    return apart and (has_date(block.text) or block.path[: len(path) - CLIMB] != path[:-CLIMB])


def _tells_about(blocks: Sequence[Block], index: int, running: Sequence[int]) -> bool:
    """Say whether a line below the lead is the by-line or the date: of its own element, before the second paragraph."""
    if len(running) < 2 or not running[0] < index < running[1]:
        return False
    block = blocks[index]
    plain = len(block.text) < LONG and not is_sentence(block.text)
    return plain and (block.role == "meta" or (is_date_line(block.text) and not _dates_another(blocks, index)))


def _dates_another(blocks: Sequence[Block], index: int) -> bool:
    """Say whether a date in a table has a label in the cell before it: when a document was issued, is in force."""
    label = blocks[index - 1]
    return index > 0 and label.path[:-1] == blocks[index].path[:-1] and bool(FOREIGN.search(label.text))


def _notice(blocks: Sequence[Block], reasons: dict[int, str], title: int | None) -> Selection:
    """Return a page without running text: what stands between its title and the first cut, or a listing."""
    if title is None:
        return select_list(blocks, reasons, title)
    body: list[int] = []
    head: list[int] = []
    repeated: list[int] = []
    for index in range(title + 1, len(blocks)):
        block = blocks[index]
        if is_cut(block) or len(body) > MOST_LINES:
            break
        if reasons.get(index) == "repeated" and is_dateline(block.text, repeated=True):
            head.append(index)
        elif index in reasons:
            repeated += [index] if reasons[index] == "repeated" and block.link_share < MOSTLY_LINKS else []
        elif _is_head_line(block, ()) and not _dates_another(blocks, index):
            head.append(index)
        elif block.link_share < 1 or len(block.text) < HEADLINE:
            body.append(index)
    # The labels of a form are the same on all pages that show one.
    around = {blocks[index].path[:-CLIMB] for index in body if len(blocks[index].path) > CLIMB}
    body += [index for index in repeated if blocks[index].path[:-CLIMB] in around]
    return _finish(blocks, reasons, title, sorted(body), head, "notice")


def select_list(blocks: Sequence[Block], reasons: Mapping[int, str], title: int | None) -> Selection:
    """Return the headlines and teasers of a listing; it is sure only if there are some."""
    body = [
        index for index, block in enumerate(blocks)
        if reasons.get(index) in (None, "card") and index != title and (is_headline(block) or is_long(block))
    ]
    taken = {*body, title}
    left = {index: reasons.get(index, "outside the body") for index in range(len(blocks)) if index not in taken}
    return Selection(tuple(body), (), (), left, "listing", len(body) >= MANY)


def _finish(blocks: Sequence[Block], reasons: dict[int, str], title: int | None, body: list[int], head: list[int],
            kind: Kind | None = None) -> Selection:
    end = imprint_start(blocks, body)
    reasons.update(dict.fromkeys(body[end:], "imprint"))
    body = body[:end]
    start = body[0] if body else (title if title is not None else 0)
    top = min(start, title) if title is not None else start
    for index in range(max(0, top - ABOVE), start):
        if index < top and (_is_far(blocks[index], blocks[top]) or _is_calendar(blocks, index, top)):
            continue
        plain = index not in reasons and blocks[index].link_share < MOSTLY_LINKS
        repeated = reasons.get(index) == "repeated" and not _is_right_above(blocks[index], blocks[top])
        if index != title and (plain or is_dateline(blocks[index].text, repeated)):
            head.append(index)
    head = sorted(set(head) - set(body))
    tail = _tail(blocks, reasons, (body or [start])[-1] + 1)
    taken = {*body, *head, *tail, title}
    left = {index: reasons.get(index, "outside the body") for index in range(len(blocks)) if index not in taken}
    size = sum(len(blocks[index].text) for index in body)
    if kind is None:
        kind = "article" if size >= SHORT else "notice"
    return Selection(tuple(body), tuple(head), tail, left, kind, bool(body) and title is not None)


def _is_far(block: Block, other: Block) -> bool:
    """Say whether a block hangs elsewhere in the tree: the calendar of a banner is no date of the article below."""
    return shared_start(block.path, other.path) < len(other.path) - FAR


def _is_right_above(block: Block, other: Block) -> bool:
    """Say whether a block stands in the element of another, or in the one around that."""
    return bool(block.path) and shared_start(block.path, other.path) >= len(other.path) - 2


def _is_calendar(blocks: Sequence[Block], index: int, top: int) -> bool:
    """Say whether a weekday with its day above the title `top` is the calendar of a banner.

    The day of an article has a label, or stands right above its title with no link between the two, and without a
    clock in an element beside it.
    """
    shown = dateline(blocks[index].text)
    if shown is None or not shown.weekday:
        return False
    path = blocks[top].path
    apart = shared_start(blocks[index].path, path) < len(path) - _BESIDE_TITLE
    return (apart and shown.calendar) or any(blocks[at].link_share >= MOSTLY_LINKS for at in range(index + 1, top))


def _tail(blocks: Sequence[Block], reasons: Mapping[int, str], start: int) -> tuple[int, ...]:
    tail = []
    for index in range(start, min(len(blocks), start + BELOW)):
        if is_cut(blocks[index]) or (blocks[index].heading and blocks[index].role != "meta"):
            break
        if index not in reasons and (blocks[index].link_share < MOSTLY_LINKS or blocks[index].role == "meta"):
            tail.append(index)
    return tuple(tail)
