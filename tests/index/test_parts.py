"""Extraction in parts: whatever the number of parts, the index is that of one run."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from index.rebuild.parts import Part, merge, run_part
from index.rebuild.progress import Progress
from search.archive.building import ENGINE
from search.archive.generations import ARCHIVE, GENERATIONS, current_id
from search.article import Article
from search.cli import run
from search.engines.port import open_reader
from search.errors import SettingsError
from tests.index.templates import SHAPES, TITLES, article_page


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of three sites, of which no part has them all."""
    folder = tmp_path_factory.mktemp("inputs")
    for name in list(SHAPES)[:3]:
        (folder / name).mkdir()
        for number in range(len(TITLES)):
            (folder / name / f"bai-{number}.html").write_text(article_page(name, number), encoding="utf-8")
    return folder


def contents(index: Path) -> tuple[list[Article], dict[str, bytes]]:
    """Return the articles of an index but for the times of its runs, and the files of its lexicon and suggestions.

    What suggestions keep to be counted on is written in the order of a set, which differs from run to run.
    """
    archive = index / GENERATIONS / current_id(index) / ARCHIVE
    reader = open_reader(archive / ENGINE)
    articles = [replace(each, first_seen="", updated="") for each in reader.articles(range(reader.count))]
    files = {path.name: path.read_bytes() for path in sorted(archive.rglob("*"))
             if path.is_file() and ENGINE not in path.parts and path.name != "counted.zst"}  # fmt: skip
    return articles, files


def test_parts_that_are_merged_give_the_index_of_one_run(inputs: Path, tmp_path: Path) -> None:
    options, work = RebuildOptions((inputs,), tmp_path / "parts", jobs=1), tmp_path / "work"
    first, second = Part(1, 2), Part(2, 2)
    assert run_part(options, first, work, Progress()) == [second]
    assert run_part(options, second, work, Progress()) == []  # it knows what the other has seen
    with pytest.raises(SettingsError, match=r"Not done of 2 parts: 1;"):
        merge(options, work)
    assert run_part(options, first, work, Progress()) == []
    assert merge(options, work) == 2
    report = rebuild(options)
    assert report.published and ("extract" not in report.stages or report.stages["extract"].count == 0)
    rebuild(replace(options, index=tmp_path / "one"))
    assert contents(tmp_path / "parts") == contents(tmp_path / "one")
    assert report.articles == len(list(SHAPES)[:3]) * len(TITLES)


def test_every_file_belongs_to_one_part_and_parts_are_about_equal() -> None:
    parts = [Part(number, 4) for number in range(1, 5)]
    chosen = [[part.number for part in parts if part.has(f"/tin/{number}.html".encode())] for number in range(4000)]
    assert all(len(each) == 1 for each in chosen)
    assert all(900 < sum(each == [number] for each in chosen) < 1100 for number in range(1, 5))


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4"])
def test_a_part_is_a_number_of_a_number(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Part.parse(text)


@pytest.mark.parametrize("words", [["--merge"], ["--part", "1/2"], ["--publish"], ["--work", "w"]])
def test_what_belongs_together_is_asked_for(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["rebuild", str(tmp_path), "--index", str(tmp_path / "index"), *words]) == 2
    assert "--work" in capsys.readouterr().err
