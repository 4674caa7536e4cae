"""The query tree between the query language and the engines: what to match and how much it is worth.

The parser and the ranking model make it, every engine evaluates it.  Nothing in it names an engine.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

#: `key` terms are tone keys (`hoa^1`), `fold` terms are folded (`hoa`); see `search.text.fold`.  `bare` terms are
#: folded ones in the articles that are written without marks.
Form = Literal["key", "fold", "bare"]
#: `all` is title and body as one text; the others restrict a clause.
Field = Literal["all", "title", "author", "source"]


class Term(NamedTuple):
    """One index term that may stand for a query word, with the share of its frequency that counts (0..1)."""

    form: Form
    text: str
    weight: float = 1.0


class Word(NamedTuple):
    """One query word: matches a document that has any of its terms.

    The term frequency that is scored is the sum over `terms` of weight x frequency.  A folded term includes
    the postings of all its tone keys, so weights add up: fold 0.5 and key 0.5 is 1.0 for the marked word and
    0.5 for its other spellings.  `df` is the document frequency for the idf; None takes that of the union.
    `boost` scales the clause (function syllables 0.4).
    """

    terms: tuple[Term, ...]
    field: Field = "all"
    boost: float = 1.0
    df: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in order, at most `slop` - 1 other words between neighbours (1 is adjacent)."""

    words: tuple[Word, ...]
    slop: int = 1
    field: Field = "all"
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every term of one form that starts with `stem`; at most the engine's documented number of expansions."""

    stem: str
    form: Form = "fold"
    field: Field = "all"
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Every:
    """Every document, score 0."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """Documents of certain provinces or dates (`province:`, `from:`, `to:`, `year:`, `month:`, `day:`), score 0.

    Days as numbers, 20250131; `day` is one of any year, 1226 for 26 December.
    """

    provinces: tuple[str, ...] = ()
    date_from: int = 0
    date_to: int = 99999999
    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Documents whose author or source has these words, whole and in this order, score 0.

    A word is a pair of tone key and folded form; one typed without marks stands for every marking.
    """

    field: Literal["author", "source"]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match all children; scores add up."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match any child; scores add up."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Best:
    """Documents that match any child; the best score counts (other readings of one word).

    With `of` the children are spellings of one thing, and `of` is where it is: these documents match, and what scores
    is the sum of the children's frequencies, each times its boost, with the idf of `of`.
    """

    children: tuple["Node", ...]
    of: "Node | None" = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Documents whose matching children carry at least `share` of the children's summed idf mass.

    Where fewer than `enough` documents do, less is asked: as much as `enough` documents have (those that tie with
    the last of them count too), but not less than the share `least`.  Documents without any child never match.
    """

    children: tuple["Node", ...]
    share: float
    enough: int = 0
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Documents that match all children, the units of a query; score 0.

    Where fewer than `enough` documents do, the children are asked for from the rarest on, and one that would leave too
    few is left out.  A child without any document is always left out; with no child left, nothing matches.  With 0
    `enough` nothing is left out.
    """

    children: tuple["Node", ...]
    enough: int = 1


@dataclass(frozen=True, slots=True)
class AndMaybe:
    """Documents that match `required`; `optional` only adds score."""

    required: "Node"
    optional: "Node"


@dataclass(frozen=True, slots=True)
class AndNot:
    """Documents that match `required` and not `excluded`."""

    required: "Node"
    excluded: "Node"


Node = Word | Phrase | Prefix | Every | Filtered | Named | And | Or | Best | AtLeast | Relaxed | AndMaybe | AndNot
