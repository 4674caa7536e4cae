"""The entries of an RSS or Atom file, or of any XML file whose elements are records; sitemaps are told from them."""

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from index.read.encoding import Peekable, Stream
from index.read.fields import FieldNames, NamesSeen, canonical, holds_text
from index.read.records import Broken, NoArticle, Piece, too_big

_ENTRIES: Final = frozenset(("item", "entry"))
_SITEMAPS: Final = frozenset(("urlset", "sitemapindex"))
_FEEDS: Final = frozenset(("rss", "feed", "rdf", "channel"))
_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
#: Elements of a namespace whose meaning would be mistaken for that of a plain name: pictures and their captions.
_MEDIA: Final = "{http://search.yahoo.com/mrss/}"
#: `content:encoded`, WordPress' `excerpt:encoded`: the name is in the prefix.
_PREFIXED: Final = frozenset(("encoded", "date", "creator", "title"))


def feed_pieces(stream: Stream, limit: int, names: FieldNames, seen: NamesSeen) -> Iterator[Piece]:
    """Yield the entries of an XML file as records.  Raises Broken where it can't be read on."""
    source = Peekable(stream)
    if not source.peek(64).strip():
        raise NoArticle("the file is empty")
    events = etree.iterparse(source, events=("start", "end"), recover=True, resolve_entities=False, no_network=True,
                             load_dtd=False, huge_tree=False)
    depth, number, outlet = 0, 0, ""
    root = ""
    try:
        for event, element in events:
            name = _local(element)
            if event == "start":
                depth += 1
                if depth == 1:
                    root = name.lower()
                    _refuse_sitemap(root)
                continue
            depth -= 1
            if name == "title" and root in _FEEDS and not outlet and _local(element.getparent()) in ("channel", "feed"):
                outlet = _inner(element)
            if name.lower() not in _ENTRIES and not (depth == 1 and root not in _FEEDS and len(element)):
                continue
            record = _record(element)
            _free(element)
            if name.lower() not in _ENTRIES and not holds_text(record):
                continue
            number += 1
            yield _piece(f"#{number}", record, outlet, limit, names, seen)
    except etree.XMLSyntaxError as error:
        raise Broken(f"no valid XML: {str(error)[:120]}") from error
    if not number:
        raise NoArticle(f"it is XML, but no feed and no list of articles (its root is <{root[:40]}>)")


def _refuse_sitemap(root: str) -> None:
    if root in _SITEMAPS:
        raise NoArticle("it is a sitemap: a list of addresses, without articles")


def _piece(place: str, record: dict[str, Any], outlet: str, limit: int, names: FieldNames, seen: NamesSeen) -> Piece:
    size = sum(len(value) for value in record.values() if isinstance(value, str))
    if size > limit:
        return Piece(place, reason=too_big(size, limit))
    found = canonical(record, names, seen)
    if not (found.keys() & {"text", "html", "lead"}):
        return Piece(place, reason="the entry has no text")
    if outlet and "source" not in found:
        found["source"] = outlet
    if "url" not in found and found.get("id", "").startswith(("http://", "https://")):
        found["url"] = found["id"]  # a guid that is an address
    return Piece(place, record=found)


def _record(entry: Any) -> dict[str, Any]:
    """Return the children of an entry by name; those that come several times as a list."""
    record: dict[str, Any] = {}
    for child in entry:
        if not isinstance(child.tag, str) or child.tag.startswith(_MEDIA):
            continue
        name, value = _name(child), _value(child)
        if not value:
            continue
        if name in record:
            known = record[name]
            record[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            record[name] = value
    return record


def _name(child: Any) -> str:
    name = _local(child)
    prefix = child.prefix or ""
    return f"{prefix}_{name}" if prefix and name in _PREFIXED and prefix != "dc" else name


def _value(child: Any) -> str:
    """Return what an element says: the address of a link, the name of a person, its text or its XHTML."""
    name = _local(child)
    if name == "link" and child.get("href"):
        return str(child.get("href")) if child.get("rel", "alternate") == "alternate" else ""
    if name == "category" and child.get("term"):
        return str(child.get("label") or child.get("term"))
    if name == "author" and len(child):
        return next((_inner(part) for part in child if _local(part) == "name"), "")
    if child.get("type") == "xhtml" or any(isinstance(part.tag, str) and part.tag.startswith(_XHTML) for part in child):
        return str(etree.tostring(child, encoding="unicode", method="html", with_tail=False))
    text = _inner(child)
    if name == "author" and text.endswith(")") and "@" in text.split("(")[0]:
        text = text.split("(", 1)[1][:-1]  # RSS: `mail@example.vn (Name)`
    return text


def _inner(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _local(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1] if element is not None else ""


def _free(element: Any) -> None:
    """Forget an entry that has been read, and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
