"""Find the title of a page: structured data where it agrees with the page, else the block that looks like one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from index.body.chrome import shared_start
from index.body.lines import MOSTLY_LINKS, is_date_line, letters, undated
from index.fields.sections import is_section
from index.page.blocks import Block, is_sentence
from index.page.roles import words_of
from search.text import fold_text

_TITLE_NAMES: Final = words_of("title")
_BOX_NAMES: Final = words_of("box")
_AROUND_NAMES: Final = words_of("around")
#: The same in one word.
_BOX_TITLE: Final = re.compile(
    r"(?:portlet|widget|box|block|module|panel|sidebar|site|cat|folder|hit|other|linkweb|album|video|menu|nav|tab)"
    r"(?:title|topper|tieude)|(?:title|tieude)(?:hop|box|khung|muc|cm|album|video|menu|left|right|site|other)"
)
_PARTS: Final = re.compile(r"[-_:/.]+")
_STAMP: Final = re.compile(r" ?\( ?(?:\d{4}-\d\d-\d\dT[\d:.]+Z?)? ?\) ?$")
_STAMP_SIZE: Final = 60
_DAY: Final = re.compile(r" ?\([^()]*\d[^()]*\) ?$| ?\( ?\) ?$")
#: How portals and newspapers call themselves; no article's title begins so.
_SITE_NAME: Final = re.compile(
    r"(?:cong thong tin|trang thong tin|trang chu\b|website\b|bao dien tu|cong tttdt|home\b|trang tin)"
)
#: No name of those is so long.
_SITE_NAME_REACH: Final = 30
#: Columns of registers of documents.
DOCUMENT_COLUMNS: Final = frozenset((
    "so/ky hieu", "so ky hieu", "so, ky hieu", "so hieu", "so hieu van ban", "so van ban", "trich yeu",
    "trich yeu noi dung", "noi dung trich yeu", "ngay ban hanh", "co quan ban hanh", "don vi ban hanh",
    "hinh thuc van ban", "loai van ban", "nguoi ky", "hieu luc", "ngay hieu luc", "tai ve", "file dinh kem",
    "tep dinh kem", "tap tin dinh kem",
    "ten van ban", "ten thu tuc", "ten thu tuc hanh chinh", "ma thu tuc", "muc do", "linh vuc",
))  # fmt: skip
_COLUMNS: Final = DOCUMENT_COLUMNS | {"stt", "noi dung", "don vi", "ghi chu", "ho va ten", "chuc vu"}
#: What stands under the title of a notice.
_DETAILS: Final = re.compile(r"xem (?:chi tiet|tai day|noi dung|van ban)")
_HOMES: Final = frozenset(("trang chu", "trang nhat", "home", "home page", "homepage", "default"))
_SITE_PART: Final = re.compile(r" [|\-–—»:·•]+ ")
_LONGEST: Final = 300
#: A title has one letter in so many signs at least.
_MOSTLY_SIGNS: Final = 3
#: A site's name is glued on with few separators; more are a list of key words.
_MAX_PARTS: Final = 6
#: A block needs this many points to be taken as the title.
ENOUGH: Final = 3.0
#: With so many, the body is looked for below it only.
SURE: Final = 4.5
#: What an address that repeats a block's words is worth: all of them, their beginning, most of them.
_ADDRESS_EXACT, _ADDRESS_START, _ADDRESS_MOST = 5.0, 4.0, 2.5
#: ... and all of a long one, by which a page's own title is told from a heading inside of the text.
_ADDRESS_LONG: Final = 9.0
_NAMED: Final = 3.5
#: How many letters and digits of an address say something, and how many of a machine's own may follow them.
_LEAST_ADDRESS: Final = 5
_SURE_ADDRESS: Final = 16
_ADDRESS_TAIL: Final = 14
_SHORT_KEY, _MUCH_LONGER = 20, 1.6
#: How far above the text a title stands, and how many letters a line of its own has at least.
_REACH: Final = 14
_SHORT_LINE: Final = 8


@lru_cache(maxsize=1_000)
def bare_title(title: str) -> tuple[str, ...]:
    """Return a page's own `<title>` and its parts without a site name glued on by a dash or a bar."""
    title = " ".join(title[: 4 * _LONGEST].split())
    wholes = [title]
    cuts = list(_SITE_PART.finditer(title))
    if len(cuts) <= _MAX_PARTS:
        for match in cuts:
            wholes += [title[: match.start()].strip(), title[match.end() :].strip()]
        wholes += [part.strip() for part in _SITE_PART.split(title)]
    return tuple(part for part in dict.fromkeys(wholes) if letters(part) >= 8)


