"""What kind of page it is, before its fields are read: an article, a notice, a list of other pages, an error.

Asked in this order:

1. an error page: its title says so, and there is little else
2. a list: cards and headlines, and less running text than they have; a form that searches; a table of documents;
   a home page without a text of its own
3. else what has running text is an article, and what has little a notice
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from index.body.chrome import is_headline
from index.body.lines import LONG, MOSTLY_LINKS, SHORT, has_date, is_cut, is_date_line, is_long
from index.body.title import DOCUMENT_COLUMNS, is_box_title
from index.page.blocks import Block, is_sentence
from index.page.sites import place_of
from search.text import fold_text

#: What a server or a portal says instead of a page, folded; the number alone, or with its usual words.
_ERROR: Final = re.compile(
    r"(?:(?:http error|http|loi|error|ma loi)?\W{0,3}(?:40[0134]|410|50[0234])(?:\W|$)"
    r"|(?:\W*(?:error|loi|server error|oops|rat tiec)\W{1,3})?"
    r"(?:khong tim thay (?:trang|noi dung|duong dan|bai viet|file|ket qua|du lieu|tai nguyen|gi\b)"
    r"|(?:xin loi\W{1,3})?(?:trang|noi dung|bai viet|bai bao|tin bai|duong dan|lien ket|chuyen muc|tai lieu|tap tin)\b"
    r".{0,30}\bkhong (?:con )?(?:ton tai|tim thay|duoc tim thay|co hoac)"
    r"|(?:ban|quy vi) khong co quyen (?:truy cap|xem)|you (?:do not|don.t) have (?:permission|access)"
    r"|(?:the )?requested (?:resource|page|url) (?:was|could) not|sorry, something went wrong|nothing (?:was )?found"
    r"|(?:oops\W{1,3})?(?:that|this) page can.t be found|(?:article|category|item|component) not found"
    r"|just a moment\W*$|checking your browser|attention required|ten mien .{0,20}het han|domain .{0,40}expired"
    r"|(?:this )?account has been suspended"
    r"|trang (?:ban|nay|web)?\W?(?:yeu cau|tim kiem|tim|dang tim)?\W?khong (?:ton tai|tim thay|duoc tim thay)"
    r"|duong dan khong ton tai|truy cap bi tu choi|(?:he thong|website|trang web)"
    r" (?:hien )?dang (?:duoc )?(?:bao tri|nang cap)"
    r"|(?:page|file|resource) not found|not found$|page cannot be (?:found|displayed)|the resource cannot be found"
    r"|forbidden|access (?:is )?denied|bad gateway|service unavailable|internal server error|server error"
    r"|gateway time-?out|runtime error|site under maintenance|this site can.t be reached"
    r"|welcome to nginx|apache2? .{0,20}default page|iis windows server|it works!?$|index of /"
    r"|(?:[345]\d\d\W{1,3})?(?:(?:object|document) moved|moved (?:permanently|temporarily)"
    r"|(?:permanent|temporary) redirect"
    r"|bad request|unauthorized|(?:authorization|payment) required|method not allowed|request time-?out"
    r"|request.{0,7} too (?:large|long)|payload too large|too many requests|not implemented|service temporarily)"
    r"|account suspended|tai khoan .{0,20}bi tam ngung)).{0,80}$"
)
#: An error page says little besides.
_ERROR_TEXT: Final = 900
#: So many cards or headlines are a list; running text that an article has above the first card.
_CARDS: Final = 3
_HEADLINES: Final = 3
_LONG_HEADLINE: Final = 25
_OWN_TEXT: Final = 250
#: A list may have so much running text beside its cards, in shares of theirs: a long first teaser.
_LIST_SHARE: Final = 1.2
_HOME_TEXT: Final = 600
_ROWS: Final = 3
#: Columns that tell a register of documents, and how long its rows are.
_COLUMNS_OF_REGISTER: Final = 2
_LONGEST_COLUMN: Final = 40
_SHORT_ROW: Final = 40
_SEARCHES: Final = re.compile(r"(?:tra cuu|tim kiem|ket qua tim kiem|search)\b")
_HOME: Final = re.compile(r"(?i)^(?:index|default|home|trang-?chu|main|portal|\.)?(?:\.(?:html?|aspx?|php|jsp))?$")


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked about a page: its blocks, which are chrome and why, its title block, its body, its addresses.

    `dated` says that the page states when it was published, `named` that it states this title of itself.
    """

    blocks: Sequence[Block]
    chrome: Mapping[int, str]
    title: int | None
    body: Sequence[int]
    addresses: Sequence[str] = ()
    dated: bool = False
    named: bool = False


def error_of(blocks: Sequence[Block], titles: Sequence[str]) -> str:
    """Return the words by which a page says that it is an error, `""` if it is a page.

    `titles` are what the page states as its title.
    """
    plain = [block for block in blocks if block.link_share < MOSTLY_LINKS]
    if sum(len(block.text) for block in plain) > _ERROR_TEXT:
        return ""
    shown = [block.text for block in plain if block.heading or block.bold] + [block.text for block in plain[:3]]
    return next((text for text in (*titles, *shown) if text and _ERROR.match(fold_text(text[:200]).strip())), "")


