"""Whether a query can match anything at all, told from its words alone."""

from collections.abc import Callable

from search.query.tree import And, AndMaybe, AndNot, AtLeast, Best, Form, Node, Or, Phrase, Word


def possible(node: Node, df: Callable[[Form, str], int]) -> bool:
    """Say False only if no article can match: a word that is needed is in none.  `df` is that of title and body.

    Costs one look-up per term; where it says True, the engine decides.
    """
    match node:
        case Word():
            return node.field not in ("all", "title") or any(df(term.form, term.text) for term in node.terms)
        case And(parts) | Phrase(parts):
            return all(possible(part, df) for part in parts)
        case Or(parts) | Best(parts) | AtLeast(parts):
            return any(possible(part, df) for part in parts)
        case AndNot(required) | AndMaybe(required):
            return possible(required, df)
        case _:
            return True
