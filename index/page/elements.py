"""What is known about HTML elements, and pages too hard for lxml."""

import re
from typing import Any, Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from lxml import etree

from index.decode.damage import has_run

_BLOCK_TAGS_TABLE: Final = """
    address article aside blockquote body caption center col dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section
    summary table tbody td tfoot th thead tr ul
"""
BLOCK_TAGS: Final = frozenset(_BLOCK_TAGS_TABLE.split())
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
#: No text of an article is ever inside these.
_SKIPPED_TAGS_TABLE: Final = """
    applet audio button canvas datalist embed head iframe input link map math meta noscript object script
    select style svg template textarea title video
"""
SKIPPED_TAGS: Final = frozenset(_SKIPPED_TAGS_TABLE.split())
#: Deeper elements are read as part of their ancestor; lxml itself stops at 256 without `huge_tree`.
MAX_DEPTH: Final = 200
MAX_ATTRIBUTES: Final = 2_000
#: Longer pages are no articles; BeautifulSoup needs 5 s for a megabyte of tags, so hard pages must be shorter.
MAX_SIZE: Final = 10_000_000
MAX_HARD_SIZE: Final = 2_000_000

_LONGEST_TAG: Final = 20_000
_LONG_TAG: Final = re.compile(rf"<[a-zA-Z][^<>]{{{_LONGEST_TAG},}}")
#: Pictures inside the page make it long; they hold no text.
_DATA: Final = re.compile(r"data:[\w/+.-]{3,60};base64,[A-Za-z0-9+/=\s]{200,}")
_LARGE: Final = 500_000
#: So many tags that never close are no page.
_MANY_OPEN: Final = 10_000


def without_data(text: str) -> str:
    """Return a page without the pictures that are written into it."""
    return _DATA.sub("", text) if len(text) > _LARGE and ";base64," in text else text


def too_wild(text: str) -> str:
    """Return why a page can't be read within reasonable time, `""` if it can."""
    size = len(without_data(text))
    if size > MAX_SIZE:
        return f"the page is {size / 1e6:.0f} million characters long; no article is"
    if size > MAX_HARD_SIZE and is_hard(text):
        return "its markup is a bomb: a tag has thousands of attributes"
    opened, closed = text.count("<"), text.count(">")
    if opened > _MANY_OPEN and closed < opened / 2:
        return f"its markup is broken: {opened} tags are opened and only {closed} closed"
    return ""


def is_hard(text: str) -> bool:
    """Say whether a page should not be given to lxml: too many attributes on a tag.

    lxml needs more than a minute for one tag of 100,000 attributes (measured).
    """
    return has_run(text, "<", _LONGEST_TAG) and any(
        found.group().count("=") > MAX_ATTRIBUTES or found.group().count(" ") > MAX_ATTRIBUTES
        for found in _LONG_TAG.finditer(text)
    )


def soup_tree(text: str) -> Any:
    """Read a hard page by BeautifulSoup and return it as an lxml tree that is at most MAX_DEPTH deep."""
    soup = BeautifulSoup(text, "html.parser")
    root = etree.Element("html")
    pending: list[tuple[Any, Any, int]] = [(child, root, 1) for child in reversed(list(soup.children))]
    while pending:
        node, parent, depth = pending.pop()
        if isinstance(node, Tag):
            element = parent if depth >= MAX_DEPTH else _element(node, parent)
            pending.extend((child, element, depth + 1) for child in reversed(list(node.children)))
        elif type(node) is NavigableString or node.__class__.__name__ in ("Script", "TemplateString"):
            _append_text(parent, str(node))
    return root


def _element(node: Tag, parent: Any) -> Any:
    name = node.name.lower()
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        name = "span"
    element = etree.SubElement(parent, name)
    for key in ("class", "id", "itemprop", "href", "rel", "type", "property", "name", "content", "datetime", "style"):
        value = node.get(key)
        if value:
            element.set(key, _xml_safe(" ".join(value) if isinstance(value, list) else str(value))[:2000])
    return element


def _append_text(parent: Any, text: str) -> None:
    text = _xml_safe(text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _xml_safe(text: str) -> str:
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)
