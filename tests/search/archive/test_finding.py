"""How far a search goes when it finds little: only as far as it must, and never because of a filter."""

import contextlib
from pathlib import Path

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article
from search.engines.facets import Filters
from search.engines.port import MAX_EXPANSIONS
from search.results.answer import Request


def test_a_filter_that_leaves_nothing_does_not_change_the_words(archive: Archive) -> None:
    answer = archive.search(Request("mía", Filters(year=1999)))
    assert (answer.total, answer.notices) == (0, ())


def test_a_filtered_search_goes_as_far_as_the_unfiltered_one_whose_facets_led_to_it(archive: Archive) -> None:
    everything = archive.search(Request("đối ngoại nhân dân"))
    assert everything.facets.months
    for (year, month), count in everything.facets.months.items():
        assert archive.search(Request("đối ngoại nhân dân", Filters(year=year, month=month))).total == count


def notice(archive: Archive, query: str) -> str:
    return next((found.vi for found in archive.search(Request(query)).notices if found.code == "corrected"), "")


def test_a_corrected_query_is_told_with_its_quotes_operators_and_excluded_words(archive: Archive) -> None:
    assert notice(archive, '"ddoosi ngoaij" -ngoaij') == (
        'Hiển thị kết quả cho "đối ngoại" -ngoaij — tìm đúng "ddoosi ngoaij" -ngoaij'
    )


def test_marks_that_make_no_word_of_the_archive_are_told_as_corrected(archive: Archive) -> None:
    assert notice(archive, "đưòng cao tốc").startswith("Hiển thị kết quả cho đường cao tốc — ")
    assert notice(archive, "đường cao tốc") == notice(archive, "duong cao toc") == ""
    assert archive.search(Request("đưòng cao tốc", strict=True)).notices == ()


def test_a_sound_written_otherwise_is_corrected(archive: Archive) -> None:
    assert "khách du lịch" in notice(archive, "khách zu lịch")
    assert {hit.article.id for hit in archive.search(Request("khách zu lịch")).hits} == {"a7"}


def test_a_successor_is_offered_in_the_query_as_it_was_typed(archive: Archive) -> None:
    notices = archive.search(Request('khách OR "du lịch" Phú Yên -mía')).notices
    (offered,) = [found for found in notices if found.code == "merged-province"]
    assert offered.action == {"q": 'khách OR "du lịch" ("Phú Yên" OR "Đắk Lắk") -mía'}


def test_where_a_word_is_left_out_the_others_still_mean_what_was_typed(archive: Archive) -> None:
    alone, dropped = archive.search(Request("đường")), archive.search(Request("đường kangaroo"))
    assert {hit.article.id for hit in dropped.hits} == {hit.article.id for hit in alone.hits}
    assert [found.code for found in dropped.notices] == ["dropped-word"]


def test_a_beginning_of_too_many_words_is_told_to_be_cut(tmp_path: Path) -> None:
    words = [f"từng{number:05}" for number in range(MAX_EXPANSIONS + 1)]
    with ArchiveBuilder(tmp_path / "many") as builder:
        builder.add([Article("a", "", "Từ điển", " ".join(words))])
    with contextlib.closing(Archive.open(tmp_path / "many")) as many:
        told = [[found.en for found in many.search(Request(stem)).notices] for stem in ("tung*", "tung0*")]
    assert told == [["Too many words begin like this; the 10,000 most frequent are searched."], []]


def test_other_spellings_are_announced_only_where_they_are_shown(archive: Archive) -> None:
    def told(query: str) -> tuple[int, list[str]]:
        answer = archive.search(Request(query))
        return answer.total, [found.code for found in answer.notices if found.code in ("other-spellings", "split")]

    assert told("hỏng") == told("hỏng hóc") == (0, [])
    assert told("mưa") == (1, ["other-spellings"])
