"""From one raw document to its content: title, body blocks and what stands around them (stages 1 to 6)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import xxhash

from index.body.chrome import mark_chrome
from index.body.damaged import damaged_lines
from index.body.kind import Look, error_of, is_list
from index.body.select import Path, Selection, body_start, running_text, section, select, select_list
from index.body.text import line_blocks, select_lines, text_start, text_title, without_news
from index.body.title import SURE, Claims, Found, bare_title, clean_title, find_title, is_site_name, names_home
from index.extract.source import Source, read_source, site_of
from index.fields import split_glued_head, take_crawl_prefix
from index.page.blocks import Block, Head
from index.page.elements import too_wild
from index.page.parsing import Page, host, parse_page
from index.page.sites import NOTHING_KNOWN, Observation, SiteKnowledge, SiteMemory, block_key
from index.read.records import RawDocument, Rejected
from search.article import ArticleDate, Kind, Removed

#: A page without any title is named by so many characters of its text.
_FIRST_WORDS: Final = 100
_LETTERS: Final = re.compile(r"(?:[^\W\d_][\W\d_]*){3}")
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
        for index, text in enumerate(() if names_home(title) else bare_title(title)):
            if (index == 0 or part) and not is_site_name(text):
                found.setdefault(text, part if index else whole)
    return found


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A document cut into blocks: what its page says beside them, and what it teaches about its site."""

    source: Source
    page: Page
    seen: Observation
    crawl: ArticleDate = ArticleDate()
    unread: tuple[Removed, ...] = ()


def _parse(raw: RawDocument) -> _Parsed | Rejected:
    """Decode a document and cut it into blocks (stages 1 to 3)."""
    source = read_source(raw)
    if isinstance(source, Rejected):
        return source
    crawl = ArticleDate()
    more: Iterable[int] = ()
    unread: tuple[Removed, ...] = ()
    if source.is_html:
        if refused := too_wild(source.text):
            return Rejected(raw.path, refused)
        page = parse_page(source.text, source.given.get("url", ""))
        more = map(block_key, _declared(page.head))
    else:
        crawl, text = take_crawl_prefix(source.text)
        lines = line_blocks(text)
        damaged = damaged_lines(lines, source.given.get("title", ""))
        unread = tuple(Removed(lines[index].text, reason) for index, reason in damaged.items())
        page = Page(Head(site=host(source.given.get("url", ""))),
                    tuple(block for index, block in enumerate(lines) if index not in damaged))
    if not _has_words(page.blocks):
        return Rejected(raw.path, f"the {'page' if source.is_html else 'file'} holds no text")
    return _Parsed(source, page, Observation.of(site_of(raw, source), _digest(source), page.blocks, more), crawl,
                   unread)


def observe(raw: RawDocument) -> Observation | None:
    """Return what a document teaches about its site, None if it can't be read."""
    parsed = _parse(raw)
    return None if isinstance(parsed, Rejected) else parsed.seen


def site_key(raw: RawDocument) -> str:
    """Return the site of a document without parsing it, `""` if it can't be read."""
    source = read_source(raw)
    return "" if isinstance(source, Rejected) else site_of(raw, source)


def find_content(raw: RawDocument, memory: SiteMemory | None) -> Content | Rejected:
    """Find title and body of a document (stages 1 to 6)."""
    parsed = _parse(raw)
    if isinstance(parsed, Rejected):
        return parsed
    known = memory.about(parsed.seen) if memory else NOTHING_KNOWN
    return _page_content(raw, parsed, known) if parsed.source.is_html else _text_content(parsed, known)


