"""From the text of an HTML page to its head and its blocks, in one walk over lxml's tree."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from index.decode import clean
from index.fields import structured_data
from index.page.blocks import Block, Head
from index.page.elements import (
    BLOCK_TAGS,
    HEADINGS,
    MAX_DEPTH,
    MAX_HARD_SIZE,
    SKIPPED_TAGS,
    is_hard,
    soup_tree,
    without_data,
)
from index.page.roles import Marks, Role, marks_of

#: Elements whose text is no text, and tags.  Both parts end at the first `>`, so that time is linear.
_TAG: Final = re.compile(r"(?is)<(script|style|noscript)\b[^<]*(?:</\1[^<>]*>|$)|</?[a-z][^<>]*>")
#: The share of opened tags below which lxml is taken to have given up on a page.
_LOST_SHARE: Final = 0.1
MAX_LINKS: Final = 2_000
#: A block is bold, or about the article, if more than this share of its text is.
_MOSTLY: Final = 0.8
#: What tells about an article is no longer than this.
_MOST_ABOUT: Final = 400


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: its head, its blocks in order, the addresses it links to, and what its elements are for.

    `beside` are the numbers of the elements that are no part of an article (they are parts of blocks' paths) with
    their role, `sections` the paths of the elements that hold an article, or the part of the page that it is in.
    """

    head: Head
    blocks: tuple[Block, ...]
    links: tuple[str, ...] = ()
    beside: Mapping[int, Role] = field(default_factory=dict)
    sections: tuple[tuple[Role, tuple[int, ...]], ...] = ()


def parse_page(text: str, url: str = "") -> Page:
    """Return the head and the blocks of an HTML page.

    lxml reads nearly every page; pages that it is known to choke on (see `index.page.elements`) are read by
    BeautifulSoup on html.parser, which is slower but linear and never gives up.
    """
    text = without_data(text)
    tree = None if is_hard(text) else _lxml_tree(text)
    return _walk(soup_tree(text) if tree is None else tree, url, "datePublished" in text)


