"""`dau log`: what access logs tell."""

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Dau = Callable[..., subprocess.CompletedProcess[str]]


def line(q: str, total: int = 3, ms: float = 5.0, **more: object) -> str:
    return json.dumps({"id": "a1", "route": "/", "status": 200, "ms": ms, "total": total, "q": q} | more) + "\n"


@pytest.fixture
def logs(tmp_path: Path) -> list[Path]:
    """A log, and one that was rotated and packed; the last line was cut off by a crash."""
    today, packed = tmp_path / "access.jsonl", tmp_path / "access.jsonl.1.gz"
    asked = [line("Sở  Ngoại vụ"), line("sở ngoại vụ"), line("sở ngoại vụ"), line("xyzzyq", 0), line("lào", ms=900.5)]
    further = [line("lào", page=2), line("xyzzyq", 0, route="/feed.atom"), '{"route": "/", "status": 503}\n', '{"ro']
    today.write_text("".join(asked + further), encoding="utf-8")
    with gzip.open(packed, "wt", encoding="utf-8") as file:
        file.write(line("xyzzyq", 0) + line("ngoài ra", 0))
    return [today, packed]


def test_what_was_not_found_is_told_most_often_first(dau: Dau, logs: list[Path]) -> None:
    done = dau("log", "zero-hits", *logs, "--json")
    assert json.loads(done.stdout) == [{"q": "xyzzyq", "count": 2}, {"q": "ngoài ra", "count": 1}]


def test_what_was_asked_most_counts_spellings_once_and_further_pages_not(dau: Dau, logs: list[Path]) -> None:
    done = dau("log", "top", *logs, "--limit", "2")
    assert [row.split(maxsplit=1) for row in done.stdout.splitlines()] == [["3", "sở ngoại vụ"], ["2", "xyzzyq"]]


def test_the_slowest_requests_are_told_with_their_ids(dau: Dau, logs: list[Path]) -> None:
    done = dau("log", "slow", *logs)
    assert done.stdout.split() == ["900.5", "ms", "200", "a1", "/", "lào"]


def test_logs_without_queries_and_files_that_are_not_there_are_one_sentence(dau: Dau, tmp_path: Path) -> None:
    bare = tmp_path / "bare.jsonl"
    bare.write_text(json.dumps({"route": "/", "status": 200, "ms": 1, "total": 0}) + "\n", encoding="utf-8")
    for path, word in ((bare, "--log-queries"), (tmp_path / "none", "can't be read")):
        done = dau("log", "zero-hits", path)
        assert (done.returncode, word in done.stderr, done.stderr.count("\n")) == (2, True, 1)
