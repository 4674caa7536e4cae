"""Searching a small archive through its public face."""

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.archive.archive import Archive
from search.errors import NotFound
from search.results.answer import Answer, Request
from search.results.rendering import answer_json, article_json, suggestions_json
from search.text import fold


def ids(archive: Archive, query: str, **options: object) -> list[str]:
    return [hit.article.id for hit in archive.search(Request(query, **options)).hits]  # type: ignore[arg-type]


def codes(answer: Answer) -> list[str]:
    return [notice.code for notice in answer.notices]


def test_a_marked_word_means_that_word_and_its_unmarked_form(archive: Archive) -> None:
    assert set(ids(archive, "đường")) == {"a2", "a4", "a6"}
    assert ids(archive, "Dương")[0] == "a3"


def test_an_unmarked_word_means_every_variant(archive: Archive) -> None:
    assert set(ids(archive, "duong")) == {"a2", "a3", "a4", "a6"}


def test_neighbours_decide_which_variant_of_an_unmarked_word_comes_first(archive: Archive) -> None:
    assert ids(archive, "duong cao toc")[0] in ("a2", "a6")


@pytest.mark.parametrize("query", ["THANH HÓA", "thanh hoá", "thanh hoa", unicodedata.normalize("NFD", "Thanh Hoá")])
def test_tone_style_capitals_and_decomposition_find_the_same_articles(archive: Archive, query: str) -> None:
    assert set(ids(archive, query)) == {"a1", "a3"}


def test_every_hit_says_how_its_marks_match(archive: Archive) -> None:
    grades = {hit.article.id: hit.grade for hit in archive.search(Request("đường cao tốc")).hits}
    assert (grades["a2"], grades["a6"]) == ("exact", "unmarked")


def test_exact_marks_come_before_unmarked_ones(archive: Archive) -> None:
    found = ids(archive, "đường cao tốc bắc nam")
    assert found.index("a2") < found.index("a6")


def test_telex_keystrokes_are_decoded_and_it_is_said(archive: Archive) -> None:
    answer = archive.search(Request("ddoosi ngoaij"))
    assert {hit.article.id for hit in answer.hits} == {"a1", "a9"}
    assert codes(answer) == ["corrected"]
    assert "Hiển thị kết quả cho đối ngoại — tìm đúng ddoosi ngoaij" in answer.notices[0].vi


def test_a_slip_is_corrected_unless_the_search_is_strict(archive: Archive) -> None:
    assert set(ids(archive, "đối ngoạii")) == {"a1", "a9"}
    assert ids(archive, "đối ngoạii", strict=True) == []


def test_a_correction_never_crosses_a_typed_tone(archive: Archive) -> None:
    answer = archive.search(Request("ngoãin"))
    assert "corrected" not in codes(answer)


def test_phrases_exclusions_prefixes_and_alternatives_work(archive: Archive) -> None:
    assert ids(archive, '"đối ngoại nhân dân"') == ["a9"]
    assert set(ids(archive, "đối ngoại -nhân")) == {"a1"}
    assert set(ids(archive, "nông OR khách")) == {"a4", "a7"}
    assert set(ids(archive, "ngoai*")) >= {"a1", "a9"}
    assert set(ids(archive, "title:đường")) == {"a2", "a4"}
    assert set(ids(archive, "to:2024-02")) == {"a1", "a2"}


def test_compounds_are_found_whole_and_in_parts(archive: Archive) -> None:
    assert ids(archive, "92/QĐ-UBND") == ["a5"]
    assert ids(archive, "26/12") == ["a5"]
    assert ids(archive, "qđ ubnd") == ["a5"]


def test_abbreviations_and_i_y_spellings_find_each_other(archive: Archive) -> None:
    assert "a5" in ids(archive, "UBND tỉnh")
    assert ids(archive, "tỉ giá") == ["a8"]


def test_the_ladder_names_the_word_it_drops(archive: Archive) -> None:
    answer = archive.search(Request("mía kangaroo"))
    assert [hit.article.id for hit in answer.hits] == ["a4"]
    assert codes(answer) == ["dropped-word"]
    assert "kangaroo" in answer.notices[0].vi
    assert answer.notices[0].action == {"strict": "1"}
    assert archive.search(Request("mía kangaroo", strict=True)).total == 0


def test_a_phrase_that_is_nowhere_is_broken_up_and_it_is_said(archive: Archive) -> None:
    answer = archive.search(Request('"giá nông dân mía"'))
    assert [hit.article.id for hit in answer.hits] == ["a4"]
    assert codes(answer) == ["split"]


def test_a_merged_province_is_announced_and_both_names_are_offered(archive: Archive) -> None:
    answer = archive.search(Request("khách Phú Yên"))
    assert codes(answer) == ["merged-province"]
    both = answer.notices[0].action
    assert both == {"q": 'khách ("Phú Yên" OR "Đắk Lắk")'}
    assert archive.search(Request(both["q"])).total == answer.total


