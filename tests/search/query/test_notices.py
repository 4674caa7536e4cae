"""What is said of a query: which operator was ignored and why, and how what was not plainly typed was read."""

from collections.abc import Sequence
from typing import Literal

import pytest

from search.places import province_named
from search.query import notices as say
from search.query.parser import LONGEST_NAME, WordByWord, parse
from search.query.syntax import All, Named, Restriction, is_plain, leaves
from search.text import Token

UNITS = {("hội", "nghị"), ("đà", "nẵng"), ("sở", "ngoại", "vụ")}


class Known(WordByWord):
    """Knows the provinces, words of several syllables, and authors and sources of so many words."""

    def __init__(self, words_of_a_name: int = 2) -> None:
        self.words_of_a_name = words_of_a_name

    def provinces(self, name: str) -> tuple[str, ...]:
        found = province_named(name)
        return (found,) if found else ()

    def unit(self, tokens: Sequence[Token], text: str) -> int:
        typed = tuple(text[token.start : token.end].lower() for token in tokens)
        return next((len(unit) for unit in UNITS if typed[: len(unit)] == unit), 1)

    def named(self, field: Literal["author", "source"], tokens: Sequence[Token]) -> int:
        return min(self.words_of_a_name, len(tokens))


def told(query: str, binder: WordByWord | None = None) -> list[str]:
    return [notice.en for notice in parse(query, binder or Known()).notices]


@pytest.mark.parametrize(
    ("query", "operator", "why"),
    [
        ("a OR", "OR", say.NO_OPERAND), ("OR a", "OR", say.NO_OPERAND), ("(a OR) b", "OR", say.NO_OPERAND),
        ("a -()", "-", say.NO_OPERAND), ("(a NOT)", "-", say.NO_OPERAND), ("a title:", "title:", say.NO_OPERAND),
        ("a title:)", "title:", say.NO_OPERAND), ("a from:(b)", "from:", say.NO_OPERAND),
        ("author:-b", "author:", say.NO_OPERAND), ("a)", ")", say.BRACKETS), ("(a", "(", say.BRACKETS),
        ('a "b', '"', say.OPEN_QUOTE), ("a » b", "»", say.OPEN_QUOTE),
        ("ab*", "ab*", say.SHORT_STEM), ("ab*?", "ab*", say.SHORT_STEM), ("abc*d", "*", say.MID_STAR),
        ("*abc", "*", say.MID_STAR), ("92/qđ*", "*", say.MID_STAR), ("abcd**e", "*", say.MID_STAR),
        ("a from:31/2/2025", "from:31/2/2025", say.BAD_DATE),
        ("a province:Atlantis b", "province:Atlantis", say.BAD_PROVINCE),
        ('a province:"xứ lạ"', "province:xứ lạ", say.BAD_PROVINCE),
        ("a %", "%", say.NO_WORD), ('a "%"', '"%"', say.NO_WORD), ("a ..%", "..%", say.NO_WORD),
    ],
)  # fmt: skip
def test_an_ignored_operator_is_named_with_the_reason(query: str, operator: str, why: tuple[str, str]) -> None:
    found = parse(query, Known()).notices
    assert say.ignored(operator, *why) in found
    assert {notice.code for notice in found} == {"ignored-operator"}


@pytest.mark.parametrize(
    "query",
    ["a OR b", "a AND b", "(a) b", "a . b", "a ... ?! b", "abc*", "abc*!", "(abc*)", "a -b", "a --b", "title:a",
     '"a b"', "-(a b)", "a -title:b", "", "  ", "a OR -b", "title:(a)", "year:2025 a"],
)  # fmt: skip
def test_nothing_is_said_of_what_is_followed(query: str) -> None:
    assert told(query) == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("a or b", "a OR b"),
        ('"a b" or abc* c', '"a b" OR abc* c'),
        ("a or b -c", "a OR b -c"),
        ("a or b -hội nghị", "a OR b -(hội nghị)"),
        ("gạo -đà nẵng mới", "gạo -(đà nẵng) mới"),
        ("hội nghị OR gạo", "(hội nghị) OR gạo"),
        ("gạo OR sở ngoại vụ mới", "gạo OR (sở ngoại vụ) mới"),
        ("title:hội nghị gạo", "(hội nghị) gạo"),
        ("author:Lê Hợi gạo", "author:(Lê Hợi) gạo"),
        ('author:"Lê Hợi" a or b', "author:(Lê Hợi) a OR b"),
        ("province:huế a or b", "[Huế] a OR b"),
        ("from:2024 a or b", "[…] a OR b"),
        ("x (a (b c)) or d", "x a (b c) OR d"),
        ("(a b) c or d", "(a b) c OR d"),
    ],
)
def test_what_was_not_plainly_typed_is_shown_as_it_was_read(query: str, shown: str) -> None:
    assert told(query) == [f"Read as: {shown}"]


