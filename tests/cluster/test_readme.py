"""The example of the README, as it stands there: from an empty cluster to a search page in five commands."""

import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.certificates import make_certificate
from tests.cluster.proxy import Proxy, serving
from tests.conftest import without_settings
from tests.folders import ROOT

pytestmark = pytest.mark.xdist_group("cluster")


def example() -> list[str]:
    """Return the commands."""
    text = (ROOT / "search" / "README.md").read_text(encoding="utf-8")
    found = re.search(r"From an empty cluster to a search page:\n\n```\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1].replace("\\\n", " ").strip().splitlines()


def test_five_commands_lead_from_an_empty_cluster_to_a_search_page(tmp_path: Path, engine: dict[str, Any]) -> None:
    commands = example()
    assert len(commands) == 5
    own, shown = make_certificate(tmp_path / "own", "own")
    (tmp_path / "ca.pem").write_bytes(own.read_bytes())
    urls = engine["urls"]
    with serving(Proxy(urls[0], "dau", "the password"), shown) as a, \
            serving(Proxy(urls[-1], "dau", "the password"), shown) as b:  # fmt: skip
        given = {"ARTICLES": str(ROOT / "search" / "sample" / "articles"), "https://a:9200": a.url,
                 "https://b:9200": b.url, "/srv/dau/index": "index", "--prefix dau": "--prefix readme",
                 "--replicas 1": f"--replicas {engine['replicas']}"}  # fmt: skip
        for number, command in enumerate(commands, 1):
            for word, ours in given.items():
                command = command.replace(word, ours)
            line = command.replace("dau ", f"{shlex.quote(str(Path(sys.executable).with_name('dau')))} ", 1) if (
                command.startswith("dau ")
            ) else command
            if number < 5:
                done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=without_settings(), capture_output=True,
                                      text=True, timeout=300, check=False)  # fmt: skip
                assert done.returncode == 0, (command, done.stderr)
        assert "Thanh" in done.stdout
        _look_at_the_page(line, tmp_path)


def _look_at_the_page(line: str, folder: Path) -> None:
    process = subprocess.Popen([*shlex.split(line), "--port", "0"], cwd=folder, env=without_settings(),
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
    try:
        assert process.stderr
        address = None
        while not address:
            said = process.stderr.readline()
            assert said, "the server ended"
            address = re.search(r"http://[\w.]+:\d+", said)
        with urllib.request.urlopen(f"{address[0]}/?q={quote('thanh hoa')}", timeout=60) as answer:
            assert "<mark>" in answer.read().decode()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