def test_a_merger_is_not_told_to_who_names_the_successor(archive: Archive) -> None:
    assert codes(archive.search(Request("phu yen dak lak", strict=True))) == []


def test_an_empty_query_finds_everything_newest_first(archive: Archive) -> None:
    answer = archive.search(Request(""))
    assert answer.total == archive.count == 9
    assert answer.hits[0].article.id == "a9"


def test_suggestions_are_found_without_marks_and_shown_with_them(archive: Archive) -> None:
    assert any(found.text == "Đường cao tốc Bắc Nam thông xe" for found in archive.suggest("duong cao"))
    assert archive.suggest("dường cao") == ()
    assert archive.suggest("") == archive.suggest("zzz") == ()


def test_similar_articles_share_the_topic_and_leave_out_the_article_itself(archive: Archive) -> None:
    assert archive.similar("a1", 3)[0].id == "a9"
    with pytest.raises(NotFound, match="nope"):
        archive.similar("nope")


def test_an_article_is_shown_with_its_words_marked(archive: Archive) -> None:
    view = archive.article("a4", "duong mia")
    marked = {view.article.body[start:end] for start, end in view.body_marks}
    assert marked == {"đường", "mía"}
    with pytest.raises(NotFound):
        archive.article("nope")


def test_answers_render_as_json(archive: Archive) -> None:
    answer = answer_json(archive.search(Request("đường cao tốc", explain=True)))
    assert list(answer)[:8] == ["q", "total", "more", "page", "size", "took_ms", "generation", "hits"]
    assert answer["facets"]["year"][0]["value"] == 2024
    assert json.loads(json.dumps(answer, ensure_ascii=False))["explain"]["words"][0]["fold"] == "duong"
    assert article_json(archive.article("a1"))["id"] == "a1"
    assert suggestions_json("x", archive.suggest("x")) == {"q": "x", "suggestions": []}


def test_an_archive_without_articles_answers_with_nothing(empty_archive: Archive) -> None:
    for query in ("", "đường cao tốc", '"a b"', "ngoai*", "-a", "ddoosi"):
        assert empty_archive.search(Request(query)).total == 0
    assert empty_archive.suggest("a") == ()


@given(st.text(max_size=1000))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_string_raises(archive: Archive, query: str) -> None:
    archive.search(Request(query, explain=True))
    archive.suggest(query)


WORDS = ["đường", "duong", "cao", "tốc", "hoá", "OR", "-", '"', "(", ")", "ngoai*", "title:", "92/QĐ-UBND", "dduwowngf"]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_marks_lie_inside_their_text_and_cover_words_of_the_query(archive: Archive, words: list[str]) -> None:
    answer = archive.search(Request(" ".join(words)))
    for hit in answer.hits:
        for text, marks in [(hit.article.title, hit.title_marks), *((cut.text, cut.marks) for cut in hit.snippets)]:
            assert all(0 <= start < end <= len(text) for start, end in marks)
            assert list(marks) == sorted(marks)


TYPED = ["đường", "duong", "cao", "tốc", "hoá", "play-off", "tp.hcm", "km/h", "ubnd", "26/12", "ddoosi", '"giá đường"']


@given(st.lists(st.sampled_from(TYPED), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_query_in_capitals_is_the_same_search(archive: Archive, words: list[str]) -> None:
    found, capitals = (archive.find(Request(query)) for query in (" ".join(words), " ".join(words).upper()))
    assert (capitals.query.root, capitals.query.rescore) == (found.query.root, found.query.rescore)
    assert capitals.found == found.found


@given(st.sampled_from(["đường", "ngoại", "tỉnh", "giá", "hoá", "khách", "nông", "tốc"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_hit_of_a_word_has_a_mark_on_that_word(archive: Archive, word: str) -> None:
    for query in (word, fold(word)):
        for hit in archive.search(Request(query)).hits:
            shown = [(hit.article.title, hit.title_marks), *((cut.text, cut.marks) for cut in hit.snippets)]
            marked = {fold(part) for text, marks in shown for start, end in marks for part in text[start:end].split()}
            assert fold(word) in marked


def test_few_words_are_all_required(archive: Archive) -> None:
    assert ids(archive, "sở ngoại vụ") == ["a1"]
    assert ids(archive, "giá trung tâm") == ["a8"]


def test_behind_few_members_articles_with_some_of_the_units_are_listed_with_what_they_lack(archive: Archive) -> None:
    answer = archive.search(Request("đối ngoại nhân dân"))
    assert [hit.article.id for hit in answer.hits if hit.member] == ["a9"]
    assert answer.hits[0].article.id == "a9"
    assert (answer.total, answer.more) == (1, len(answer.hits) - 1)
    assert all(hit.missing for hit in answer.hits if not hit.member)
    assert ids(archive, "đối ngoại nhân dân", strict=True) == ["a9"]
