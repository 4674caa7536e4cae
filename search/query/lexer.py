"""Cut a query into lexemes.  Every string has a lexing; nothing here raises."""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from search.text import fold

Kind = Literal["open", "close", "quote", "or", "and", "minus", "field", "chunk", "stray-quote"]

#: Field names as folded; the Vietnamese ones are what the words `tiêu đề:`, `nguồn:` ... end in when typed as one.
FIELD_NAMES: Final = {
    "title": "title", "tieude": "title", "source": "source", "nguon": "source",
    "author": "author", "tacgia": "author", "province": "province", "tinh": "province",
    "from": "from", "tungay": "from", "to": "to", "denngay": "to",
    "year": "year", "nam": "year", "month": "month", "thang": "month", "day": "day", "ngay": "day",
}  # fmt: skip
_QUOTES: Final = {'"': '"', "“": "”", "„": "“”", "«": "»", "”": "”"}
_NOT_PLAIN: Final = re.compile(r"[()\"“”„«»:\-]")
#: `or` is no syllable of Vietnamese; `not` and `and` may be words.
_OPERATORS: Final[dict[str, Kind]] = {"OR": "or", "or": "or", "AND": "and", "NOT": "minus"}
_WORD: Final = re.compile(r"\S+")
_CHUNK: Final = re.compile(r"[^\s()\"“”„«»]+")
_FIELD: Final = re.compile(r"([^\W\d_]+):")
_SLOP: Final = re.compile(r"~(\d{1,3})")
MAX_SLOP: Final = 50


class Lexeme(NamedTuple):
    """One piece of a query; `slop` belongs to quotes, `value` is the inner text or the field's name.

    `start` is the code point of the query at which `value` begins (of a field: its name).
    """

    kind: Kind
    value: str
    start: int
    slop: int = 1


def lex(query: str) -> list[Lexeme]:
    """Return the lexemes of a normalised query in order."""
    if _NOT_PLAIN.search(query):
        return list(_lexemes(query))
    found = ((match.group(), match.start()) for match in _WORD.finditer(query))
    return [Lexeme(_OPERATORS.get(word, "chunk"), word, start) for word, start in found]


def _lexemes(query: str) -> Iterator[Lexeme]:
    at, length, fresh = 0, len(query), True
    while at < length:
        char = query[at]
        if char.isspace():
            at, fresh = at + 1, True
        elif char in "()":
            yield Lexeme("open" if char == "(" else "close", char, at)
            at, fresh = at + 1, True
        elif char in _QUOTES or char == "»":
            lexeme, at = _quote(query, at)
            yield lexeme
            fresh = False
        elif char == "-" and fresh and at + 1 < length and not query[at + 1].isspace() and query[at + 1] != "-":
            yield Lexeme("minus", "-", at)
            at += 1
        else:
            lexeme, at = _chunk(query, at)
            yield lexeme
            fresh = lexeme.kind == "field"


def _quote(query: str, at: int) -> tuple[Lexeme, int]:
    closing = _QUOTES.get(query[at], "")
    ends = [end for mark in closing if (end := query.find(mark, at + 1)) >= 0]
    if not ends and closing:  # “a" and "a” happen when programs make only some quotation marks round
        ends = [end for mark in '"”' if (end := query.find(mark, at + 1)) >= 0]
    if not ends:
        return Lexeme("stray-quote", query[at], at), at + 1
    end = min(ends)
    slop = _SLOP.match(query, end + 1)
    distance = min(max(int(slop.group(1)), 1), MAX_SLOP) if slop else 1
    return Lexeme("quote", query[at + 1 : end], at + 1, distance), slop.end() if slop else end + 1


def _chunk(query: str, at: int) -> tuple[Lexeme, int]:
    field = _FIELD.match(query, at)
    if field and (name := FIELD_NAMES.get(fold(field.group(1)))):
        return Lexeme("field", name, at), field.end()
    match = _CHUNK.match(query, at)
    text = match.group() if match else query[at]
    return Lexeme(_OPERATORS.get(text, "chunk"), text, at), at + len(text)
