"""A cluster behind TLS and a password, and one whose nodes have too much to do: through the commands and the server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.archive.generations import open_current
from search.cli import run
from search.results.answer import Request
from tests.certificates import make_certificate
from tests.cluster.proxy import Proxy, serving
from tests.faults.harness import OLD, write_inputs
from web import create_app

pytestmark = pytest.mark.xdist_group("cluster")
PASSWORD = "mật khẩu"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    write_inputs(folder, OLD)
    return folder


@pytest.fixture
def guarded(tmp_path: Path, engine: dict[str, Any]) -> Iterator[tuple[Proxy, Path, Path]]:
    """A node behind TLS and a password; the certificate to trust, and another one."""
    own, shown = make_certificate(tmp_path / "own", "own")
    other, _ = make_certificate(tmp_path / "other", "other")
    with serving(Proxy(engine["urls"][0], "dau", PASSWORD), shown) as proxy:
        yield proxy, own, other


def rebuild(inputs: Path, index: Path, *more: str | Path) -> int:
    words = ["rebuild", inputs, "--index", index, "--engine", "opensearch", "--shards", "1", "--replicas", "0",
             "--jobs", "1", "--quiet", "--prefix", "access", *more]  # fmt: skip
    return run(list(map(str, words)))


def test_tls_and_a_password_stand_before_all_that_dau_asks(
    guarded: tuple[Proxy, Path, Path], inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy, own, other = guarded
    secret, index = tmp_path / "password", tmp_path / "index"
    secret.write_text("wrong")
    access = ("--url", proxy.url, "--user", "dau", "--password-file", secret)
    for ca, why in ((own, "password"), (other, "certificate")):
        assert rebuild(inputs, index, *access, "--ca", ca) == 70
        told = capsys.readouterr().err
        assert why in told and "Traceback" not in told and "wrong" not in told
    secret.write_text(PASSWORD)
    assert rebuild(inputs, index, *access) == 70  # the system trusts nobody who signed this
    assert rebuild(inputs, index, *access, "--ca", own) == 0
    assert run(["check", "--index", str(index)]) == 0
    asked = proxy.asked
    assert run(["search", "hội nghị", "--index", str(index)]) == 0
    assert proxy.asked > asked
    secret.write_text("wrong")
    app = create_app(index)
    for path in ("/api/search?q=lào", "/healthz"):
        answer = app.test_client().get(path)
        assert answer.status_code == 503 and "password" in answer.text
        assert PASSWORD not in answer.text and "wrong" not in answer.text


def test_a_node_that_has_too_much_to_do_now_and_then_costs_no_article_and_no_answer(
    inputs: Path, tmp_path: Path, engine: dict[str, Any]
) -> None:
    with serving(Proxy(engine["urls"][0], busy=lambda number: number % 3 > 0)) as proxy:
        assert rebuild(inputs, tmp_path / "index", "--url", proxy.url) == 0
        archive = open_current(tmp_path / "index")
        assert archive.count == 18
        assert [archive.search(Request("hội nghị")).total for _ in range(10)] == [18] * 10
        assert proxy.refused > 20
        archive.close()


def test_another_node_answers_for_one_that_has_too_much_to_do_and_without_one_it_is_503(
    inputs: Path, tmp_path: Path, engine: dict[str, Any]
) -> None:
    urls = engine["urls"]
    with serving(Proxy(urls[0])) as first, serving(Proxy(urls[-1])) as second:
        assert rebuild(inputs, tmp_path / "index", "--url", first.url, "--url", second.url) == 0
        app = create_app(tmp_path / "index")
        first.busy = lambda _: True
        answers = [app.test_client().get(f"/api/search?q=hội nghị&size={size}") for size in range(1, 11)]
        assert [answer.status_code for answer in answers] == [200] * 10
        assert {answer.json["total"] for answer in answers if answer.json} == {18}
        second.busy = lambda _: True
        answer = app.test_client().get("/api/search?q=hội nghị&size=11")
        assert answer.status_code == 503 and answer.json and "engine-unavailable" in answer.json["type"]
        second.busy = lambda _: False
        assert app.test_client().get("/api/search?q=hội nghị&size=12").status_code == 200
