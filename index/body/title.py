"""Find the title of a page: structured data where it agrees with the page, else the block that looks like one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from index.blocks import Block
from index.body.cues import cue
from index.body.lines import is_date_line, is_long, letters
from search.text import fold_text

_TITLE_NAMES: Final = re.compile(r"(?:^|[\s_-])(?:\w*(?:title|tieude|tieu-de|tieu_de|headline|tentin|subject))\b")
_OTHER_NAMES: Final = re.compile(r"folder|breadcrumb|other|related|widget|sidebar|menu|nav|footer|portlet|logo|brand|site-?title|linkweb|box")
_SITE_PART: Final = re.compile(r"\s+[|\-–—»:·•]+\s+")
_LONGEST: Final = 300
#: A block needs this many points to be taken as the title.
ENOUGH: Final = 3.0


def bare_title(title: str) -> list[str]:
    """Return a page's own `<title>` and its parts without a site name glued on by a dash or a bar."""
    parts = [part.strip() for part in _SITE_PART.split(title)]
    wholes = [title.strip()]
    for match in _SITE_PART.finditer(title):
        wholes += [title[: match.start()].strip(), title[match.end() :].strip()]
    return [part for part in dict.fromkeys(wholes + parts) if letters(part) >= 8]


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold_text(text)))


def find_title(blocks: Sequence[Block], declared: Iterable[str], chrome: Mapping[int, str],
               body_start: int | None, enough: float = ENOUGH) -> int | None:
    """Return the index of the title block, None if no block looks like one.

    `declared` are titles that the page states of itself (structured data first) and that other pages of its
    site do not share; `body_start` is the index of the first block of running text.
    """
    keys = {_key(text) for text in declared}
    best, best_score = None, enough
    limit = len(blocks) if body_start is None else body_start + 1
    for index in range(limit):
        block = blocks[index]
        if index in chrome or not 8 <= letters(block.text) <= _LONGEST or is_date_line(block.text) or cue(block.text):
            continue
        score = _score(block, keys) + _neighbours(blocks, index, chrome, body_start)
        if score > best_score or (score == best_score and best is None):
            best, best_score = index, score
    return best


def _score(block: Block, declared: set[str]) -> float:
    score = 0.0
    own = block.names
    key = _key(block.text)
    if key in declared:
        score += 6
    elif any(len(key) > 20 and (known.startswith(key) or key.startswith(known)) for known in declared if len(known) > 20):
        score += 4
    if _TITLE_NAMES.search(own):
        score += 3
    if _OTHER_NAMES.search(own):
        score -= 3
    score += {1: 3.5, 2: 2.5, 3: 1.5}.get(block.heading, 0.0)
    score += 1 if block.bold else 0
    if block.link_share > 0.5:
        score -= 2.5
    if len(block.text) > 200 or block.text.endswith((".", ":")):
        score -= 1.5
    return score


def _neighbours(blocks: Sequence[Block], index: int, chrome: Mapping[int, str], body_start: int | None) -> float:
    score = 0.0
    around = [blocks[near] for near in (index - 2, index - 1, index + 1, index + 2) if 0 <= near < len(blocks)]
    if any(is_date_line(block.text) for block in around):
        score += 1.5
    if body_start is not None:
        between = sum(1 for near in range(index + 1, body_start) if near not in chrome)
        score += 1.5 - 0.5 * min(between, 8)
        if index == body_start and is_long(blocks[index]) and not blocks[index].heading and not blocks[index].bold:
            score -= 2
    return score
