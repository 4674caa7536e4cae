"""Which words of a query belong together, in a lexicon and among names whose counts are known."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from search.engines.facets import FacetCounts
from search.engines.port import Found
from search.planning.clauses import FAR_LIKELIER, ClauseMaker, QueryWord, is_correction
from search.planning.explaining import explain_query
from search.planning.pairs import PairFrequency
from search.planning.planner import Planner
from search.planning.units import UnitFinder
from search.planning.weights import WEIGHTS
from search.query.parser import parse
from search.reading.restoring import Restorer
from search.text import PIPELINE, tone_key
from tests.search.planning.plans import TEXTS, made, planned
from tests.search.reading.made_lexicon import lexicon_of


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return made(tmp_path_factory.mktemp("units"))


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ("hội nghị mía", "hội nghị | mía"), ("hội - nghị", "hội - nghị"), ("hội, nghị", "hội | nghị"),
        ("thông tư mía", "thông tư | mía"), ("Phú Yên mía", "Phú Yên | mía"), ("bà rịa vũng tàu", "bà rịa vũng tàu"),
        ("nguyễn văn an", "nguyễn văn an"), ("công an tỉnh", "công an tỉnh"),
        ("bộ công an tỉnh", "bộ công an | tỉnh"), ("hoi nghi", "hoi nghi"),
        ("duong sat", "duong sat"), ("tại hội nghị", "hội nghị"), ("của và", "của | và"),
        # Numbers go with what they number or count; a year does where a word beside it says so.
        ("mía số 5 gạo", "mía | số 5 | gạo"), ("mía 5 gạo", "mía 5 | gạo"), ("5 gạo", "5 | gạo"),
        ("mía 5 bánh gạo", "mía | 5 bánh | gạo"), ("mía số 5 bánh", "mía | số 5 | bánh"),
        ("mía 2017 gạo", "mía | 2017 | gạo"), ("mía 2017 bánh", "mía | 2017 bánh"), ("số 2017 mía", "số 2017 | mía"),
        ("mía 1900 gạo", "mía | 1900 | gạo"), ("mía 2099 gạo", "mía | 2099 | gạo"),
        ("mía 10 năm gạo", "mía | 10 năm | gạo"), ("gạo 5 7", "gạo 5 7"),
        ("bão 10 năm 2016 và 2017", "bão 10 | năm 2016 | 2017"), ("thông tư 30 mía", "thông tư 30 | mía"),
    ],
)  # fmt: skip
def test_words_that_belong_together_are_one_unit(planner: Planner, query: str, units: str) -> None:
    assert " | ".join(unit.text for unit in planned(planner, query).units) == units


def read(texts: Mapping[str, int], directory: Path, query: str) -> tuple[UnitFinder, list[QueryWord]]:
    """Return the finder of a lexicon without names, and the words of a query."""
    lexicon = lexicon_of(directory, texts)
    tokens = [token for token in PIPELINE.tokens(query) if not token.whole]
    maker = ClauseMaker(WEIGHTS, lexicon)
    return UnitFinder(lexicon, lambda first, second: []), [
        maker.word(reading) for reading in Restorer(lexicon).read(tokens, query)]  # fmt: skip


@pytest.mark.parametrize(("total", "lengths"), [(720, [2]), (719, [1, 1])])
def test_a_weak_compound_stands_together_four_times_more_often_than_by_chance(
    tmp_path: Path, total: int, lengths: list[int]
) -> None:
    finder, words = read({"xuan que": 5, "xuan": 25, "que": 25, "y": total - 60}, tmp_path, "xuan que")
    assert finder.lengths(words) == lengths


@pytest.mark.parametrize(("times", "least", "lengths"), [(5, 5, [2]), (4, 5, [1, 1]), (4, 4, [2]), (1, 1, [2])])
def test_a_compound_stands_together_as_often_as_is_asked(
    tmp_path: Path, times: int, least: int, lengths: list[int]
) -> None:
    finder, words = read({"xuan que": times, "y": 900}, tmp_path, "xuan que")
    assert finder.lengths(words, least) == lengths


@pytest.mark.parametrize(
    ("number", "lengths"), [("1899", [2, 1]), ("1900", [1, 1, 1]), ("2099", [1, 1, 1]), ("2100", [2, 1]), ("5", [2, 1])]
)
def test_a_number_that_may_be_a_year_stands_alone(tmp_path: Path, number: str, lengths: list[int]) -> None:
    finder, words = read({"mía": 9, "gạo": 9}, tmp_path, f"mía {number} gạo")
    assert finder.lengths(words) == lengths


def test_the_stronger_of_two_compounds_that_share_a_word_is_one(tmp_path: Path) -> None:
    finder, words = read({"mia xuan": 9, "xuan que": 30, "mia": 9, "y": 900}, tmp_path, "mia xuan que")
    assert finder.lengths(words) == [1, 2]


@pytest.mark.parametrize(("count", "part", "lengths"), [(10, 199, [3]), (10, 200, [1, 2]), (0, 200, [1, 2])])
def test_a_name_is_no_unit_if_a_part_of_it_is_a_name_twenty_times_more_often(
    tmp_path: Path, count: int, part: int, lengths: list[int]
) -> None:
    finder, words = read({"y": 900}, tmp_path, "mia xuan que")
    found = {("mia", "xuan"): [(("mia", "xuan", "que"), count)], ("xuan", "que"): [(("xuan", "que"), part)]}
    assert UnitFinder(finder.lexicon, lambda *pair: found.get(pair, [])).lengths(words) == lengths


@pytest.mark.parametrize("size", [2, 5, 6])
def test_a_name_has_five_words_at_most(tmp_path: Path, size: int) -> None:
    names = ("mia", "xuan", "que", "lan", "hue", "cuc")
    finder, words = read({"y": 900}, tmp_path, " ".join(names))
    known = UnitFinder(finder.lexicon, lambda *pair: [(names[:size], 9)] if pair == names[:2] else [])
    assert known.lengths(words) == ([size] + [1] * (6 - size) if size <= 5 else [1] * 6)


def test_a_name_typed_with_marks_is_that_name(tmp_path: Path) -> None:
    keys = tuple(map(tone_key, ("mía", "xuân")))
    for query, lengths in (("mía xuân", [2]), ("mia xuan", [2]), ("mía xuan", [2]), ("mía xuấn", [1, 1])):
        finder, words = read({"y": 900, "mía xuấn": 1}, tmp_path, query)
        assert UnitFinder(finder.lexicon, lambda *pair: [(keys, 9)]).lengths(words) == lengths


def test_an_operator_binds_what_stands_together_once(planner: Planner) -> None:
    def length(text: str) -> int:
        return planner.unit_length([token for token in PIPELINE.tokens(text) if not token.whole], text)

    assert [length(text) for text in ("hội nghị mía", "mía hội nghị", "nguyễn văn an", "")] == [2, 1, 3, 0]


# Words ---------------------------------------------------------------------------------------------------------


def weights(planner: Planner, query: str, place: int = 0) -> dict[str, float]:
    (*_,) = words = planned(planner, query).words
    return {f"{term.form[0]}.{term.text}": term.weight for term in words[place].clause.terms}


def test_the_marks_typed_count_most_then_the_likely_ones_then_none(planner: Planner) -> None:
    assert weights(planner, "mía") == {"k.mia^4": WEIGHTS.exact, "k.mia": WEIGHTS.bare}
    assert weights(planner, "kỹ") == {"k.ky^3": 1.0, "k.ky": WEIGHTS.bare, "k.ki^3": WEIGHTS.twin_spelling}
    bare = weights(planner, "duong")
    assert bare["k.đương^1"] > bare["k.dương"] > WEIGHTS.least_variant and 0 < bare["f.duong"] < WEIGHTS.variant_floor
    assert 0.9 < sum(bare.values()) <= 1


def test_words_of_grammar_and_titles_score_little(planner: Planner) -> None:
    boosts = [word.clause.boost for word in planned(planner, "bí thư của Nguyễn Văn An").words]
    grammar = WEIGHTS.office * WEIGHTS.function_syllable
    assert boosts == pytest.approx([WEIGHTS.office, WEIGHTS.office, grammar, 1, 1, 1])


def test_a_word_is_as_rare_as_what_it_may_mean_and_never_rarer_than_one_article(planner: Planner) -> None:
    found = [word.clause.df for word in planned(planner, "mía xyzt duong").words]
    assert found[0] == pytest.approx(TEXTS["mía"], rel=0.01) and found[1] == 1.0 and 2 < (found[2] or 0) < 9


def test_a_correction_is_searched_beside_what_was_typed(planner: Planner) -> None:
    typed, corrected = weights(planner, "hooij nghị"), planned(planner, "hooij nghị").words[0].corrected
    assert typed["f.hooij"] == WEIGHTS.typed_beside_correction < typed["k.hôi^5"]
    assert corrected is not None and corrected.key == tone_key("hội") and planned(planner, "hooij nghị").corrected
    assert not planned(planner, "hội nghị").corrected


def test_half_a_chance_is_no_correction_yet(planner: Planner) -> None:
    reading = planned(planner, "hooij nghị").words[0].reading
    (best, _), *others = reading.variants
    chances = [is_correction(reading._replace(variants=((best, chance), *others))) for chance in (0.5, 0.51)]
    assert chances == [False, True] and 0.9 < FAR_LIKELIER < 1


@pytest.mark.parametrize(
    ("query", "corrected"),
    [("quôc hội", "quốc"), ("hôi nghị", None), ("sở ngoái vụ", "ngoại"), ("mía", None), ("hoi nghị", None)],
)
def test_wrong_marks_of_no_word_are_put_right(tmp_path: Path, query: str, corrected: str | None) -> None:
    lexicon = lexicon_of(tmp_path, {"hội nghị": 400, "quốc hội": 400, "sở ngoại vụ": 900, "ngoái": 1, "mía": 9})
    maker = ClauseMaker(WEIGHTS, lexicon)
    words = [maker.word(reading) for reading in Restorer(lexicon).read(list(PIPELINE.tokens(query)), query)]
    found = [word.corrected.key for word in words if word.corrected]
    assert found == ([tone_key(corrected)] if corrected else [])
    strict = [maker.word(word.reading, strict=True).corrected for word in words]
    assert strict == [None] * len(words)


# Pairs ---------------------------------------------------------------------------------------------------------


def test_a_pair_is_expected_as_often_as_the_sample_has_it_and_no_more_than_its_rarer_word(tmp_path: Path) -> None:
    found = PairFrequency(lexicon_of(tmp_path, {"mía gạo": 10, "mia gạo": 10, "vở mía": 2, "xe": 1}))
    assert found.occurrences("mia", "gao") == 20 and found.occurrences("mia", "y") is None
    assert found.expected("mia", "gao", 100) == pytest.approx(14)
    assert found.expected("mia", "gao", 10) == 10
    assert found.expected("vo", "mia", 100) == found.expected("gao", "xe", 100) == 3
    assert found.expected("mia", "2017", 100) == found.expected("2017", "mia", 100) == pytest.approx(5)


def test_the_share_of_a_pair_with_its_marks_is_that_among_all_markings(tmp_path: Path) -> None:
    found = PairFrequency(lexicon_of(tmp_path, {"mía gạo": 6, "mía gao": 2, "mia gạo": 12, "xe": 1}))
    keys = [(tone_key(left), tone_key(right)) for left, right in (("mía", "gạo"), ("mía", "gao"), ("mia", "gạo"),
                                                                ("mia", "gao"), ("mía", "xe"))]  # fmt: skip
    assert [found.share(*pair) for pair in keys] == pytest.approx([0.3, 0.4, 0.9, 1.0, 0.0])


def test_neighbours_are_looked_at_again_as_pairs_each_once(planner: Planner) -> None:
    rescore = planned(planner, "mía gạo mía gạo hội").rescore
    assert rescore is not None
    assert [(pair.left, pair.right) for pair in rescore.pairs] == [("mia", "gao"), ("gao", "mia"), ("gao", "hoi")]
    assert [word.text for word in rescore.words] == ["mia", "gao", "hoi"]
    assert all(pair.weight == WEIGHTS.pair for pair in rescore.pairs) and rescore.depth == WEIGHTS.rescored
    alone = planned(planner, "mía").rescore
    assert not alone or not alone.pairs


def test_what_is_explained_of_a_query_is_how_each_word_was_read(planner: Planner) -> None:
    query, found = planned(planner, "duong mía"), Found(0, (), FacetCounts(), unit_counts=(3, 4), left_out=(1,))
    explained = json.loads(json.dumps(explain_query(parse("duong mía"), query, found)))
    assert explained["normalized"] == "duong mía"
    assert explained["units"] == [
        {"text": "duong", "df": 3, "required": True}, {"text": "mía", "df": 4, "required": False}]  # fmt: skip
    assert [pair[:2] for pair in explained["pairs"]] == [["duong", "mia"]]
    first, second = explained["words"]
    assert (first["key"], first["fold"], second["key"]) == ("duong", "duong", "mia^4")
    assert [reading["text"] for reading in first["readings"]] == ["đường", "dương"]
    assert all(reading["probability"] >= 0.001 and reading["kind"] == "marks" for reading in first["readings"])
    assert second["terms"][0] == {"form": "key", "text": "mia^4", "weight": 1.0} and second["boost"] == 1.0
