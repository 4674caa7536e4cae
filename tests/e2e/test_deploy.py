"""The units for systemd and the nginx example do what they say."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.e2e.conftest import eventually, serving
from tests.folders import ROOT
from tests.installing import installed

UNITS = (ROOT / "web" / "deploy" / "dau-serve.service", ROOT / "index" / "deploy" / "dau-rebuild.service")
#: Points of exposure in `systemd-analyze security`, of ten.
MOST_EXPOSED = 2.5


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_the_units_sound_and_closed(unit: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    line = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    told = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    if not told:
        pytest.skip(f"systemd-analyze can't work here: {done.stderr.strip()[-200:]}")
    assert float(told[1]) <= MOST_EXPOSED, done.stdout
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/dau/.venv/bin/dau", sys.executable))
    line = ["systemd-analyze", "verify", "--man=no", str(copy)]
    checked = subprocess.run(line, capture_output=True, text=True, check=False)
    assert [said for said in checked.stderr.splitlines() if unit.name in said] == []


@contextmanager
def nginx(upstream: str, folder: Path) -> Iterator[str]:
    """Run nginx with the example of web/README.md in front of a server; give its host and port."""
    binary = installed("nginx-light", "nginx")
    example = re.search(r"```nginx\n(.*?)```", (ROOT / "web" / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = example[1].replace("listen 80;", f"listen 127.0.0.1:{port};").replace("http://127.0.0.1:8000", upstream)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{paths}{site}}}\n"
    )
    with subprocess.Popen([binary, "-e", folder / "error.log", "-c", configuration]) as process:
        try:
            assert eventually(lambda: connects(port)), (folder / "error.log").read_text()
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def asked(host: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    connection = HTTPConnection(host, timeout=60)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    status, text = response.status, response.read().decode()
    connection.close()
    return status, text


def test_behind_nginx_every_address_stands_below_its_path_whatever_a_client_sends(
    sample_index: Path, tmp_path: Path
) -> None:
    forged = {
        "Host": "tin.example",
        "X-Forwarded-Prefix": "//evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Port": "666",
        "Script-Name": "//evil.example",
        "Forwarded": "host=evil.example;proto=https",
    }
    server: AbstractContextManager[tuple[str, object]] = serving(sample_index, "--workers", "1", "--trust-proxy")
    with server as (upstream, _), nginx(upstream, tmp_path) as host:
        for path in ("/tin/", "/tin/?q=lao", "/tin/nowhere", "/tin/feed.atom?q=lao", "/tin/opensearch.xml"):
            text = asked(host, path, forged)[1]
            assert "evil" not in text and "666" not in text and "gopher" not in text, path
            page = BeautifulSoup(text, "xml" if text.startswith("<?xml") else "lxml")
            named = ("href", "action", "src", "template")
            links = [str(tag[name]) for name in named for tag in page.find_all(attrs={name: True})]
            ours = [link.removeprefix("http://tin.example") for link in links]
            inside = [link for link in ours if not link.startswith(("#", "http"))]
            assert inside and all(link.startswith("/tin/") for link in inside), inside
        assert asked(host, "/tin/healthz", forged)[0] == 200
        assert asked(host, "/tin/metrics", forged)[0] == 403
        assert asked(host, "/tin/api/search?q=l%C3%A0o&size=1", forged)[0] == 200
