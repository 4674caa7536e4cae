"""From one raw document to its content: title, body blocks and what stands around them (stages 1 to 6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

import xxhash

from index.blocks import Block, Head
from index.body.select import Selection, body_start, mark_chrome, select
from index.body.text import line_blocks, select_lines, text_start, text_title
from index.body.title import SURE, bare_title, clean_title, find_title
from index.decoding import decode
from index.fields import split_glued_head, take_crawl_prefix
from index.memory import NOTHING_KNOWN, Observation, SiteKnowledge, SiteMemory, block_key, key_of
from index.pages import Page, host, parse_page
from index.records import RawDocument, Rejected
from search.article import ArticleDate, Kind, Removed
from search.text import normalize

_ADDRESS: Final = re.compile(
    r"""<link[^>]{0,200}rel=["']canonical["'][^>]{0,200}href=["']([^"']+)|<meta[^>]{0,200}og:url["'][^>]{0,100}content=["']([^"']+)""", re.I
)
_STYLESHEET: Final = re.compile(r"""<link[^>]{0,300}href=["']([^"'?>]+\.css)""", re.I)
#: Where canonical links and stylesheets stand.
_HEAD_SIZE: Final = 60_000
#: A given title must be recognised in the text by its words.
_ENOUGH_FOR_GIVEN: Final = 4.0


@dataclass(frozen=True, slots=True)
class Source:
    """A document after decoding: its text, whether that is HTML, and the fields that its record gives."""

    text: str
    is_html: bool
    encoding: str
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """A document whose title and body are found; the input of the rules for fields."""

    title: str
    body: tuple[Block, ...]
    head: tuple[Block, ...]
    tail: tuple[Block, ...]
    removed: tuple[Removed, ...]
    kind: Kind
    confident: bool
    page: Head
    encoding: str
    given: Mapping[str, str]
    links: tuple[tuple[str, str], ...] = ()
    section: str = ""
    crawl: ArticleDate = ArticleDate()


def read_source(raw: RawDocument) -> Source | Rejected:
    """Decode a document; a file that is no text becomes a reject (stages 1 and 2)."""
    if raw.data is None:
        given = {key: normalize(str(value)) for key, value in raw.record.items() if value is not None}
        text = given.pop("html", "") or given.get("text", "")
        is_html = bool(raw.record.get("html"))
        given.pop("text", None)
        return Source(text, is_html, "utf-8", given) if text.strip() else Rejected(raw.path, "it has no text")
    if not raw.data.strip():
        return Rejected(raw.path, "the file is empty")
    is_html = PurePosixPath(raw.relative or raw.path).suffix.lower() in (".html", ".htm")
    decoded = decode(raw.data, is_html)
    return Source(decoded.text, is_html, decoded.encoding, {})


def site_of(raw: RawDocument, source: Source) -> str:
    """Return the key under which a document's site is remembered.

    The host of its address if it names one; else its source as given; else its folder, and for HTML the set
    of its stylesheets, which tells the layouts of a site apart, and sites that share a folder.
    """
    address = source.given.get("url", "")
    if source.is_html and not address:
        found = _ADDRESS.search(source.text, 0, _HEAD_SIZE)
        address = (found.group(1) or found.group(2)) if found else ""
    kind = "html" if source.is_html else "text"
    name = host(address) or source.given.get("source", "")
    if name:
        return f"{kind}:{name}"
    folder = str(PurePosixPath(raw.relative or raw.path).parent)
    if not source.is_html:
        return f"{kind}:{folder}"
    sheets = {re.sub(r"\d+", "0", name.rsplit("/", 1)[-1]) for name in _STYLESHEET.findall(source.text, 0, _HEAD_SIZE)}
    return f"{kind}:{folder}|{xxhash.xxh3_64_hexdigest(repr(sorted(sheets)).encode())[:8]}"


def _digest(source: Source) -> int:
    return xxhash.xxh3_64_intdigest(source.text.encode("utf-8", "replace"))


def _declared(head: Head) -> list[str]:
    """Return the titles that a page states of itself, the most trustworthy first."""
    titles = [title for title in (head.data.title, head.title) if title]
    return list(dict.fromkeys(part for title in titles for part in bare_title(title)))


def observe(raw: RawDocument) -> Observation | None:
    """Return what a document teaches about its site, None if it can't be read."""
    source = read_source(raw)
    if isinstance(source, Rejected):
        return None
    if source.is_html:
        page = parse_page(source.text)
        keys = {key_of(block) for block in page.blocks} | {block_key(title) for title in _declared(page.head)}
    else:
        keys = {key_of(block) for block in line_blocks(source.text)}
    return Observation(site_of(raw, source), _digest(source), tuple(sorted(keys)))


def site_key(raw: RawDocument) -> str:
    """Return the site of a document without parsing it, `""` if it can't be read."""
    source = read_source(raw)
    return "" if isinstance(source, Rejected) else site_of(raw, source)


def find_content(raw: RawDocument, memory: SiteMemory | None) -> Content | Rejected:
    """Find title and body of a document (stages 1 to 6)."""
    source = read_source(raw)
    if isinstance(source, Rejected):
        return source
    known = memory.about(site_of(raw, source), _digest(source)) if memory else NOTHING_KNOWN
    if source.is_html:
        return _page_content(raw, source, parse_page(source.text, source.given.get("url", "")), known)
    return _text_content(raw, source, known)


def _page_content(raw: RawDocument, source: Source, page: Page, known: SiteKnowledge) -> Content | Rejected:
    if not page.blocks:
        return Rejected(raw.path, "the page holds no text")
    blocks = page.blocks
    chrome = mark_chrome(blocks, known)
    declared = [title for title in _declared(page.head) if not known.sightings(block_key(title))]
    given = source.given.get("title", "")
    wanted = [given, *declared] if given else declared
    title = find_title(blocks, wanted, chrome, body_start(blocks, chrome))
    if title.index is None:
        title = find_title(blocks, wanted, chrome, None, SURE)
    selection = select(blocks, chrome, title.index, title.sure)
    shown = clean_title(blocks[title.index].text) if title.index is not None else ""
    return _content(given or shown or (declared or [""])[0], blocks, selection, source, page.head, page.links)


def _text_content(raw: RawDocument, source: Source, known: SiteKnowledge) -> Content | Rejected:
    crawl, text = take_crawl_prefix(source.text)
    blocks = line_blocks(text)
    if not blocks:
        return Rejected(raw.path, "the file holds no text")
    section = ""
    if crawl.value:
        section, blocks = _unglued(blocks)
    chrome = mark_chrome(blocks, known)
    given, learned = source.given.get("title", ""), known.pages > 0
    start = text_start(blocks, chrome, learned)
    title: int | None = 0
    if given:
        title = find_title(blocks, [given], chrome, start, _ENOUGH_FOR_GIVEN).index
    elif not crawl.value:
        title = text_title(blocks, chrome, start, learned)
    selection = select_lines(blocks, chrome, title, learned)
    found = _content(given or (blocks[title].text if title is not None else ""), blocks, selection, source,
                     Head(site=host(source.given.get("url", ""))), ())
    return replace(found, section=section, crawl=crawl)


def _unglued(blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """Part the first line after a crawler's prefix into section, title and lead."""
    head = split_glued_head(blocks[0].text)
    lines = [Block(line) for line in (head.title, head.lead) if line]
    return head.section, (*lines, *blocks[1:])


def _content(title: str, blocks: tuple[Block, ...], selection: Selection, source: Source, page: Head,
             links: tuple[tuple[str, str], ...]) -> Content:
    def take(indexes: tuple[int, ...]) -> tuple[Block, ...]:
        return tuple(blocks[index] for index in indexes)

    removed = tuple(Removed(blocks[index].text, reason) for index, reason in sorted(selection.reasons.items()))
    return Content(title, take(selection.body), take(selection.head), take(selection.tail), removed, selection.kind,
                   selection.confident, page, source.encoding, source.given, links)
