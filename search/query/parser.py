"""The query language: from any string to a syntax tree and notices about what was ignored.

1. The text is cut at 1,000 characters and normalised.
2. The lexer finds brackets, quotation marks, `OR`, `-`, field names and chunks.
3. A recursive descent, at most 20 brackets deep, builds the tree; operators without an operand, unmatched
   brackets and quotation marks, short stems and unreadable dates are ignored and announced.
4. At most 64 words are searched.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Final, Literal, Protocol, cast

from search.query import notices as say
from search.query.date_ranges import date_range, day_of_any_year
from search.query.lexer import Lexeme, lex
from search.query.notices import Notice
from search.query.spellings import closed_up
from search.query.syntax import (
    All,
    Any,
    Chunk,
    Group,
    Named,
    Not,
    Parsed,
    Quoted,
    Restriction,
    Stem,
    Syntax,
    words_of,
)
from search.query.tree import Field
from search.text import PIPELINE, Token

MAX_LENGTH: Final = 1000
MONTH: Final = re.compile("0?[1-9]|1[0-2]")
MAX_DEPTH: Final = 20
MAX_CLAUSES: Final = 64
MIN_STEM: Final = 3
#: Texts up to this length are cut into tokens once; longer ones are no words, and would fill the memory.
SHORT: Final = 20
#: Words of a province's, an author's or a source's name, at most.
LONGEST_NAME: Final = 8
#: Says nothing, and nothing needs to be said of it.
PUNCTUATION: Final = frozenset(".,;:!?…·•|_")

class Binder(Protocol):
    """What an archive knows of words side by side, so that operators and fields bind what belongs together."""

    def provinces(self, name: str) -> tuple[str, ...]:
        """Return the province names that a typed name means, none if it names no province."""

    def unit(self, tokens: Sequence[Token], text: str) -> int:
        """Return how many of some words of a query, one at least, are one word or name with the first."""

    def named(self, field: Literal["author", "source"], tokens: Sequence[Token]) -> int:
        """Return how many of some words, from the first on, stand so in an author or source; 0 if none does."""


class WordByWord:
    """Binds one word each, where there is no archive to ask."""

    def provinces(self, name: str) -> tuple[str, ...]:
        """Return the name itself, if it is one word."""
        return (name,) if len(name.split()) == 1 else ()

    def unit(self, tokens: Sequence[Token], text: str) -> int:
        """Return one."""
        return 1

    def named(self, field: Literal["author", "source"], tokens: Sequence[Token]) -> int:
        """Return one."""
        return 1


WORD_BY_WORD: Final = WordByWord()


def parse(query: str, binder: Binder = WORD_BY_WORD) -> Parsed:
    """Parse any string.  Never raises; what could not be followed is in `notices`."""
    found: list[Notice] = []
    if len(query) > MAX_LENGTH:
        query = query[:MAX_LENGTH]
        found.append(say.too_long(MAX_LENGTH))
    text = closed_up(PIPELINE.normalize(query))
    parser = _Parser(text, binder, found)
    root = parser.run()
    if parser.groups:
        found.append(say.read_as(shown(text, root)))
    return Parsed(text, root, words_of(root), _unique(found))


def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(PIPELINE.tokens(text))


_tokens_of_short: Final = lru_cache(maxsize=5_000)(_tokens)


def _tokens_at(lexeme: Lexeme) -> tuple[Token, ...]:
    """Return the tokens of a lexeme, at their places in the query."""
    text, start = lexeme.value, lexeme.start
    tokens = _tokens_of_short(text) if len(text) <= SHORT else _tokens(text)
    if not start:
        return tokens
    return tuple([Token(t.key, t.fold, start + t.start, start + t.end, t.position, t.whole) for t in tokens])


def _dates(name: str, text: str) -> Restriction | None:
    """Return what `from:`, `to:`, `year:`, `month:` or `day:` asks for, None if it can't be read."""
    if name == "month" and MONTH.fullmatch(text):
        return Restriction(month=int(text))
    day = day_of_any_year(text) if name == "day" else None
    if day is not None:
        return Restriction(day=day)
    days = date_range(text)
    if days is None:
        return None
    first, last = days
    year, month = first // 10000, first // 100 % 100
    match name:
        case "from":
            return Restriction(date_from=first)
        case "to":
            return Restriction(date_to=last)
        case "year" if last - first > 100:
            return Restriction(year=year)
        case "month" if 0 < last - first < 100:
            return Restriction(year=year, month=month)
        case "day" if first == last:
            return Restriction(date_from=first, date_to=last, day=first % 10_000)
    return None


def shown(text: str, node: Syntax) -> str:
    """Return a query as it was read, with brackets around what an operator binds."""
    match node:
        case Group():
            return f"({text[node.tokens[0].start : node.tokens[-1].end]})"
        case Chunk() | Quoted():
            typed = text[node.tokens[0].start : node.tokens[-1].end]
            return f'"{typed}"' if isinstance(node, Quoted) else typed
        case Stem():
            return f"{text[node.token.start : node.token.end]}*"
        case Named():
            return f"{node.field}:({text[node.tokens[0].start : node.tokens[-1].end]})"
        case Not(part):
            return f"-{shown(text, part)}"
        case All(parts):
            inner = (f"({shown(text, part)})" if isinstance(part, All) else shown(text, part) for part in parts)
            return " ".join(inner)
        case Any(parts):
            return " OR ".join(shown(text, part) for part in parts)
        case Restriction():
            return f"[{', '.join(node.provinces) or '…'}]"


