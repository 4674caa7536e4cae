"""`dau serve` as a process, with rebuilds under it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.conftest import without_settings
from tests.e2e.conftest import eventually
from tests.folders import ROOT

Dau = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., AbstractContextManager[tuple[str, subprocess.Popen[str]]]]

REBUILDS = 5
CLIENTS = 8
pytestmark = pytest.mark.xdist_group("serving")


def write_issue(folder: Path, number: int) -> int:
    """Write issue `number` of a bulletin: more articles each time, every title names the issue."""
    count = 20 + number
    records = [
        {
            "id": f"bai-{at}",
            "title": f"Bản tin số {number}: đoàn công tác thứ {at}",
            "text": f"Đoàn công tác thứ {at} đã thăm tỉnh Thanh Hóa và làm việc với Sở Ngoại vụ trong kỳ {number}.",
            "date": f"2024-0{1 + at % 9}-11",
        }
        for at in range(count)
    ]
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (folder / "tin.jsonl.new").write_text(lines, encoding="utf-8")
    (folder / "tin.jsonl.new").replace(folder / "tin.jsonl")
    return count


class Client(threading.Thread):
    """Asks without pause until told to stop; keeps what came back and what failed.

    Each question has a connection of its own: one kept open may be closed by a server at any time.
    """

    def __init__(self, address: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.host = urlsplit(address).netloc
        self.stop = stop
        self.answers: list[dict[str, Any]] = []
        self.failures: list[str] = []

    def run(self) -> None:
        paths = [f"/api/search?q={quote('đoàn công tác')}&size=50", "/?q=doan+cong+tac", "/api/articles/bai-3?q=doan"]
        turn = 0
        while not self.stop.wait(0.02):  # leaves the rebuilds some of the processor
            path = paths[turn % len(paths)]
            turn += 1
            try:
                with closing(HTTPConnection(self.host, timeout=120)) as connection:
                    connection.request("GET", path)
                    response = connection.getresponse()
                    data = response.read()
            except (OSError, HTTPException) as error:
                self.failures.append(f"{path}: {error!r}")
                continue
            if response.status != 200:
                self.failures.append(f"{path}: {response.status} {data[:200]!r}")
            elif path.startswith("/api/search"):
                self.answers.append(json.loads(data))


def answers_about(client: Client, total: int) -> bool:
    return bool(client.answers) and bool(client.answers[-1]["total"] == total)


def test_five_rebuilds_under_eight_clients_lose_and_mix_no_answer(dau: Dau, serve: Serve, tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    counts = {0: write_issue(folder, 0)}
    assert dau("rebuild", folder, "--index", index).returncode == 0
    stop = threading.Event()
    with serve(index, "--workers", "2") as (address, _):
        clients = [Client(address, stop) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        assert eventually(lambda: any(answers_about(client, counts[0]) for client in clients))
        for number in range(1, REBUILDS + 1):
            counts[number] = write_issue(folder, number)
            done = dau("rebuild", folder, "--index", index)
            assert done.returncode == 0, done.stderr
            assert eventually(lambda: any(answers_about(client, counts[number]) for client in clients))  # noqa: B023
        stop.set()
        for client in clients:
            client.join(120)
            assert not client.is_alive()
    assert [failure for client in clients for failure in client.failures] == []
    seen = defaultdict(set)
    for answer in (answer for client in clients for answer in client.answers):
        issues = {hit["title"].split(":")[0] for hit in answer["hits"]}
        months = sum(month["count"] for year in answer["facets"]["year"] for month in year["months"])
        seen[answer["generation"]].add((answer["total"], len(answer["hits"]), months, *sorted(issues)))
    assert all(len(kinds) == 1 for kinds in seen.values()), seen
    expected = {(count, count, count, f"Bản tin số {number}") for number, count in counts.items()}
    assert {kind for kinds in seen.values() for kind in kinds} == expected


def get(address: str, path: str) -> tuple[int, bytes]:
    """Ask on a connection of its own."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=120)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()


def test_a_server_without_an_index_says_503_and_serves_as_soon_as_there_is_one(
    dau: Dau, serve: Serve, tmp_path: Path
) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    count = write_issue(folder, 0)
    with serve(index, "--workers", "1") as (address, _):
        assert [get(address, path)[0] for path in ("/", "/api/search", "/healthz", "/metrics")] == [503, 503, 503, 200]
        assert dau("rebuild", folder, "--index", index).returncode == 0
        assert eventually(lambda: get(address, "/healthz")[0] == 200)
        assert json.loads(get(address, "/api/search?size=1")[1])["total"] == count


def test_workers_that_are_killed_again_and_again_with_no_index_to_open_are_replaced(
    serve: Serve, sample_index: Path, tmp_path: Path
) -> None:
    index = shutil.copytree(sample_index, tmp_path / "index")
    with serve(index, "--workers", "2") as (address, process):
        (index / "CURRENT").unlink()
        for _ in range(3):
            assert eventually(lambda: len(children(process.pid)) == 2)
            for worker in children(process.pid):
                os.kill(worker, signal.SIGKILL)
            assert eventually(lambda: answered(address) == 503)
        shutil.copy(sample_index / "CURRENT", index)
        assert eventually(lambda: answered(address) == 200)


