"""What is known of a site: which blocks occur on several of its pages, and so are chrome.

A sample of at most 40 pages a site is kept, the ones with the lowest digests, so that the memory does not
depend on the order of reading.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

import xxhash

from index.page.blocks import Block, is_sentence

#: Nothing is gained beyond ten pages of a site, and two are enough to learn from (measured on 304 pages).
SAMPLE: Final = 40
#: A block of this many characters counts as long: near-duplicate articles share such blocks, menus rarely.
LONG_BLOCK: Final = 80
#: A place that stands about once on a page and shows another text on so many of its pages is a slot: for the title,
#: the by-line, the section.  What repeats in it is no chrome.
_SLOT_PAGES: Final = 4
_SLOT_TEXTS: Final = 0.4
_SLOT_COUNT: Final = 1.5
#: The places of plain text.
_LINE, _TEXT = 0, 1
#: Pages that share so many blocks, and this share of the shorter one's, are made alike.
_KIN_BLOCKS: Final = 2
_KIN_SHARE: Final = 0.05

_DIGITS: Final = re.compile(r"\d+")
#: What changes from page to page, or from day to day, and is the same all the same: counters, clocks, calendars.
_COUNTER: Final = re.compile(
    r"[^\d]{0,50}[:|(]\s*[\d.,]+\)?\s*|[\d\W_]*|.{0,30}\d{1,2}\s?[:h/.-]\s?\d{1,2}\b.{0,30}", re.DOTALL
)
_MARK_WITH_DIGIT: Final = re.compile(r"\S*\d\S*")


@lru_cache(maxsize=50_000)
def block_key(text: str, linked: bool = False, place: str = "") -> int:
    """Return the 64-bit key of a block.  Digits of counters and clocks are folded, those of titles in series are not.

    Equal words are two things where their roles differ: the entry of a menu and the title of the page it leads to,
    the lead of an article and the teaser of a listing.
    """
    text = _DIGITS.sub("0", text) if _COUNTER.fullmatch(text) else text
    return xxhash.xxh3_64_intdigest(f"{text.lower()}\0{place}".encode("utf-8", "replace"), seed=int(linked))


def key_of(block: Block) -> int:
    """Return the key of a block."""
    return block_key(block.text, block.link_share > 0.5, place_of(block))


@lru_cache(maxsize=20_000)
def _place(names: str) -> str:
    return " > ".join(_MARK_WITH_DIGIT.sub("", part).strip() for part in names.split(" > ")[-2:])


def place_of(block: Block) -> str:
    """Return the place of a block: tag and names of its element and the one above, without numbered ones.

    Plain text has no places.
    """
    return _place(block.names)


def _place_key(block: Block) -> int:
    """Return the key of a block's place; in plain text `_LINE`, or `_TEXT` for a long sentence."""
    if not block.names:
        return _TEXT if len(block.text) >= LONG_BLOCK and is_sentence(block.text) else _LINE
    return _names_key(block.names)


@lru_cache(maxsize=20_000)
def _names_key(names: str) -> int:
    return xxhash.xxh3_64_intdigest(_place(names).encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Observation:
    """What one document adds to the memory: its site, a digest of its content, its blocks as (key, place's key)."""

    site: str
    digest: int
    blocks: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, site: str, digest: int, blocks: Iterable[Block], more: Iterable[int] = ()) -> "Observation":
        """Return what the blocks of a document teach; `more` are keys of texts that stand in no block."""
        pairs = {key_of(block): _place_key(block) for block in blocks}
        pairs.update({key: _LINE for key in more if key not in pairs})
        return cls(site, digest, tuple(sorted(pairs.items())))

    def to_bytes(self) -> bytes:
        """Return a compact form for a cache."""
        head = self.site.encode()
        numbers = (self.digest, *(number for pair in self.blocks for number in pair))
        return len(head).to_bytes(2, "little") + head + b"".join(number.to_bytes(8, "little") for number in numbers)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Observation":
        """Return the observation that `to_bytes` wrote."""
        size = int.from_bytes(data[:2], "little")
        rest = data[2 + size :]
        numbers = [int.from_bytes(rest[at : at + 8], "little") for at in range(0, len(rest), 8)]
        return cls(data[2 : 2 + size].decode(), numbers[0], tuple(zip(numbers[1::2], numbers[2::2], strict=True)))


