"""The state of a search page in its address."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from search.archive.parameters import Values, parse_search
from web.links import State


def state(**values: str | list[str]) -> State:
    given: Values = {name.rstrip("_"): value if isinstance(value, list) else [value] for name, value in values.items()}
    return State.of(given, parse_search(given))


def pairs(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query)


def test_a_changed_parameter_goes_back_to_the_first_page() -> None:
    assert pairs(state(q="lào", page="4").url(year=2025)) == [("q", "lào"), ("year", "2025")]


def test_equal_states_have_equal_addresses() -> None:
    spelled = state(province="thanh hoá", q="a", sort="relevance", page="1")
    assert spelled.url() == state(q="a", province="Thanh Hóa").url()


def test_a_province_is_added_beside_others_and_removed_alone() -> None:
    both = state(province=["Thanh Hóa"]).slot("province").toggled(["Phú Yên"])
    assert pairs(both) == [("province", "Thanh Hóa"), ("province", "Phú Yên")]
    alone = state(province=["Thanh Hóa", "Phú Yên"]).slot("province").toggled(["Thanh Hóa"])
    assert pairs(alone) == [("province", "Phú Yên")]


def test_a_notice_can_set_and_remove_parameters_but_only_known_ones() -> None:
    followed = state(q="doosi", strict="1").follow({"q": "đối", "strict": "", "next": "https://example.org"})
    assert pairs(followed) == [("q", "đối")]


def test_a_form_carries_the_filters_along_but_not_the_page() -> None:
    assert state(q="a", year="2020", page="2", lang="en").hidden("q") == (("year", "2020"), ("lang", "en"))


@given(st.text(min_size=1).filter(lambda text: bool(text.strip()) and text.isprintable()))
def test_any_query_survives_the_way_through_an_address(text: str) -> None:
    assert dict(pairs(state(q=text).url()))["q"] == text


def test_the_address_of_an_article_quotes_what_its_id_holds() -> None:
    assert state(q="a&b").article_url("x/ü?#") == "/article/x/%C3%BC%3F%23?q=a%26b"


@given(st.sampled_from(["q", "province", "year", "sort"]), st.text(min_size=1).filter(lambda text: bool(text.strip())))
def test_the_addresses_of_a_slot_are_those_of_the_state(name: str, value: str) -> None:
    before = state(q="lào", province=["Thanh Hóa"], year="2020", sort="oldest", page="3", lang="en")
    assert before.slot(name).url([value]) == before.replace({name: [value]}).url()
    assert before.slot(name, "lang").url([]) == before.replace({name: "", "lang": ""}).url()
