"""Words one slip away, and how a last word is completed in a lexicon of some names."""

from collections.abc import Iterator

import pytest

from search.archive.building import LEXICON, ArchiveBuilder
from search.article import Article
from search.lexicon.lexicon import Lexicon
from search.reading.candidates import LONGEST, MOST, candidates, one_slip
from search.reading.vocabulary import vocabulary
from search.text import fold, tone_key


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lexicon]:
    directory = tmp_path_factory.mktemp("slips") / "archive"
    words = f"hội hồi hối hợi nghị trách chanh giao rao đường phố {'a' * LONGEST} {'b' * (LONGEST + 1)}"
    with ArchiveBuilder(directory) as builder:
        builder.add([Article("a", "", "Tin", words), Article("b", "", "Tin", "hội nghị")])
    opened = Lexicon.open(directory / LEXICON)
    yield opened
    opened.close()


def meant(lexicon: Lexicon, typed: str) -> set[str]:
    return {key for _, key, _ in candidates(lexicon, tone_key(typed), fold(typed))}


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("hooi", "hội"), ("hi", "hội"), ("hio", "hội"), ("hoa", "hội"), ("nghh", "nghị"), ("chach", "trách"),
        ("dao", "giao"), ("dao", "rao"), ("fố", "phố"), ("duờng", None), ("đưòg", "đường"), ("đướg", None),
        ("đườg", "đường"),
        ("hộii", "hội"),
    ],
)  # fmt: skip
def test_one_slip_leads_to_the_word_and_contradicts_no_mark(lexicon: Lexicon, typed: str, word: str | None) -> None:
    found = meant(lexicon, typed)
    assert tone_key(word) in found if word else tone_key("đường") not in found


def test_marks_that_were_typed_stay(lexicon: Lexicon) -> None:
    assert meant(lexicon, "hộii") == {tone_key("hội")}
    assert {tone_key(word) for word in ("hội", "hồi", "hối", "hợi")} <= meant(lexicon, "hoii")


def test_too_short_and_too_long_words_are_left_alone(lexicon: Lexicon) -> None:
    assert meant(lexicon, "x") == set() and meant(lexicon, "ho1") == set()
    assert meant(lexicon, "a" * (LONGEST - 1)) == {"a" * LONGEST}
    assert meant(lexicon, "b" * LONGEST) == {"b" * (LONGEST + 1)}
    assert meant(lexicon, "a" * (LONGEST + 1)) == set()


def test_the_most_frequent_words_come_first_and_few_are_tried(lexicon: Lexicon) -> None:
    found = [key for _, key, _ in candidates(lexicon, "hoii", "hoii")]
    assert found[0] == tone_key("hội") and len(found) <= MOST


def test_a_slip_is_one_letter_or_one_sound() -> None:
    slips = set(one_slip("trao"))
    assert slips >= {"rao", "tao", "trap", "traoo", "rtao", "chao"}
    assert not slips & {"chap", "trào", "ra"}


def test_the_vocabulary_holds_words_of_the_language() -> None:
    assert {tone_key(word) for word in ("đường", "khuya", "nghiêng", "hòa")} <= vocabulary()
    assert not {tone_key(word) for word in ("đưòng", "xyz", "#")} & vocabulary()
