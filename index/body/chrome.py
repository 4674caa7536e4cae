"""Which blocks of a page are no part of an article, each by itself and with the reason.

1. cue phrases of boilerplate (`index.body.cues`)
2. elements that say that they are beside the content: navigation, comments, related stories (`index.page.roles`)
3. cards: a linked headline with a teaser, and others like it beside it
4. what other pages of the site repeat in the same place (`index.page.sites`)
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from index.body.cues import cue
from index.body.lines import LONG, MOSTLY_LINKS, SHORT, is_date_line, is_long, undated
from index.fields.byline import signer
from index.page.blocks import Block, is_sentence
from index.page.sites import SiteKnowledge, key_of, place_of

#: At least this share of the running text stands outside of what names itself beside the content; where less does,
#: the name is wrong: a wrapper called `has-sidebar`.
_LEAST_REST: Final = 0.2
_LEAST_WRONG: Final = 400
#: Long text on fewer than this share of a site's pages may be a twin of another article, not chrome.
_TWIN_SHARE: Final = 0.5
#: A headline has so many characters, a card so much text besides; so many cards are a list.
HEADLINE: Final = 15
_CARD_TEXT: Final = 700
#: Cards without an element of their own have so many blocks at most.
_ROW_BLOCKS: Final = 5
_CARDS: Final = 2
_FULLY_LINKED: Final = 0.9
_FILE: Final = re.compile(r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|rar|zip)\W*$")
_NONE: Final[Mapping[int, str]] = {}


def mark_chrome(blocks: Sequence[Block], known: SiteKnowledge, beside: Mapping[int, str] = _NONE) -> dict[int, str]:
    """Return index -> why a block is chrome by itself; `beside` are the elements that say so (`Page.beside`)."""
    reasons: dict[int, str] = {}
    for index, block in enumerate(blocks):
        if cue(block.text):
            reasons[index] = "cue"
    for index, role in _beside(blocks, beside).items():
        reasons.setdefault(index, role)
    for index in cards(blocks, reasons):
        reasons.setdefault(index, "card")
    repeated = {index: "repeated" for index, block in enumerate(blocks)
                if index not in reasons and known.is_chrome(block) and not _signs(block)}
    return reasons | _without_twins(blocks, known, reasons, repeated)


def _signs(block: Block) -> bool:
    """Say whether a block may be the by-line of an author of several articles; datelines repeat, calendars too."""
    if len(block.text) >= LONG or is_date_line(block.text):
        return False
    return block.role == "meta" or bool(signer(block.text, bare=False).signature.written)


def _beside(blocks: Sequence[Block], roots: Mapping[int, str]) -> dict[int, str]:
    """Return the blocks in elements beside the content; an element that holds nearly all the text is not one."""
    believed = dict(roots)
    sizes = [len(block.text) if _runs(block) else 0 for block in blocks]
    while wrong := _disbelieved(blocks, sizes, believed):
        del believed[wrong]
    inside = ((index, next((serial for serial in block.path if serial in believed), None))
              for index, block in enumerate(blocks))
    return {index: believed[serial] for index, serial in inside if serial is not None}


def _runs(block: Block) -> bool:
    return is_long(block) and (is_sentence(block.text) or len(block.text) >= SHORT)


def _disbelieved(blocks: Sequence[Block], sizes: Sequence[int], believed: Mapping[int, str]) -> int:
    """Return the number of an element with several paragraphs beside which hardly any text is left, 0 if none is."""
    held: defaultdict[int, list[int]] = defaultdict(list)
    rest = 0
    for block, size in zip(blocks, sizes, strict=True):
        if not size:
            continue
        around = [serial for serial in block.path if serial in believed]
        if not around:
            rest += size
        elif all(believed[serial] != "comments" for serial in around):
            held[around[0]].append(size)
    total = rest + sum(map(sum, held.values()))
    if rest >= _LEAST_REST * total:
        return 0
    largest = max(held, key=lambda serial: sum(held[serial]))
    return largest if len(held[largest]) > 1 and sum(held[largest]) >= _LEAST_WRONG else 0


def cards(blocks: Sequence[Block], reasons: Mapping[int, str]) -> frozenset[int]:
    """Return the blocks of cards: elements that begin with a linked headline and go on with a short teaser.

    Cards stand beside each other: elements of one parent, their headlines of the same tag and classes.
    """
    groups: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        if index not in reasons and block.path and is_headline(block):
            groups[(place_of(block), block.heading, len(block.path))].append(index)
    found: set[int] = set()
    for headlines in groups.values():
        if len(headlines) >= _CARDS:
            found |= _group(blocks, headlines) or _row(blocks, headlines)
    return frozenset(found)


def is_headline(block: Block, least: int = HEADLINE) -> bool:
    """Say whether a block is a link to another article, of at least so many characters; its day may stand beside it.

    A file is no other article.
    """
    if _FILE.search(block.text):
        return False
    if block.link_share >= _FULLY_LINKED:
        return len(block.text) >= least
    if block.linked < least or block.role == "meta" or not any(map(str.isdigit, block.text)):
        return False
    return block.linked >= _FULLY_LINKED * len(undated(block.text).strip(" ()[]-–|,.:"))


def _group(blocks: Sequence[Block], headlines: Sequence[int]) -> set[int]:
    roots: dict[tuple[int, ...], int] = {}
    for at, index in enumerate(headlines):
        near = [headlines[other] for other in (at - 1, at + 1) if 0 <= other < len(headlines)]
        depth = max(shared_start(blocks[index].path, blocks[other].path) for other in near)
        if depth < len(blocks[index].path):
            roots[blocks[index].path[: depth + 1]] = index
    members: dict[tuple[int, ...], list[int]] = {root: [] for root in roots}
    depths = {len(root) for root in roots}
    for index in range(headlines[0], len(blocks)):
        for depth in depths:
            if (root := blocks[index].path[:depth]) in members:
                members[root].append(index)
    small = [found for found in members.values() if _teaser_size(blocks, found) <= _CARD_TEXT]
    with_text = sum(_teaser_size(blocks, found) > 0 for found in small)
    return {index for found in small for index in found} if with_text >= _CARDS else set()


def _row(blocks: Sequence[Block], headlines: Sequence[int]) -> set[int]:
    """Return the blocks of cards without an element of their own: linked headings of one parent, each with a teaser."""
    first = blocks[headlines[0]]
    parent = first.path[:-1]
    if first.tag == "td" and first.bold:
        parent = first.path[:-2]
    elif not first.heading and first.tag != "dt":
        return set()
    if any(blocks[index].path[: len(parent)] != parent for index in headlines):
        return set()
    gaps = [range(index, after) for index, after in pairwise(headlines)]
    small = all(len(gap) <= _ROW_BLOCKS and 0 < _teaser_size(blocks, gap) <= _CARD_TEXT for gap in gaps)
    if len(headlines) <= _CARDS or not small:
        return set()
    longest = max(map(len, gaps))
    below = range(headlines[-1], min(len(blocks), headlines[-1] + longest))
    return {index for gap in (*gaps, below) for index in gap if blocks[index].path[: len(parent)] == parent}


def _teaser_size(blocks: Sequence[Block], members: Sequence[int]) -> int:
    return sum(len(blocks[index].text) for index in members if blocks[index].link_share < MOSTLY_LINKS)


def shared_start(one: Sequence[object], other: Sequence[object]) -> int:
    """Return how many items two paths or texts have in common at the start."""
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
                min(len(one), len(other)))


def _without_twins(blocks: Sequence[Block], known: SiteKnowledge, others: Mapping[int, str],
                   repeated: dict[int, str]) -> dict[int, str]:
    """Keep an article whose twin was seen: text on few pages that is most of this page's is no chrome."""
    rare = {
        index for index in repeated
        if is_long(blocks[index]) and known.sightings(key_of(blocks[index])) < _TWIN_SHARE * known.pages
    }
    kept = sum(len(block.text) for index, block in enumerate(blocks)
               if is_long(block) and index not in others and index not in repeated)
    twins = sum(len(blocks[index].text) for index in rare)
    if twins <= 1.5 * kept:
        return repeated
    return {index: reason for index, reason in repeated.items() if index not in rare}
