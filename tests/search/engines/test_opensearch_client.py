"""Requests to a cluster, against servers that fail as nodes do: no cluster is needed for these."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from search.engines.opensearch.client import Client, Refused
from search.engines.opensearch.settings import ClusterSettings
from search.errors import EngineUnavailable, SettingsError
from tests.certificates import make_certificate


@dataclass
class Node:
    """A server that answers with some statuses, one after the other, the last one for ever."""

    statuses: list[int]
    seconds: float = 0.0
    password: str = ""
    bodies: list[object] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> tuple[int, object]:
        self.asked.append(f"{handler.command} {handler.path}")
        time.sleep(self.seconds)
        wanted = "Basic " + base64.b64encode(f"dau:{self.password}".encode()).decode()
        if self.password and handler.headers["Authorization"] != wanted:
            return 401, {}
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if self.bodies:
            return status, self.bodies.pop(0)
        return status, {"ok": True} if status < 400 else {"error": {"type": "kind", "reason": "why"}, "status": status}


@contextmanager
def serving(node: Node, tls: ssl.SSLContext | None = None) -> Iterator[Node]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = node.answer(self)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        node.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield node
        server.shutdown()


@pytest.fixture
def closed() -> str:
    """The address of a node that is dead."""
    with serving(Node([200])) as node:
        return node.url


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_the_next_node_is_asked_where_one_has_too_much_to_do_or_fails(status: int) -> None:
    with serving(Node([status])) as busy, serving(Node([200])) as other:
        client = Client(ClusterSettings((busy.url, other.url)))
        assert client.get("/") == {"ok": True}
        assert (len(busy.asked), len(other.asked)) == (1, 1)


def test_a_dead_node_is_passed_over_and_asked_last_for_a_while(closed: str) -> None:
    with serving(Node([200])) as other:
        client = Client(ClusterSettings((closed, other.url)))
        assert all(client.get("/") == {"ok": True} for _ in range(3))
        assert client.dead() == [closed]


def test_a_node_that_is_busy_for_a_moment_is_asked_again() -> None:
    with serving(Node([429, 503, 200])) as node:
        assert Client(ClusterSettings((node.url,))).post("/x", {}) == {"ok": True}


@pytest.mark.parametrize("status", [429, 503])
def test_retries_have_an_end_and_the_error_says_what_was_answered(status: int) -> None:
    with serving(Node([status])) as node:
        with pytest.raises(EngineUnavailable, match=f"{status} why"):
            Client(ClusterSettings((node.url,))).get("/")
        assert len(node.asked) == 3


def test_no_answer_is_waited_for_longer_than_told() -> None:
    with serving(Node([200], seconds=3)) as slow:
        begun = time.monotonic()
        with pytest.raises(EngineUnavailable):
            Client(ClusterSettings((slow.url,))).ask("GET", "/", timeout=0.3)
        assert time.monotonic() - begun < 2


@pytest.mark.parametrize("name", ["responses", "items"])
def test_all_is_sent_again_where_a_part_of_it_met_too_much_to_do(name: str) -> None:
    def told(status: int) -> object:
        part = {"status": status, "error": {"type": "kind", "reason": "why"}}
        return {name: [{"status": 200}, part] if name == "responses" else [{"index": part}]}

    with serving(Node([200], bodies=[told(429), told(503), told(404), *map(told, [503] * 3)])) as node:
        client = Client(ClusterSettings((node.url,)))
        assert client.post("/x", {}) == told(404)
        assert len(node.asked) == 3
        with pytest.raises(EngineUnavailable, match="503 kind: why"):
            client.post("/x", {})


def test_a_health_that_is_waited_for_in_vain_is_told_all_the_same() -> None:
    waited = {"status": "yellow", "timed_out": True}
    with serving(Node([408], bodies=[waited])) as node:
        assert Client(ClusterSettings((node.url,))).health("dau", wait_for="green") == waited


def test_a_client_that_is_closed_asks_no_more() -> None:
    with serving(Node([503])) as node:
        client = Client(ClusterSettings((node.url,)))
        threading.Timer(0.5, client.close).start()
        begun = time.monotonic()
        with pytest.raises(EngineUnavailable):
            client.ask("POST", "/x", timeout=60, rounds=200)
        assert time.monotonic() - begun < 10


def test_a_request_that_is_wrong_is_not_repeated() -> None:
    with serving(Node([400])) as node:
        with pytest.raises(Refused, match="kind: why"):
            Client(ClusterSettings((node.url,))).get("/")
        assert len(node.asked) == 1


def test_a_connection_that_the_node_closed_meanwhile_is_opened_anew() -> None:
    node = Node([200])
    with serving(node):
        client = Client(ClusterSettings((node.url,)))
        client.get("/")
        for connection in client._addresses[0]._idle:
            connection.sock.close()
            connection.sock = None
        assert client.get("/") == {"ok": True}


def test_https_needs_the_certificate_that_is_trusted(tmp_path: Path) -> None:
    own, shown = make_certificate(tmp_path / "own", "own")
    other, _ = make_certificate(tmp_path / "other", "other")
    password = tmp_path / "password"
    password.write_text("mật khẩu\n")
    with serving(Node([200], password="mật khẩu"), shown) as node:
        given = {"user": "dau", "password_file": str(password)}
        assert Client(ClusterSettings((node.url,), ca=str(own), **given)).get("/") == {"ok": True}
        for ca in (str(other), ""):
            with pytest.raises(EngineUnavailable, match="certificate"):
                Client(ClusterSettings((node.url,), ca=ca, **given)).get("/")
        password.write_text("wrong")
        with pytest.raises(EngineUnavailable, match="password"):
            Client(ClusterSettings((node.url,), ca=str(own), **given)).get("/")


def test_the_password_comes_from_a_file_or_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    url = "https://10.0.0.1:9200"
    with pytest.raises(SettingsError, match="DAU_PASSWORD"):
        Client(ClusterSettings((url,), user="dau"))
    monkeypatch.setenv("DAU_PASSWORD", "secret")
    assert ClusterSettings((url,), user="dau").password() == "secret"
    assert "secret" not in json.dumps(ClusterSettings((url,), user="dau").to_json())
    with pytest.raises(SettingsError, match="nowhere"):
        Client(ClusterSettings((url,), user="dau", password_file=str(tmp_path / "nowhere")))


@pytest.mark.parametrize(("url", "good"), [
    ("http://127.0.0.1:9200", True), ("http://localhost:9200", True), ("http://[::1]:9200", True),
    ("https://search.example:9200", True), ("http://10.0.0.1:9200", False), ("http://search.example:9200", False),
    ("https://dau:secret@search.example", False), ("search.example:9200", False), ("ftp://127.0.0.1", False),
])  # fmt: skip
def test_plain_http_goes_to_this_machine_only(url: str, good: bool) -> None:
    if good:
        assert ClusterSettings((url,)).urls == (url,)
        return
    with pytest.raises(SettingsError) as caught:
        ClusterSettings((url,))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("prefix", ["", "Dau", "_dau", "a b", "dau*", "d,a"])
def test_a_prefix_is_the_name_of_an_index(prefix: str) -> None:
    with pytest.raises(SettingsError, match="prefix"):
        ClusterSettings(("http://127.0.0.1:9200",), prefix=prefix)
