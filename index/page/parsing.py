"""From the text of an HTML page to its head and its blocks, in one walk over lxml's tree."""

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

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
from search.text import normalize

_SPACE: Final = re.compile(r"[\s\u00a0]+")
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.I)
_OPENED: Final = re.compile("<[a-zA-Z]")
#: The share of opened tags below which lxml is taken to have given up on a page.
_LOST_SHARE: Final = 0.1
MAX_LINKS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: its head, its blocks in order, and the addresses it links to."""

    head: Head
    blocks: tuple[Block, ...]
    links: tuple[str, ...] = ()


def parse_page(text: str, url: str = "") -> Page:
    """Return the head and the blocks of an HTML page.

    lxml reads nearly every page; pages that it is known to choke on (see `index.page.elements`) are read by
    BeautifulSoup on html.parser, which is slower but linear and never gives up.
    """
    text = without_data(text)
    tree = None if is_hard(text) else _lxml_tree(text)
    return _walk(soup_tree(text) if tree is None else tree, url)


def _lxml_tree(text: str) -> Any:
    """Return lxml's tree of a page, None if it gave up: at 256 levels it stops silently with what it has."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if root is None or len(text) > MAX_HARD_SIZE:
        return root
    error = parser.error_log.last_error
    if error is not None and "depth" in error.message:
        return None
    kept = sum(1 for _ in root.iter())
    return root if kept >= _LOST_SHARE * len(_OPENED.findall(text)) else None


class _Walker:
    """Collects blocks while the tree is walked; one object a page."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.links: list[str] = []
        self.serial = 0
        self._parts: list[str] = []
        self._linked = 0
        self._bold = 0
        self._size = 0

    def add(self, text: str | None, linked: bool, bold: bool) -> None:
        """Add a run of text to the block that is open."""
        if not text:
            return
        self._parts.append(text)
        size = len(text.strip())
        self._size += size
        self._linked += size if linked else 0
        self._bold += size if bold else 0

    def close(self, path: tuple[int, ...], tag: str, names: str, heading: int) -> None:
        """End the open block."""
        if self._size:
            text = normalize(_SPACE.sub(" ", "".join(self._parts)).strip())
            if text:
                linked = min(len(text), round(self._linked / self._size * len(text)))
                self.blocks.append(Block(text, path, tag, names, linked, self._bold > 0.8 * self._size, False, heading))
        self._parts, self._linked, self._bold, self._size = [], 0, 0, 0

    def walk(self, element: Any, path: tuple[int, ...], tag: str, names: tuple[str, ...], state: tuple[bool, bool, int],
             depth: int) -> None:
        """Walk one element; `state` is (inside a link, inside bold, heading level)."""
        linked, bold, heading = state
        for child in element:
            name = child.tag
            if not isinstance(name, str) or name in SKIPPED_TAGS or _is_hidden(child):
                self.add(child.tail, linked, bold)
                continue
            if name == "br":
                if heading:
                    self.add(" ", linked, bold)
                else:
                    self.close(path, tag, " > ".join(names), heading)
            elif name in BLOCK_TAGS and depth < MAX_DEPTH:
                self.close(path, tag, " > ".join(names), heading)
                self.serial += 1
                inner, inner_names = (*path, self.serial), (*names[-2:], _names(child, name))
                level = HEADINGS.get(name, heading)
                self.add(child.text, linked, bold)
                self.walk(child, inner, name, inner_names, (linked, bold or name == "th", level), depth + 1)
                self.close(inner, name, " > ".join(inner_names), level)
            else:
                self._inline(child, name, path, tag, names, (linked, bold, heading), depth)
            self.add(child.tail, linked, bold)

    def _inline(self, child: Any, name: str, path: tuple[int, ...], tag: str, names: tuple[str, ...],
                state: tuple[bool, bool, int], depth: int) -> None:
        linked, bold, heading = state
        is_link = name == "a" and child.get("href") is not None
        inside = (linked or is_link, bold or name in ("b", "strong"), heading)
        self.add(child.text, inside[0], inside[1])
        if depth < MAX_DEPTH:
            marked = (*names[-2:], f"{names[-1]} {_names(child, name)}") if names and child.get("class") else names
            self.walk(child, path, tag, marked, inside, depth + 1)
        if is_link and len(self.links) < MAX_LINKS:
            self.links.append(child.get("href"))


def _names(element: Any, name: str) -> str:
    words = [name]
    for key in ("class", "id", "itemprop"):
        value = element.get(key)
        if value:
            words.append(value[:100].lower())
    return " ".join(words)


def _is_hidden(element: Any) -> bool:
    style = element.get("style")
    return bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None


def _walk(root: Any, url: str) -> Page:
    walker = _Walker()
    if root is None:
        return Page(Head(), ())
    walker.walk(root, (), "body", ("body",), (False, False, 0), 0)
    walker.close((), "body", "body", 0)
    return Page(read_head(root, url), tuple(walker.blocks), tuple(walker.links))


def read_head(root: Any, url: str = "") -> Head:
    """Return what the page says about itself; `url` (of the record) wins over the page's own address."""
    title = next((element.text or "" for element in root.iter("title")), "")
    links = (link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    own = (meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:url")
    canonical = next((address.strip() for address in (*links, *own) if address), "")
    return Head(_clean(title[:1000]), canonical, host(url or canonical), structured_data(root))


def _clean(text: str) -> str:
    return normalize(_SPACE.sub(" ", text).strip())


def host(address: str) -> str:
    """Return the host of an address without `www.`, `""` if it has none."""
    try:
        name = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")
