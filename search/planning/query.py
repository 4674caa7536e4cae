"""What a query is once it is planned: its units, its words, and what the engine evaluates."""

from dataclasses import dataclass, field
from typing import Final

from search.engines.port import Lift, Rescore
from search.planning.clauses import QueryWord
from search.query.synonyms import Form
from search.query.tree import Every, Field, Node


@dataclass(frozen=True, slots=True)
class MarkedPhrase:
    """A quoted phrase of tone keys, at least one of them with marks, that every hit must have.

    `doubtful`: its letters may well stand for other words in this archive, so that hits are worth looking at.
    """

    keys: tuple[str, ...]
    slop: int
    field: Field
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Effort:
    """How far a search may go from what was typed; units are named by the place where they begin in the query."""

    correct: bool = True  # slips and undecoded keys
    strict: bool = False  # the words exactly as typed, all of them, side by side or not
    loose: bool = False  # other marks count as well
    split: frozenset[int] = frozenset()  # units whose words are searched one by one
    opened: frozenset[int] = frozenset()  # units of one word that is searched with other marks


AS_TYPED: Final = Effort()


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that belong together: what an article must have of them, how they were typed, and where.

    `loose` is where they are with any marks, None where that is nothing else.
    """

    node: Node
    text: str
    start: int
    words: int
    loose: Node | None = None

    @property
    def marked(self) -> bool:
        """Say whether any word was typed with marks."""
        return self.loose is not None


@dataclass(slots=True)
class Query:
    """What the engine evaluates, and what the answer needs to know about it.

    `members` are None where the query asks for nothing that could be found.
    """

    root: Node = field(default_factory=Every)
    members: Node | None = None
    beyond: Node | None = None
    #: Members with the words in any marks; None where these can be no more.
    loose: Node | None = None
    units: tuple[Unit, ...] = ()
    words: list[QueryWord] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    rescore: Rescore | None = None
    #: Phrases to be verified in the text of the best hits.
    phrases: tuple[MarkedPhrase, ...] = ()
    lifts: tuple[Lift, ...] = ()
    #: The period that is named, as typed, where an article need not name it if it appeared then.
    period: str = ""

    @property
    def corrected(self) -> bool:
        """Say whether a word is searched in another spelling than the one typed."""
        return any(word.corrected for word in self.words)

    @property
    def scores(self) -> bool:
        """Say whether anything is scored; what is not is best shown newest first."""
        return bool(self.words or self.stems)


@dataclass(slots=True)
class Part:
    """A part of a query: what scores, where all its words are, and the units that its members have."""

    scored: Node | None = None
    wide: Node | None = None
    units: list[Unit] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Say whether nothing of it is searched."""
        return self.scored is None and self.wide is None and not self.units

    def required(self) -> list[Node]:
        """Return the nodes of which a member matches every one."""
        return [unit.node for unit in self.units]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand or fall together: one, those of a compound, or words that have other forms.

    `single` is the word of a piece that may be part of a longer unit; `field` is that of all its words.
    """

    words: tuple[QueryWord, ...]
    scored: Node
    wide: Node
    member: Node
    at: int
    single: bool
    group: int
