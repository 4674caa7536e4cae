"""From one raw document to its text (stages 1 and 2): decoding, what its record gives, and the key of its site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import xxhash

from index.decode import Undecodable, decode, repair
from index.page.parsing import host
from index.read.guards import is_gibberish, looks_like_html, refusal, unpacked
from index.read.records import RawDocument, Rejected
from search.text import normalize

_ADDRESS: Final = re.compile(
    r"""<link[^>]{0,200}rel=["']canonical["'][^>]{0,200}href=["']([^"']+)"""
    r"""|<meta[^>]{0,200}og:url["'][^>]{0,100}content=["']([^"']+)""",
    re.IGNORECASE,
)
_STYLESHEET: Final = re.compile(r"""<link[^>]{0,300}href=["']([^"'?>]+\.css)""", re.I)
#: Where canonical links and stylesheets stand.
_HEAD_SIZE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Source:
    """A document after decoding: its text, whether that is HTML, and the fields that its record gives."""

    text: str
    is_html: bool
    encoding: str
    given: Mapping[str, str]


def read_source(raw: RawDocument) -> Source | Rejected:
    """Decode a document; a file that is no text becomes a reject (stages 1 and 2)."""
    if raw.data is None:
        return _record_source(raw)
    is_html = PurePosixPath(raw.relative or raw.path).suffix.lower() in (".html", ".htm")
    data = unpacked(raw.data)
    if isinstance(data, str):
        return Rejected(raw.path, data)
    reason = refusal(data)
    if reason:
        return Rejected(raw.path, reason)
    decoded = decode(data, is_html)
    if isinstance(decoded, Undecodable):
        return Rejected(raw.path, decoded.reason)
    if is_gibberish(decoded.text):
        return Rejected(raw.path, "it is binary data, not text")
    return Source(decoded.text, is_html or looks_like_html(decoded.text), decoded.encoding, {})


def _record_source(raw: RawDocument) -> Source | Rejected:
    """Return the text and the given fields of a record; legacy letters in them are repaired together."""
    fields = {key: str(value) for key, value in raw.record.items() if value is not None}
    html, text = fields.pop("html", ""), fields.pop("text", "")
    is_html = bool(html.strip())
    body = html if is_html else text
    if not body.strip():
        return Rejected(raw.path, "the record has no text")
    decoded = repair(body, is_html=is_html)
    clean = decoded.encoding == "utf-8"
    given = {key: (normalize(value) if clean else repair(value).text).strip() for key, value in fields.items()}
    return Source(decoded.text, is_html, decoded.encoding, given)


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
