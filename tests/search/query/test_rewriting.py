"""Putting other words into a query as it was typed."""

from hypothesis import given
from hypothesis import strategies as st

from search.query.parser import parse
from search.query.rewriting import rewritten
from search.query.syntax import words_of

PIECES = ["mưa", '"', "-", "OR", "(", ")", "title:", "from:2018", "tungay:2018", "ngoa*", "26/12", "province:huế"]


def test_words_are_replaced_where_they_stand_not_where_they_are_excluded() -> None:
    parsed = parse('-mưa "mưa lớn" OR mưa')
    assert rewritten(parsed, [(0, 1, "nắng"), (2, 3, "gió")]) == '-mưa "nắng lớn" OR gió'


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=8).map(" ".join))
def test_every_wanted_word_of_any_query_has_a_place(query: str) -> None:
    parsed = parse(query)
    words = [leaf.text[token.start : token.end] for leaf, token in words_of(parsed.root)]
    same = [(at, at + 1, word) for at, word in enumerate(words)]
    assert rewritten(parsed, same) == parsed.text
