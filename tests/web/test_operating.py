"""What a server does in an operator's bad month: no index, too many searches, forged headers; and what it tells."""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from search.archive.last_run import FILE_NAME
from web import create_app
from web.options import ServerOptions

Dau = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., FlaskClient]


@pytest.fixture
def make(sample_index: Path) -> Iterator[Make]:
    """Make the application with options, over the sample archive or another index; closed at the end."""
    apps: list[Flask] = []

    def made(index: Path = sample_index, **options: object) -> FlaskClient:
        app = create_app(index, ServerOptions(**options))  # type: ignore[arg-type]
        app.testing = False
        apps.append(app)
        return app.test_client()

    yield made
    for app in apps:
        app.extensions["dau"].close()


@pytest.fixture
def own_index(sample_index: Path, tmp_path: Path) -> Path:
    """A copy of the sample index that may be harmed."""
    return shutil.copytree(sample_index, tmp_path / "index")


def eventually(happened: Callable[[], bool], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    return happened()


def test_without_an_index_every_search_is_503_in_one_sentence_until_there_is_one(
    make: Make, sample_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "later"
    client = make(index)
    for address in ("/api/search?q=lào", "/?q=lào", "/", "/healthz", "/feed.atom"):
        response = client.get(address)
        assert response.status_code == 503, address
        assert response.headers["Retry-After"]
        assert "dau rebuild" in response.text
        assert str(tmp_path) not in response.text  # no paths of the machine
    assert client.get("/metrics").status_code == 200
    shutil.copytree(sample_index, index)
    assert eventually(lambda: client.get("/healthz").status_code == 200)
    assert client.get("/api/search?q=lào").json["total"] > 0  # type: ignore[index]


def test_a_generation_removed_under_a_server_is_told_and_still_served(make: Make, own_index: Path) -> None:
    client = make(own_index)
    shutil.rmtree(own_index / "generations")
    assert eventually(lambda: client.get("/healthz").json["status"] == "degraded")  # type: ignore[index]
    problem = client.get("/healthz").json["problem"]  # type: ignore[index]
    assert "gone" in problem and "dau rebuild" in problem and str(own_index) not in problem
    assert client.get("/api/search?q=lào").status_code == 200


def test_the_watcher_survives_an_error_that_nobody_foresaw(
    make: Make, own_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make(own_index)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("search.archive.live.choose", broken)
        (own_index / "CURRENT").touch()
        assert eventually(lambda: client.get("/healthz").json["status"] == "degraded")  # type: ignore[index]
    assert eventually(lambda: client.get("/healthz").json["status"] == "ok")  # type: ignore[index]


def test_a_closed_archive_lets_its_generation_go(own_index: Path) -> None:
    import fcntl

    from search.archive.generations import current_id, open_current

    open_current(own_index).close()
    manifest = own_index / "generations" / current_id(own_index) / "manifest.json"
    with manifest.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_what_is_more_than_may_wait_is_asked_to_come_back_and_health_answers_meanwhile(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make(searches=1, queue=1, patience=0.2)
    held, go = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        held.set()
        go.wait(60)
        raise ZeroDivisionError

    monkeypatch.setattr("search.archive.archive.Archive.search", slow)
    first = threading.Thread(target=client.application.test_client().get, args=("/api/search?q=lào",))
    first.start()
    assert held.wait(60)
    refused = client.get("/api/search?q=lào")
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert refused.json["type"] == "busy"  # type: ignore[index]
    assert refused.headers["Retry-After"] == "1"
    assert client.get("/healthz").status_code == 200
    go.set()
    first.join(60)
    assert "dau_searches_refused_total 1.0" in client.get("/metrics").text


FORGED = {
    "Script-Name": "//evil.example",
    "X-Forwarded-Prefix": "//evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
}


def links(page: str) -> list[str]:
    tags = BeautifulSoup(page, "lxml").find_all(["a", "link", "form", "script", "img"])
    return [str(tag[name]) for tag in tags for name in ("href", "action", "src") if tag.get(name)]


def test_without_a_proxy_nothing_that_headers_say_about_the_address_is_believed(make: Make) -> None:
    client = make()
    for address in ("/", "/?q=lào", "/opensearch.xml", "/feed.atom?q=lào"):
        forged = client.get(address, headers=FORGED).text
        assert "evil" not in forged and "https://localhost" not in forged, address


UNSOUND = ["//evil.example", "/a//b", "/..", "/tin?x", "evil", "/a b", "/tin/%2e%2e", '/"><b>', "/a, //evil.example"]


@pytest.mark.parametrize("prefix", UNSOUND)
def test_a_prefix_that_is_no_plain_path_is_not_believed_of_a_proxy_either(make: Make, prefix: str) -> None:
    client = make(trust_proxy=True)
    page = client.get("/?q=lào", headers={"X-Forwarded-Prefix": prefix})
    assert page.status_code == 200
    assert links(page.text) == links(client.get("/?q=lào").text)


def test_the_prefix_stands_once_in_every_address_of_the_browsers_search_description(make: Make) -> None:
    proxied = {"X-Forwarded-Prefix": "/tin", "X-Forwarded-Host": "bao.example", "X-Forwarded-Proto": "https"}
    described = make(trust_proxy=True).get("/opensearch.xml", headers=proxied).text
    addresses = [tag.get("template") or tag.text for tag in BeautifulSoup(described, "xml").find_all(["Url", "Image"])]
    assert len(addresses) == 4
    assert all(str(address).startswith("https://bao.example/tin/") for address in addresses), addresses
    assert "/tin/tin/" not in described


def test_copies_kept_of_one_prefix_or_host_are_not_taken_for_another(make: Make) -> None:
    client = make(trust_proxy=True)
    plain = client.get("/?q=lào").headers["ETag"]
    assert plain != client.get("/?q=lào", headers={"X-Forwarded-Prefix": "/tin"}).headers["ETag"]
    assert plain != client.get("/?q=lào", headers={"X-Forwarded-Host": "bao.example"}).headers["ETag"]


def test_only_allowed_hosts_are_answered(make: Make) -> None:
    client = make(allowed_hosts=("tin.example", ".bao.example"))
    for host, status in (("tin.example", 200), ("a.bao.example:8000", 200), ("evil.example", 400)):
        for address in ("/?q=lào", "/api/search?q=lào", "/feed.atom"):
            assert client.get(address, headers={"Host": host}).status_code == status, (host, address)


def test_an_address_that_is_far_too_long_is_refused_by_name(client: FlaskClient) -> None:
    for address in ("/?q=", "/api/search?q="):
        assert client.get(address + "a" * 20_000).status_code == 414


def told(client: FlaskClient) -> dict[str, float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = (sample for family in families for sample in family.samples)
    return {sample.name + "".join(sorted(sample.labels.values())): sample.value for sample in samples}


def test_metrics_count_requests_searches_and_those_that_found_nothing(make: Make) -> None:
    client = make()
    for address in ("/?q=lào", "/?q=lào", "/api/search?q=xyzzyq+qwwrtp", "/api/search?page=x", "/nowhere"):
        client.get(address)
    counted = told(client)
    assert counted["dau_requests_total/200"] == 2
    assert counted["dau_requests_total/api/search200"] == 1
    assert counted["dau_requests_total/api/search400"] == 1
    assert counted["dau_requests_total-404"] == 1
    assert counted["dau_search_seconds_count"] == 3
    assert counted["dau_searches_without_hits_total"] == 1
    assert counted["dau_articles"] == 45
    assert counted["dau_generation_age_seconds"] >= 0


def test_health_and_metrics_tell_how_the_last_rebuild_ended(make: Make, own_index: Path) -> None:
    run = {"started": "2026-01-02T03:00:00+00:00", "ended": "2026-01-02T03:04:05+00:00", "seconds": 245.5,
           "outcome": "held", "exit": 1, "generation": "", "message": "Held."}  # fmt: skip
    (own_index / FILE_NAME).write_text(json.dumps(run), encoding="utf-8")
    client = make(own_index)
    assert client.get("/healthz").json["last_run"]["outcome"] == "held"  # type: ignore[index]
    assert client.get("/healthz").json["age_seconds"] >= 0  # type: ignore[index]
    counted = told(client)
    assert (counted["dau_last_rebuild_exit_code"], counted["dau_last_rebuild_seconds"]) == (1, 245.5)
    for broken in ("", "[]", '{"ended": 1}', "{" * 100_000):
        (own_index / FILE_NAME).write_text(broken, encoding="utf-8")
        assert client.get("/healthz").json["last_run"] is None  # type: ignore[index]


@pytest.mark.parametrize("with_queries", [False, True])
def test_the_access_log_is_one_object_a_request_and_holds_a_query_only_if_asked(
    make: Make, tmp_path: Path, with_queries: bool
) -> None:
    log = tmp_path / "access.jsonl"
    client = make(access_log=str(log), log_queries=with_queries)
    asked = ("/?q=thanh+hoa+bi+mat", "/api/search?q=xyzzyq+qwwrtp", "/nowhere?q=a")
    answers = [client.get(address) for address in asked]
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == [answer.headers["X-Request-Id"] for answer in answers]
    assert [(line["route"], line["status"]) for line in lines] == [("/", 200), ("/api/search", 200), ("-", 404)]
    assert lines[1]["total"] == 0 and "ms" in lines[1] and isinstance(lines[1]["notices"], list)
    assert "127.0.0.1" not in log.read_text(encoding="utf-8")
    queries = ["thanh hoa bi mat", "xyzzyq qwwrtp", "a"]
    assert [line.get("q") for line in lines] == (queries if with_queries else [None, None, None])


def test_an_error_of_ours_is_logged_with_its_id_and_the_whole_address(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("search.archive.archive.Archive.search", broken)
    response = make().get("/api/search?q=lao&year=2020")
    assert response.status_code == 500
    assert response.headers["X-Request-Id"] in caplog.text
    assert "/api/search?q=lao&year=2020" in caplog.text


def test_a_search_beyond_its_budget_is_503_that_says_what_was_dear_and_never_a_part_of_an_answer(make: Make) -> None:
    client = make(query_timeout=1e-6)
    problem = client.get("/api/search?q=thanh+hoa")
    assert (problem.status_code, problem.mimetype) == (503, "application/problem+json")
    assert problem.json["type"] == "query-timeout" and "fewer words" in problem.json["detail"]  # type: ignore[index]
    assert "hits" not in problem.json  # type: ignore[operator]
    page = client.get("/?q=thanh+hoa")
    assert page.status_code == 503
    assert "ít từ hơn" in page.text and 'value="thanh hoa"' in page.text
    assert "dau_search_timeouts_total 2.0" in client.get("/metrics").text