def _lxml_tree(text: str) -> Any:
    """Return lxml's tree of a page, None if it gave up: at 256 levels it stops silently with what it has."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", no_network=True,
                              collect_ids=False)  # no element is asked for by its id
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if root is None or len(text) > MAX_HARD_SIZE:
        return root
    error = parser.error_log.last_error
    if error is not None and "depth" in error.message:
        return None
    kept = root.xpath("count(//*)")
    return root if kept >= _LOST_SHARE * (text.count("<") - text.count("</")) else None


class _Place(NamedTuple):
    """Where the walk is: the open block-level element, and what its text inherits from the elements around it."""

    path: tuple[int, ...] = ()
    tag: str = "body"
    names: tuple[str, ...] = ("body",)
    heading: int = 0
    role: Role = ""
    linked: bool = False
    bold: bool = False


class _Walker:
    """Collects blocks while the tree is walked; one object a page."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.links: list[str] = []
        self.beside: dict[int, Role] = {}
        self.sections: list[tuple[Role, tuple[int, ...]]] = []
        self.serial = 0
        self._parts: list[str] = []
        self._size = self._linked = self._bold = self._meta = 0
        self._told = False

    def add(self, text: str, place: _Place) -> None:
        """Add a run of text to the block that is open."""
        self._parts.append(text)
        size = len(text.strip())
        if size:
            self._size += size
            if place.linked:
                self._linked += size
            if place.bold:
                self._bold += size
            if place.role == "meta":
                self._meta += size

    def close(self, place: _Place) -> None:
        """End the open block."""
        if not self._parts:
            return
        if self._size:
            text = clean(" ".join("".join(self._parts).split()))
            if text:
                linked = min(len(text), round(self._linked / self._size * len(text)))
                role = place.role or ("meta" if self._meta > _MOSTLY * self._size else "")
                bold = self._bold > _MOSTLY * self._size
                self.blocks.append(Block(text, place.path, place.tag, " > ".join(place.names), linked, bold, False,
                                         place.heading, role))
            self._size = self._linked = self._bold = self._meta = 0
        self._parts = []

    def walk(self, element: Any, place: _Place, depth: int) -> None:
        """Walk one element."""
        for child in element:
            name = child.tag
            if isinstance(name, str) and name not in SKIPPED_TAGS:
                if name == "br":
                    if place.heading:
                        self.add(" ", place)
                    else:
                        self.close(place)
                else:
                    marks = marks_of(child, name)
                    if marks.hidden:
                        pass
                    elif name in BLOCK_TAGS and depth < MAX_DEPTH:
                        self._block(child, name, marks, place, depth)
                    else:
                        self._inline(child, name, marks, place, depth)
            tail = child.tail
            if tail and (self._parts or not tail.isspace()):
                self.add(tail, place)
                self._told = self._told and tail.isspace()

    def _block(self, child: Any, name: str, marks: Marks, place: _Place, depth: int) -> None:
        self.close(place)
        self.serial += 1
        path = (*place.path, self.serial)
        role = marks.role
        if role in ("beside", "comments"):
            self.beside[self.serial] = role
        elif role in ("body", "main"):
            self.sections.append((role, path))
        text, children = child.text, len(child)
        shows = text and not text.isspace()
        if not shows and not children:
            return
        inner = _Place(path, name, (*place.names[-2:], marks.names), HEADINGS.get(name, place.heading),
                       role or place.role, place.linked, place.bold or name == "th")
        if shows:
            self.add(text, inner)
        first = len(self.blocks)
        if children:
            self.walk(child, inner, depth + 1)
        self.close(inner)
        if role == "meta":
            self._believe(first, place.role)

    def _believe(self, first: int, role: Role) -> None:
        """Take the role `meta` from the blocks since `first` if they are too much text: a wrapper was misnamed."""
        inside = self.blocks[first:]
        if sum(len(block.text) - block.linked for block in inside) > _MOST_ABOUT:
            self.blocks[first:] = [replace(block, role=role) if block.role == "meta" else block for block in inside]

    def _inline(self, child: Any, name: str, marks: Marks, place: _Place, depth: int) -> None:
        address = child.get("href") if name == "a" else None
        bold = name in ("b", "strong")
        inside, text, children = place, child.text, len(child)
        marked = address is not None or bold or marks.role == "meta" or marks.names != name
        if marked and (text or children):
            names = (*place.names[-3:-1], f"{place.names[-1]} {marks.names}") if marks.names != name else place.names
            inside = _Place(place.path, place.tag, names, place.heading, "meta" if marks.role == "meta" else place.role,
                            place.linked or address is not None, place.bold or bold)
        about = marks.role == place.role == "meta"
        if about and self._told:
            self.add(" | ", place)  # who and when, in elements of their own
        self._told = False
        if text:
            self.add(text, inside)
        if children and depth < MAX_DEPTH:
            self.walk(child, inside, depth + 1)
        self._told = self._told or (about and self._size > 0)
        if address is not None and len(self.links) < MAX_LINKS:
            self.links.append(address)


def _walk(root: Any, url: str, dated: bool) -> Page:
    walker = _Walker()
    if root is None:
        return Page(Head(), ())
    walker.walk(root, _Place(), 0)
    walker.close(_Place())
    return Page(read_head(root, url, dated), tuple(walker.blocks), tuple(walker.links), walker.beside,
                tuple(walker.sections))


def read_head(root: Any, url: str = "", dated: bool = True) -> Head:
    """Return what the page says about itself; `url` (of the record) wins over the page's own address.

    `dated` says that microdata may mark a date, which is looked for in the whole tree.
    """
    told = list(root.iter("title", "link", "meta"))
    title = next((element.text or "" for element in told if element.tag == "title"), "")
    links = (link.get("href") for link in told if link.tag == "link" and (link.get("rel") or "").lower() == "canonical")
    own = (meta.get("content") for meta in told if meta.tag == "meta" and meta.get("property") == "og:url")
    canonical = next((address.strip() for address in (*links, *own) if address), "")
    return Head(_clean(title[:1000]), canonical, host(url or canonical), structured_data(root, dated))


def _clean(text: str) -> str:
    """Return a title in one line, without the scripts and tags that a broken page writes into it."""
    return clean(" ".join(_TAG.sub(" ", text).split()))


@lru_cache(maxsize=1_000)
def host(address: str) -> str:
    """Return the host of an address without `www.`, `""` if it has none."""
    try:
        name = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")