@dataclass(frozen=True)
class SiteKnowledge:
    """What the pages of a sample that are made like one page tell about it."""

    pages: int
    _counts: Counter[int]
    _slots: frozenset[int] = frozenset()

    def sightings(self, key: int) -> int:
        """Return on how many other pages of the sample a block with this key stands."""
        return self._counts[key]

    def is_chrome(self, block: Block) -> bool:
        """Say whether a block repeats often enough to be chrome.

        One sighting is enough in a small sample, two in a larger one.  A long sentence needs one more: leads
        are repeated on listing pages, and near-duplicate articles look like chrome.  What repeats in a slot is
        no chrome unless it is a link.
        """
        if not self.pages:
            return False
        needed = 1 if self.pages < 4 else 2
        needed += len(block.text) >= LONG_BLOCK and is_sentence(block.text)
        if self.sightings(key_of(block)) < needed:
            return False
        return block.link_share > 0.5 or _place_key(block) not in self._slots


NOTHING_KNOWN: Final = SiteKnowledge(0, Counter())


@dataclass(frozen=True)
class SiteMemory:
    """The samples of all sites: site -> digest of a page -> what was seen.  A value: never changed in place."""

    sites: dict[str, dict[int, Observation]] = field(default_factory=dict)

    @classmethod
    def from_observations(cls, observations: Iterable[Observation]) -> "SiteMemory":
        """Return the memory of a run over documents in any order."""
        sites: dict[str, dict[int, Observation]] = {}
        for seen in observations:
            pages = sites.setdefault(seen.site, {})
            pages[seen.digest] = seen
            if len(pages) > 4 * SAMPLE:
                sites[seen.site] = _lowest(pages)
        return cls({site: _lowest(pages) for site, pages in sites.items()})

    @cached_property
    def _keys(self) -> dict[str, dict[int, frozenset[int]]]:
        return {site: {digest: _made_of(seen) for digest, seen in pages.items()} for site, pages in self.sites.items()}

    @cached_property
    def _known(self) -> dict[tuple[str, frozenset[int]], SiteKnowledge]:
        return {}

    def about(self, page: Observation) -> SiteKnowledge:
        """Return what the other pages of its site tell about a page.

        A folder may mix sites, and a site layouts: only pages that share blocks with this one are asked.
        """
        own = _made_of(page)
        kin = frozenset(digest for digest, keys in self._keys.get(page.site, {}).items()
                        if digest != page.digest and _are_kin(own, keys))
        if not kin:
            return NOTHING_KNOWN
        known = self._known.get((page.site, kin))
        if known is None:
            seen = [self.sites[page.site][digest] for digest in sorted(kin)]
            counts = Counter(key for other in seen for key, _ in other.blocks)
            if len(self._known) > 2 * SAMPLE:
                self._known.clear()
            known = self._known[page.site, kin] = SiteKnowledge(len(kin), counts, _slots_of(seen))
        return known


def _made_of(page: Observation) -> frozenset[int]:
    """Return the keys that tell how a page is made: all but the sentences of a plain text, which twins share."""
    return frozenset(key for key, place in page.blocks if place != _TEXT)


def _are_kin(one: frozenset[int], other: frozenset[int]) -> bool:
    """Say whether two pages share enough blocks to be made alike."""
    # Most pages share nothing, which is told without making a set.
    return not one.isdisjoint(other) and len(one & other) >= max(_KIN_BLOCKS, _KIN_SHARE * min(len(one), len(other)))


def _slots_of(pages: Iterable[Observation]) -> frozenset[int]:
    """Return the places that show about one text a page, and another one on many of them."""
    on: Counter[int] = Counter()
    shown: Counter[int] = Counter()
    texts: defaultdict[int, set[int]] = defaultdict(set)
    for page in pages:
        on.update({place for _, place in page.blocks})
        shown.update(place for _, place in page.blocks)
        for key, place in page.blocks:
            texts[place].add(key)
    return frozenset(
        place for place, count in on.items()
        if place and count >= _SLOT_PAGES and shown[place] <= _SLOT_COUNT * count
        and len(texts[place]) >= _SLOT_TEXTS * shown[place]
    )


def _lowest(pages: dict[int, Observation]) -> dict[int, Observation]:
    return {digest: pages[digest] for digest in sorted(pages)[:SAMPLE]}