@pytest.mark.parametrize(
    "query",
    ["a OR b", "gạo OR b c", "a AND b", "title:a b", "-a b", "author:Lê Hợi", 'author:"Lê Hợi" a', "hội nghị gạo",
     "hội nghị gạo OR a", "gạo hội nghị", "gạo hội OR nghị"],
)  # fmt: skip
def test_what_was_plainly_typed_is_not_explained(query: str) -> None:
    assert told(query) == []


def test_a_notice_is_given_once() -> None:
    assert told("a % % *b *c") == [say.ignored("%", *say.NO_WORD).en, say.ignored("*", *say.MID_STAR).en]


@pytest.mark.parametrize("field", ["author", "source"])
@pytest.mark.parametrize(
    ("known", "named", "behind"),
    [(1, "a", "b c d e f g h i j"), (2, "a b", "c d e f g h i j"), (LONGEST_NAME, "a b c d e f g h", "i j"),
     (LONGEST_NAME + 1, "a b c d e f g h", "i j"), (0, "a", "b c d e f g h i j")],
)  # fmt: skip
def test_a_name_of_an_author_or_a_source_has_as_many_words_as_the_archive_knows_up_to_eight(
    field: str, known: int, named: str, behind: str
) -> None:
    parsed = parse(f"{field}:a b c d e f g h i j", Known(known))
    assert isinstance(parsed.root, All)
    name, *_ = parsed.root.parts
    assert isinstance(name, Named)
    assert " ".join(token.key for token in name.tokens) == named
    assert " ".join(token.key for token in parsed.words) == behind
    assert [notice.code for notice in parsed.notices] == ["read-as"]


def test_a_name_ends_before_a_compound_that_does_not_belong_to_it() -> None:
    parsed = parse("author:a b-c d", Known(2))
    assert isinstance(parsed.root, All)
    name = parsed.root.parts[0]
    assert isinstance(name, Named) and [token.key for token in name.tokens] == ["a"]
    whole = parse("author:b-c", Known(1)).root
    assert isinstance(whole, Named) and [token.key for token in whole.tokens] == ["b", "c"]


@pytest.mark.parametrize(
    ("query", "province", "behind"),
    [
        ("province:đà nẵng gạo", "Đà Nẵng", ["gạo"]),
        ("province:bà_rịa_-_vũng_tàu gạo", "Bà Rịa - Vũng Tàu", ["gạo"]),
        ("province:thành phố hồ chí minh gạo", "Hồ Chí Minh", ["gạo"]),
        ('province:"đà nẵng" gạo', "Đà Nẵng", ["gạo"]),
    ],
)
def test_a_province_is_as_many_words_as_name_one(query: str, province: str, behind: list[str]) -> None:
    parsed = parse(query, Known())
    assert isinstance(parsed.root, All)
    assert parsed.root.parts[0] == Restriction(provinces=(province,))
    assert [parsed.text[token.start : token.end] for token in parsed.words] == behind


@pytest.mark.parametrize(
    ("query", "plain"),
    [("a b", True), ("a", True), ("a-b c", True), ("", True), ("title:a b", False), ('"a"', False), ("abc*", False),
     ("a -b", False), ("a OR b", False), ("(a b) c", False), ("from:2024 a", False)],
)  # fmt: skip
def test_a_plain_query_is_words_side_by_side(query: str, plain: bool) -> None:
    assert is_plain(parse(query, Known())) == plain


def test_what_is_excluded_or_filters_is_not_among_the_wanted_words() -> None:
    parsed = parse('a -b "c d" (e OR abc*) from:2024 title:hội nghị -đà nẵng', Known())
    assert [parsed.text[leaf.tokens[0].start : leaf.tokens[-1].end] for leaf in leaves(parsed.root)
            if hasattr(leaf, "tokens")] == ["a", "c d", "e", "hội", "nghị"]  # fmt: skip
    assert [token.fold for token in parsed.words] == ["a", "c", "d", "e", "hoi", "nghi"]


def test_limits_are_told_with_points_in_vietnamese_and_commas_in_english() -> None:
    assert "10.000" in say.too_many_words(10_000).vi and "10,000" in say.too_many_words(10_000).en
    assert "64" in say.too_many(64).vi and "64" in say.too_many(64).en and "20" in say.too_deep(20).en
