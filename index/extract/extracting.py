"""From one raw document to one Article.

Stages, in order; each is a function that returns a value:

1. decode     bytes to NFC text (`index.decode`); a record's fields are normalised
2. guard      what is no article at all becomes `Rejected`: empty, binary, a renamed PDF, scripts only
3. parse      HTML to blocks in one walk (`index.page.parsing`), plain text to lines (`index.body.text`)
4. remember   what other pages of the site repeat (`index.page.sites`), asked about from this page
5. title      the given one, structured data where it agrees with the page, else the block that looks like one
6. body       the densest container (HTML) or the best run of lines (text), up to the first cut cue
7. fields     dates, provinces, author, section, photographer, captions (`index.dates`, `.places`, `.fields`)
8. assemble   paragraphs to the body with its spans; every block that was left out keeps its reason

Stages 1 to 6 are `index.extract.content`; this module has 7 and 8.
"""

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urljoin

import xxhash

from index.dates import DateInput, dateline, find_dates, given_date, made_day, named_day
from index.extract.content import Content, find_content, observe, site_key
from index.extract.source import folder_of
from index.fields import (
    Signoff,
    compose_body,
    find_captions,
    find_photographer,
    head_section,
    split_authors,
    take_signoff,
)
from index.page.blocks import Block
from index.page.elements import HEADINGS
from index.page.roles import names_author
from index.page.sites import SiteMemory
from index.places import PlaceInput, find_places, name_countries
from index.read.records import RawDocument, Rejected
from search.article import Article, ArticleDate, Removed
from search.text import mend, normalize

