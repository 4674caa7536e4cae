"""Provinces that a query names, where, and what is said of them, of units left out, and of blanks put right."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from search.planning import relaxation
from search.planning.intent import intent
from search.planning.named_provinces import named_provinces
from search.planning.province_notices import merger_notices
from search.planning.query import Unit
from search.planning.understanding import understood
from search.planning.weights import WEIGHTS
from search.query.parser import parse
from search.query.tree import Every, Filtered
from search.text import tone_key
from tests.search.reading.made_lexicon import lexicon_of

#: Names of the archive that hold those of provinces.
NAMES = ("yên bái xanh", "hội huế", "cầu huế mới", "sao hà nội", "hà nội mới", "hà nội", "tân yên bái")


def names(first: str, second: str) -> Sequence[tuple[tuple[str, ...], int]]:
    folds = {name: [token.fold for token in parse(name).words] for name in NAMES}
    return [(tuple(map(tone_key, name.split())), 9) for name in NAMES if folds[name][:2] == [first, second]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("huế", "Huế 0-1"), ("mưa ở huế", "Huế 2-3"), ("hue", "Huế 0-1"), ("hué", ""),
        ("Thừa Thiên Huế", "Thừa Thiên Huế 0-3"),
        ("thành phố hồ chí minh", "Hồ Chí Minh 0-5"), ("bà rịa vũng tàu lụt", "Bà Rịa - Vũng Tàu 0-4"),
        ("đắc lắc đắk nông", "Đắk Lắk 0-2, Đắk Nông 2-4"), ("yên bái yên bái", "Yên Bái 0-2, Yên Bái 2-4"),
        # What is another word as well names the province in capitals or behind its kind.
        ("Hòa Bình", "Hòa Bình 0-2"), ("hòa bình", ""), ("Hòa bình", ""), ("tỉnh hòa bình", "Hòa Bình 1-3"),
        ("tp hòa bình", "Hòa Bình 1-3"), ("xã hòa bình", ""),
        # Not inside of another name: behind its kind or a family name, or as the archive's own names go.
        ("sông huế", ""), ("Nguyễn Huế", ""), ("núi Yên Bái", ""), ("xem huế", "Huế 1-2"), ("yên bái xanh", ""),
        ("yên bái xanh lá", ""), ("yên bái", "Yên Bái 0-2"), ("hội huế", "Huế 1-2"), ("hà nội mới", ""),
        ("hà nội", "Hà Nội 0-2"),
        ("sao hà nội", "Hà Nội 1-3"), ("yen bai xanh", ""), ("yến bái xanh", ""), ("tân yên bái", "Yên Bái 1-3"),
        ("-huế mưa", ""), ("mưa", ""),
    ],
)  # fmt: skip
def test_a_province_is_named_by_whole_words_that_are_no_part_of_another_name(query: str, expected: str) -> None:
    found = named_provinces(parse(query), names)
    assert ", ".join(f"{name} {start}-{end}" for name, start, end in found) == expected


@pytest.mark.parametrize(
    ("query", "vi", "other"),
    [
        ("mưa Phú Yên to",
         "Từ tháng 7/2025, Phú Yên thuộc Đắk Lắk. Tìm cả hai tên?", 'mưa ("Phú Yên" OR "Đắk Lắk") to'),
        ("Phú Yên Đắk Lắk", "", ""), ("Phú Yên dak lak", "", ""), ("Hà Nội", "", ""), ("mưa", "", ""),
        ("Hà Tây", "Từ tháng 8/2008, Hà Tây thuộc Hà Nội. Tìm cả hai tên?", '("Hà Tây" OR "Hà Nội")'),
    ],
)  # fmt: skip
def test_who_asks_for_a_former_province_is_offered_what_it_is_part_of(query: str, vi: str, other: str) -> None:
    parsed = parse(query)
    found = merger_notices(parsed, named_provinces(parsed, lambda first, second: []))
    assert [(notice.vi, notice.action["q"]) for notice in found] == ([(vi, other)] if vi else [])


def test_a_notice_of_a_merger_tells_its_month_in_english() -> None:
    parsed = parse("Phú Yên")
    (notice,) = merger_notices(parsed, named_provinces(parsed, lambda first, second: []))
    assert notice.en == "Since July 2025, Phú Yên has been part of Đắk Lắk. Search for both names?"


def test_units_that_are_left_out_or_parted_are_named_and_the_way_back_is_strict() -> None:
    units = [Unit(Every(), "hội nghị", 0, 2), Unit(Every(), "mía", 9, 1)]
    for notice in (relaxation.apart(units), relaxation.left_out(units)):
        assert "hội nghị, mía" in notice.vi and "hội nghị, mía" in notice.en and notice.action == {"strict": "1"}
    more = relaxation.other_marks(12_345)
    assert "12.345" in more.vi and "12,345" in more.en and more.action == {"marks": "any"}
    assert "5/2017" in relaxation.appeared_then("5/2017").vi


@pytest.mark.parametrize(
    ("query", "offices", "time", "lifts"),
    [
        ("ông Lê Tấn Phước mía to", "", "", 0), ("mía bí thư", "", "", 0), ("đồng chí Lê Văn An", "0 5", "", 0),
        ("lũ Yên Bái", "", "", 1), ("lũ Yên Bái 2017", "", "11-15", 2), ("2017", "", "", 0), ("5/2017", "", "", 0),
        ("lũ tháng 5/2017", "", "3-15", 1), ("lũ -mưa 2017", "", "", 0), ('"lũ" 2017', "", "", 0),
        ("title:lũ 2017", "", "", 0),
    ],
)  # fmt: skip
def test_a_plain_query_asks_for_persons_provinces_and_times(query: str, offices: str, time: str, lifts: int) -> None:
    found = intent(parse(query), lambda first, second: [], WEIGHTS)
    assert " ".join(map(str, sorted(found.offices))) == offices
    assert (f"{found.time[0]}-{found.time[1]}" if found.time else "") == time and len(found.lifts) == lifts


def test_what_is_asked_for_by_name_lifts_its_own_articles() -> None:
    place, time = intent(parse("lũ Yên Bái 2017"), lambda first, second: [], WEIGHTS).lifts
    assert (place.to, place.factor) == (Filtered(("Yên Bái",)), WEIGHTS.own_province)
    assert (time.to, time.factor) == (Filtered(date_from=20170101, date_to=20171231), WEIGHTS.own_time)
    assert place.factor > 1 and time.factor > 1


@pytest.mark.parametrize(
    ("query", "code", "text"),
    [
        ("mưa hộinghị to", "blanks", "mưa hội nghị to"), ("hội ngh ị to", "blanks", "hội nghị to"),
        ("mưa hội ngh", "completed",
                                                                                           "mưa hội nghị"),
        ("mưa hội nghị", "", ""), ('"hộinghị"', "", ""), ("-mưa hộinghị", "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_blanks_and_half_words_are_put_right_where_they_stand(tmp_path: Path, query: str, code: str, text: str) -> None:
    lexicon = lexicon_of(tmp_path, {"hội nghị": 9, "nghị to": 9, "mưa": 9, "y": 900})
    found = understood(parse(query), lexicon, lambda first, second: [], lambda words: [])
    assert (found.notice.code, found.text) == (code, text) if found else code == ""
    if found:
        assert found.notice.en == f"Showing results for {text} — search exactly {query}"
        assert found.notice.vi == f"Hiển thị kết quả cho {text} — tìm đúng {query}"


def test_shares_of_a_score_are_parts_of_it_and_lifts_are_small() -> None:
    shares = ("b", "function_syllable", "office", "synonym", "twin_spelling", "window", "title_share", "passage",
              "lead_share", "pair", "typed_beside_correction")  # fmt: skip
    assert all(0 < getattr(WEIGHTS, share) < 1 for share in shares)
    assert 0 < WEIGHTS.other < WEIGHTS.bare < WEIGHTS.exact
    assert all(1 < lift < 1.5 for lift in (WEIGHTS.own_province, WEIGHTS.own_time, WEIGHTS.member))
    assert WEIGHTS.least_mass_share < WEIGHTS.mass_share < WEIGHTS.mass_share_of_few < 1
