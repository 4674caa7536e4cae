"""The values inside extraction: blocks of a page, its head, and the draft that the field rules read."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page or one line of a text: normalised, runs of white space made one space.

    `path` is the place in the tree, a number per element from the root down to the innermost block-level
    element; equal prefixes mean common ancestors.  It is empty for plain text.  `names` are the tag, class,
    id and itemprop words of that element and the two above it, lower case (`td time p`).  `linked` is the
    number of characters that are link text, `gap` says that an empty line stands before the block.
    """

    text: str
    path: tuple[int, ...] = ()
    tag: str = ""
    names: str = ""
    linked: int = 0
    bold: bool = False
    gap: bool = False
    heading: int = 0

    @property
    def link_share(self) -> float:
        """Return the share of the text that is link text, 0..1."""
        return self.linked / max(1, len(self.text))


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says about itself: `<title>`, meta by lower-case name or property, JSON-LD objects, links.

    `site` is the host of its address without `www.`, `""` if no address is known.
    """

    title: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    ld: tuple[Mapping[str, object], ...] = ()
    canonical: str = ""
    site: str = ""
    times: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A page whose body has been found: input of the pure rules for dates, places and fields.

    `title` is final.  `before` are the blocks above the body that are no chrome known from other pages
    (nearest last; the header of the page, its section and its date line are among them), `body` the body's
    blocks still with captions and by-line, `after` the blocks below it up to the first cut.  `crawl` is the
    crawler's own date prefix (`date 2025-06`), cut off the text.  `given` are the fields of the input record.
    """

    title: str
    body: tuple[Block, ...]
    before: tuple[Block, ...] = ()
    after: tuple[Block, ...] = ()
    head: Head = Head()
    section: str = ""
    crawl: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
