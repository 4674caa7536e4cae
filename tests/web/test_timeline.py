"""Articles over time as bars, and over provinces as tiles."""

from hypothesis import given
from hypothesis import strategies as st

from search.engines.facets import FacetCounts
from web.links import State
from web.tiles import MAPS, places, tile_maps
from web.timeline import HEIGHT, MOST_BARS, Bar, axis, drawings, timeline


def bars(counts: FacetCounts, state: State = State()) -> list[Bar]:  # noqa: B008 # frozen
    return timeline(counts, counts, state, "vi").bars


@given(st.dictionaries(st.integers(1000, 2100), st.integers(1, 10_000)), st.integers(0, 9))
def test_the_bars_of_years_hold_every_article_once(years: dict[int, int], undated: int) -> None:
    found = bars(FacetCounts(years={**years, 0: undated}))
    assert sum(bar.articles for bar in found) == sum(years.values()) + undated
    assert len([bar for bar in found if not bar.undated]) <= MOST_BARS + 2


def test_a_few_stray_years_do_not_stretch_the_axis() -> None:
    years = {1966: 5, **dict.fromkeys(range(2017, 2022), 300)}
    assert axis(years) == (2017, 2021)
    first, *_ = bars(FacetCounts(years=years))
    assert (first.label, first.articles, first.url) == ("Trước 2017", 5, "/?to=2016")


def test_years_that_hold_much_are_never_strays() -> None:
    assert axis({1966: 50, 2017: 300, 2021: 300}) == (1966, 2021)


def test_the_months_of_a_chosen_year_are_bars_and_choosing_one_again_removes_it() -> None:
    counts = FacetCounts(years={2025: 3}, months={(2025, 6): 1, (2025, 8): 1, (2025, 0): 1})
    found = {bar.label: bar for bar in bars(counts, State((("q", "a"), ("year", "2025"), ("month", "6"))))}
    assert [found[label].articles for label in ("Tháng 6 năm 2025", "Tháng 8 năm 2025", "Không rõ tháng")] == [1, 1, 1]
    assert found["Tháng 6 năm 2025"].chosen
    assert found["Tháng 6 năm 2025"].url == "/?q=a&year=2025"


def test_the_days_of_a_chosen_month_are_bars_that_ask_for_that_day_and_no_month() -> None:
    counts = FacetCounts(years={2025: 3}, months={(2025, 6): 3}, days={26: 2, 0: 1})
    found = {bar.label: bar for bar in bars(counts, State((("year", "2025"), ("month", "6"))))}
    assert found["26/6/2025"].articles == 2
    assert found["26/6/2025"].url == "/?q=day%3A26%2F6%2F2025"
    assert len(found) == 31


def test_shares_are_of_what_the_archive_has_of_that_time() -> None:
    counts, whole = FacetCounts(years={2020: 5, 2021: 5}), FacetCounts(years={2020: 10, 2021: 100})
    line = timeline(counts, whole, State((("q", "a"),)), "vi")
    by_count, by_share = drawings(line, shares=True)
    assert [column.height for column in by_count.columns] == [HEIGHT, HEIGHT]
    assert [column.height for column in by_share.columns] == [HEIGHT, HEIGHT / 10]


NAMES = st.sampled_from(["Phú Yên", "Đắk Lắk", "Thừa Thiên Huế", "Hà Tây", "Nghệ Tĩnh"])


@given(st.dictionaries(NAMES, st.integers(1)))
def test_every_article_of_a_province_is_on_each_map_or_said_to_be_elsewhere(counts: dict[str, int]) -> None:
    for found in tile_maps(counts, State()):
        assert sum(tile.articles for tile in found.tiles) + found.elsewhere == sum(counts.values())


def test_each_map_has_its_provinces_each_on_a_place_of_its_own() -> None:
    assert {key: len(set(places(key).values())) for key in MAPS} == {"34": 34, "63": 63}


def test_a_tile_adds_all_the_provinces_that_it_stands_for() -> None:
    (tile,) = [tile for tile in tile_maps({"Phú Yên": 2, "Đắk Lắk": 3}, State())[0].tiles if tile.articles]
    assert (tile.name, tile.articles) == ("Đắk Lắk", 5)
    assert tile.url == "/?province=Ph%C3%BA+Y%C3%AAn&province=%C4%90%E1%BA%AFk+L%E1%BA%AFk"