def address_words(address: str) -> str:
    """Return the letters and digits of the last step of an address or a path, folded: `tinh-lo-2.html`, `tinhlo2`.

    `""` where they say nothing: a number, a script's name, fewer than two words.
    """
    step = re.split(r"[/\\]", re.sub(r"[?#].*$", "", address.strip()).rstrip("/"))[-1][-200:]
    step = re.sub(r"(?i)\.(?:html?|aspx?|php|jsp|vnp|epi|chn|ldo|tpo|vov|antd|htm)$", "", step)
    words = [word for word in re.split(r"[\W_]+", fold_text(unquote(step))) if word]
    plain = [word for word in words if word.isalpha()]
    return "".join(words) if len(plain) >= 2 else ""


def names_home(title: str) -> bool:
    """Say whether a page's own title is that of the site's home: `Trang chủ - Sở Y tế`, on every page of some."""
    first, *rest = _SITE_PART.split(title[: 4 * _LONGEST].strip())
    return len(rest) == 1 and not _HOMES.isdisjoint((fold_text(first).strip(), fold_text(rest[0]).strip()))


def is_site_name(text: str) -> bool:
    """Say whether a text is how a portal or a newspaper calls itself."""
    return _SITE_NAME.match(fold_text(text[:_SITE_NAME_REACH])) is not None


def clean_title(title: str) -> str:
    """Return a title without an empty pair of brackets or a machine's time stamp at its end."""
    return title[:-_STAMP_SIZE] + _STAMP.sub("", title[-_STAMP_SIZE:]).rstrip() if title else title


def _unbracketed(text: str) -> str:
    """Return a title as an address repeats it: without a day in brackets at its end."""
    return text[:-_STAMP_SIZE] + _DAY.sub("", text[-_STAMP_SIZE:])


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold_text(text)))


@dataclass(frozen=True, slots=True)
class Claims:
    """What a page claims of its title: texts that it states with the points each is worth, and its addresses.

    `addresses` are the folded letters and digits of the last steps (`address_words`).
    """

    titles: Mapping[str, float]
    addresses: tuple[str, ...] = ()

    @classmethod
    def of(cls, titles: Mapping[str, float], addresses: Iterable[str] = ()) -> "Claims":
        """Return claims with the titles as keys to compare."""
        words = (address_words(address) for address in addresses)
        return cls({_key(text): points for text, points in titles.items()}, tuple({word for word in words if word}))

    def name(self, text: str) -> bool:
        """Say whether the page's own titles or addresses are a block's words."""
        return self.points(_key(_unbracketed(text))) >= _NAMED

    def points(self, key: str) -> float:
        """Return what the claims are worth for a block of these folded words."""
        return max(self._title_points(key), self._address_points(key.replace(" ", "")))

    def _title_points(self, key: str) -> float:
        if key in self.titles:
            return self.titles[key]
        near = [points for known, points in self.titles.items() if _alike(known, key)]
        return 0.7 * max(near, default=0.0)

    def _address_points(self, letters: str) -> float:
        best = 0.0
        for address in self.addresses:
            if letters == address and len(address) >= _LEAST_ADDRESS:
                return _ADDRESS_LONG if len(address) >= _SURE_ADDRESS else _ADDRESS_EXACT
            if min(len(address), len(letters)) < _SURE_ADDRESS:
                continue
            inside = letters in address and len(address) - len(letters) <= _ADDRESS_TAIL
            if inside or letters.startswith(address):
                best = max(best, _ADDRESS_START)
            elif shared_start(address, letters) >= _SURE_ADDRESS:
                best = max(best, _ADDRESS_MOST)
        return best


@dataclass(frozen=True, slots=True)
class Found:
    """The title block, and whether it is surely one."""

    index: int | None = None
    score: float = 0.0

    @property
    def sure(self) -> bool:
        """Say whether the title is marked as one so well that the body can be looked for below it."""
        return self.index is not None and self.score >= SURE


def find_title(blocks: Sequence[Block], claims: Claims, chrome: Mapping[int, str], start: int | None,
               enough: float = ENOUGH, end: int | None = None) -> Found:
    """Return the block that is most like a title.

    `start` is the index of the first sentence of the running text; where it is None, blocks before `end` are asked.
    """
    best = Found(None, enough)
    near = _nearest(blocks, chrome, start)
    first_headings = sum(block.heading == 1 and index not in chrome and block.link_share < MOSTLY_LINKS
                         for index, block in enumerate(blocks))
    last = (len(blocks) if end is None else end) if start is None else start + 1
    for index in range(last):
        block = blocks[index]
        if len(block.text) > _MOSTLY_SIGNS * _LONGEST:
            continue
        if not 3 <= letters(block.text) <= _LONGEST or (is_date_line(block.text) and not _names_more(block)):
            continue
        reason = chrome.get(index)
        if reason and (reason not in ("repeated", "beside", "cue") or block.link_share >= MOSTLY_LINKS):
            continue
        claimed = claims.points(_key(_unbracketed(block.text)))
        if reason and claimed < _ADDRESS_START:
            continue
        if block.role == "meta" and not block.heading and not claimed:
            continue
        score = claimed + _look(block, claimed, first_headings > 1) + _neighbours(blocks, index, chrome, start, near)
        if score > best.score or (score == best.score and best.index is None):
            best = Found(index, score)
    return best


