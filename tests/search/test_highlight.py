"""Marks and snippets: what the index matched is what is marked, wherever it stands in the text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.article import Span
from search.results.answer import Snippet
from search.results.companions import Companions, Company
from search.results.highlighter import Highlighter, Needle
from search.text import PIPELINE, fold, tokenize, tone_key


def folded(*words: str) -> Highlighter:
    return Highlighter([Needle(frozenset([fold(word)])) for word in words])


def marked(highlighter: Highlighter, text: str) -> list[str]:
    return [text[start:end] for start, end in highlighter.marks(text)[0]]


def snippets(highlighter: Highlighter, body: str, *spans: Span, count: int = 2, width: int = 240) -> list[Snippet]:
    return list(highlighter.show("", body, spans, count, width).snippets)


def test_neighbouring_words_are_one_mark() -> None:
    assert marked(folded("so", "ngoai", "vu"), "Hôm nay Sở Ngoại vụ, và sở khác.") == ["Sở Ngoại vụ", "sở"]


def test_a_word_inside_another_word_is_not_marked() -> None:
    assert marked(folded("an"), "Thanh tra Nghệ An; bàn; An.") == ["An", "An"]


def test_a_compound_is_marked_as_a_whole() -> None:
    assert marked(folded("92/qd-ubnd"), "Theo số 92/QĐ-UBND (18/01/2019).") == ["92/QĐ-UBND"]
    assert marked(folded("chile"), "đoàn Chi-lê đến") == ["Chi-lê"]


def test_a_key_marks_both_tone_styles_and_no_other_marks() -> None:
    highlighter = Highlighter([Needle(frozenset(), frozenset([tone_key("hoà")]))])
    assert marked(highlighter, "hòa, hoà, HÒA, hoa, hóa") == ["hòa", "hoà", "HÒA"]


def test_a_stem_marks_whole_words() -> None:
    assert marked(Highlighter([Needle(frozenset(), stems=("ngo",))]), "Ngoại giao, ngôn ngữ, nga") == ["Ngoại", "ngôn"]


def test_words_of_a_phrase_are_marked_only_in_the_phrase() -> None:
    needles = [Needle(frozenset(["nhan"])), Needle(frozenset(["dan"]))]
    assert marked(Highlighter(needles, [((0, 1), 1)]), "nhân viên, nhân dân, người dân") == ["nhân dân"]
    assert marked(Highlighter(needles, [((0, 1), 2)]), "nhân với dân, nhân của các dân") == ["nhân", "dân"]


def test_matches_far_into_a_long_text_are_shown() -> None:
    body = "Một câu dài dòng. " * 5000 + "Cuối cùng là Xiêng Khoảng ở đây."
    snippet = snippets(folded("xieng", "khoang"), body)[0]
    assert [snippet.text[a:b] for a, b in snippet.marks] == ["Xiêng Khoảng"]


def test_the_snippet_with_most_different_words_comes_first() -> None:
    body = ("Hợp tác. " + "Lời khác không liên quan gì cả. " * 20 + "Hợp tác đối ngoại nhân dân được bàn. "
            + "Lời khác không liên quan gì cả. " * 20 + "Đối ngoại.")  # fmt: skip
    (only,) = snippets(folded("hop", "tac", "doi", "ngoai", "nhan", "dan"), body)
    assert "Hợp tác đối ngoại nhân dân" in only.text


def test_captions_count_less_than_running_text() -> None:
    caption, lead = "Ông Nguyễn Văn An phát biểu.", "Lời mở đầu dài. " * 30
    body = f"{caption}\n\n{lead}Ông Nguyễn Văn An kết luận."
    snippet = snippets(folded("nguyen", "van", "an"), body, Span(0, len(caption), "caption"), count=1)[0]
    assert "kết luận" in snippet.text


def test_without_a_match_the_beginning_is_shown() -> None:
    snippet = snippets(folded("gì"), "Câu đầu. Câu hai.\n\n" + "Câu khác. " * 100)
    assert len(snippet) == 1 and snippet[0].text.startswith("Câu đầu. Câu hai.") and not snippet[0].marks


@pytest.mark.parametrize("body", ["", "   ", "\n\n"])
def test_an_empty_body_has_no_snippet(body: str) -> None:
    assert snippets(folded("a"), body) == []


LETTERS = "aăâbcđeêghiklmnoôơpqrstuưvxyàáảãạòóỏõọ ÀĐ.,-/_\n09ßæ²дー\u0301\u00a0\u2013\u200b…“"
FEW = "aáđ -.1ßУ\u0301\n"
#: No number of several parts: its parts are not marked alone .
VIETNAMESE = (st.text(st.sampled_from(LETTERS), max_size=200) | st.text(st.sampled_from(FEW), max_size=30)).map(
    lambda text: re.sub(r"(?<=\d)[.,](?=\d)", " ", text)
)


@settings(max_examples=600, deadline=None)
@given(VIETNAMESE.map(PIPELINE.normalize), st.integers(0, 50), st.sampled_from(["key", "fold", "stem", "fallback"]))
def test_matches_are_exactly_the_tokens_of_the_index(text: str, place: int, by: str) -> None:
    tokens = list(tokenize(text))
    if not tokens:
        return
    chosen = tokens[place % len(tokens)]
    needle = {
        "key": Needle(frozenset(), frozenset([chosen.key])),
        "fold": Needle(frozenset([chosen.fold])),
        "stem": Needle(frozenset(), stems=(chosen.fold[: 1 + place % 3],)),
        "fallback": Needle(frozenset(), frozenset(["khac"]), fallback=Needle(frozenset([chosen.fold]))),
    }[by]
    wanted = [
        (token.start, token.end, 0)
        for token in tokens
        if needle.matches(token.fold, token.key) or (needle.fallback and needle.fallback.matches(token.fold, token.key))
    ]
    assert Highlighter([needle]).matches(text) == sorted(wanted)


def test_a_part_of_a_number_is_marked_only_with_what_it_is_joined_to() -> None:
    assert not folded("313").matches("đạt 4.313 lượt, tăng 0,313")
    assert marked(folded("4", "313"), "đạt 4.313 lượt, còn 5.313") == ["4.313"] or marked(
        folded("4", "313"), "đạt 4.313 lượt, còn 5.313"
    ) == ["4", "313"]
    assert marked(folded("313"), "có 313. 4 người") == ["313"]


def test_words_of_any_length_are_found() -> None:
    for length in (63, 64, 65, 200):
        text = f"x {'a' * length} y"
        token = list(tokenize(text))[1]
        assert folded(token.fold).matches(text) == [(token.start, token.end, 0)]


def test_other_spellings_are_marked_only_in_an_article_that_has_none_of_the_likely_ones() -> None:
    highlighter = Highlighter([Needle(frozenset(), frozenset([tone_key("hóa")]), fallback=Needle(frozenset(["hoa"])))])
    assert highlighter.marks("hoa hồng", "văn hoá") == ((), ((4, 7),))
    assert highlighter.marks("hoa hồng", "hòa bình") == (((0, 3),), ((0, 3),))


def test_halves_of_a_compound_are_marked_alone_only_where_nothing_else_is() -> None:
    needles = [Needle(frozenset(["thanh"])), Needle(frozenset(["hoa"])), Needle(frozenset(["moi"]))]
    highlighter = Highlighter(needles, companions=Companions.of_compounds([(0, 1)]))
    assert marked(highlighter, "Thanh niên mới ở Thanh Hóa trồng hoa") == ["mới", "Thanh Hóa"]
    assert marked(highlighter, "Thanh niên mới trồng hoa") == ["mới"]
    assert marked(highlighter, "Thanh niên trồng hoa, thanh, hoa") == ["Thanh", "hoa", "thanh", "hoa"]
    assert highlighter.marks("Tỉnh Thanh Hóa", "thanh niên mới") == (((5, 14),), ((11, 14),))


def test_what_needs_company_goes_with_it() -> None:
    needles = [Needle(frozenset([word])) for word in ("1", "000", "ty", "dong", "mia")]
    needs = {0: Company(after=frozenset([1])), 1: Company(frozenset([0])), 2: Company(frozenset([1])),
             3: Company(frozenset([2]))}  # fmt: skip
    highlighter = Highlighter(needles, companions=Companions(needs))
    assert marked(highlighter, "Mía: 1.000 tỷ đồng, 300 tỷ đồng, 3.000 tỷ, 1.250 tỷ") == ["Mía", "1.000 tỷ đồng"]


def test_a_part_of_a_number_is_no_number() -> None:
    assert marked(folded("6", "triệu"), "44,6 triệu, 6 triệu, 6.5 triệu") == ["triệu", "6 triệu", "triệu"]
    assert marked(folded("6", "2017"), "tháng 6/2017, 12.6.2017") == ["6/2017", "2017"]


def test_words_of_grammar_are_marked_only_beside_others() -> None:
    needles = [Needle(frozenset([word])) for word in ("cua", "lang")]
    highlighter = Highlighter(needles, companions=Companions(grammar=frozenset([0])))
    assert marked(highlighter, "Của làng, của ai, làng") == ["Của làng", "làng"]
    assert marked(highlighter, "Của ai") == ["Của"]


@settings(max_examples=200, deadline=None)
@given(VIETNAMESE.map(PIPELINE.normalize), st.integers(20, 80))
def test_marks_of_snippets_lie_inside_and_show_matched_text(text: str, width: int) -> None:
    for snippet in snippets(folded("a", "hoa", "dan"), text, width=width, count=3):
        assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.marks)
        assert sorted(snippet.marks) == list(snippet.marks)
