"""Facet counts as lines of the page."""

from search.engines.facets import FacetCounts
from web.facets import MOST, SHOWN, active_filters, named_facet, province_facet
from web.links import State
from web.paging import pages

COUNTS = FacetCounts(
    years={2025: 3, 2023: 6}, months={(2025, 6): 1, (2025, 8): 2, (2023, 1): 6},
    provinces={"Phú Yên": 2, "Đắk Lắk": 3, "Huế": 1, "Thừa Thiên Huế": 4, "Thanh Hóa": 7},
)  # fmt: skip


def test_former_provinces_stand_under_the_one_of_today_with_their_sum() -> None:
    lines = {line.label: line for line in province_facet(COUNTS.provinces, State(), "vi").shown}
    assert lines["Đắk Lắk (mới)"].articles == 5
    children = lines["Đắk Lắk (mới)"].children
    assert [(child.label, child.articles) for child in children] == [("Đắk Lắk", 3), ("Phú Yên", 2)]
    assert lines["Thanh Hóa"].children == ()


def test_a_lone_former_province_says_what_it_is_part_of_today() -> None:
    line = province_facet({"Phú Yên": 2}, State(), "en").shown[0]
    assert (line.label, line.note) == ("Phú Yên", "now Đắk Lắk")


def test_a_chosen_province_stays_listed_when_nothing_of_it_matches() -> None:
    facet = province_facet({"Thanh Hóa": 1}, State((("province", "Cà Mau"),)), "vi")
    lines = [(line.label, line.articles, line.chosen) for line in facet.shown]
    assert lines == [("Cà Mau", 0, True), ("Thanh Hóa", 1, False)]


def test_a_long_facet_folds_its_tail_but_never_a_chosen_line_or_the_unknown() -> None:
    counts = {"": 5, **{f"bao{n}.example": 100 - n for n in range(99)}}
    facet = named_facet("source", counts, State(), "vi")
    assert [line.label for line in facet.shown] == [*(f"bao{n}.example" for n in range(SHOWN)), "Không rõ"]
    assert (len(facet.more), facet.beyond) == (MOST, 99 - SHOWN - MOST)
    chosen = named_facet("source", counts, State((("source", "bao98.example"),)), "vi")
    assert chosen.shown[0].label == "bao98.example"


def test_every_filter_can_be_removed_by_itself() -> None:
    state = State((("q", "a"), ("province", "Huế"), ("year", "2025"), ("month", "6"), ("from", "2020")))
    assert [(one.label, one.url) for one in active_filters(state, "vi")] == [
        ("Tỉnh, thành phố: Huế", "/?q=a&year=2025&month=6&from=2020"),
        ("Năm 2025", "/?q=a&province=Hu%E1%BA%BF&from=2020"),
        ("Tháng 6", "/?q=a&province=Hu%E1%BA%BF&year=2025&from=2020"),
        ("từ 2020", "/?q=a&province=Hu%E1%BA%BF&year=2025&month=6"),
    ]


def test_page_numbers_show_the_ends_and_the_neighbours() -> None:
    assert pages(1, 10, 5).numbers == (1,)
    assert pages(6, 10, 120).numbers == (1, 0, 4, 5, 6, 7, 8, 0, 12)
    assert pages(4, 10, 61).numbers == (1, 2, 3, 4, 5, 6, 7)
    assert pages(99, 10, 30).numbers == (1, 2, 3)
