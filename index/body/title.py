"""Find the title of a page: structured data where it agrees with the page, else the block that looks like one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from index.body.lines import is_date_line, letters
from index.page.blocks import Block
from search.text import fold_text

#: Names of elements that hold a title, of those that hold the title of a box, and of boxes beside the article.
_TITLE_NAMES: Final = re.compile(r"title|tieu[-_]?de|headline|ten[-_]?(?:tin|bai)|subject")
_BOX_TITLE: Final = re.compile(
    r"(?:portlet|widget|box|block|module|panel|sidebar|site|page|cat|category|folder|hit|other|link|linkweb|album|video|menu|nav|tab)"
    r"[-_]?(?:title|topper|header|tieude)|(?:title|tieu[-_]?de)[-_]?(?:hop|box|khung|muc|cm|album|video|menu|left|right|site|other)"
)
_OTHER_NAMES: Final = re.compile(
    r"folder|breadcrumb|other|related|widget|sidebar|menu|nav|footer|portlet|logo|brand|banner|masthead|linkweb"
)
_STAMP: Final = re.compile(r"\s*\(\s*(?:\d{4}-\d\d-\d\dT[\d:.]+Z?)?\s*\)\s*$")
#: How portals and newspapers call themselves; no article's title begins so.
_SITE_NAME: Final = re.compile(
    r"(?:cong thong tin|trang thong tin|trang chu\b|website\b|bao dien tu|cong tttdt|home\b|trang tin)"
)
#: What stands under the title of a notice.
_DETAILS: Final = re.compile(r"xem (?:chi tiet|tai day|noi dung|van ban)")
_SITE_PART: Final = re.compile(r"\s+[|\-–—»:·•]+\s+")
_LONGEST: Final = 300
#: A block needs this many points to be taken as the title.
ENOUGH: Final = 3.0
#: With so many, the body is looked for below it only.
SURE: Final = 4.5


def bare_title(title: str) -> list[str]:
    """Return a page's own `<title>` and its parts without a site name glued on by a dash or a bar."""
    parts = [part.strip() for part in _SITE_PART.split(title)]
    wholes = [title.strip()]
    for match in _SITE_PART.finditer(title):
        wholes += [title[: match.start()].strip(), title[match.end() :].strip()]
    return [part for part in dict.fromkeys(wholes + parts) if letters(part) >= 8]


def is_site_name(text: str) -> bool:
    """Say whether a text is how a portal or a newspaper calls itself."""
    return _SITE_NAME.match(fold_text(text)) is not None


def clean_title(title: str) -> str:
    """Return a title without an empty pair of brackets or a machine's time stamp at its end."""
    return _STAMP.sub("", title).strip()


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold_text(text)))


@dataclass(frozen=True, slots=True)
class Found:
    """The title block, and whether it is surely one."""

    index: int | None = None
    score: float = 0.0

    @property
    def sure(self) -> bool:
        """Say whether the title is marked as one so well that the body can be looked for below it."""
        return self.index is not None and self.score >= SURE


def find_title(blocks: Sequence[Block], declared: Mapping[str, float], chrome: Mapping[int, str], start: int | None,
               enough: float = ENOUGH) -> Found:
    """Return the block that is most like a title.

    `declared` are titles that the page states of itself and that other pages of its site do not share, with
    the points that a block of these words gets; `start` is the index of the first sentence of the running text.
    """
    keys = {_key(text): weight for text, weight in declared.items()}
    best = Found(None, enough)
    for index in range(len(blocks) if start is None else start + 1):
        block = blocks[index]
        if index in chrome or not 3 <= letters(block.text) <= _LONGEST or is_date_line(block.text):
            continue
        score = _score(block, keys) + _neighbours(blocks, index, chrome, start)
        if score > best.score or (score == best.score and best.index is None):
            best = Found(index, score)
    return best


def _score(block: Block, declared: Mapping[str, float]) -> float:
    """Return how much a block looks like a title by itself."""
    key = _key(clean_title(block.text))
    score = _declared_score(key, declared)
    *_, parent, own = ["", *block.names.split(" > ")]
    if _BOX_TITLE.search(f"{parent} {own}"):
        score -= 4
    elif _TITLE_NAMES.search(own):
        score += 3
    elif _TITLE_NAMES.search(parent):
        score += 2
    if _OTHER_NAMES.search(block.names):
        score -= 3
    if is_site_name(block.text):
        score -= 4
    score += {1: 3.5, 2: 2.5, 3: 1.0}.get(block.heading, 0.0)
    score += 1 if block.bold else 0
    if block.link_share > 0.5:
        score -= 2.5
    if len(block.text) > 250 or block.text.endswith((".", ":")):
        score -= 1.5
    if len(key) < 8:
        score -= 1
    return score


def _declared_score(key: str, declared: Mapping[str, float]) -> float:
    if key in declared:
        return declared[key]
    if len(key) <= 20:
        return 0.0
    near = [weight for known, weight in declared.items()
            if len(known) > 20 and (known.startswith(key) or key.startswith(known)) and _alike(len(known), len(key))]
    return 0.7 * max(near, default=0.0)


def _alike(first: int, second: int) -> bool:
    """Say whether two lengths are close: a lead may begin with the words of its title."""
    return max(first, second) < 1.6 * min(first, second)


def _neighbours(blocks: Sequence[Block], index: int, chrome: Mapping[int, str], start: int | None) -> float:
    """Return what the place of a block adds: a date beside it, running text right below it."""
    score = 0.0
    around = [blocks[near] for near in (index - 2, index - 1, index + 1, index + 2) if 0 <= near < len(blocks)]
    if any(is_date_line(block.text) for block in around) or _STAMP.search(blocks[index].text):
        score += 1.5
    if start is None and any(_DETAILS.match(fold_text(block.text)) for block in around):
        score += 1.5
    if start is not None:
        between = sum(1 for near in range(index + 1, start) if near not in chrome)
        score += 1.5 - 0.5 * min(between, 4)
        if index == start and not blocks[index].heading and not blocks[index].bold:
            score -= 2
    return score