def _page_content(raw: RawDocument, parsed: _Parsed, known: SiteKnowledge) -> Content | Rejected:
    page, source, blocks = parsed.page, parsed.source, parsed.page.blocks
    if error := error_of(blocks, (page.head.title,)):
        return Rejected(raw.path, f"it is an error page: {error[:80]}")
    chrome = mark_chrome(blocks, known, page.beside)
    given = source.given.get("title", "")
    wanted = {title: points for title, points in _declared(page.head, given).items()
              if title == given or not known.sightings(block_key(title))}
    addresses = [address for address in (source.given.get("url", ""), page.head.canonical) if address]
    place = raw.relative or raw.path
    scope = section(blocks, chrome, page.sections)
    claims = Claims.of(wanted, (*addresses, place))
    title = _page_title(blocks, claims, chrome, scope)
    selection = select(blocks, chrome, title.index, title.sure, scope)
    named = title.index is not None and claims.name(blocks[title.index].text)
    dated = bool(page.head.data.published)
    look = Look(blocks, chrome, title.index, selection.body, addresses or [place], dated, named)
    if selection.kind != "listing" and is_list(look):
        selection = select_list(blocks, chrome, title.index)
    shown = clean_title(blocks[title.index].text) if title.index is not None else ""
    words = given or shown or next(iter(wanted), "") or _first_words(blocks, selection)
    return _content(words, blocks, selection, parsed)


def _page_title(blocks: Sequence[Block], claims: Claims, chrome: Mapping[int, str], scope: Path) -> Found:
    """Return the title above the running text; else one further below that is sure, with most of the text under it."""
    running, _ = running_text(blocks, chrome, scope)
    title = find_title(blocks, claims, chrome, body_start(blocks, chrome, scope))
    if title.index is None:
        end = running[len(running) // 2] if running else len(blocks)
        title = find_title(blocks, claims, chrome, None, SURE, end)
    return title


def _text_content(parsed: _Parsed, known: SiteKnowledge) -> Content:
    source, crawl, blocks = parsed.source, parsed.crawl, parsed.page.blocks
    section, titled = "", True
    if crawl.value:
        section, titled, blocks = _unglued(blocks)
    chrome = mark_chrome(blocks, known)
    if source.own_text:
        chrome = without_news(blocks, chrome)
    given, learned = source.given.get("title", ""), known.pages > 0
    start = text_start(blocks, chrome, learned)
    title: int | None = 0 if titled else None
    if given:
        title = find_title(blocks, Claims.of({given: _GIVEN}), chrome, start, _ENOUGH_FOR_GIVEN).index
    elif not crawl.value:
        title = text_title(blocks, chrome, start, learned)
    selection = select_lines(blocks, chrome, title, learned)
    shown = blocks[title].text if title is not None else ""
    found = _content(given or shown or _first_words(blocks, selection), blocks, selection, parsed)
    return replace(found, section=section, crawl=crawl, removed=found.removed + parsed.unread)


def _has_words(blocks: Sequence[Block]) -> bool:
    """Say whether there is anything to search for."""
    return any(_LETTERS.search(block.text) for block in blocks)


def _first_words(blocks: tuple[Block, ...], selection: Selection) -> str:
    """Return the beginning of the body in place of a title that the page does not have."""
    text = next((blocks[index].text for index in selection.body), "")
    return text if len(text) <= _FIRST_WORDS else text[:_FIRST_WORDS].rsplit(" ", 1)[0] + "…"


def _unglued(blocks: tuple[Block, ...]) -> tuple[str, bool, tuple[Block, ...]]:
    """Part the first line after a crawler's prefix into section, title and lead; say whether it has a title."""
    head = split_glued_head(blocks[0].text)
    lines = [Block(line) for line in (head.title, head.lead) if line]
    return head.section, bool(head.title), (*lines, *blocks[1:])


def _content(title: str, blocks: tuple[Block, ...], selection: Selection, parsed: _Parsed) -> Content:
    def take(indexes: tuple[int, ...]) -> tuple[Block, ...]:
        return tuple(blocks[index] for index in indexes)

    removed = tuple(Removed(blocks[index].text, reason) for index, reason in sorted(selection.reasons.items()))
    return Content(title, take(selection.body), take(selection.head), take(selection.tail), removed, selection.kind,
                   selection.confident, parsed.page.head, parsed.source.encoding, parsed.source.given,
                   parsed.page.links)
