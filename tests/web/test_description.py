"""What the endpoint says of itself is what it does; who may read it; how it packs its answers."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import schemathesis
import zstandard
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from search.archive.parameter_table import PARAMETERS, SEARCH_NAMES
from search.archive.parameters import ParameterError, parse_search
from web import create_app
from web.openapi import ENDPOINTS, description
from web.options import ServerOptions

Soup = Callable[[FlaskClient, str], BeautifulSoup]
ELSEWHERE = {"Origin": "https://elsewhere.example"}


@pytest.fixture(scope="module")
def app(sample_index: Path) -> Iterator[Flask]:
    app = create_app(sample_index, ServerOptions(cors=("https://elsewhere.example",)))
    yield app
    app.extensions["dau"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def api_schema(app: Flask) -> object:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(max_examples=15)
def test_every_answer_is_as_the_description_says(case: schemathesis.Case) -> None:
    # It does not unpack what it reads; and a schema can't say that an empty value is one that is not given, or that the
    # product of page and size has a limit.
    loose = [positive_data_acceptance, negative_data_rejection]
    case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=loose)


def test_the_description_names_every_parameter_of_a_search_and_no_other() -> None:
    told = description("")["paths"]["/api/search"]["get"]["parameters"]
    assert [each["name"] for each in told] == list(SEARCH_NAMES)


@pytest.mark.parametrize("name", SEARCH_NAMES)
def test_the_limits_that_are_described_are_those_that_are_checked(name: str) -> None:
    known = PARAMETERS[name]
    good = [known.example] if known.example else []
    bad: list[str] = []
    if known.kind == "number":
        good += [str(known.low), str(known.high)]
        bad += [str(known.low - 1), str(known.high + 1), "x"]
    if known.kind in ("choice", "flag", "date"):
        good += known.choices
        bad.append("nonsense")
    for value in good:
        parse_search({name: [value], "size": ["1"]} if name != "size" else {name: [value]})
    for value in bad if name != "lang" else ():
        with pytest.raises(ParameterError) as refused:
            parse_search({name: [value]})
        assert refused.value.parameter == name


@pytest.mark.parametrize("example", [endpoint.example for endpoint in ENDPOINTS if endpoint.example])
def test_every_example_of_the_description_works(client: FlaskClient, example: str) -> None:
    assert client.get(example).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_for_developers_lists_every_endpoint_and_its_examples(
    client: FlaskClient, soup: Soup, language: str
) -> None:
    page = soup(client, f"/api?lang={language}")
    assert [tag.get_text() for tag in page.select("h2 code")] == [f"GET {endpoint.path}" for endpoint in ENDPOINTS]
    links = {str(tag["href"]) for tag in page.select("main a")}
    assert links == {"/openapi.json", *(endpoint.example for endpoint in ENDPOINTS if endpoint.example)}
    assert len(page.select("tbody tr")) == sum(len(endpoint.names) for endpoint in ENDPOINTS)


def test_a_named_site_may_read_the_endpoint_and_nothing_else(client: FlaskClient) -> None:
    for path in ("/api/search?q=lào", "/api/search?page=x", "/feed.atom", "/openapi.json"):
        answer = client.get(path, headers=ELSEWHERE)
        assert answer.headers["Access-Control-Allow-Origin"] == "https://elsewhere.example", path
        assert "Origin" in answer.headers["Vary"] and answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Origin" not in client.get(path, headers={"Origin": "https://evil.example"}).headers
    assert "Access-Control-Allow-Origin" not in client.get("/?q=lào", headers=ELSEWHERE).headers
    asked = client.options("/api/search", headers=ELSEWHERE | {"Access-Control-Request-Method": "GET"})
    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (200, "GET, HEAD, OPTIONS")


def test_without_the_option_no_other_site_may_read_anything(sample_index: Path) -> None:
    app = create_app(sample_index)
    answer = app.test_client().get("/api/search?q=lào", headers=ELSEWHERE)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    app.extensions["dau"].close()


def test_methods_that_there_are_not_are_405_and_name_those_that_there_are(client: FlaskClient) -> None:
    refused = client.post("/api/search")
    assert (refused.status_code, refused.mimetype) == (405, "application/problem+json")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.head("/api/search?q=lào").status_code == 200
    assert client.head("/api/search?q=lào").data == b""


def test_problems_below_api_are_problem_details_with_an_encoded_instance(client: FlaskClient) -> None:
    for path in ("/api/không-có", "/api/articles/không có", "/api/search?page=x"):
        problem = client.get(path)
        assert problem.mimetype == "application/problem+json"
        told = json.loads(problem.data)
        assert told["instance"].isascii() and " " not in told["instance"]
        assert told["status"] == problem.status_code
        assert problem.headers["X-Api-Version"] == "1"


@pytest.mark.parametrize("path", ["/?q=lào", "/api/search?q=lào", "/feed.atom", "/static/dau.css", "/openapi.json"])
def test_answers_are_packed_as_the_client_takes_them(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers and "Accept-Encoding" in plain.headers["Vary"]
    packed = {"zstd": zstandard.ZstdDecompressor().decompressobj().decompress, "gzip": gzip.decompress}
    for encoding, unpack in packed.items():
        answer = client.get(path, headers={"Accept-Encoding": f"{encoding}, identity;q=0.5"})
        assert answer.headers["Content-Encoding"] == encoding
        assert len(answer.data) < len(plain.data)
        assert abs(len(unpack(answer.data)) - len(plain.data)) < 20  # the time that it took is in there
    assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "zstd;q=0"}).headers


def test_a_client_that_has_a_packed_copy_is_told_so(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "gzip"}
    first = client.get("/?q=lào", headers=packed)
    assert client.get("/?q=lào", headers=packed | {"If-None-Match": first.headers["ETag"]}).status_code == 304