def answered(address: str) -> int:
    """Return the status of a search, 0 if nobody took the connection."""
    try:
        return get(address, "/api/search?q=lao")[0]
    except (OSError, HTTPException):
        return 0


def test_two_hundred_slow_connections_do_not_keep_anybody_waiting(address: str) -> None:
    host, port = urlsplit(address).netloc.split(":")
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(socket.create_connection((host, int(port)))) for _ in range(200)]
        for at in range(3):
            for connection in slow:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: "[at * 8 : at * 8 + 8])
            assert get(address, "/healthz")[0] == 200
            assert get(address, "/api/search?q=lao")[0] == 200
        slow[0].settimeout(60)
        assert slow[0].recv(1000)[9:12] in (b"", b"408")  # and in the end they are let go


def asked(address: str, target: bytes) -> bytes:
    """Send a request target as it is and return the whole response."""
    host, port = urlsplit(address).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_raw_utf8_in_an_address_is_understood_as_people_type_it_into_curl(address: str) -> None:
    raw, escaped = "/api/search?q=đường&sort=newest", f"/api/search?q={quote('đường')}&sort=newest"
    head, _, body = asked(address, raw.encode()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    expected = json.loads(asked(address, escaped.encode()).partition(b"\r\n\r\n")[2])
    assert json.loads(body)["q"] == "đường"
    assert json.loads(body)["hits"] == expected["hits"] != []


@pytest.mark.parametrize("target", [b"/?q=%ff%fe%80", b"/api/search?q=%ff%00&sort=newest", b"/article/%ff?q=a"])
def test_bytes_that_are_no_utf8_are_answered_like_any_other_query(address: str, target: bytes) -> None:
    assert asked(address, target)[9:12] in (b"200", b"404")


@pytest.mark.parametrize("target", [b"/?q=\xff\xfe\x80", b"/?q=a\x01b", b"/?q=a b", b"x", b"/?q=" + b"a" * 20_000])
def test_what_is_no_request_is_refused_briefly(address: str, target: bytes) -> None:
    response = asked(address, target)
    assert response[9:10] == b"4"
    assert b"Traceback" not in response


@pytest.mark.parametrize("letter", ["ố", "\N{CJK UNIFIED IDEOGRAPH-20000}"])
def test_a_query_as_long_as_allowed_fits_into_a_request(address: str, letter: str) -> None:
    response = asked(address, f"/api/search?q={quote(letter * 1000)}".encode())
    assert response.startswith(b"HTTP/1.1 200")


def test_a_port_in_use_is_one_sentence_and_code_2(dau: Dau, sample_index: Path, address: str) -> None:
    done = dau("serve", "--index", sample_index, "--port", str(urlsplit(address).port))
    assert done.returncode == 2
    assert "in use" in done.stderr
    assert done.stderr.count("\n") == 1


def processes() -> dict[int, int]:
    """All running processes with their parents: the third and fourth field of /proc/PID/stat are state and parent."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it may end while it is looked at
            state, parent = entry.read_text(errors="replace").rpartition(")")[2].split()[:2]
            if state not in "ZX":
                found[int(entry.parent.name)] = int(parent)
    return found


def children(pid: int) -> list[int]:
    return [child for child, parent in processes().items() if parent == pid]


def test_a_server_told_to_stop_finishes_and_leaves_no_process(serve: Serve, sample_index: Path) -> None:
    with serve(sample_index, "--workers", "2") as (address, process):
        assert asked(address, b"/healthz").startswith(b"HTTP/1.1 200")
        assert eventually(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
    assert eventually(lambda: not processes().keys() & set(workers))


def test_the_demo_builds_and_serves_the_sample_until_it_is_interrupted(tmp_path: Path) -> None:
    line = [sys.executable, "-c", "from search.cli import main; main()", "demo", "--port", "0"]
    with subprocess.Popen(line, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True,
                          env=without_settings() | {"PYTHONPATH": str(ROOT)}) as process:
        assert process.stderr is not None
        try:
            said = iter(process.stderr.readline, "")
            address = next((found[0] for text in said if (found := re.search(r"http://[\w.:]+", text))), "")
            assert b'<html lang="vi"' in asked(address, b"/")
            answer = asked(address, b"/api/search?q=thanh+hoa").partition(b"\r\n\r\n")[2]
            assert any(hit["province"] == "Thanh Hóa" for hit in json.loads(answer)["hits"])
        finally:
            os.killpg(process.pid, signal.SIGINT)  # Ctrl-C reaches every process of the terminal
        rest = process.stderr.read()
    assert process.returncode in (0, 130)
    assert "Traceback" not in rest
    assert (tmp_path / "demo-index" / "CURRENT").is_file()
