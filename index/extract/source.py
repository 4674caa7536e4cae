"""From one raw document to its text (stages 1 and 2): decoding, what its record gives, and the key of its site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

import xxhash

from index.convert import convert
from index.decode import Decoded, Undecodable, decode, is_markup, mend, repair, unescape
from index.page.elements import too_wild
from index.page.parsing import host, parse_page
from index.read.guards import is_binary, is_gibberish, looks_like_html, refusal, unpacked
from index.read.kinds import is_page_name
from index.read.records import RawDocument, Rejected
from search.text import normalize

_ADDRESS: Final = re.compile(
    r"""<link[^>]{0,200}rel=["']canonical["'][^>]{0,200}href=["']([^"']+)"""
    r"""|<meta[^>]{0,200}og:url["'][^>]{0,100}content=["']([^"']+)""",
    re.IGNORECASE,
)
_STYLESHEET: Final = re.compile(r"""<link[^>]{0,300}href=["']([^"'?>]+\.css)""", re.I)
#: What browsers note at the top of a page that they save.
_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)\s*-->", re.IGNORECASE)
#: Encodings in which letters have bytes that are controls elsewhere.
_WIDE: Final = ("utf-16", "utf-32", "viscii")
#: Without what an escape or a tag begins with.
_PLAIN: Final = re.compile("[ -%'-;=-~]*")
#: Where canonical links and stylesheets stand.
_HEAD_SIZE: Final = 60_000
#: A lead is looked for in so much of the text beyond its own length.
_LEAD_REACH: Final = 400


@dataclass(frozen=True, slots=True)
class Source:
    """A document after decoding: its text, whether that is HTML, and the fields that its record gives.

    `own_text`: it is what a record says is the article's text, not a page with all that is around one.
    `given["made"]` is the day that the document's own properties name, which may be that of its template.
    """

    text: str
    is_html: bool
    encoding: str
    given: Mapping[str, str]
    own_text: bool = False


def read_source(raw: RawDocument) -> Source | Rejected:
    """Decode a document; a file that is no text becomes a reject (stages 1 and 2)."""
    if raw.data is None:
        return _record_source(raw)
    data = unpacked(raw.data)
    if isinstance(data, str):
        return Rejected(raw.path, data)
    converted = convert(data)
    if isinstance(converted, str):
        return Rejected(raw.path, converted)
    given = {name: str(value) for name, value in raw.record.items()}
    if converted is not None:
        given |= {name: value for name, value in (("url", converted.url), ("made", converted.made)) if value}
        return _page_source(raw, converted.html, True, given)
    return _page_source(raw, data, is_page_name(raw.relative or raw.path), given)


def _page_source(raw: RawDocument, data: bytes, is_html: bool, given: dict[str, str]) -> Source | Rejected:
    """Return the text of a page, or of a plain text, from its bytes."""
    if reason := refusal(data):
        return Rejected(raw.path, reason)
    decoded = decode(data, is_html)
    if isinstance(decoded, Undecodable):
        return Rejected(raw.path, decoded.reason)
    if is_gibberish(decoded.text) or (not decoded.encoding.startswith(_WIDE) and is_binary(data)):
        return Rejected(raw.path, "it is binary data, not text")
    if not is_html and not looks_like_html(decoded.text):
        return _text_source(decoded, given)
    saved = _SAVED_FROM.search(decoded.text, 0, _HEAD_SIZE) if "url" not in given else None
    if saved and not _ADDRESS.search(decoded.text, 0, _HEAD_SIZE):
        given |= {"url": saved[1]}
    return Source(decoded.text, True, decoded.encoding, given)


def _record_source(raw: RawDocument) -> Source | Rejected:
    """Return the text and the given fields of a record; legacy letters in them are repaired together."""
    fields = {key: str(value) for key, value in raw.record.items()}
    html, text, lead = fields.pop("html", ""), fields.pop("text", ""), fields.pop("lead", "")
    is_html = bool(html.strip()) or looks_like_html(text)
    body = html if html.strip() else text if text.strip() else lead
    if not body.strip():
        return Rejected(raw.path, "the record has no text")
    decoded = repair(body if is_html else unescape(body), is_html=is_html)
    clean = decoded.encoding == "utf-8"

    def mended(value: str) -> str:
        value = unescape(value)
        return _lines_of(normalize(mend(value)) if clean else repair(value).text).strip()

    given = {key: mended(value) for key, value in fields.items()}
    if is_html:
        return Source(decoded.text, True, decoded.encoding, given)
    return replace(_with_lead(_text_source(decoded, given), mended(lead)), own_text=True)


def _text_source(decoded: Decoded, given: Mapping[str, str]) -> Source:
    """Return a text without its escapes and tags: what was written as a fragment of HTML becomes lines."""
    text = unescape(decoded.text)
    if text != decoded.text and not is_markup(text):
        text = repair(text).text
    return Source(_lines_of(text), False, decoded.encoding, given)


def _lines_of(text: str) -> str:
    """Return the blocks of a fragment of HTML as lines, other texts as they are."""
    if not is_markup(text) or too_wild(text):
        return text
    return "\n\n".join(block.text for block in parse_page(text).blocks)


def _with_lead(source: Source, lead: str) -> Source:
    """Put the lead of a record before its text, unless the text begins with it."""
    start = " ".join(lead.rstrip("[.…] \n").split())
    if not start or start in " ".join(source.text[: 2 * len(lead) + _LEAD_REACH].split()):
        return source
    return replace(source, text=f"{' '.join(lead.split())}\n\n{source.text}")


def folder_of(raw: RawDocument) -> str:
    """Return the folder of a document below the given one, `.` if there is none."""
    place = raw.relative or raw.path
    name = place.rpartition("/")[2]
    # What stands before the last slash is the same for all records of a file, so it is read once.
    return _folder(place[: len(place) - len(name)]) if name not in ("", ".") else str(PurePosixPath(place).parent)


@lru_cache(maxsize=1_000)
def _folder(path: str) -> str:
    return str(PurePosixPath(path))


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
    folder = folder_of(raw)
    if not source.is_html:
        return f"{kind}:{folder}"
    sheets = {re.sub(r"\d+", "0", name.rsplit("/", 1)[-1]) for name in _STYLESHEET.findall(source.text, 0, _HEAD_SIZE)}
    return f"{kind}:{folder}|{xxhash.xxh3_64_hexdigest(repr(sorted(sheets)).encode())[:8]}"


def site_at_once(raw: RawDocument) -> str | None:
    """Return the site of a record whose address or folder tells it, None where the document must be read for that.

    It is what `site_of` says of it: fields in plain ASCII are as they are in any encoding.
    """
    url, source, text = (str(raw.record.get(name, "")) for name in ("url", "source", "text"))
    if raw.data is not None or raw.record.get("html") or not text.strip() or looks_like_html(text):
        return None
    if not _PLAIN.fullmatch(url) or not _PLAIN.fullmatch(source):
        return None
    return site_of(raw, Source("", False, "utf-8", {"url": url.strip(), "source": source.strip()}))
