"""A planner over a made lexicon, and its query trees written out for tables of tests."""

from collections.abc import Sequence
from pathlib import Path

from search.lexicon.lexicon import Lexicon
from search.places import province_named
from search.planning.clauses import ClauseMaker
from search.planning.planner import Planner
from search.planning.query import AS_TYPED, Effort, Query
from search.planning.weights import WEIGHTS
from search.query.parser import WordByWord, parse
from search.query.synonyms import Synonyms
from search.query.tree import (
    And,
    AndNot,
    AtLeast,
    Best,
    Every,
    Filtered,
    Named,
    Node,
    Or,
    Phrase,
    Prefix,
    Relaxed,
    Word,
)
from search.reading.restoring import Restorer
from search.text import fold, tone_key
from tests.search.reading.made_lexicon import lexicon_of

TEXTS = {
    "sở ngoại vụ": 9, "hội nghị": 9, "đường sắt": 9, "kinh tế": 9, "của": 9, "mía": 9, "gạo": 9, "dương": 2, "kỹ": 3,
    "nguyễn văn an": 9, "y": 300, "mua xe": 6, "xe": 14, "mua": 14, "việc": 9,
}  # fmt: skip
NAMES = {"nguyễn văn an": 5, "bộ công an": 30, "công an tỉnh": 2}
SYNONYMS = Synonyms([["TNGT", "tai nạn giao thông"], ["kĩ sư", "KS"]], foreign=[["Viêng Chăn", "Vientiane"]])


class Provinces(WordByWord):
    """Knows the names of provinces."""

    def provinces(self, name: str) -> tuple[str, ...]:
        found = province_named(name)
        return (found,) if found else ()


def names(first: str, second: str) -> Sequence[tuple[tuple[str, ...], int]]:
    """Return the archive's names that begin with two folded words."""
    return [(tuple(map(tone_key, name.split())), count) for name, count in NAMES.items()
            if list(map(fold, name.split()[:2])) == [first, second]]  # fmt: skip


def planner_of(lexicon: Lexicon) -> Planner:
    return Planner(Restorer(lexicon), ClauseMaker(WEIGHTS, lexicon), SYNONYMS, WEIGHTS, names)


def made(directory: Path) -> Planner:
    """Return the planner of an archive of `TEXTS`."""
    return planner_of(lexicon_of(directory, TEXTS))


def planned(planner: Planner, query: str, effort: Effort = AS_TYPED) -> Query:
    return planner.query(parse(query, Provinces()), effort)


def shown(node: Node | None) -> str:
    """Return a tree in one line: words as their terms without weights, `[...]` phrases, `+` for all, `/` for any."""
    match node:
        case None:
            return "-"
        case Word():
            field = "" if node.field == "all" else f"{node.field}:"
            return field + "|".join(f"{term.form[0]}.{term.text}" for term in node.terms)
        case Phrase():
            field = "" if node.field == "all" else f"{node.field}:"
            words = " ".join(map(shown, node.words))
            return f"{field}[{words}]" + (f"~{node.slop}" if node.slop > 1 else "")
        case Prefix():
            return f"{node.form[0]}.{node.stem}*"
        case Every():
            return "every"
        case Filtered():
            return "{" + " ".join([*node.provinces, *(str(part) for part in (node.date_from, node.date_to, node.year,
                                   node.month, node.day) if part not in (0, 99999999, None))]) + "}"  # fmt: skip
        case Named():
            return f"{node.field}:{' '.join(key for key, _ in node.words)}"
        case And(children):
            return f"({' + '.join(map(shown, children))})"
        case Or(children):
            return f"({' / '.join(map(shown, children))})"
        case Best(children):
            return f"best({' / '.join(map(shown, children))})" + (f" of {shown(node.of)}" if node.of else "")
        case AtLeast():
            return f"{node.share:g} of ({' '.join(map(shown, node.children))}) for {node.enough} down to {node.least:g}"
        case Relaxed():
            return f"{'all' if not node.enough else 'relaxed'}({', '.join(map(shown, node.children))})"
        case AndNot():
            return f"{shown(node.required)} but {shown(node.excluded)}"
        case _:
            raise AssertionError(node)
