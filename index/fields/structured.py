"""What a page says of itself in its head: JSON-LD, Open Graph, meta and time elements."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from search.text import fold_text, normalize

_ARTICLE_TYPES: Final = frozenset(
    ("newsarticle", "article", "reportagenewsarticle", "blogposting", "analysisnewsarticle", "webpage")
)
MAX_JSON: Final = 200_000
#: What hides a script from old browsers, at its beginning and end.
_WRAPPING: Final = re.compile(
    r"^(?:\s|//|/\*|\*/|<!\[CDATA\[|<!--)+|(?:\s|//|/\*|\*/|\]\]>|-->|;)+$"
)
_LAST_COMMA: Final = re.compile(r",(\s*[}\]])")
#: Names of fields in order of trust, folded to lower case.
_TITLE: Final = ("og:title", "twitter:title", "dc.title")
_PUBLISHED: Final = (
    "article:published_time", "datepublished", "pubdate", "its_publication", "dc.date.issued", "dc.date.created",
    "dc.date", "dcterms.created", "publishdate", "publish_date", "publish-date", "date_published",
    "article_date_original", "article:published", "og:published_time", "sailthru.date", "parsely-pub-date",
)  # fmt: skip
_AUTHOR: Final = ("article:author", "author", "dc.creator")
_SECTION: Final = ("article:section", "its_section", "section")
_SITE: Final = ("og:site_name", "application-name")


@dataclass(frozen=True, slots=True)
class StructuredData:
    """A page's own statements, normalised but not believed: `""` where it makes none; the date as written."""

    title: str = ""
    author: str = ""
    section: str = ""
    site: str = ""
    published: str = ""

    @property
    def dates(self) -> tuple[str, ...]:
        """Return what `find_dates` wants as `meta`: the publication date, if the page states one."""
        return (self.published,) if self.published else ()


def structured_data(root: Any, dated: bool = True) -> StructuredData:
    """Read the head of an lxml tree; call it before scripts are dropped.  Never raises on odd content.

    `dated` says that microdata may mark a date, for which the whole tree is searched.
    """
    meta = _meta(root)
    linked = _linked_article(root)

    def first(*keys: str) -> str:
        return next((meta[key] for key in keys if meta.get(key)), "")

    author = _people(linked.get("author")) or first(*_AUTHOR)
    site = first(*_SITE) or _text(linked.get("publisher"))
    return StructuredData(
        title=_text(linked.get("headline")) or first(*_TITLE),
        author=_person(author, site),
        section=_text(linked.get("articleSection")) or first(*_SECTION),
        site=site,
        published=_text(linked.get("datePublished")) or (dated and _marked_moment(root)) or first(*_PUBLISHED)
        or _time_element(root),
    )


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = _text(element.get("content"))
        if not content:
            continue
        for attribute in ("property", "name", "itemprop"):
            key = (element.get(attribute) or "").strip().lower()
            if key:
                found.setdefault(key, content)
    return found


def _marked_moment(root: Any) -> str:
    """Return the moment that microdata marks as the day of publication, whatever others stand beside it.

    Teasers of other articles carry the mark, too: several different ones say nothing.
    """
    stamps = {
        stamp
        for element in root.xpath("//*[contains(@itemprop, 'datePublished')]")
        if "datePublished" in element.get("itemprop").split()
        and (stamp := (element.get("datetime") or element.get("content") or "").strip())
    }
    return stamps.pop() if len(stamps) == 1 else ""


def _people(value: Any) -> str:
    """Return the names of one author or several: `[{"name": "A"}, {"name": "B"}]` is `A, B`."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(name for item in value[:8] if (name := _text(item))))
    return _text(value)


def _time_element(root: Any) -> str:
    """Return the moment of a page's only `<time datetime>`; several are a list of other articles."""
    stamps = {stamp for element in root.iter("time") if (stamp := (element.get("datetime") or "").strip())}
    return stamps.pop() if len(stamps) == 1 else ""


def _linked_article(root: Any) -> dict[str, Any]:
    """Return the first JSON-LD object of the page that is an article."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip()
        if not text or len(text) > MAX_JSON:
            continue
        for node in _nodes(_loaded(text)):
            tells = node.get("headline") or node.get("datePublished")
            if tells and _text(node.get("@type")).lower() in _ARTICLE_TYPES:
                return node
    return {}


def _loaded(text: str) -> Any:
    """Return JSON as Python, None if it is none; wrapped in CDATA or a comment, or with a comma too many, it is."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    bare = _WRAPPING.sub("", text)
    try:
        return json.loads(_LAST_COMMA.sub(r"\1", bare), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(loaded: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(loaded, list):
        for item in loaded:
            yield from _nodes(item, depth + 1)
    elif isinstance(loaded, dict):
        yield loaded
        yield from _nodes(loaded.get("@graph"), depth + 1)


def _text(value: Any) -> str:
    """Return the text of a JSON-LD value: a string, a name, or the first of a list."""
    if isinstance(value, str):
        return normalize(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", value))).strip()
    if isinstance(value, dict):
        return _text(value.get("name"))
    if isinstance(value, list) and value:
        return _text(value[0])
    return ""


def _person(author: str, site: str) -> str:
    """Return an author's name, `""` where the field holds an address, the site itself or a number."""
    if not author or "/" in author or "." in author.strip(".") or "@" in author or not re.search(r"[^\W\d_]", author):
        return ""
    author = re.sub(r"^(?:theo|nguồn|tác giả)\s*:?\s+", "", author, flags=re.IGNORECASE)
    same = fold_text(author).replace(" ", ""), fold_text(site).replace(" ", "")
    return "" if same[1] and (same[0] in same[1] or same[1] in same[0]) else author
