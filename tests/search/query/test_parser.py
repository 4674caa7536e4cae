"""The query language: what a string means, what is ignored, and that nothing raises."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.places import province_named
from search.query.date_ranges import date_range
from search.query.parser import MAX_CLAUSES, MAX_LENGTH, WordByWord, parse
from search.query.syntax import All, Any, Chunk, Group, Named, Not, Parsed, Quoted, Restriction, Stem
from search.text import Token


class Known(WordByWord):
    """Knows the provinces, and that these are words of two syllables."""

    def provinces(self, name: str) -> tuple[str, ...]:
        found = province_named(name)
        return (found,) if found else ()

    def unit(self, tokens: Sequence[Token], text: str) -> int:
        return 2 if tuple(token.fold for token in tokens[:2]) in {("hoi", "nghi"), ("da", "nang")} else 1


provinces = Known()


def shape(parsed: Parsed, part: object) -> object:
    """Return a syntax tree as nested tuples of what was typed."""

    def typed(tokens: tuple[Token, ...]) -> str:
        return parsed.text[tokens[0].start : tokens[-1].end]

    if isinstance(part, All | Any):
        return (type(part).__name__, *(shape(parsed, inner) for inner in part.parts))
    if isinstance(part, Not):
        return ("Not", shape(parsed, part.part))
    if isinstance(part, Group):
        return ("Group", typed(part.tokens), part.field)
    if isinstance(part, Named):
        return ("Named", part.field, typed(part.tokens))
    if isinstance(part, Quoted):
        return ("Quoted", typed(part.tokens), part.slop, part.field)
    if isinstance(part, Chunk):
        return typed(part.tokens) if part.field == "all" else (part.field, typed(part.tokens))
    if isinstance(part, Stem):
        return ("Stem", part.token.fold)
    assert isinstance(part, Restriction)
    return ("Restriction", part.provinces, part.date_from, part.date_to)


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("thanh hoá", ("All", "thanh", "hoá")),
        ("a OR b c", ("All", ("Any", "a", "b"), "c")),
        ("a OR b OR c", ("Any", "a", "b", "c")),
        ("a -b", ("All", "a", ("Not", "b"))),
        ('"sở ngoại vụ"~3', ("Quoted", "sở ngoại vụ", 3, "all")),
        ("“sở ngoại vụ”", ("Quoted", "sở ngoại vụ", 1, "all")),
        ("ngoai*", ("Stem", "ngoai")),
        ("title:hội nghị", ("Group", "hội nghị", "title")),
        ("gạo -Đà Nẵng mới", ("All", "gạo", ("Not", ("Group", "Đà Nẵng", "all")), "mới")),
        (
            "gạo hội nghị OR đà nẵng mới",
            ("All", "gạo", ("Any", ("Group", "hội nghị", "all"), ("Group", "đà nẵng", "all")), "mới"),
        ),
        ("a NOT b", ("All", "a", ("Not", "b"))),
        ("tiêu đề title:(hội nghị)", ("All", "tiêu", "đề", ("All", ("title", "hội"), ("title", "nghị")))),
        ('author:"Lê Hợi"', ("Named", "author", "Lê Hợi")),
        ("(a OR b) (c d)", ("All", ("Any", "a", "b"), ("All", "c", "d"))),
        ('province:"thanh hoá" gạo', ("All", ("Restriction", ("Thanh Hóa",), 0, 99999999), "gạo")),
        ("province:thanh hoá gạo", ("All", ("Restriction", ("Thanh Hóa",), 0, 99999999), "gạo")),
        ("province:Thanh Hóa gạo", ("All", ("Restriction", ("Thanh Hóa",), 0, 99999999), "gạo")),
        ("gạo from:2024", ("All", "gạo", ("Restriction", (), 20240101, 99999999))),
        ("gạo to:06/2025", ("All", "gạo", ("Restriction", (), 0, 20250630))),
        ("a) b) c", ("All", "a", "b", "c")),
        ("92/QĐ-UBND", "92/QĐ-UBND"),
        ("Covid-19", "Covid-19"),
        ("10:30 http://a.vn/b", ("All", "10:30", "http://a.vn/b")),
        ("", ("All",)),
        ("!!! ---", ("All",)),
    ],
)
def test_a_query_means(query: str, meaning: object) -> None:
    parsed = parse(query, provinces)
    assert shape(parsed, parsed.root) == meaning


@pytest.mark.parametrize(
    "query",
    ["a OR", "OR a", "a -", 'a "b', "(a", "a)", "ab* c", "a*b c", "title:", "from:hôm-qua a", "province:Atlantis a",
     "a %", "a 🙂", 'a ""', "year:2017-13 a", "month:13 a", "day:31/2 a"],
)  # fmt: skip
def test_an_ignored_operator_is_announced_in_both_languages(query: str) -> None:
    notices = parse(query, provinces).notices
    assert [notice.code for notice in notices] == ["ignored-operator"]
    assert all(notice.vi and notice.en for notice in notices)


@pytest.mark.parametrize(("query", "said"), [("gạo or muối", "gạo OR muối"), ("author:Lê Hợi", "author:(Lê) Hợi")])
def test_what_was_not_plainly_typed_is_shown_as_it_was_read(query: str, said: str) -> None:
    assert [(notice.code, said in notice.en) for notice in parse(query).notices] == [("read-as", True)]


def test_limits_cut_and_say_so() -> None:
    endless = parse("đ" * (MAX_LENGTH + 1))
    assert ([notice.code for notice in endless.notices], len(endless.text)) == (["limit"], MAX_LENGTH)
    long = parse("a " * 600)
    assert {notice.code for notice in long.notices} == {"limit"}
    assert len(long.words) == MAX_CLAUSES
    deep = parse("(" * 500 + "a" + ")" * 499)
    assert "limit" in {notice.code for notice in deep.notices}


def test_capitals_decomposition_and_tone_style_do_not_change_the_terms() -> None:
    def keys(query: str) -> list[str]:
        return [token.key for token in parse(query).words]

    assert keys("SỞ NGOẠI VỤ hoà") == keys("sở ngoại vụ hòa") == keys("sơ\u0309 ngoa\u0323i vu\u0323 ho\u0300a")


@given(st.text(max_size=1000))
@settings(max_examples=300, deadline=None)
def test_any_string_parses(query: str) -> None:
    assert isinstance(parse(query, provinces), Parsed)


PIECES = ['"', "(", ")", "-", "OR", "title:", "from:", "province:", "~3", "*", "a", "đường", " ", "92/Q"]


@given(st.lists(st.sampled_from(PIECES), max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_heap_of_operators_parses(pieces: list[str]) -> None:
    parsed = parse("".join(pieces), provinces)
    assert len(parsed.words) <= MAX_CLAUSES


class InPairs(WordByWord):
    """Binds every two words side by side."""

    def unit(self, tokens: Sequence[Token], text: str) -> int:
        return min(len(tokens), 2)


@given(st.integers(MAX_CLAUSES - 4, MAX_CLAUSES + 2), st.lists(st.sampled_from([*PIECES, "a b"]), max_size=12))
@settings(max_examples=300, deadline=None)
def test_operators_behind_as_many_words_as_are_searched_parse(count: int, pieces: list[str]) -> None:
    parsed = parse("c, " * count + "".join(pieces), InPairs())
    assert len(parsed.words) <= MAX_CLAUSES


@pytest.mark.parametrize(
    ("text", "days"),
    [("2025", (20250101, 20251231)), ("2024-02", (20240201, 20240229)), ("30/6/2025", (20250630, 20250630)),
     ("6/2025", (20250601, 20250630)), ("31/02/2025", None), ("2025-13", None), ("hôm qua", None)],
)  # fmt: skip
def test_dates_are_years_months_or_days_in_either_order(text: str, days: tuple[int, int] | None) -> None:
    assert date_range(text) == days
