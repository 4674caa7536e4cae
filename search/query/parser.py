"""The query language: from any string to a syntax tree and notices about what was ignored.

1. The text is cut at 1,000 characters and normalised.
2. The lexer finds brackets, quotation marks, `OR`, `-`, field names and chunks.
3. A recursive descent, at most 20 brackets deep, builds the tree; operators without an operand, unmatched
   brackets and quotation marks, short stems and unreadable dates are ignored and announced.
4. At most 64 words are searched.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, cast

from search.query import notices as say
from search.query.dates import date_range
from search.query.lexer import Lexeme, lex
from search.query.syntax import All, Any, Chunk, Not, Parsed, Quoted, Restriction, Stem, Syntax, words_of
from search.query.tree import Field
from search.results.answer import Notice
from search.text import PIPELINE, Token

MAX_LENGTH: Final = 1000
MAX_DEPTH: Final = 20
MAX_CLAUSES: Final = 64
MIN_STEM: Final = 3
#: Chunks up to this length are cut into tokens once; longer ones are no words, and would fill the memory.
SHORT: Final = 20
_TEXT_FIELDS: Final = ("title", "author", "source")

#: Returns the province names that a typed name means, none if it names no province.
ProvinceResolver = Callable[[str], tuple[str, ...]]


def parse(query: str, provinces: ProvinceResolver | None = None) -> Parsed:
    """Parse any string.  Never raises; what could not be followed is in `notices`."""
    found: list[Notice] = []
    if len(query) > MAX_LENGTH:
        query = query[:MAX_LENGTH]
        found.append(say.too_long(MAX_LENGTH))
    text = PIPELINE.normalize(query)
    root = _Parser(lex(text), provinces or (lambda name: (name,)), found).run()
    return Parsed(text, root, words_of(root), _unique(found))


def _chunk(text: str, field: Field) -> Chunk:
    return Chunk(text, tuple(PIPELINE.tokens(text)), field)


_short_chunk: Final = lru_cache(maxsize=10_000)(_chunk)


def _unique(found: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple({(notice.code, notice.vi): notice for notice in found}.values())


class _Parser:
    """One parse: a cursor over the lexemes, the notices so far, and the clauses left to spend."""

    def __init__(self, lexemes: list[Lexeme], provinces: ProvinceResolver, found: list[Notice]) -> None:
        self.lexemes = lexemes
        self.provinces = provinces
        self.found = found
        self.at = 0
        self.clauses = MAX_CLAUSES

    def run(self) -> Syntax:
        root = self.alternatives(0, "all")
        return root if root is not None else All(())

    def peek(self) -> Lexeme | None:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else None

    def ignore(self, operator: str, why: tuple[str, str]) -> None:
        self.found.append(say.ignored(operator, *why))

    def alternatives(self, depth: int, field: Field) -> Syntax | None:
        """Read parts up to the closing bracket or the end; `x a OR b y` means x (a OR b) y, as on the web."""
        parts: list[Syntax] = []
        joining = False
        while (lexeme := self.peek()) is not None:
            if lexeme.kind == "close":
                if depth:
                    break
                self.at += 1
                self.ignore(")", say.BRACKETS)
                continue
            if lexeme.kind in ("or", "and"):
                self.at += 1
                if lexeme.kind == "or":
                    joining = bool(parts)
                    if not parts or self.ends():
                        self.ignore("OR", say.NO_OPERAND)
                        joining = False
                continue
            part = self.part(depth, field)
            if part is None:
                continue
            if joining and not isinstance(part, Not) and not isinstance(parts[-1], Not):
                before = parts.pop()
                parts.append(Any((*(before.parts if isinstance(before, Any) else (before,)), part)))
            else:
                parts.append(part)
            joining = False
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def ends(self) -> bool:
        lexeme = self.peek()
        return lexeme is None or lexeme.kind == "close"

    def part(self, depth: int, field: Field) -> Syntax | None:
        """Read one part; None where nothing is left to search for."""
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.kind in ("chunk", "or", "and"):  # `-OR` excludes a word
            return self.chunk(lexeme.value, field)
        if lexeme.kind == "open":
            return self.group(depth, field)
        if lexeme.kind == "quote":
            return self.quoted(lexeme, field)
        if lexeme.kind == "stray-quote":
            self.ignore(lexeme.value, say.OPEN_QUOTE)
            return None
        if lexeme.kind == "minus":
            return self.negated(depth, field)
        return self.fielded(lexeme.value, depth)

    def group(self, depth: int, field: Field) -> Syntax | None:
        if depth >= MAX_DEPTH:
            self.found.append(say.too_deep(MAX_DEPTH))
            return None
        inner = self.alternatives(depth + 1, field)
        if self.peek() is None:
            self.ignore("(", say.BRACKETS)
        else:
            self.at += 1
        return inner

    def negated(self, depth: int, field: Field) -> Syntax | None:
        part = self.part(depth, field) if not self.ends() else None
        if part is None:
            self.ignore("-", say.NO_OPERAND)
            return None
        return part.part if isinstance(part, Not) else Not(part)

    def fielded(self, name: str, depth: int) -> Syntax | None:
        lexeme = self.peek()
        if lexeme is None or lexeme.kind not in ("chunk", "quote", "open"):
            self.ignore(f"{name}:", say.NO_OPERAND)
            return None
        if name in _TEXT_FIELDS:
            return self.part(depth, cast(Field, name))
        if lexeme.kind == "open":
            self.ignore(f"{name}:", say.NO_OPERAND)
            return None
        if name == "province":
            return self.province(lexeme)
        self.at += 1
        days = date_range(lexeme.value)
        if days is None:
            self.ignore(f"{name}:{lexeme.value}", say.BAD_DATE)
            return None
        text = f"{name}:{lexeme.value}"
        return Restriction(text, date_from=days[0]) if name == "from" else Restriction(text, date_to=days[1])

    def province(self, first: Lexeme) -> Syntax | None:
        """Read a province name: quoted, or as many of the next four words as make one name."""
        if first.kind == "quote":
            self.at += 1
            return self.named(first.value)
        words = []
        for lexeme in self.lexemes[self.at : self.at + 5]:
            if lexeme.kind != "chunk":
                break
            words.append(lexeme.value)
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).replace("_", " ")
            names = self.provinces(name)
            if names and (count == 1 or names != (name,)):
                self.at += count
                return Restriction(f"province:{name}", provinces=names)
        self.at += 1
        return self.named(words[0])

    def named(self, name: str) -> Syntax | None:
        names = self.provinces(name)
        if not names:
            self.ignore(f"province:{name}", say.BAD_PROVINCE)
            return None
        return Restriction(f"province:{name}", provinces=names)

    def spend(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """Take the clauses of some tokens from the budget; return the tokens that fit.

        Of a compound that does not fit with all its parts, those that do are words by themselves.
        """
        kept = tokens[: self.clauses]
        self.clauses -= len(kept)
        if len(kept) < len(tokens):
            self.found.append(say.too_many(MAX_CLAUSES))
            kept = tuple([token for token in kept if token.end <= tokens[len(kept)].start])
        return kept

    def quoted(self, lexeme: Lexeme, field: Field) -> Syntax | None:
        tokens = tuple(token for token in PIPELINE.tokens(lexeme.value) if not token.whole)
        tokens = self.spend(tokens)
        return Quoted(lexeme.value, tokens, lexeme.slop, field) if tokens else None

    def chunk(self, text: str, field: Field) -> Syntax | None:
        chunk = _short_chunk(text, field) if len(text) <= SHORT else _chunk(text, field)
        if not chunk.tokens:
            return None
        if "*" in text:
            stem = self.starred(chunk)
            if stem is not chunk:
                return stem
        tokens = self.spend(chunk.tokens)
        if tokens is chunk.tokens:
            return chunk
        return Chunk(text, tokens, field) if tokens else None

    def starred(self, chunk: Chunk) -> Syntax | None:
        """Read `word*`; the chunk itself where the asterisk means nothing."""
        text, first = chunk.text, chunk.tokens[0]
        stem = text.rstrip("*?!.,;:)…")
        if not text.startswith("*", len(stem)) or len(chunk.tokens) > 1 or first.end != len(stem):
            self.ignore("*", say.MID_STAR)
        elif len(first.fold) < MIN_STEM:
            self.ignore(f"{stem}*", say.SHORT_STEM)
        else:
            return Stem(text, first, chunk.field) if self.spend(chunk.tokens) else None
        return chunk
