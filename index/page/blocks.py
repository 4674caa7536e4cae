"""The values inside extraction: the blocks of a page or a text, and the head of a page."""

from dataclasses import dataclass
from typing import Final

from index.fields import StructuredData
from index.page.roles import Role

_STOPS: Final = (".", "!", "?", "…")
#: What may close behind the stop of a sentence.
_CLOSING: Final = "\"”’)]"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page or one line of a text: normalised, runs of white space made one space.

    `path` is the place in the tree, a number per element from the root down to the innermost block-level
    element; equal prefixes mean common ancestors.  It is empty for plain text.  `names` are the tag, class,
    id and itemprop words of that element and the two above it, lower case (`tbody > tr > td time`).  `linked` is the
    number of characters that are link text, `gap` says that an empty line stands before the block, `role` what the
    innermost element with a role is for (`index.page.roles`).
    """

    text: str
    path: tuple[int, ...] = ()
    tag: str = ""
    names: str = ""
    linked: int = 0
    bold: bool = False
    gap: bool = False
    heading: int = 0
    role: Role = ""

    @property
    def link_share(self) -> float:
        """Return the share of the text that is link text, 0..1."""
        return self.linked / max(1, len(self.text))


def is_sentence(text: str) -> bool:
    """Say whether a line ends as a sentence does."""
    return text.rstrip().rstrip(_CLOSING).endswith(_STOPS)


#: A page that states nothing, as plain text does.
NO_DATA: Final = StructuredData()


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says about itself: `<title>`, its own address, the host of it without `www.`, structured data."""

    title: str = ""
    canonical: str = ""
    site: str = ""
    data: StructuredData = NO_DATA
