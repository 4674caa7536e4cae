"""Feeds tell what is new to the archive: by a record that outlives generations and cache."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup

from web import create_app

Dau = Callable[..., subprocess.CompletedProcess[str]]
TEXT = "Hội nghị đối ngoại nhân dân tỉnh Thanh Hóa bàn về việc số"


def write(folder: Path, name: str, date: str, text: str = TEXT) -> None:
    record = {"id": name, "title": f"Tin {name}", "text": f"{text} {name}, nhiều đại biểu tham dự.", "date": date}
    (folder / f"{name}.jsonl").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def entries(index: Path) -> list[tuple[str, str]]:
    """Return (id, updated) of the entries of the feed of everything."""
    app = create_app(index)
    feed = BeautifulSoup(app.test_client().get("/feed.atom?utm_source=x").data, "xml")
    app.extensions["dau"].close()
    return [(str(tag.id.get_text()), str(tag.updated.get_text())) for tag in feed.find_all("entry")]  # type: ignore[union-attr]


def test_one_new_article_is_one_new_entry_and_nothing_else_moves_even_when_cache_and_generations_are_gone(
    dau: Dau, tmp_path: Path
) -> None:
    folder, index = tmp_path / "tin", tmp_path / "index"
    folder.mkdir()
    for name, date in (("a", "2020-01-01"), ("b", "2024-05-05"), ("c", "2022-02-02")):
        write(folder, name, date)
    assert dau("rebuild", folder, "--index", index).returncode == 0
    first = entries(index)
    assert [name for name, _ in first] == ["tag:dau,2026:b", "tag:dau,2026:c", "tag:dau,2026:a"]
    write(folder, "old", "1999-01-01")
    for path in index.glob("cache.sqlite*"):
        path.unlink()
    subprocess.run(["sleep", "1.1"], check=True)  # times are whole seconds
    assert dau("rebuild", folder, "--index", index).returncode == 0
    second = entries(index)
    assert second[0][0] == "tag:dau,2026:old"
    assert second[1:] == first
    write(folder, "a", "2020-01-01", "Nội dung mới của tin")
    subprocess.run(["sleep", "1.1"], check=True)
    assert dau("rebuild", folder, "--index", index).returncode == 0
    third = dict(entries(index))
    assert [name for name, _ in entries(index)] == [name for name, _ in second]
    assert [name for name, updated in second if third[name] != updated] == ["tag:dau,2026:a"]
