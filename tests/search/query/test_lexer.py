"""Lexemes: what opens and closes, excludes, names a field or is part of a word, and where each of them begins."""

import pytest

from search.query.lexer import MAX_SLOP, lex


def lexemes(query: str) -> list[str]:
    """Return the lexemes as `kind:value@start`; a chunk is its text alone."""
    return [f"{found.value}@{found.start}" if found.kind == "chunk" else f"{found.kind}:{found.value}@{found.start}"
            for found in lex(query)]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hòa  bình", "hòa@0 bình@5"),
        ("a OR b or c AND d NOT e", "a@0 or:OR@2 b@5 or:or@7 c@10 and:AND@12 d@16 minus:NOT@18 e@22"),
        ("(a OR b)", "open:(@0 a@1 or:OR@3 b@6 close:)@7"),
        ("a -b", "a@0 minus:-@2 b@3"),
        ("-b a", "minus:-@0 b@1 a@3"),
        ("(-b)", "open:(@0 minus:-@1 b@2 close:)@3"),
        ("(a)-b", "open:(@0 a@1 close:)@2 minus:-@3 b@4"),
        ("title:-b", "field:title@0 minus:-@6 b@7"),
        ('"a"-b', "quote:a@1 -b@3"),
        ("a-b", "a-b@0"),
        ("a - b", "a@0 -@2 b@4"),
        ("a --b", "a@0 --b@2"),
        ("a -", "a@0 -@2"),
        ("-(b)", "minus:-@0 open:(@1 b@2 close:)@3"),
        ("tieude:a nguồn:b", "field:title@0 a@7 field:source@9 b@15"),
        ("x title:a", "x@0 field:title@2 a@8"),
        ("http://a.vn 10:30", "http://a.vn@0 10:30@12"),
    ],
)
def test_a_query_is_cut_into_lexemes_at_their_places(query: str, expected: str) -> None:
    assert " ".join(lexemes(query)) == expected


@pytest.mark.parametrize("quoted", ['"a"', "“a”", "„a“", "„a”", "«a»", "”a”", '“a"', '"a”'])
def test_quotation_marks_close_each_other_as_people_and_programs_write_them(quoted: str) -> None:
    assert lexemes(f"x {quoted} y") == ["x@0", "quote:a@3", "y@6"]


@pytest.mark.parametrize("stray", ['"', "“", "”", "„", "«", "»"])
def test_a_quotation_mark_that_nothing_closes_stands_alone(stray: str) -> None:
    assert lexemes(f"x {stray}a") == ["x@0", f"stray-quote:{stray}@2", "a@3"]


def test_the_first_mark_that_closes_ends_a_quotation() -> None:
    assert lexemes('"a" b "c"') == ["quote:a@1", "b@4", "quote:c@7"]
    assert lexemes("„a“ b”") == ["quote:a@1", "b@4", "stray-quote:”@5"]


@pytest.mark.parametrize(
    ("typed", "slop"),
    [("", 1), ("~0", 1), ("~1", 1), ("~2", 2), ("~49", 49), ("~50", MAX_SLOP), ("~51", MAX_SLOP), ("~999", MAX_SLOP)],
)
def test_words_of_a_quotation_stand_at_most_fifty_apart(typed: str, slop: int) -> None:
    quote, behind = lex(f'"a b"{typed} c')
    assert (quote.slop, behind.value, behind.start) == (slop, "c", 6 + len(typed))
