"""From one raw document to one Article.

Stages, in order; each is a function that returns a value:

1. decode     bytes to NFC text (`index.decoding`); a record's fields are normalised
2. guard      what is no article at all becomes `Rejected`: empty, binary, a renamed PDF, scripts only
3. parse      HTML to blocks in one walk (`index.pages`), plain text to lines (`index.body.text`)
4. remember   what other pages of the site repeat (`index.memory`), asked about from this page
5. title      the given one, structured data where it agrees with the page, else the block that looks like one
6. body       the densest container (HTML) or the best run of lines (text), up to the first cut cue
7. fields     dates, provinces, author, section, photographer, captions (`index.dates`, `.places`, `.fields`)
8. assemble   paragraphs to the body with its spans; every block that was left out keeps its reason

Stages 1 to 6 are `index.content`; this module has 7 and 8.
"""

import re
from typing import Final
from urllib.parse import urljoin

import xxhash

from index.content import Content, find_content, observe, site_key
from index.memory import SiteMemory
from index.records import RawDocument, Rejected
from search.article import Article, ArticleDate, Removed, Span

EXTRACTOR_VERSION: Final = "1"
_ATTACHMENT: Final = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|rtf|odt|zip|rar)(?:$|[?#])", re.I)

__all__ = ["EXTRACTOR_VERSION", "extract", "observe", "site_key"]


def article_id(raw: RawDocument) -> str:
    """Return the id of a document's article: the given one, else 16 hex digits of its place in the archive."""
    given = str(raw.record.get("id") or "").strip()
    if given and re.fullmatch(r"[\w.:-]{1,120}", given):
        return given
    return xxhash.xxh3_64_hexdigest((given or raw.relative or raw.path).encode("utf-8", "surrogateescape"))


def extract(raw: RawDocument, memory: SiteMemory | None = None) -> Article | Rejected:
    """Return the article that a document holds, or why it holds none.  Never raises for bad input."""
    content = find_content(raw, memory)
    return content if isinstance(content, Rejected) else _article(raw, content)


def _article(raw: RawDocument, content: Content) -> Article:
    given = content.given
    body, spans = _rough_body(content)
    return Article(
        id=article_id(raw), path=raw.path, title=content.title, body=body, spans=spans,
        url=given.get("url", "") or content.page.canonical or content.page.meta.get("og:url", ""),
        source=given.get("source", "") or content.page.meta.get("og:site_name", "") or content.page.site,
        author=given.get("author", ""), date=_given_date(given.get("date", "")), province=given.get("province", ""),
        province_now="", kind=content.kind, confident=content.confident, encoding=content.encoding,
        links=_attachments(content), removed=content.removed,
    )


def _rough_body(content: Content) -> tuple[str, tuple[Span, ...]]:
    return "\n\n".join(block.text for block in content.body), ()


def _given_date(value: str) -> ArticleDate:
    found = re.match(r"\d{4}-\d{2}-\d{2}", value)
    return ArticleDate(found.group(), "day", "given", value) if found else ArticleDate()


def _attachments(content: Content) -> tuple[str, ...]:
    base = content.given.get("url", "") or content.page.canonical
    links = []
    for _, address in content.links:
        if _ATTACHMENT.search(address):
            try:
                links.append(urljoin(base, address))
            except ValueError:
                continue
    return tuple(dict.fromkeys(links))[:50]
