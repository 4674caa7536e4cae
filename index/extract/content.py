"""From one raw document to its content: title, body blocks and what stands around them (stages 1 to 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import xxhash

from index.body.damaged import damaged_lines
from index.body.lines import letters
from index.body.select import Selection, body_start, mark_chrome, select
from index.body.text import line_blocks, select_lines, text_start, text_title
from index.body.title import SURE, bare_title, clean_title, find_title, is_site_name
from index.extract.source import Source, read_source, site_of
from index.fields import split_glued_head, take_crawl_prefix
from index.page.blocks import Block, Head
from index.page.elements import too_wild
from index.page.parsing import Page, host, parse_page
from index.page.sites import NOTHING_KNOWN, Observation, SiteKnowledge, SiteMemory, block_key, key_of
from index.read.records import RawDocument, Rejected
from search.article import ArticleDate, Kind, Removed

#: A page without any title is named by so many characters of its text.
_FIRST_WORDS: Final = 100
_LEAST_LETTERS: Final = 3
#: A given title must be recognised in the text by its words.
_ENOUGH_FOR_GIVEN: Final = 4.0


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
    links: tuple[str, ...] = ()
    section: str = ""
    crawl: ArticleDate = ArticleDate()


def _digest(source: Source) -> int:
    return xxhash.xxh3_64_intdigest(source.text.encode("utf-8", "replace"))


#: How far titles are trusted that a page states of itself: the record's, structured data, `<title>`, which is a
#: constant of the site on many portals, and its parts, since a dash may also be inside a title.
_GIVEN, _STRUCTURED, _OWN_TITLE, _PART = 8.0, 6.0, 4.0, 3.5


def _declared(page: Head, given: str = "") -> dict[str, float]:
    """Return the titles that a page states of itself with the points each is worth."""
    found: dict[str, float] = {}
    stated = ((given, _GIVEN, 0.0), (page.data.title, _STRUCTURED, _PART), (page.title, _OWN_TITLE, _PART))
    for title, whole, part in stated:
        for index, text in enumerate(bare_title(title)):
            if (index == 0 or part) and not is_site_name(text):
                found.setdefault(text, part if index else whole)
    return found


def observe(raw: RawDocument) -> Observation | None:
    """Return what a document teaches about its site, None if it can't be read."""
    source = read_source(raw)
    if isinstance(source, Rejected):
        return None
    if source.is_html:
        if too_wild(source.text):
            return None
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
        refused = too_wild(source.text)
        if refused:
            return Rejected(raw.path, refused)
        return _page_content(raw, source, parse_page(source.text, source.given.get("url", "")), known)
    return _text_content(raw, source, known)


def _page_content(raw: RawDocument, source: Source, page: Page, known: SiteKnowledge) -> Content | Rejected:
    blocks = page.blocks
    if not _has_words(blocks):
        return Rejected(raw.path, "the page holds no text")
    chrome = mark_chrome(blocks, known)
    given = source.given.get("title", "")
    wanted = {title: points for title, points in _declared(page.head, given).items()
              if title == given or not known.sightings(block_key(title))}
    title = find_title(blocks, wanted, chrome, body_start(blocks, chrome))
    if title.index is None:
        title = find_title(blocks, wanted, chrome, None, SURE)
    selection = select(blocks, chrome, title.index, title.sure)
    shown = clean_title(blocks[title.index].text) if title.index is not None else ""
    named = given or shown or next(iter(wanted), "") or _first_words(blocks, selection)
    return _content(named, blocks, selection, source, page.head, page.links)


def _text_content(raw: RawDocument, source: Source, known: SiteKnowledge) -> Content | Rejected:
    crawl, text = take_crawl_prefix(source.text)
    lines = line_blocks(text)
    damaged = damaged_lines(lines, source.given.get("title", ""))
    blocks = tuple(block for index, block in enumerate(lines) if index not in damaged)
    if not _has_words(blocks):
        return Rejected(raw.path, "the file holds no text")
    section = ""
    if crawl.value:
        section, blocks = _unglued(blocks)
    chrome = mark_chrome(blocks, known)
    given, learned = source.given.get("title", ""), known.pages > 0
    start = text_start(blocks, chrome, learned)
    title: int | None = 0
    if given:
        title = find_title(blocks, {given: _GIVEN}, chrome, start, _ENOUGH_FOR_GIVEN).index
    elif not crawl.value:
        title = text_title(blocks, chrome, start, learned)
    selection = select_lines(blocks, chrome, title, learned)
    shown = blocks[title].text if title is not None else ""
    found = _content(given or shown or _first_words(blocks, selection), blocks, selection, source,
                     Head(site=host(source.given.get("url", ""))), ())
    unread = tuple(Removed(lines[index].text, reason) for index, reason in damaged.items())
    return replace(found, section=section, crawl=crawl, removed=found.removed + unread)


def _has_words(blocks: Sequence[Block]) -> bool:
    """Say whether there is anything to search for."""
    return any(letters(block.text) >= _LEAST_LETTERS for block in blocks)


def _first_words(blocks: tuple[Block, ...], selection: Selection) -> str:
    """Return the beginning of the body in place of a title that the page does not have."""
    text = next((blocks[index].text for index in selection.body), "")
    return text if len(text) <= _FIRST_WORDS else text[:_FIRST_WORDS].rsplit(" ", 1)[0] + "…"


def _unglued(blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """Part the first line after a crawler's prefix into section, title and lead."""
    head = split_glued_head(blocks[0].text)
    lines = [Block(line) for line in (head.title, head.lead) if line]
    return head.section, (*lines, *blocks[1:])


def _content(title: str, blocks: tuple[Block, ...], selection: Selection, source: Source, page: Head,
             links: tuple[str, ...]) -> Content:
    def take(indexes: tuple[int, ...]) -> tuple[Block, ...]:
        return tuple(blocks[index] for index in indexes)

    removed = tuple(Removed(blocks[index].text, reason) for index, reason in sorted(selection.reasons.items()))
    return Content(title, take(selection.body), take(selection.head), take(selection.tail), removed, selection.kind,
                   selection.confident, page, source.encoding, source.given, links)
