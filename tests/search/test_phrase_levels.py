"""Quoted phrases at their place in a text."""

from hypothesis import example, given
from hypothesis import strategies as st

from search.article import Article
from search.planning.query import MarkedPhrase
from search.results.phrase_levels import phrase_grade
from search.text.tokens import tokenize

WORDS = ("ba", "bá", "bà", "cá", "ca", "92/QĐ")


def grade(phrase: str, slop: int, text: str) -> str:
    keys = tuple(next(iter(tokenize(word))).key for word in phrase.split())
    return phrase_grade([MarkedPhrase(keys, slop, "all", doubtful=True)], Article("a", "a.txt", "", text))


def stands(phrase: list[str], slop: int, text: list[str]) -> bool:
    """Try every way to go from word to word."""
    reached = {at for at, word in enumerate(text) if word == phrase[0]}
    for word in phrase[1:]:
        found = {at for at, other in enumerate(text) if other == word}
        reached = {at for at in found if any(0 < at - one <= slop for one in reached)}
    return bool(reached)


@given(st.lists(st.sampled_from(WORDS[1:4]), min_size=1, max_size=4), st.integers(1, 4),
       st.lists(st.sampled_from(WORDS[1:4]), max_size=12))  # fmt: skip
def test_a_marked_phrase_is_exact_where_its_words_follow_each_other_within_the_slop(
    phrase: list[str], slop: int, text: list[str]
) -> None:
    assert (grade(" ".join(phrase), slop, " ".join(text)) == "exact") == stands(phrase, slop, text)


@given(st.integers(2, 64))
@example(9)
def test_an_article_that_repeats_a_syllable_is_read_as_fast_as_any(count: int) -> None:
    assert grade("ba " * count + "bá", 50, "ba " * 5_000) != "exact"


def test_compounds_and_capitals_stand_in_a_loose_phrase_too() -> None:
    assert grade("quyết 92/QĐ-UBND ngày", 3, "QUYẾT định số 92/QĐ-UBND, ký ngày 3") == "exact"
    assert grade("quyết 92/QĐ-UBND ngày", 2, "QUYẾT định số 92/QĐ-UBND, ký ngày 3") != "exact"
