"""Small nodes of the query tree: phrases, other forms of words, filters, and what is left out."""

from collections.abc import Iterator, Sequence

from search.planning.clauses import QueryWord
from search.query.synonyms import Form, twin_spellings
from search.query.syntax import All, Any, Chunk, Group, Named, Not, Quoted, Restriction, Stem, Syntax
from search.query.tree import And, Field, Node, Or, Phrase, Prefix, Term, Word
from search.query.tree import Filtered as FilteredNode
from search.query.tree import Named as NamedNode
from search.text import Token
from search.text.spelling import has_marks, unmarked


def in_any_marks(words: Sequence[QueryWord]) -> Node | None:
    """Return where words typed with marks are in any marks, None of words without."""
    if not any(has_marks(word.asked) for word in words):
        return None
    folded = [Word(_folded(word.member), word.member.field) for word in words]
    return folded[0] if len(folded) == 1 else Phrase(tuple(folded), 1, folded[0].field)


def together(words: Sequence[QueryWord], slop: int) -> Node:
    """Return where words stand in order: as a folded phrase, each marked one somewhere with its marks.

    Only folded terms have places.
    """
    phrase = folded_phrase([word.member for word in words], slop, words[0].member.field)
    marked = [word.member for word in words if all(term.form != "fold" for term in word.member.terms)]
    return And(tuple([node for node in (phrase, *marked) if node]))


def folded_phrase(words: Sequence[Word], slop: int, field: Field) -> Node | None:
    """Return the folded phrase of words; marks are for their own clauses, since only folded terms have places."""
    folded = [Word(_folded(word), word.field, text=word.text) for word in words]
    if len(folded) < 2:
        return folded[0] if folded else None
    return Phrase(tuple(folded), slop, field)


def _folded(word: Word) -> tuple[Term, ...]:
    forms = [unmarked(term.text) if term.form == "key" else term.text for term in word.terms]
    return tuple([Term("fold", form) for form in dict.fromkeys(forms)])


def form_scored(form: Form, weight: float) -> Node:
    """Return what is scored of another form: one word by its tone key, a phrase folded, a day as one compound."""
    if form.wholes:
        return Word(tuple([Term("fold", whole) for whole in form.wholes]), boost=weight, text=form.text)
    if len(form.words) == 1:
        return Word((Term("key", form.words[0].key),), boost=weight, text=form.words[0].key)
    return Phrase(_folded_words(form), boost=weight)


def form_member(form: Form) -> Node:
    """Return where another form of some words is: with its marks, or without any in an article written so.

    A day of a month is also one of a year.
    """
    if form.wholes:
        day = Word(tuple([Term("fold", whole) for whole in form.wholes]), text=form.text)
        return Or((day, *[Prefix(whole + whole.strip("0123456789")) for whole in form.wholes]))
    words = [Word((*[Term("key", key) for key in _keys(word)],
                   *([Term("bare", word.fold)] if word.key != word.fold else [])), text=word.key)
             for word in form.words]  # fmt: skip
    if len(words) == 1:
        return words[0]
    return And((Phrase(_folded_words(form)), *[word for word in words if word.terms[-1].form == "bare"]))


def _keys(word: Token) -> tuple[str, ...]:
    """Return the tone key of a word of a form, and that of its other spelling with i or y."""
    twin = twin_spellings().get(word.key)
    return (word.key, twin) if twin else (word.key,)


def _folded_words(form: Form) -> tuple[Word, ...]:
    return tuple([Word(tuple([Term("fold", unmarked(key)) for key in _keys(word)]), text=word.key)
                  for word in form.words])  # fmt: skip


def filtered(part: Restriction | Named) -> Node:
    """Return the filter of a restriction."""
    if isinstance(part, Named):
        return NamedNode(part.field, tuple([(token.key, token.fold) for token in part.tokens]))
    return FilteredNode(part.provinces, part.date_from, part.date_to, part.year, part.month, part.day)


def excluded(part: Syntax) -> Node | None:
    """Return the node that excludes: marked words with their marks, bare words in every spelling."""
    match part:
        case Chunk() | Quoted() | Group():
            tokens = [token for token in part.tokens if not token.whole]
            words = [_plain(token, part.field) for token in tokens]
            if len(words) < 2:
                return words[0] if words else None
            folded = [Word((Term("fold", token.fold),), part.field) for token in tokens]
            phrase = folded_phrase(folded, part.slop if isinstance(part, Quoted) else 1, part.field)
            marked = [word for word in words if word.terms[0].form == "key"]
            return joined(And, [node for node in (phrase, *marked) if node])
        case Stem():
            return Prefix(part.token.fold, "fold", part.field)
        case Restriction() | Named():
            return filtered(part)
        case Not(inner):
            return excluded(inner)
        case All(parts) | Any(parts):
            nodes = [node for inner in parts if (node := excluded(inner)) is not None]
            return joined(And if isinstance(part, All) else Or, nodes)


def _plain(token: Token, field: Field) -> Word:
    marked = token.key != token.fold
    return Word((Term("key", token.key) if marked else Term("fold", token.fold),), field, text=token.key)


def either(nodes: "Sequence[Node | None] | Iterator[Node | None]") -> Node | None:
    """Return where any of some nodes is, None of none."""
    return joined(Or, [node for node in nodes if node is not None])


def joined(kind: type[And] | type[Or], nodes: Sequence[Node]) -> Node | None:
    """Return nodes as one, None of none."""
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))
