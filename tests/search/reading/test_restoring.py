"""Readings of words in context, compared with a sum over every way to read the query; and what is no slip."""

from collections.abc import Sequence
from itertools import pairwise, product
from math import prod
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.lexicon.lexicon import Lexicon
from search.reading.error_model import DROP_RATES, marks_chance
from search.reading.restoring import MOST_READINGS, Reading, Restorer
from search.text import fold, tokenize, tone_key
from tests.search.reading.made_lexicon import lexicon_of

TEXTS = {
    "đường cao tốc": 9, "họ dương cao": 4, "duong cao toc": 2, "cáo tóc": 3, "họ đường": 5, "ho": 1, "hồ cao": 2,
    "đường phố": 6, "pho": 2, "phó": 1, "dương dương": 2, "đường mía vụ mía": 3,
}  # fmt: skip
WORDS = sorted({word for text in TEXTS for word in text.split()})


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return lexicon_of(tmp_path_factory.mktemp("restoring"), TEXTS)


def read(lexicon: Lexicon, query: str, correct: bool = True) -> list[Reading]:
    return Restorer(lexicon).read(list(tokenize(query)), query, correct)


def every_way(lexicon: Lexicon, words: Sequence[str]) -> tuple[list[dict[str, float]], float]:
    """Return the chance of each key of each word, and that of a typist who leaves marks out, over all readings."""
    found = [lexicon.numbers(fold(word)) for word in words]
    typed = [{key: marks_chance(tone_key(word), key, fold(word)) for key in keys}
             for word, keys in zip(words, found, strict=True)]  # fmt: skip
    chances: list[dict[str, float]] = [dict.fromkeys(keys, 0.0) for keys in found]
    typists = [0.0] * len(DROP_RATES)
    for keys in product(*found):
        numbers = [each[key] for each, key in zip(found, keys, strict=True)]
        steps = [lexicon.neighbours((left,), (right,)).chances[0, 0] for left, right in pairwise(numbers)]
        said = lexicon.frequencies((numbers[0],))[0] * prod(steps)
        for typist in range(len(DROP_RATES)):
            joint = said * prod(each[key][typist] for each, key in zip(typed, keys, strict=True))
            typists[typist] += joint
            for each, key in zip(chances, keys, strict=True):
                each[key] += joint
    total = sum(typists)
    return [{key: chance / total for key, chance in each.items()} for each in chances], 1 - typists[0] / total


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
def test_the_chance_of_a_reading_is_its_share_of_all_ways_to_read_the_query(lexicon: Lexicon, words: list[str]) -> None:
    expected, careless = every_way(lexicon, words)
    for reading, chances in zip(read(lexicon, " ".join(words), correct=False), expected, strict=True):
        assert {candidate.key: chance for candidate, chance in reading.variants} == pytest.approx(chances)
        found = [chance for _, chance in reading.variants]
        assert found == sorted(found, reverse=True)
        assert reading.careless == pytest.approx(careless)


def test_long_queries_are_read_as_exactly_as_short_ones(lexicon: Lexicon) -> None:
    words = ["pho", "duong", *["mía", "vụ"] * 4, "mía", "cao", *["vụ", "mía"] * 5, "cao", "toc"]
    expected, _ = every_way(lexicon, words)
    for reading, chances in zip(read(lexicon, " ".join(words), correct=False), expected, strict=True):
        assert {candidate.key: chance for candidate, chance in reading.variants} == pytest.approx(chances)
    endless = read(lexicon, "duong cao " * 300, correct=False)
    assert [reading.best.key for reading in endless] == [tone_key("đường"), "cao"] * 300


def test_a_query_without_words_has_no_readings(lexicon: Lexicon) -> None:
    assert Restorer(lexicon).read([], "") == []


def test_the_likeliest_readings_are_kept(tmp_path: Path) -> None:
    spellings = ["ba", "bà", "bá", "bả", "bã", "bạ", "bâ", "bă", "bằ", "bắ"]
    lexicon = lexicon_of(tmp_path, {word: times for times, word in enumerate(spellings, 1)})
    (reading,) = read(lexicon, "ba")
    assert len(reading.variants) == MOST_READINGS == 8
    assert tone_key("bà") not in {candidate.key for candidate, _ in reading.variants}


def test_a_word_is_read_with_its_articles_and_one_the_lexicon_lacks_with_those_of_the_index(lexicon: Lexicon) -> None:
    restorer = Restorer(lexicon, rare=lambda key: 7 if key == "u23" else 0)
    query = "đường u23 xyz"
    readings = restorer.read(list(tokenize(query)), query)
    assert [reading.best.df for reading in readings] == [23.0, 7.0, 0.0]
    assert [(reading.best.number >= 0, reading.best.kind) for reading in readings] == [
        (True, "typed"), (False, "typed"), (False, "typed")]  # fmt: skip


KINDS = {
    "cao tốc": "typed typed", "cao tôc": "typed marks", "duong cao toc": "marks typed marks",
    "dduwowngf cao": "keys typed",
    "d9u7o7ng2 cao": "keys typed", "đườngg cao": "slip typed", "cao tốcc": "typed slip", "caoo": "slip",
    "mía vj mía": "typed slip typed", "mía v mía": "typed typed typed",
}  # fmt: skip


@pytest.mark.parametrize(("query", "kinds"), KINDS.items())
def test_a_reading_says_how_it_differs_from_what_was_typed(lexicon: Lexicon, query: str, kinds: str) -> None:
    assert " ".join(reading.best.kind for reading in read(lexicon, query)) == kinds
    assert all(reading.best.kind in ("typed", "marks") for reading in read(lexicon, query, correct=False))


def test_keys_of_a_code_of_the_archive_are_no_word(lexicon: Lexicon) -> None:
    query = "pho1 cao2"
    typed = [Restorer(lexicon, rare).read(list(tokenize(query)), query)[0].best.kind for rare in (lambda key: 0, len)]
    assert typed == ["keys", "typed"]


def slip(lexicon: Lexicon, query: str, word: str) -> float:
    """Return the chance of a word that is one slip away from a word of the query, against that as it was typed."""
    for reading in read(lexicon, query):
        chances = {candidate.key: chance for candidate, chance in reading.variants}
        if tone_key(word) in chances and reading.token.key in chances and reading.token.key != tone_key(word):
            return chances[tone_key(word)] / chances[reading.token.key]
    return 0.0


def test_a_slip_is_unlikely_in_a_name_and_in_a_foreign_word(lexicon: Lexicon) -> None:
    plain, name = slip(lexicon, "cao tốcc", "tốc"), slip(lexicon, "cao Tốcc", "tốc")
    assert plain > 20 * name > 0
    assert slip(lexicon, "đường U23A cao", "cao") == 0.0


def test_a_slip_is_unlikely_in_a_foreign_word(tmp_path: Path) -> None:
    lexicon = lexicon_of(tmp_path, {"cao kenta": 5, "cao duong": 5, "y": 90})
    assert slip(lexicon, "cao duongg", "duong") > 2 * slip(lexicon, "cao kentaa", "kenta") > 0


@pytest.mark.parametrize(("query", "kind"), [("sở ngoại vụ", "slip"), ("sở mới vụ", "typed")])
def test_a_word_of_the_language_that_the_archive_lacks_is_a_slip_only_where_another_always_stands(
    tmp_path: Path, query: str, kind: str
) -> None:
    lexicon = lexicon_of(tmp_path, {"sở ngoại vụt": 30, "mới vụt": 5, "mới": 30, "y": 90})
    assert read(lexicon, query)[-1].best.kind == kind