def is_list(look: Look) -> bool:
    """Say whether a page is a list of other pages."""
    cards = [index for index, reason in look.chrome.items() if reason == "card"]
    headlines = [index for index in cards if is_headline(look.blocks[index])]
    if _lists_documents(look):
        return True
    prose = sum(len(look.blocks[index].text) for index in look.body if _is_prose(look.blocks[index]))
    if len(headlines) >= _CARDS and not _has_text_of_its_own(look, min(cards)):
        teasers = sum(len(look.blocks[index].text) for index in cards if look.blocks[index].link_share < MOSTLY_LINKS)
        if prose < _LIST_SHARE * teasers:
            return True
    if prose < _HOME_TEXT and _is_teaser(look):
        return True
    if prose >= SHORT:
        return look.title is None and prose < _HOME_TEXT and any(map(_is_home, look.addresses))
    return _lists_pages(look)


def _is_teaser(look: Look) -> bool:
    """Say whether the running text stands below a linked headline, with more headlines on the page: it is a teaser."""
    if look.dated:
        return False
    first = next((index for index in look.body if _is_prose(look.blocks[index])), 0)
    above = next((at for at in range(first - 1, -1, -1) if not is_date_line(look.blocks[at].text)), None)
    if above is None or above == look.title or not is_headline(look.blocks[above]):
        return False
    shown = (index for index in range(len(look.blocks)) if look.chrome.get(index) in (None, "card", "repeated"))
    return sum(is_headline(look.blocks[index]) for index in shown) > _HEADLINES


def _lists_documents(look: Look) -> bool:
    """Say whether a page is a register of documents: columns named as such, rows of titles, hardly a sentence."""
    columns = [index for index, block in enumerate(look.blocks)
               if look.chrome.get(index) not in ("beside", "comments") and _is_column(block.text)]
    if len({look.blocks[index].text for index in columns}) < _COLUMNS_OF_REGISTER:
        return False
    rows = [look.blocks[index] for index in range(columns[0] + 1, len(look.blocks)) if _is_row(look, index)]
    places = Counter(place_of(block) for block in rows)
    told = sum(len(look.blocks[index].text) for index in look.body if is_sentence(look.blocks[index].text))
    return max(places.values(), default=0) >= _ROWS and told < _OWN_TEXT


def _is_row(look: Look, index: int) -> bool:
    text = look.blocks[index].text
    believed = look.chrome.get(index) in (None, "repeated", "card")
    return believed and len(text) >= _SHORT_ROW and not is_sentence(text)


def _is_column(text: str) -> bool:
    return len(text) <= _LONGEST_COLUMN and fold_text(text).strip(" :.*") in DOCUMENT_COLUMNS


def _is_prose(block: Block) -> bool:
    return is_long(block) and (is_sentence(block.text) or len(block.text) >= _OWN_TEXT)


def _has_text_of_its_own(look: Look, first_card: int) -> bool:
    """Say whether a title that is no link to another page stands above running text, and that above the first card."""
    if look.title is None or (look.blocks[look.title].link_share >= MOSTLY_LINKS and not look.named):
        return False
    least = _OWN_TEXT if not look.dated else LONG
    return sum(len(look.blocks[index].text) for index in look.body
               if index < first_card and _is_prose(look.blocks[index])) >= least


def _lists_pages(look: Look) -> bool:
    """Say whether a page without running text lists pages: headlines below its title, a form, rows of a table.

    One headline with its day will do: a notice may link to its attachment, but gives it no day.
    """
    blocks, title = look.blocks, look.title
    if title is None:
        return _has_rows(look) or any(map(_is_home, look.addresses))
    if _SEARCHES.match(fold_text(blocks[title].text)):
        return True
    links = 0
    for index in range(title + 1, len(blocks)):
        block = blocks[index]
        if is_cut(block) or (block.heading and block.link_share < MOSTLY_LINKS):
            break
        if look.chrome.get(index) in (None, "card") and is_headline(block):
            if has_date(block.text):
                return True
            if len(block.text) < _LONG_HEADLINE:
                continue
            links += 1
    box = is_box_title(blocks[title])
    if links >= _HEADLINES or (links > 0 and box):
        return True
    return box and (_has_rows(look) or sum(len(blocks[index].text) for index in look.body) < LONG)


def _has_rows(look: Look) -> bool:
    return sum(look.blocks[index].tag == "td" and len(look.blocks[index].text) >= LONG for index in look.body) >= _ROWS


def _is_home(address: str) -> bool:
    """Say whether an address or a path is that of a home page."""
    path = urlsplit(address).path if "://" in address else address
    return bool(_HOME.match(path.rstrip("/").rsplit("/", 1)[-1])) if path.strip("/") else bool(address)