def _nearest(blocks: Sequence[Block], chrome: Mapping[int, str], start: int | None) -> int:
    """Return how many steps of its path the running text shares at most with a line above it that may be a title."""
    if start is None or not blocks[start].path:
        return 0
    path = blocks[start].path
    above = (blocks[index] for index in range(max(0, start - _REACH), start) if index not in chrome)
    return max((shared_start(block.path, path) for block in above if _stands_alone(block)), default=0)


def _names_more(block: Block) -> bool:
    """Say whether a heading with a date is a title all the same: `Ban thường vụ (30/04/2018)`."""
    return bool(block.heading) and letters(undated(block.text)) >= _SHORT_LINE


def _stands_alone(block: Block) -> bool:
    """Say whether a block is a line that could be a title: no link, no sentence, not about the article."""
    plain = block.link_share < MOSTLY_LINKS and block.role not in ("meta", "caption")
    return plain and letters(block.text) >= _SHORT_LINE and not is_sentence(block.text) and not is_date_line(block.text)


def _look(block: Block, claimed: float, many: bool = False) -> float:
    """Return how much a block looks like a title by itself; `claimed` is what the page's claims are worth for it.

    `many` says that the page has several headings of the first level, so that they say little.
    """
    score = 0.0
    parent, own = _names(block)
    if is_box_title(block):
        # The address may be that of the section.
        score -= (2 if block.heading == 1 else 4) + claimed / 2
    elif _AROUND_NAMES.search(own):
        score -= 3
    elif _TITLE_NAMES.search(own):
        score += 3
    elif _TITLE_NAMES.search(parent):
        score += 2
    if _AROUND_NAMES.search(parent) and not block.heading:
        score -= 2
    if is_site_name(block.text):
        score -= 4
    if not claimed and is_section(block.text):
        score -= 2.5
    if block.tag in ("td", "th") and fold_text(block.text).strip(" :.") in _COLUMNS:
        score -= 4
    score += {1: 2.5 if many else 3.5, 2: 2.5, 3: 1.0}.get(block.heading, 0.0)
    score += 1 if block.bold else 0
    score += 1 if block.heading and block.role in ("body", "main") else 0
    if block.link_share > MOSTLY_LINKS:
        score -= 2.5
    if len(block.text) > 250 or block.text.endswith((".", ":")):
        score -= 1.5
    if letters(block.text) < _SHORT_LINE and not claimed:
        score -= 1
    return score


def _names(block: Block) -> tuple[str, str]:
    """Return the names of the element above the block's and of its own, as words."""
    *_, parent, own = ["", *(_PARTS.sub(" ", names) for names in block.names.split(" > "))]
    return parent, own


def is_box_title(block: Block) -> bool:
    """Say whether the names of a block are those of the title of a box: of a section, a portlet, a list of links."""
    names = " ".join(_names(block))
    return bool(_BOX_TITLE.search(names) or (_TITLE_NAMES.search(names) and _BOX_NAMES.search(names)))


def _alike(one: str, other: str) -> bool:
    """Say whether one text is the beginning of the other, and not much shorter: a lead may begin with its title."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) > _SHORT_KEY and len(longer) < _MUCH_LONGER * len(shorter) and longer.startswith(shorter)


def _neighbours(blocks: Sequence[Block], index: int, chrome: Mapping[int, str], start: int | None, near: int) -> float:
    """Return what the place of a block adds: a date beside it, running text right below it."""
    score = 0.0
    block = blocks[index]
    around = [blocks[at] for at in (index - 2, index - 1, index + 1, index + 2) if 0 <= at < len(blocks)]
    if any(is_date_line(other.text) for other in around) or _STAMP.search(block.text[-_STAMP_SIZE:]):
        score += 1.5
    if start is None and any(_DETAILS.match(fold_text(other.text)) for other in around):
        directly = index + 1 < len(blocks) and _DETAILS.match(fold_text(blocks[index + 1].text))
        score += 3 if directly and not block.linked else 1.5
    if start is not None and index <= start:
        between = sum(1 for at in range(index + 1, start) if at not in chrome)
        score += 1.5 - 0.5 * min(between, 4)
        if index == start and not block.heading and not block.bold:
            score -= 2
        elif near and index < start and _stands_alone(block) and shared_start(block.path, blocks[start].path) == near:
            score += 2
    return score
