"""Articles as bytes for the cache: packed JSON with a hash that shows damage."""

from typing import Final

import xxhash
import zstandard

from search.article import Article
from search.article_json import decode_article, encode_card, encode_removed

_pack = zstandard.ZstdCompressor(level=3).compress
_unpack = zstandard.ZstdDecompressor().decompress
#: Bytes of the hash in front.
_CHECK: Final = 8


def pack(article: Article) -> bytes:
    """Return `article` as bytes that `unpack` understands; equal articles give equal bytes."""
    packed = _pack(encode_card(article) + b"\n" + encode_removed(article))
    return xxhash.xxh3_64_digest(packed) + packed


def unpack(data: bytes) -> Article:
    """Return the article of `pack`.  Raises ValueError if the bytes were altered."""
    packed = data[_CHECK:]
    if xxhash.xxh3_64_digest(packed) != data[:_CHECK]:
        raise ValueError("a cached article was altered")
    card, _, removed = _unpack(packed).partition(b"\n")
    return decode_article(card, removed)


def unpacked_size(data: bytes) -> int:
    """Return the bytes of an article before they were compressed; 0 if that was altered."""
    try:
        return max(zstandard.frame_content_size(data[_CHECK:]), 0)
    except zstandard.ZstdError:
        return 0
