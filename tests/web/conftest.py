"""The application over real indexes: the sample archive, one of hostile texts, one that is empty."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from web import create_app

Dau = Callable[..., subprocess.CompletedProcess[str]]
HOSTILE = [
    {
        "id": "script",
        "title": "<script>alert(1)</script> ở Thanh Hóa",
        "text": "Đoàn công tác <script>alert(2)</script> đã thăm tỉnh Thanh Hóa.\n\n"
        'Người viết "><img src=x onerror=alert(3)>.',
        "date": "2024-05-01",
        "author": '"><img src=x onerror=alert(4)>',
        "source": "<b>Báo</b>",
        "url": "javascript:alert(5)",
    },
    {
        "id": "quote",
        "title": '"><img src=x onerror=alert(6)> đoàn công tác',
        "text": "{{ 7 * 7 }} và {% raw %} đoàn công tác tỉnh Thanh Hóa & <!-- chú thích --> </textarea></title>",
        "date": "2024-06-02",
        "url": 'https://bao.example/tin?a=1&b="2"',
    },
]


def client_of(index: Path) -> FlaskClient:
    app = create_app(index)
    app.testing = False  # errors must be answered as they are in production
    return app.test_client()


@pytest.fixture(scope="module")
def client(sample_index: Path) -> Iterator[FlaskClient]:
    client = client_of(sample_index)
    yield client
    client.application.extensions["dau"].close()


@pytest.fixture(scope="module")
def hostile(dau: Dau, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("hostile")
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in HOSTILE)
    (folder / "tin.jsonl").write_text(lines, encoding="utf-8")
    done = dau("rebuild", folder, "--index", folder / "index")
    assert done.returncode == 0, done.stderr
    return client_of(folder / "index")


@pytest.fixture(scope="session")
def soup() -> Callable[[FlaskClient, str], BeautifulSoup]:
    """Fetch a page that must be there and parse it."""

    def fetch(client: FlaskClient, address: str) -> BeautifulSoup:
        response = client.get(address)
        assert response.status_code == 200, response.text
        return BeautifulSoup(response.data, "lxml")

    return fetch
