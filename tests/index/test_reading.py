"""Which files are inputs, and what is read of them."""

import gzip
import json
import lzma
import os
from pathlib import Path

import pytest

from index.read.documents import ChangedWhileReading, Document, read_documents
from index.read.files import Finder, InputFile
from index.read.records import Note, Rejected
from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions

LIMIT = 1_000_000


def find(*roots: Path) -> list[InputFile | Rejected]:
    return list(Finder(roots).files())


def relatives(*roots: Path) -> list[str]:
    return [found.relative for found in find(*roots) if isinstance(found, InputFile)]


def read(path: Path, limit: int = LIMIT) -> list[Document | Rejected]:
    [file] = find(path)
    assert isinstance(file, InputFile)
    return [item for item in read_documents(file, limit) if not isinstance(item, Note)]


def test_every_input_below_a_folder_is_found_once_in_order(tmp_path: Path) -> None:
    root = tmp_path / "tin"
    (root / "b").mkdir(parents=True)
    for name in ("z.txt", "a.HTML", "b/c.htm", "b/d.jsonl.xz", "e.json", "picture.jpg", ".hidden.txt"):
        (root / name).write_text("x")
    assert relatives(root) == ["tin/a.HTML", "tin/e.json", "tin/z.txt", "tin/b/c.htm", "tin/b/d.jsonl.xz"]
    finder = Finder([root])
    list(finder.files())
    assert finder.ignored == {".jpg": 1, "hidden": 1}


def test_overlapping_arguments_count_a_file_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("x")
    assert relatives(tmp_path, tmp_path / "a", tmp_path / "a" / "x.txt") == [f"{tmp_path.name}/a/x.txt"]


def test_folders_of_one_name_give_different_places(tmp_path: Path) -> None:
    for parent in ("one", "two"):
        (tmp_path / parent / "tin").mkdir(parents=True)
        (tmp_path / parent / "tin" / "x.txt").write_text("x")
    assert relatives(tmp_path / "one" / "tin", tmp_path / "two" / "tin") == ["one/tin/x.txt", "two/tin/x.txt"]


def test_the_index_inside_the_archive_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "quarantine.json").write_text("[]")
    (tmp_path / "a.txt").write_text("x")
    found = [file.relative for file in Finder([tmp_path], tmp_path / "index").files() if isinstance(file, InputFile)]
    assert found == [f"{tmp_path.name}/a.txt"]


def test_links_are_followed_inside_the_archive_only(tmp_path: Path) -> None:
    root, outside = tmp_path / "tin", tmp_path / "outside.txt"
    root.mkdir()
    outside.write_text("secret")
    (root / "a.txt").write_text("x")
    (root / "inside.txt").symlink_to("a.txt")
    (root / "leaves.txt").symlink_to(outside)
    (root / "loop.txt").symlink_to("loop.txt")
    (root / "self").symlink_to(root)
    assert relatives(root) == ["tin/a.txt", "tin/inside.txt"]
    reasons = {Path(found.path).name: found.reason for found in find(root) if isinstance(found, Rejected)}
    assert "leaves the archive" in reasons["leaves.txt"]
    assert "leads nowhere" in reasons["loop.txt"]
    assert set(reasons) == {"leaves.txt", "loop.txt"}


def test_names_that_are_not_utf8_are_read_and_shown_escaped(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/t\xean.txt"
    Path(os.fsdecode(path)).write_text("x")
    [file] = find(tmp_path)
    assert isinstance(file, InputFile)
    assert file.shown.endswith("t\\xean.txt")
    assert [type(item) for item in read_documents(file, LIMIT)] == [Document]


@pytest.mark.parametrize(
    ("name", "pack"), [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress), ("a.jsonl.xz", lzma.compress)]
)
def test_records_of_jsonl_are_numbered_by_line_and_bad_ones_named(tmp_path: Path, name: str, pack: object) -> None:
    lines = b'\xef\xbb\xbf{"title": "a", "text": "b"}\n\nnot json\n[1]\n{"title": "c", "text": "d"}'
    (tmp_path / name).write_bytes(pack(lines))  # type: ignore[operator]
    items = read(tmp_path / name)
    documents = [item.raw.path for item in items if isinstance(item, Document)]
    assert documents == [f"{tmp_path}/{name}#1", f"{tmp_path}/{name}#5"]
    rejected = [item.path for item in items if isinstance(item, Rejected)]
    assert rejected == [f"{tmp_path}/{name}#3", f"{tmp_path}/{name}#4"]


def test_json_is_one_article_or_a_list(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"title": "a", "text": "b"}')
    articles = [{"title": str(number), "text": "x" * 9000} for number in range(500)]
    (tmp_path / "many.json").write_text(json.dumps(articles))
    [one] = read(tmp_path / "one.json")
    assert isinstance(one, Document)
    assert (one.number, one.raw.path) == (0, f"{tmp_path}/one.json")
    many = read(tmp_path / "many.json")
    assert [item.raw.record["title"] for item in many if isinstance(item, Document)] == [str(n) for n in range(500)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"x" * (LIMIT + 1), "over the limit"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.json", b"", "empty"),
        ("a.json", b"[]", "no article"),
        ("a.json", b'[{"a": 1}, {"b"', "the file ends early"),
        ("a.json", b'{"title": "a", "text": "b', "the file ends early"),
        ("a.json", b'{"data": [{"title": "a", "text": "b"}, {"ti', "the file ends early"),
        ("a.json", b'["' + b"x" * (5 * LIMIT), "over the limit"),
        ("a.json", b"\xff\xfe", "no article"),
        ("a.json", b"[" * 200_000, "nested too deep"),
        ("a.jsonl.gz", gzip.compress(b'{"a": 1}\n' * 100, mtime=0)[:-9], "damaged or cut off"),
        ("a.jsonl.xz", lzma.compress(b'{"a": 1}\n' * 100)[:-9], "damaged or cut off"),
        ("a.jsonl.gz", gzip.compress(b"\n" * 100_000_000, mtime=0), "expands more than"),
        ("a.jsonl.xz", b"nonsense", "damaged or cut off"),
    ],
)
def test_a_file_that_can_not_be_read_to_its_end_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    last = read(tmp_path / name)[-1]
    assert isinstance(last, Rejected)
    assert last.path == f"{tmp_path}/{name}"
    assert reason in last.reason


def test_a_file_that_changes_while_it_is_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(('{"a": "' + "x" * 10_000 + '"}\n') * 300)
    [file] = find(path)
    assert isinstance(file, InputFile)
    items = read_documents(file, LIMIT)
    next(items)
    with path.open("a") as stream:
        stream.write('{"a": 2}\n')
    with pytest.raises(ChangedWhileReading):
        list(items)


def test_a_folder_without_any_file_to_read_is_refused_with_the_names_that_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "tin"
    folder.mkdir()
    (folder / "tin.xlsx").write_bytes(b"PK")
    report = rebuild(RebuildOptions(roots=(folder,), index=tmp_path / "index"))
    assert str(folder) in report.refused
    assert ".txt" in report.refused and ".jsonl" in report.refused
