"""Reading a search from the parameters of a URL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive.parameter_table import MAX_SIZE, SEARCH_NAMES
from search.archive.parameters import check_names, parse_search
from search.errors import BadRequest


def test_nothing_asked_is_the_first_page_of_everything() -> None:
    asked = parse_search({})
    assert (asked.q, asked.page, asked.size, asked.sort, asked.strict) == ("", 1, 10, "relevance", False)


def test_every_parameter_reaches_the_search() -> None:
    asked = parse_search(
        {
            "q": ["sở ngoại vụ"],
            "province": ["thanh hoa", "Đăk Lăk", "Thanh Hoá"],
            "year": ["2025"],
            "month": ["06"],
            "from": ["6/2019"],
            "to": ["2021"],
            "sort": ["newest"],
            "page": ["3"],
            "size": ["20"],
            "strict": ["1"],
        }
    )
    assert asked.filters.provinces == ("Thanh Hóa", "Đắk Lắk")
    assert (asked.filters.year, asked.filters.month) == (2025, 6)
    assert (asked.filters.date_from, asked.filters.date_to) == (20190601, 20211231)
    assert (asked.sort, asked.page, asked.size, asked.strict) == ("newest", 3, 20, True)


@pytest.mark.parametrize(("name", "value"), [
    ("year", "hai nghìn"), ("year", "20255"), ("year", "-1"), ("year", "2_025"), ("year", "２０２５"), ("month", "13"),
    ("month", "0"), ("from", "32/1/2020"), ("from", "31/02/2020"), ("to", "hôm qua"), ("sort", "best"), ("page", "0"),
    ("page", "x"), ("page", "99999999999999999999"), ("size", "0"), ("size", str(MAX_SIZE + 1)), ("strict", "maybe"),
    ("province", "Atlantis"),
])  # fmt: skip
def test_a_wrong_value_is_refused_by_the_name_of_its_parameter(name: str, value: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_search({name: [value]})
    assert refused.value.parameter == name
    assert name in str(refused.value)


def test_a_single_parameter_given_twice_is_refused_since_one_of_the_two_would_be_ignored() -> None:
    with pytest.raises(BadRequest) as refused:
        parse_search({"q": ["một", "hai"]})
    assert refused.value.parameter == "q"


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadRequest, match="later"):
        parse_search({"from": ["2021"], "to": ["2019"]})


def test_a_misspelt_province_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(BadRequest, match="Nghệ An"):
        parse_search({"province": ["Nghệ Ann"]})


def test_an_unknown_name_is_refused_where_names_are_checked() -> None:
    with pytest.raises(BadRequest) as refused:
        check_names({"provnce": ["Huế"]}, SEARCH_NAMES)
    assert refused.value.parameter == "provnce"


@given(st.dictionaries(st.sampled_from(SEARCH_NAMES), st.lists(st.text(max_size=30), max_size=3)))
def test_any_parameters_give_a_search_or_a_named_refusal(values: dict[str, list[str]]) -> None:
    try:
        asked = parse_search(values)
    except BadRequest as refused:
        assert refused.parameter in SEARCH_NAMES
    else:
        assert 1 <= asked.size <= MAX_SIZE
        assert asked.page >= 1
