"""Putting other words into a query as it was typed."""

from hypothesis import given
from hypothesis import strategies as st

from search.query.parser import parse
from search.query.syntax import rewritten

PIECES = ["mưa", '"', "-", "OR", "(", ")", "title:", "from:2018", "tungay:2018", "ngoa*", "26/12", "province:huế"]


def test_words_are_replaced_where_they_stand_not_where_they_are_excluded() -> None:
    parsed = parse('-mưa "mưa lớn" OR mưa')
    first, _, last = parsed.words
    changes = [(first.start, first.end, "nắng"), (last.start, last.end, "gió")]
    assert rewritten(parsed, changes) == '-mưa "nắng lớn" OR gió'


def test_a_word_of_a_field_is_not_taken_for_the_same_word_of_an_operator() -> None:
    parsed = parse("province:huế huế")
    (word,) = parsed.words
    assert rewritten(parsed, [(word.start, word.end, "vinh")]) == "province:huế vinh"


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=8).map(" ".join))
def test_every_wanted_word_of_any_query_stands_where_it_says(query: str) -> None:
    parsed = parse(query)
    for word in parsed.words:
        again = parse(f'"{parsed.text[word.start : word.end]}"').words
        assert [(found.key, found.fold) for found in again] == [(word.key, word.fold)]
    same = [(word.start, word.end, parsed.text[word.start : word.end]) for word in parsed.words]
    assert rewritten(parsed, same) == parsed.text
