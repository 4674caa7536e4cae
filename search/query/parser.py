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
from search.query.date_ranges import date_range
from search.query.lexer import Lexeme, lex
from search.query.notices import Notice
from search.query.spellings import closed_up
from search.query.syntax import All, Any, Chunk, Not, Parsed, Quoted, Restriction, Stem, Syntax, words_of
from search.query.tree import Field
from search.text import PIPELINE, Token

MAX_LENGTH: Final = 1000
MAX_DEPTH: Final = 20
MAX_CLAUSES: Final = 64
MIN_STEM: Final = 3
#: Texts up to this length are cut into tokens once; longer ones are no words, and would fill the memory.
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
    text = closed_up(PIPELINE.normalize(query))
    root = _Parser(lex(text), provinces or (lambda name: (name,)), found).run()
    return Parsed(text, root, words_of(root), _unique(found))


def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(PIPELINE.tokens(text))


_tokens_of_short: Final = lru_cache(maxsize=10_000)(_tokens)


def _tokens_at(lexeme: Lexeme) -> tuple[Token, ...]:
    """Return the tokens of a lexeme, at their places in the query."""
    text, start = lexeme.value, lexeme.start
    tokens = _tokens_of_short(text) if len(text) <= SHORT else _tokens(text)
    if not start:
        return tokens
    return tuple([Token(t.key, t.fold, start + t.start, start + t.end, t.position, t.whole) for t in tokens])


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
            return self.chunk(lexeme, field)
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
        return Restriction(date_from=days[0]) if name == "from" else Restriction(date_to=days[1])

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
                return Restriction(provinces=names)
        self.at += 1
        return self.named(words[0])

    def named(self, name: str) -> Syntax | None:
        names = self.provinces(name)
        if not names:
            self.ignore(f"province:{name}", say.BAD_PROVINCE)
            return None
        return Restriction(provinces=names)

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
        tokens = self.spend(tuple(token for token in _tokens_at(lexeme) if not token.whole))
        return Quoted(tokens, lexeme.slop, field) if tokens else None

    def chunk(self, lexeme: Lexeme, field: Field) -> Syntax | None:
        tokens = _tokens_at(lexeme)
        if tokens and "*" in lexeme.value and self.is_stem(lexeme, tokens):
            return Stem(tokens[0], field) if self.spend(tokens) else None
        tokens = self.spend(tokens)
        return Chunk(tokens, field) if tokens else None

    def is_stem(self, lexeme: Lexeme, tokens: tuple[Token, ...]) -> bool:
        """Say whether a lexeme with an asterisk is `word*`; where the asterisk means nothing, announce that."""
        text = lexeme.value
        stem = text.rstrip("*?!.,;:)…")
        if not text.startswith("*", len(stem)) or len(tokens) > 1 or tokens[0].end != lexeme.start + len(stem):
            self.ignore("*", say.MID_STAR)
        elif len(tokens[0].fold) < MIN_STEM:
            self.ignore(f"{stem}*", say.SHORT_STEM)
        else:
            return True
        return False
