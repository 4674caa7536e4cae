"""What the searcher typed, as a small tree: the parser's result, before any ranking decision.

`search.planning.planner` turns it into the query tree that engines evaluate.
"""

from dataclasses import dataclass

from search.query.tree import Field
from search.results.answer import Notice
from search.text import Token


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of letters, digits and joiners without a space: `hòa`, `92/QĐ-UBND`."""

    text: str
    tokens: tuple[Token, ...]
    field: Field = "all"


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in quotation marks: in this order, at most `slop` - 1 others between neighbours."""

    text: str
    tokens: tuple[Token, ...]
    slop: int = 1
    field: Field = "all"


@dataclass(frozen=True, slots=True)
class Stem:
    """`word*`: every word that starts like this; `token` is the part before the asterisk."""

    text: str
    token: Token
    field: Field = "all"


@dataclass(frozen=True, slots=True)
class Restriction:
    """`province:`, `from:` and `to:`; dates are days as numbers, 20250131."""

    text: str
    provinces: tuple[str, ...] = ()
    date_from: int = 0
    date_to: int = 99999999


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


Syntax = Chunk | Quoted | Stem | Restriction | All | Any | Not


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed query: `root` is an `All` without parts if nothing can be searched; `words` are `words_of(root)`."""

    text: str
    root: Syntax
    words: tuple[tuple[Chunk | Quoted, Token], ...]
    notices: tuple[Notice, ...] = ()


def leaves(node: Syntax) -> list[Chunk | Quoted | Stem]:
    """Return the wanted words, phrases and stems in the order typed; what is excluded is left out."""
    if isinstance(node, Chunk | Quoted | Stem):
        return [node]
    return [leaf for part in node.parts for leaf in leaves(part)] if isinstance(node, All | Any) else []


def words_of(node: Syntax) -> tuple[tuple[Chunk | Quoted, Token], ...]:
    """Return the wanted words in the order typed, each with the leaf it stands in; compounds give their parts."""
    whole = [leaf for leaf in leaves(node) if not isinstance(leaf, Stem)]
    return tuple([(leaf, token) for leaf in whole for token in leaf.tokens if not token.whole])
