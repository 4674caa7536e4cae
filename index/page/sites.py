"""What is known of a site: which blocks occur on several of its pages, and so are chrome.

A sample of at most 40 pages a site is kept, the ones with the lowest digests, so that the memory does not
depend on the order of reading.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import xxhash

from index.page.blocks import Block, is_sentence

#: Nothing is gained beyond ten pages of a site, and two are enough to learn from (measured on 304 pages).
SAMPLE: Final = 40
#: A block of this many characters counts as long: near-duplicate articles share such blocks, menus rarely.
LONG_BLOCK: Final = 80

_DIGITS: Final = re.compile(r"\d+")


def block_key(text: str, linked: bool = False) -> int:
    """Return the 64-bit key of a block; digits are folded, so that counters and dates repeat.

    A link and a text of the same words are two things: the entry of a menu and the title of the page it leads to.
    """
    return xxhash.xxh3_64_intdigest(_DIGITS.sub("0", text).lower().encode("utf-8", "replace"), seed=int(linked))


def key_of(block: Block) -> int:
    """Return the key of a block."""
    return block_key(block.text, block.link_share > 0.5)


@dataclass(frozen=True, slots=True)
class Observation:
    """What one document adds to the memory: its site, a digest of its content, the keys of its blocks."""

    site: str
    digest: int
    blocks: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """Return a compact form for a cache."""
        head = self.site.encode()
        numbers = b"".join(number.to_bytes(8, "little") for number in (self.digest, *self.blocks))
        return len(head).to_bytes(2, "little") + head + numbers

    @classmethod
    def from_bytes(cls, data: bytes) -> "Observation":
        """Return the observation that `to_bytes` wrote."""
        size = int.from_bytes(data[:2], "little")
        rest = data[2 + size :]
        numbers = [int.from_bytes(rest[at : at + 8], "little") for at in range(0, len(rest), 8)]
        return cls(data[2 : 2 + size].decode(), numbers[0], tuple(numbers[1:]))


@dataclass(frozen=True)
class SiteKnowledge:
    """The sample of one site as it is asked about from one page: the page itself does not count."""

    pages: int
    _counts: Counter[int]
    _own: frozenset[int]

    def sightings(self, key: int) -> int:
        """Return on how many other pages of the sample a block with this key stands."""
        return self._counts[key] - (key in self._own)

    def is_chrome(self, block: Block) -> bool:
        """Say whether a block repeats often enough to be chrome.

        One sighting is enough in a small sample, two in a larger one.  A long sentence needs one more: leads
        are repeated on listing pages, and near-duplicate articles look like chrome.
        """
        if not self.pages:
            return False
        needed = 1 if self.pages < 4 else 2
        needed += len(block.text) >= LONG_BLOCK and is_sentence(block.text)
        return self.sightings(key_of(block)) >= needed


NOTHING_KNOWN: Final = SiteKnowledge(0, Counter(), frozenset())


@dataclass(frozen=True)
class SiteMemory:
    """The samples of all sites: site -> digest of a page -> keys of its blocks.  A value: never changed in place."""

    sites: dict[str, dict[int, frozenset[int]]] = field(default_factory=dict)

    @classmethod
    def from_observations(cls, observations: Iterable[Observation]) -> "SiteMemory":
        """Return the memory of a run over documents in any order."""
        sites: dict[str, dict[int, frozenset[int]]] = {}
        for seen in observations:
            pages = sites.setdefault(seen.site, {})
            pages[seen.digest] = frozenset(seen.blocks)
            if len(pages) > 4 * SAMPLE:
                sites[seen.site] = _lowest(pages)
        return cls({site: _lowest(pages) for site, pages in sites.items()})

    @cached_property
    def _counts(self) -> dict[str, Counter[int]]:
        return {site: Counter(key for keys in pages.values() for key in keys) for site, pages in self.sites.items()}

    def about(self, site: str, digest: int) -> SiteKnowledge:
        """Return what the other pages of a site tell about the page with this digest."""
        pages = self.sites.get(site, {})
        own = pages.get(digest, frozenset())
        return SiteKnowledge(len(pages) - (digest in pages), self._counts.get(site, Counter()), own)


def _lowest(pages: dict[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    return {digest: pages[digest] for digest in sorted(pages)[:SAMPLE]}
