"""A walk with `next` goes on in its own generation while a new one is served, and says so."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from flask.testing import FlaskClient

from search.archive.generations import current_id
from web import create_app

COUNT = 7


def write(folder: Path, numbers: range, word: str) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        record = {"id": f"{word}-{number}", "title": f"Tin {number}", "content": f"Lũ quét ở {word} số {number}."}
        (folder / f"{word}-{number}.json").write_text(json.dumps(record), encoding="utf-8")


def page(client: FlaskClient, after: str = "") -> dict[str, object]:
    response = client.get("/api/search", query_string={"q": "lũ quét", "size": 2, "sort": "newest"} | (
        {"after": after} if after else {}))  # fmt: skip
    assert response.status_code == 200, response.text
    return dict(response.get_json())


def walk(client: FlaskClient, after: str) -> tuple[list[str], set[str]]:
    """Return the ids on all following pages, and the codes of what was said."""
    ids, codes = [], set()
    while after:
        answer = page(client, after)
        ids += [hit["id"] for hit in answer["hits"]]  # type: ignore[attr-defined]
        codes |= {notice["code"] for notice in answer["notices"]}  # type: ignore[attr-defined]
        after = str(answer["next"])
    return ids, codes


def test_a_walk_goes_on_in_its_own_generation_and_says_so(
    dau: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    write(folder, range(COUNT), "xã")
    assert dau("rebuild", folder, "--index", index).returncode == 0
    app = create_app(index)
    client, first = app.test_client(), current_id(index)
    begun = page(client)
    write(folder, range(3), "bản")
    assert dau("rebuild", folder, "--index", index).returncode == 0
    until = time.monotonic() + 30
    while page(client)["total"] == COUNT and time.monotonic() < until:
        time.sleep(0.1)
    assert page(client)["total"] == COUNT + 3
    ids, codes = walk(client, str(begun["next"]))
    shown = [hit["id"] for hit in begun["hits"]] + ids  # type: ignore[attr-defined]
    assert sorted(shown) == [f"xã-{number}" for number in range(COUNT)]
    assert "earlier-generation" in codes
    assert "earlier-generation" not in walk(client, str(page(client)["next"]))[1]
    app.extensions["dau"].close()
    options = ("--sort", "newest", "--size", 2, "--index", index, "--json")
    command = dau("search", "lũ quét", "--after", begun["next"], *options)
    assert [hit["id"] for hit in json.loads(command.stdout)["hits"]] == ids[:2]
    shutil.rmtree(index / "generations" / first)
    gone = create_app(index)
    refused = gone.test_client().get("/api/search", query_string={
        "q": "lũ quét", "size": 2, "sort": "newest", "after": begun["next"]})  # fmt: skip
    assert (refused.status_code, refused.get_json()["parameter"]) == (400, "after")
    gone.extensions["dau"].close()