_ATTACHMENT: Final = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|rtf|odt|zip|rar)(?:$|[?#])", re.I)
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)+(?:vn|com|net|org|info)", re.I)
_MAX_LINKS: Final = 50
#: A dateline below the lead is among so many lines; running text is so long.
_OPENING_LINES: Final = 8
_LONG_LINE: Final = 150
_MAX_DATELINE: Final = 80

__all__ = ["article_id", "extract", "observe", "site_key"]


def article_id(raw: RawDocument) -> str:
    """Return the id of a document's article: the given one, else 16 hex digits of its place in the archive."""
    given = mend(str(raw.record.get("id") or "")).strip()
    if re.fullmatch(r"[\w.:-]{1,120}", given):
        return given
    return xxhash.xxh3_64_hexdigest((given or raw.relative or raw.path).encode("utf-8", "surrogateescape"))


def extract(raw: RawDocument, memory: SiteMemory | None = None) -> Article | Rejected:
    """Return the article that a document holds, or why it holds none.  Never raises for bad input."""
    content = find_content(raw, memory)
    return content if isinstance(content, Rejected) else _article(raw, content)


def _article(raw: RawDocument, content: Content) -> Article:
    given, data = content.given, content.page.data
    body_blocks, datelines = _opening_datelines(content.body)
    if datelines:
        content = replace(content, body=body_blocks, head=content.head + datelines)
    head = tuple(block.text for block in content.head)
    tail = tuple(block.text for block in content.tail)
    signed = take_signoff([block.text for block in content.body], head, tail, data.author, _headings(content))
    captions = find_captions(signed.paragraphs, _marked(content, signed), signed.signed_at)
    body, spans = compose_body(signed.paragraphs, captions, lead=True)
    date, event = find_dates(DateInput(
        title=content.title, head=head, body=signed.paragraphs, tail=tail, crawl=content.crawl, meta=data.dates,
        given=given.get("date", ""), named=_named_day(raw, content),
    )) if content.kind != "listing" else (given_date(given.get("date", "")), ArticleDate())
    author = given.get("author", "") or signed.author
    authors = split_authors(author) if given.get("author", "") else signed.authors
    photographer = signed.photographer or find_photographer(signed.paragraphs, captions)
    if photographer.lower() == author.lower():  # credits are often in capitals
        photographer = author
    publisher, host = given.get("source", "") or data.site, content.page.site or folder_host(folder_of(raw))
    places = find_places(PlaceInput(
        title=content.title, head=_header(content), body=signed.paragraphs, captions=captions,
        imprint=tuple(item.text for item in content.removed), host=host, publisher=publisher,
        given=given.get("province", ""), date=date if date.value else event,
    ))
    return Article(
        id=article_id(raw), path=raw.path, title=content.title, body=body, spans=spans,
        url=given.get("url", "") or content.page.canonical,
        source=given.get("source", publisher or host or signed.source),
        author=author, authors=authors, author_evidence="given" if given.get("author", "") else signed.evidence,
        section=_section(content), photographer=photographer,
        date=date, event_date=event, province=places.own, province_now=places.own_now, provinces=places.names,
        places=places.evidence, countries=name_countries(content.title, signed.paragraphs),
        kind=content.kind, confident=content.confident, encoding=content.encoding,
        links=_attachments(content), removed=content.removed + _beside(content) + _signed_off(content, signed),
    )


def _opening_datelines(body: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return the body of a page without the datelines below its lead, and those: `Mai Nga - Thứ tư, 16/08/2017 16:03`.

    Only the first lines are looked at, up to the second long one, and only lines with a label or a clock.
    """
    found: list[Block] = []
    running = 0
    for block in body[:_OPENING_LINES]:
        shown = dateline(block.text) if block.path and len(block.text) <= _MAX_DATELINE else None
        if shown and shown.labelled:
            found.append(block)
        running += len(block.text) >= _LONG_LINE
        if running > 1:
            break
    return tuple(block for block in body if block not in found) if found else body, tuple(found)


def _named_day(raw: RawDocument, content: Content) -> ArticleDate:
    """Return the day in the name of the file or in the address, else the one on which the document was made."""
    address = content.given.get("url", "") or content.page.canonical
    named = named_day(raw.relative or raw.path, address)
    return named if named.value else made_day(content.given.get("made", ""))


@lru_cache(maxsize=1_000)
def folder_host(folder: str) -> str:
    """Return the host that a folder is named by, as crawlers do (`pages/baonghean.vn/tin.html`), or `""`."""
    return next((part.lower() for part in reversed(PurePosixPath(folder).parts) if _HOST.fullmatch(part)), "")


def _header(content: Content) -> tuple[str, ...]:
    """Return lines that may name the publisher: the page's own title and the lines above the article."""
    return (*((content.page.title,) if content.page.title else ()), *(block.text for block in content.head))


def _marked(content: Content, signed: Signoff) -> frozenset[int]:
    """Return the indexes of paragraphs that the markup says are captions."""
    marked = {block.text for block in content.body if "caption" in block.names}
    return frozenset(index for index, text in enumerate(signed.paragraphs) if text in marked)


def _headings(content: Content) -> frozenset[str]:
    """Return the lines that the page marks as headings, or as links other than to an author: they are not by-lines."""
    lines = (*content.head, *content.body, *content.tail)
    return frozenset(block.text for block in lines if block.heading or block.tag in HEADINGS
                     or (block.link_share > 0.9 and not names_author(block.names)))


def _section(content: Content) -> str:
    if content.section:
        return content.section
    named = (head_section(block.text) for block in reversed(content.head))
    return next((section for section in named if section), content.page.data.section)


def _beside(content: Content) -> tuple[Removed, ...]:
    """Return the lines of the article that are no part of its body: section, date, name of the site."""
    return tuple(Removed(block.text, "beside the body") for block in (*content.head, *content.tail))


def _signed_off(content: Content, signed: Signoff) -> tuple[Removed, ...]:
    """Return the lines that only sign the article, with their reason."""
    kept = set(signed.paragraphs)
    return tuple(Removed(block.text, "by-line") for block in content.body if block.text not in kept)


def _attachments(content: Content) -> tuple[str, ...]:
    """Return the addresses of attached documents among the page's links."""
    base = content.given.get("url", "") or content.page.canonical
    found: dict[str, None] = {}
    for address in content.links:
        if _ATTACHMENT.search(address) and len(found) < _MAX_LINKS:
            try:
                found[normalize(urljoin(base, address.strip()))] = None
            except ValueError:
                continue
    return tuple(found)
