"""A first look at a folder, and what a rebuild tells of files that it does not read or not fully understand."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from index.rebuild.report import Report
from tests.index.made_files import every_kind, page, record, story

Dau = Callable[..., subprocess.CompletedProcess[str]]


def lay(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def foreign(count: int) -> bytes:
    """Return records whose fields have names that nobody knows."""
    rows = [{"ten_tin": story(n).title, "than_xyz": story(n).text, "luc_nao": story(n).shown_day} for n in range(count)]
    return json.dumps(rows).encode()


def test_a_look_tells_kinds_of_files_titles_and_what_is_not_read(tmp_path: Path, dau: Dau) -> None:
    folder = lay(tmp_path / "kho", {**every_kind(), "anh.jpg": b"x", "bang.xlsx": b"x"})
    told = dau("look", folder)
    assert told.returncode == 0
    assert "40 files to read: .json 5" in told.stdout
    assert "2 files are not read: .jpg 1, .xlsx 1" in told.stdout
    assert told.stdout.count("Khánh thành") == 10
    assert "2018-01-03  Quảng Trị           Lê Văn Mẫu" in told.stdout
    assert dau("rebuild", folder, "--dry-run", "--index", tmp_path / "index").stdout == told.stdout
    assert not (tmp_path / "index").exists()


def test_two_commands_search_records_under_foreign_names(tmp_path: Path, dau: Dau) -> None:
    folder, index = lay(tmp_path / "kho", {"a.json": foreign(40)}), tmp_path / "index"
    told = dau("look", folder)
    assert told.returncode == 1
    assert "--fields date=luc_nao,text=than_xyz,title=ten_tin" in told.stdout
    done = dau("rebuild", folder, "--index", index, "--fields", "date=luc_nao,text=than_xyz,title=ten_tin")
    assert done.returncode == 0, done.stderr
    assert "fields: date from luc_nao, text from than_xyz, title from ten_tin" in done.stderr
    assert "[nhà văn hóa thứ 11]" in dau("search", '"nhà văn hóa thứ 11"', "--index", index).stdout


def test_names_in_dau_toml_are_used_and_other_names_read_everything_anew(tmp_path: Path) -> None:
    from index.read.fields import FieldNames

    folder, index = lay(tmp_path / "kho", {"a.json": foreign(5), "b.html": page(story(9)).encode()}), tmp_path / "index"
    first = rebuild(RebuildOptions(roots=(folder,), index=index))
    assert (first.articles, len(first.rejected)) == (1, 5)
    names = FieldNames.parse({"text": "than_xyz", "title": "ten_tin", "date": "luc_nao"})
    second = rebuild(RebuildOptions(roots=(folder,), index=index, names=names))
    assert (second.articles, second.indexed, second.rejected) == (6, 5, ())


def test_the_table_of_dau_toml_names_fields(tmp_path: Path, dau: Dau) -> None:
    settings = tmp_path / "dau.toml"
    settings.write_text('[fields]\ntext = "than_xyz"\ntitle = "ten_tin"\n', encoding="utf-8")
    folder = lay(tmp_path / "kho", {"a.json": foreign(2)})
    told = dau("--config", settings, "extract", folder / "a.json", "--json")
    assert [json.loads(line)["title"] for line in told.stdout.splitlines()] == [story(0).title, story(1).title]
    settings.write_text('[fields]\nthan = "than_xyz"\n', encoding="utf-8")
    wrong = dau("--config", settings, "extract", folder / "a.json")
    assert wrong.returncode == 2
    assert "say FIELD=NAME, with FIELD one of id, title" in wrong.stderr


def run(folder: Path, index: Path, strict: bool = False) -> Report:
    return rebuild(RebuildOptions(roots=(folder,), index=index, strict_files=strict))


def test_files_that_are_not_read_are_counted_by_their_endings_and_an_error_only_if_asked(tmp_path: Path) -> None:
    files = {"a.html": page(story(1)).encode(), "b.jpg": b"x", "c.jpg": b"x", "d.doc": b"x", "e": b"x", ".ds": b"x"}
    folder = lay(tmp_path / "kho", files)
    report = run(folder, tmp_path / "index")
    assert report.ignored == {".jpg": 2, ".doc": 1, "no ending": 1, "hidden": 1}
    assert "5 files ignored by name (.jpg 2, .doc 1, hidden 1, no ending 1)" in report.summary()
    strict = run(folder, tmp_path / "strict", strict=True)
    assert strict.refused.startswith("4 files are not read (--strict-files)")
    for name in ("b.jpg", "c.jpg", "d.doc", "e"):
        (folder / name).unlink()
    assert run(folder, tmp_path / "strict", strict=True).published


def test_what_was_not_understood_is_told_once_per_file_and_stays_in_the_report(tmp_path: Path, dau: Dau) -> None:
    rows = [record(story(n)) | {"la": "x", "date": "hôm qua"} for n in range(3)]
    folder, index = lay(tmp_path / "kho", {"a.jsonl": "\n".join(map(json.dumps, rows)).encode()}), tmp_path / "index"
    done = dau("rebuild", folder, "--index", index)
    assert "a.jsonl: not understood: la (--fields FIELD=NAME); 3 dates not read, such as 'hôm qua'" in done.stderr
    again = dau("rebuild", folder, "--index", index, "--json")
    assert "hôm qua" not in again.stderr
    assert [note["text"] for note in json.loads(again.stdout)["notes"]] == [
        "not understood: la (--fields FIELD=NAME); 3 dates not read, such as 'hôm qua'"]


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.odt"])
def test_without_the_extra_documents_are_ignored_by_name_and_the_summary_says_what_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from index.read import extras

    monkeypatch.setattr(extras, "_is_there", lambda module: False)
    folder = lay(tmp_path / "kho", {name: b"x", "b.html": page(story(1)).encode()})
    report = run(folder, tmp_path / "index")
    assert (report.articles, report.rejected) == (1, ())
    assert f"pip install 'dau[documents]' reads {Path(name).suffix}" in report.summary()
