"""Snippets read like sentences: where they begin, how many there are, and which part of the text they take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Span
from search.results.answer import Snippet
from search.results.highlighter import Highlighter, Needle
from search.results.sentences import starts
from search.text import fold

OTHER = "Lời khác không liên quan gì cả. " * 12


def cut(body: str, *words: str, spans: tuple[Span, ...] = (), bound: frozenset[str] = frozenset()) -> list[Snippet]:
    needles = [Needle(frozenset([fold(word)])) for word in words]
    highlighter = Highlighter(needles, bound=lambda left, right: f"{left} {right}" in bound)
    return list(highlighter.show("", body, spans).snippets)


def test_a_snippet_begins_with_its_sentence() -> None:
    (found,) = cut(f"{OTHER}Ông Hai trồng lúa, nuôi bò và đào ao ở làng. {OTHER}", "ao")
    assert found.text.startswith("Ông Hai trồng lúa")


@pytest.mark.parametrize("place", ["TP. Vinh", "Tp. Vinh", "GS. Vinh", "ThS. Vinh", "bà N. Vinh"])
def test_an_abbreviation_ends_no_sentence(place: str) -> None:
    (found,) = cut(f"{OTHER}Hôm nay đoàn về {place} họp bàn. {OTHER}", "họp")
    assert found.text.startswith("Hôm nay đoàn về")


def test_in_a_long_sentence_a_snippet_begins_with_a_clause() -> None:
    long = "Theo kế hoạch đã nêu ở đầu năm " + "nhiều việc lớn nhỏ khác nhau " * 12
    (found,) = cut(f"{OTHER}{long}, sau đó đoàn thăm một xưởng dệt. {OTHER}", "xưởng")
    assert found.text.startswith("… sau đó đoàn thăm")


def test_a_snippet_never_begins_inside_a_compound() -> None:
    long = "Trong khi ấy " + "nhiều việc lớn nhỏ khác nhau " * 12
    body = f"{OTHER}{long} thành phố dựng cầu {'và nhiều thứ khác nữa ' * 20}. {OTHER}"
    (found,) = cut(body, "phố", bound=frozenset(["thành phố"]))
    assert found.text.startswith("… thành phố dựng cầu")


def test_a_snippet_never_ends_inside_a_compound() -> None:
    rest = f" {'và nhiều thứ khác nữa ' * 10} ở thành phố lớn {'và nhiều thứ khác nữa ' * 10}"
    ends = {cut(f"Mía {'x' * n} {rest}", "mía", bound=frozenset(["thành phố"]))[0].text[-9:] for n in range(1, 40)}
    assert not any(end.endswith("thành …") for end in ends)


def test_one_window_is_enough_if_it_holds_most_of_the_words() -> None:
    body = f"Mía được giá. {OTHER}Nông dân trồng mía ở ven sông. {OTHER}Sông cạn."
    (found,) = cut(body, "trồng", "mía", "sông")
    assert "trồng mía ở ven sông" in found.text


def test_a_second_window_shows_what_the_first_leaves_out() -> None:
    first, second = cut(f"Mía được giá. {OTHER}{OTHER}Sông cạn.", "mía", "sông")
    assert ("Mía" in first.text, "Sông cạn" in second.text) == (True, True)


def test_a_caption_is_shown_only_for_words_that_stand_nowhere_else() -> None:
    caption = "Xưởng dệt mía mới."
    body = f"{caption}\n\n{OTHER}Mía được giá. {OTHER}Xưởng đóng cửa. {OTHER}"
    spans = (Span(0, len(caption), "caption"),)
    assert all(caption not in found.text for found in cut(body, "mía", "xưởng", spans=spans))
    assert any(caption in found.text for found in cut(body, "dệt", spans=spans))


@given(st.text("aÁ. ,;:!?…\"”–-1\u00a0", max_size=120))
def test_sentences_and_clauses_begin_after_what_ends_one(text: str) -> None:
    sentences, clauses = starts(text, 0, len(text))
    assert sentences[0] == 0
    assert (sentences, clauses) == (sorted(set(sentences)), sorted(set(clauses)))
    for place in [*sentences[1:], *clauses]:
        assert text[place - 1].isspace()
        assert set(text[:place].rstrip()[-1:]) <= set(".!?…,;:–-\"”")
