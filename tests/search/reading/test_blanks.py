"""Missing blanks, blanks too many and half a word, in a lexicon whose counts are known."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from search.lexicon.lexicon import Lexicon
from search.reading.blanks import Names, changes, cut
from search.reading.half_typed import completion
from search.text import PIPELINE, fold, tone_key
from tests.search.reading.made_lexicon import lexicon_of

LONG = "nghieng truong thuong phuong khuong nghien cua"  # forty letters
Make = Callable[[Mapping[str, int]], Lexicon]


@pytest.fixture
def lexicon(tmp_path: Path) -> Make:
    return lambda texts: lexicon_of(tmp_path, texts)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return lexicon_of(tmp_path_factory.mktemp("empty"), {"của": 1, "formosa": 1, "nhatban": 1})


def no_names(first: str, second: str) -> list[tuple[tuple[str, ...], int]]:
    return []


def known(**names: int) -> Names:
    """Return names, written with underscores, by their first two words, each in so many articles."""
    found = [(name.split("_"), count) for name, count in names.items()]
    return lambda first, second: [(tuple(map(tone_key, name)), count) for name, count in found
                                  if [fold(word) for word in name[:2]] == [first, second]]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("hanoi", "ha noi"), ("hànội", "hà nội"), ("HANOI", "HA NOI"), ("hanội", "ha nội"), ("hánoi", ""),
        ("thanhhoa", "thanh hoa"), ("thanhphohochiminh", ""), ("hochiminh", "ho chi minh"),
        ("bariavungtau", "ba ria vung tau"),
        ("thanh", ""), ("hoabinh1", ""), ("xyzabc", ""),
    ],
)  # fmt: skip
def test_the_names_of_provinces_are_cut_in_any_archive(empty: Lexicon, typed: str, words: str) -> None:
    assert cut(empty, typed, no_names) == words.split()


def test_a_name_of_the_archive_is_cut_and_the_most_frequent_one_wins(empty: Lexicon) -> None:
    assert cut(empty, "hoangan", known(hoàng_an=3, hoan_gan=7)) == ["hoan", "gan"]
    assert cut(empty, "hoangan", known(hoàng_an=7, hoan_gan=3)) == ["hoang", "an"]
    assert cut(empty, "hoàngan", known(hoàng_an=3, hoan_gan=7)) == ["hoàng", "an"]
    assert cut(empty, "trumpdonan", known(do_nan=7)) == []
    assert cut(empty, "nghiengnghieng", known(nghiêng_nghiêng=1)) == ["nghieng", "nghieng"]
    assert cut(empty, "alan", known(a_lan=9)) == [] and cut(empty, "balan", known(ba_lan=9)) == ["ba", "lan"]
    assert cut(empty, "thoai", known(thọ_ái=9)) == []  # thoại is a syllable, `hoaan` only looks like one
    assert cut(empty, "hoaan", known(hòa_an=9)) == ["hoa", "an"]
    assert cut(empty, "nhatban", known(nhật_bản=9)) == []  # written so in the archive
    assert cut(empty, "nhậtban", known(nhật_bản=9)) == ["nhật", "ban"]


@pytest.mark.parametrize(("times", "words"), [(5, LONG.split()), (4, [])])
def test_neighbours_stand_five_times_side_by_side_to_be_cut(lexicon: Make, times: int, words: list[str]) -> None:
    made = lexicon({LONG: times, "nghieng mua": 1, "cua mua": 1})
    assert cut(made, LONG.replace(" ", ""), no_names) == words


def test_forty_letters_are_cut_and_more_are_left_alone(lexicon: Make) -> None:
    made = lexicon({f"{LONG} chua": 9})
    assert cut(made, LONG.replace(" ", ""), no_names) == LONG.split() and len(LONG.replace(" ", "")) == 40
    assert cut(made, f"{LONG}chua".replace(" ", ""), no_names) == []
    assert cut(made, "x" + LONG.replace(" ", ""), no_names) == []


@pytest.mark.parametrize(
    ("articles", "together", "words"),
    [(1, 20, ["xuan", "que"]), (1, 19, []), (20, 400, ["xuan", "que"]), (20, 399, []), (21, 420, [])],
)
def test_a_word_of_twenty_articles_at_most_is_cut_if_its_parts_stand_together_twenty_times_as_often(
    lexicon: Make, articles: int, together: int, words: list[str]
) -> None:
    made = lexicon({"xuanque": articles, "xuan que": together, "y": 9 * together})
    assert cut(made, "xuanque", no_names) == words


def counts(pair: str, seen: int, total: int, **others: int) -> dict[str, int]:
    """Return texts in which two words stand five times side by side, each `seen` times among `total` words."""
    left, right = pair.split()
    rest = total - 2 * seen - sum(len(text.split("_")) * times for text, times in others.items())
    others = {text.replace("_", " "): times for text, times in others.items()}
    return {pair: 5, left: seen - 5, right: seen - 5, "y": rest, **others}


@pytest.mark.parametrize(("total", "words"), [(80, ["xuan", "que"]), (79, [])])
def test_two_words_are_cut_that_stand_four_times_more_often_together_than_by_chance(
    lexicon: Make, total: int, words: list[str]
) -> None:
    assert cut(lexicon(counts("xuan que", 10, total)), "xuanque", no_names) == words


@pytest.mark.parametrize(("total", "words"), [(250, ["xuan", "que", "huong"]), (249, [])])
def test_of_three_words_one_pair_may_be_weak_if_the_other_stands_fifty_times_more_often(
    lexicon: Make, total: int, words: list[str]
) -> None:
    texts = {"xuan que huong": 5, "huong": 70, "y": total - 85}
    assert cut(lexicon(texts), "xuanquehuong", no_names) == words


def test_the_likeliest_of_several_cuts_is_taken(lexicon: Make) -> None:
    both = {"hoang an": 9, "hoan gan": 6, "y": 300}
    assert cut(lexicon(both), "hoangan", no_names) == ["hoang", "an"]


def test_the_likelier_cut_depends_on_what_stands_together(lexicon: Make) -> None:
    both = {"hoang an": 6, "hoan gan": 9, "y": 300}
    assert cut(lexicon(both), "hoangan", no_names) == ["hoan", "gan"]


def test_marks_that_were_typed_choose_among_the_words_of_a_cut(lexicon: Make) -> None:
    made = lexicon({"hoàng ân": 9, "hoan gan": 9, "y": 300})
    assert [cut(made, typed, no_names) for typed in ("hoàngân", "hoàngan", "hóangan")] == [
        ["hoàng", "ân"], ["hoàng", "an"], []]  # fmt: skip


TEXTS = {"xuất khẩu lao động": 9, "lao động giỏi": 6, "hội nghị": 4, "sở ngoại vụ": 5, "ng x": 1, "y": 200}


def changed(made: Lexicon, query: str, names: Names = no_names) -> list[tuple[int, int, str]]:
    words = [token for token in PIPELINE.tokens(query) if not token.whole]
    return [(change.first, change.last, change.text) for change in changes(made, words, query, names)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("xuất khẩu lao độ ng", [(3, 5, "động")]), ("xuất khẩu lao độ ng giỏi", [(3, 5, "động")]),
        ("độ ng giỏi", [(0, 2, "động")]), ("độ ng", []), ("xuất khẩu lao độ  ng", []), ("lao độ-ng", []),
        ("lao độ Ng", []), ("lao độ ng2", []), ("laođộng giỏi", [(0, 1, "lao động")]), ("lao động", []),
        ("hội ngh ị", []), ("sở ng oại vụ", [(1, 3, "ngoại")]), ("sở ngo ại vụ", [(1, 3, "ngoại")]),
        ("laođộng laođộng", [(0, 1, "lao động"), (1, 2, "lao động")]),
        ("hanoi lao độ ng", [(0, 1, "ha noi"), (2, 4, "động")]),
    ],
)  # fmt: skip
def test_a_piece_of_a_syllable_is_joined_where_its_neighbours_stand_beside_the_whole_five_times(
    lexicon: Make, query: str, expected: list[tuple[int, int, str]]
) -> None:
    assert changed(lexicon(TEXTS), query) == expected


def completed(made: Lexicon, query: str, names: Names = no_names) -> str | None:
    words = [token for token in PIPELINE.tokens(query) if not token.whole]
    return completion(made, words, query, names)


@pytest.mark.parametrize(
    ("query", "whole"),
    [
        ("lao đ", "động"), ("lao d", "động"), ("lao do", "động"), ("lao Đ", "Động"), ("lao độ", "động"),
        ("lao đô", "động"),
        ("lao đồ", None), ("lao động", None), ("lao đ ", None), ("lao  đ", None), ("lao-đ", None), ("lao 1", None),
        ("đ", None), ("xyz đ", None), ("lao x", None), ("hội ngh", None), ("so ng", "ngoại"), ("sở ng", "ngoại"),
        ("sơ ng", None), ("xuat khau lao d", "động"), ("lao động gi", "giỏi"),
    ],
)  # fmt: skip
def test_a_last_word_is_completed_by_what_stands_there_five_times(lexicon: Make, query: str, whole: str | None) -> None:
    assert completed(lexicon(TEXTS), query) == whole


@pytest.mark.parametrize(("total", "whole"), [(80, "que"), (79, None)])
def test_a_completion_stands_there_four_times_more_often_than_by_chance(
    lexicon: Make, total: int, whole: str | None
) -> None:
    assert completed(lexicon(counts("xuan que", 10, total)), "xuan qu") == whole


@pytest.mark.parametrize(("others", "whole"), [((6, 5), "que"), ((6, 6), None), ((11,), "que"), ((12,), "quan")])
def test_a_completion_is_half_of_all_that_stand_there_and_begin_so(
    lexicon: Make, others: tuple[int, ...], whole: str | None
) -> None:
    texts = {"xuan que": 11, "y": 900, **dict(zip(("xuan quan", "xuan quyen"), others, strict=False))}
    assert completed(lexicon(texts), "xuan qu") == whole


@pytest.mark.parametrize(("text", "whole"), [("qu", "que"), ("xuan qu", None)])
def test_a_word_that_stands_once_where_it_was_typed_is_not_completed(
    lexicon: Make, text: str, whole: str | None
) -> None:
    assert completed(lexicon({"xuan que": 11, text: 1, "y": 300}), "xuan qu") == whole


def test_the_last_word_of_a_name_is_completed_by_the_most_frequent_one(lexicon: Make) -> None:
    made = lexicon({"nguyễn phú trọng": 1, "y": 300})
    names = known(nguyễn_phú_trọng=9, nguyễn_phú_trung=4, nguyễn_phú_trang_anh=2)
    assert completed(made, "nguyễn phú tr", names) == "trọng"
    assert completed(made, "nguyen phu Tr", names) == "Trọng"
    assert completed(made, "nguyễn phú tru", names) == "trung"
    assert completed(made, "nguyễn phú tra", names) == "trang"
    assert completed(made, "phú tr", names) is None and completed(made, "nguyễn phụ tr", names) is None