def _unique(found: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple({(notice.code, notice.vi): notice for notice in found}.values())


class _Parser:
    """One parse: a cursor over the lexemes, the notices so far, and the clauses left to spend."""

    def __init__(self, text: str, binder: Binder, found: list[Notice]) -> None:
        self.text = text
        self.lexemes = lex(text)
        self.binder = binder
        self.groups = 0
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
                        self.ignore(lexeme.value, say.NO_OPERAND)
                        joining = False
                    elif lexeme.value.islower():
                        self.groups += 1  # an operator in small letters is announced
                continue
            part = self.operand(field) if joining or self.before_or() else None
            part = part or self.part(depth, field)
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

    def run_of_words(self) -> list[tuple[Lexeme, tuple[Token, ...]]]:
        """Return the bare words that stand side by side from the cursor on, up to a compound or the end."""
        run: list[tuple[Lexeme, tuple[Token, ...]]] = []
        for lexeme in self.lexemes[self.at :]:
            tokens = _tokens_at(lexeme) if lexeme.kind == "chunk" else ()
            if len(tokens) != 1 or "*" in lexeme.value:
                break
            run.append((lexeme, tokens))
        return run

    def before_or(self) -> bool:
        """Say whether the unit at the cursor is the last before an `OR`."""
        run = self.run_of_words()
        behind = self.at + len(run)
        if not run or behind >= len(self.lexemes) or self.lexemes[behind].kind != "or":
            return False
        return self.binder.unit([tokens[0] for _, tokens in run], self.text) == len(run)

    def operand(self, field: Field) -> Syntax | None:
        """Read the words of the unit at the cursor as one operand.

        None, and nothing is read, where that is one word or none, or no word more is searched for.
        """
        run = self.run_of_words() if self.clauses else []
        count = self.binder.unit([tokens[0] for _, tokens in run], self.text) if len(run) > 1 else 0
        if count < 2:
            return None
        self.at += count
        self.groups += 1
        kept = (self.spend(tokens) for _, tokens in run[:count])
        return Group(tuple([Chunk(tokens, field, self.groups) for tokens in kept if tokens]))

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
        part = None
        if not self.ends():
            part = self.operand(field) or self.part(depth, field)
        if part is None:
            self.ignore("-", say.NO_OPERAND)
            return None
        return part.part if isinstance(part, Not) else Not(part)

    def fielded(self, name: str, depth: int) -> Syntax | None:
        lexeme = self.peek()
        if lexeme is None or lexeme.kind not in ("chunk", "quote", "open"):
            self.ignore(f"{name}:", say.NO_OPERAND)
            return None
        if name == "title":
            bound = self.operand("title") if lexeme.kind == "chunk" else None
            return bound or self.part(depth, "title")
        if lexeme.kind == "open":
            self.ignore(f"{name}:", say.NO_OPERAND)
            return None
        if name == "province":
            return self.province(lexeme)
        if name in ("author", "source"):
            return self.name(cast('Literal["author", "source"]', name), lexeme)
        self.at += 1
        found = _dates(name, lexeme.value)
        if found is None:
            self.ignore(f"{name}:{lexeme.value}", say.BAD_DATE)
        return found

    def name(self, field: Literal["author", "source"], first: Lexeme) -> Syntax | None:
        """Read an author or a source: quoted, or as many of the next words as stand so in one."""
        if first.kind == "quote":
            self.at += 1
            tokens = tuple(token for token in _tokens_at(first) if not token.whole)
            return Named(field, tokens) if tokens else None
        run = list(takewhile(lambda lexeme: lexeme.kind == "chunk", self.lexemes[self.at : self.at + LONGEST_NAME]))
        each = [tuple(token for token in _tokens_at(lexeme) if not token.whole) for lexeme in run]
        count = self.binder.named(field, [token for tokens in each for token in tokens])
        taken: list[Token] = []
        for tokens in each:
            if taken and len(taken) + len(tokens) > count:
                break
            taken += tokens
            self.at += 1
        behind = self.peek()
        if behind is not None and behind.kind == "chunk":
            self.groups += 1  # which words are the name is announced
        return Named(field, tuple(taken)) if taken else None

    def province(self, first: Lexeme) -> Syntax | None:
        """Read a province name: quoted, or as many of the next words as make one name."""
        if first.kind == "quote":
            self.at += 1
            return self.restriction(first.value)
        run = list(takewhile(lambda lexeme: lexeme.kind == "chunk", self.lexemes[self.at : self.at + LONGEST_NAME]))
        for count in range(len(run), 0, -1):
            name = " ".join(lexeme.value for lexeme in run[:count]).replace("_", " ")
            names = self.binder.provinces(name)
            if names:
                self.at += count
                return Restriction(provinces=names)
        self.at += 1
        return self.restriction(run[0].value)

    def restriction(self, name: str) -> Syntax | None:
        names = self.binder.provinces(name)
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
        if not tokens:
            self.ignore(f'"{lexeme.value}"', say.NO_WORD)
        return Quoted(tokens, lexeme.slop, field) if tokens else None

    def chunk(self, lexeme: Lexeme, field: Field) -> Syntax | None:
        tokens = _tokens_at(lexeme)
        if not tokens and not set(lexeme.value) <= PUNCTUATION:
            self.ignore(lexeme.value, say.NO_WORD)
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
