"""Put other words into a query as it was typed; quotation marks, operators and excluded words stay."""

from collections.abc import Iterable, Iterator

from search.query.syntax import All, Any, Chunk, Not, Parsed, Quoted, Restriction, Stem, Syntax


def rewritten(parsed: Parsed, changes: Iterable[tuple[int, int, str]]) -> str:
    """Return the query text with wanted words [first, last) replaced by a text, for each change; in order."""
    places = _places(parsed)
    parts, done = [], 0
    for first, last, text in changes:
        start, end = places[first][0], places[last - 1][1]
        parts += [parsed.text[done:start], text]
        done = end
    return "".join([*parts, parsed.text[done:]])


def _places(parsed: Parsed) -> list[tuple[int, int]]:
    """Return (start, end) of the wanted words in the text of the query."""
    places = []
    at = 0
    for leaf, wanted in _in_order(parsed.root):
        found = parsed.text.index(leaf.text, at)
        at = found + len(leaf.text)
        if wanted and isinstance(leaf, Chunk | Quoted):
            places += [(found + token.start, found + token.end) for token in leaf.tokens if not token.whole]
    return places


def _in_order(node: Syntax, wanted: bool = True) -> Iterator[tuple[Chunk | Quoted | Stem, bool]]:
    """Yield words, phrases and stems as they were typed, and whether they are wanted or excluded."""
    if isinstance(node, All | Any):
        for part in node.parts:
            yield from _in_order(part, wanted)
    elif isinstance(node, Not):
        yield from _in_order(node.part, False)
    elif not isinstance(node, Restriction):  # it says in its own words what was typed
        yield node, wanted
