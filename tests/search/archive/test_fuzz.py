"""No string may make a search raise; `python -m tests.bench.fuzz` tries many more of them."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.archive.archive import Archive
from search.results.answer import Answer, Request
from tests.bench.fuzz import query_string

PIECES = st.sampled_from([*'"()-*', " OR ", "~3", "title:", "from:2024", "province:", "thanh hoá", "đường"])


def check(answer: Answer) -> None:
    assert sum(hit.member for hit in answer.hits) <= answer.total
    assert len(answer.hits) <= answer.total + answer.more
    for hit in answer.hits:
        shown = [(hit.article.title, hit.title_marks), *((each.text, each.marks) for each in hit.snippets)]
        assert all(0 <= start < end <= len(text) for text, marks in shown for start, end in marks)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=1000), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=60).map("".join)))
def test_no_string_of_up_to_a_thousand_characters_raises(archive: Archive, text: str) -> None:
    check(archive.search(Request(text)))


def test_no_mixture_of_syntax_words_and_noise_raises(archive: Archive) -> None:
    chance = random.Random(11)
    for number in range(300):
        check(archive.search(Request(query_string(chance), strict=number % 7 == 0, explain=number % 5 == 0)))


@pytest.mark.parametrize("before", range(60, 65))
@pytest.mark.parametrize("compound", ["92/QĐ-UBND", "-92/QĐ-UBND"])
def test_a_compound_cut_by_the_limit_of_words_is_searched_by_its_parts(
    archive: Archive, before: int, compound: str
) -> None:
    answer = archive.search(Request(" OR ".join(["đường"] * before + [compound])))
    assert answer.total > 0
    assert any("64" in notice.vi for notice in answer.notices) == (before > 60)
