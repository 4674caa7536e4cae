"""What the searcher typed, as a small tree: the parser's result, before any ranking decision.

Tokens carry their places in the text of the query, so that nobody looks for a word in it again.

`search.planning.planner` turns it into the query tree that engines evaluate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from search.query.notices import Notice
from search.query.tree import Field
from search.text import Token


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of letters, digits and joiners without a space: `hòa`, `92/QĐ-UBND`."""

    tokens: tuple[Token, ...]
    field: Field = "all"
    group: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Words that an operator binds together, as the archive's own words and names tell: `-Đà Nẵng`.

    Their chunks carry the same `group`, a number from 1 on.
    """

    parts: tuple[Chunk, ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Return the tokens of all chunks."""
        return tuple([token for part in self.parts for token in part.tokens])

    @property
    def field(self) -> Field:
        """Return the field of all chunks."""
        return self.parts[0].field


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in quotation marks: in this order, at most `slop` - 1 others between neighbours."""

    tokens: tuple[Token, ...]
    slop: int
    field: Field


@dataclass(frozen=True, slots=True)
class Stem:
    """`word*`: every word that starts like this; `token` is the part before the asterisk."""

    token: Token
    field: Field = "all"


@dataclass(frozen=True, slots=True)
class Restriction:
    """`province:`, `from:`, `to:`, `year:`, `month:`, `day:`; days as numbers, 20250131; `day` 1226 is of any year."""

    provinces: tuple[str, ...] = ()
    date_from: int = 0
    date_to: int = 99999999
    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """`author:` and `source:`: whole words in order, with their marks."""

    field: Literal["author", "source"]
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every part is wanted (words side by side)."""

    parts: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One part is enough (`OR`)."""

    parts: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not occur (`-`)."""

    part: "Syntax"


Syntax = Chunk | Group | Quoted | Stem | Restriction | Named | All | Any | Not


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed query: `root` is an `All` without parts if nothing can be searched; `words` are `words_of(root)`."""

    text: str
    root: Syntax
    words: tuple[Token, ...]
    notices: tuple[Notice, ...] = ()


def leaves(node: Syntax) -> list[Chunk | Quoted | Stem]:
    """Return the wanted words, phrases and stems in the order typed; what is excluded is left out."""
    if isinstance(node, Chunk | Quoted | Stem):
        return [node]
    if isinstance(node, Group):
        return list(node.parts)
    return [leaf for part in node.parts for leaf in leaves(part)] if isinstance(node, All | Any) else []


def words_of(node: Syntax) -> tuple[Token, ...]:
    """Return the wanted words in the order typed; compounds give their parts."""
    whole = [leaf for leaf in leaves(node) if not isinstance(leaf, Stem)]
    return tuple([token for leaf in whole for token in leaf.tokens if not token.whole])


def rewritten(parsed: Parsed, changes: Iterable[tuple[int, int, str]]) -> str:
    """Return the query text with what stands at (start, end) replaced by a text, for each change; in order."""
    parts, done = [], 0
    for start, end, text in changes:
        parts += [parsed.text[done:start], text]
        done = end
    return "".join([*parts, parsed.text[done:]])


def is_plain(parsed: Parsed) -> bool:
    """Say whether a query is words side by side, without any operator or quotation mark."""
    parts = parsed.root.parts if isinstance(parsed.root, All) else (parsed.root,)
    return all(isinstance(part, Chunk) and part.field == "all" for part in parts)
