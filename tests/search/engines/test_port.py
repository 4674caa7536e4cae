"""The engine port over the columnar engine: the contract, and what is promised of its files alone."""

import dataclasses
import gc
import random
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from search.article import Article
from search.engines.columnar.build import carry
from search.engines.columnar.evaluate import facets
from search.engines.columnar.evaluate.reader import ColumnarReader
from search.engines.columnar.format.meta import read_meta
from search.engines.columnar.format.segment import Segment
from search.engines.port import Plan, Rescore, Sought, create_builder, open_reader
from search.errors import IndexDamaged, IndexMissing, IndexOutdated
from search.query.tree import And
from search.text import PIPELINE
from tests.search.engines.contract import ARTICLES, Make, PortContract, word


class TestColumnar(PortContract):
    @pytest.fixture(scope="class")
    @classmethod
    def make(cls) -> Make:
        def build(directory: Path, articles: Sequence[Article], base: Path | None = None,
                  removed: Collection[str] = ()) -> None:  # fmt: skip
            # Small, so that several runs are merged; increments in two processes.
            with create_builder(directory, memory_mb=1, workers=2 if base else 1, base=base) as builder:
                builder.remove(removed)
                builder.add(articles)

        return build


class TestColumnarCountsManyAlike(TestColumnar):
    """The facets of many articles: those that are equal are counted together first."""

    @pytest.fixture(autouse=True)
    def few_are_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(facets, "_MANY", 0)
        monkeypatch.setattr(facets, "_MANY_EACH", 0)


class TestColumnarLeavesArticlesWhereTheyAre(TestColumnar):
    """Increments of large archives: stored articles stay in the file of an earlier generation."""

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def few_bytes_are_many(cls) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(carry, "LEFT_FROM", 1)
            yield


@pytest.mark.parametrize("seed", range(3))
def test_articles_left_in_an_earlier_file_are_read_from_it_until_too_much_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(carry, "LEFT_FROM", 1)
    draw, names = random.Random(seed), iter(range(10_000))
    right = {article.id: article for article in ARTICLES[:300]}
    with create_builder(tmp_path / "0") as builder:
        builder.add(right.values())
    left = []
    for step in range(1, 25):
        gone = draw.sample(sorted(right), k=draw.randint(0, 5))
        come = {f"new{next(names)}": draw.choice(ARTICLES) for _ in range(draw.randint(0, 5))}
        come |= dict.fromkeys(draw.sample(sorted(right), k=draw.randint(0, 3)), draw.choice(ARTICLES))
        come = {name: dataclasses.replace(article, id=name) for name, article in come.items()}
        with create_builder(tmp_path / str(step), base=tmp_path / str(step - 1)) as builder:
            builder.remove(gone)
            builder.add(come.values())
        shutil.rmtree(tmp_path / str(step - 1))
        right = {name: article for name, article in right.items() if name not in gone} | come
        reader = open_reader(tmp_path / str(step))
        found = reader.articles(range(reader.count))
        assert {article.id: article for article in found} == right
        assert reader.titles(range(reader.count)) == [article.title for article in found]
        reader.close()
        Segment.open(tmp_path / str(step), read_meta(tmp_path / str(step))["segment"]).verify()
        left.append(len(list((tmp_path / str(step)).glob("*.sto"))) == 2)
    assert left[0] and left.count(False) in range(1, 8)


def test_damage_in_the_file_of_an_earlier_segment_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carry, "LEFT_FROM", 1)
    with create_builder(tmp_path / "old") as builder:
        builder.add(ARTICLES)
    with create_builder(tmp_path / "new", base=tmp_path / "old") as builder:
        builder.remove([ARTICLES[0].id])
    shutil.rmtree(tmp_path / "old")
    large = max((tmp_path / "new").glob("*.sto"), key=lambda path: path.stat().st_size)
    data = bytearray(large.read_bytes())
    data[len(data) // 3] ^= 8
    large.write_bytes(data)
    with pytest.raises(IndexDamaged, match=large.name):
        Segment.open(tmp_path / "new", read_meta(tmp_path / "new")["segment"]).verify()
    with pytest.raises(IndexDamaged, match=large.name), create_builder(tmp_path / "x", base=tmp_path / "new"):
        pass
    large.unlink()
    with pytest.raises(IndexDamaged, match=large.name):
        open_reader(tmp_path / "new")


@pytest.mark.parametrize("seed", range(6))
def test_articles_that_change_in_place_leave_the_same_bytes_as_a_full_build(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    old = sorted(ARTICLES[: 300 - seed], key=lambda article: article.id)
    changed = {article.id: dataclasses.replace(article, title=draw.choice(ARTICLES).title, author="", cluster="",
                                               body=draw.choice(["", "Chữ mới.", draw.choice(ARTICLES).body]))
               for article in draw.sample(old[: len(old) - seed], 1 + seed * 4)}
    tail = [dataclasses.replace(article, id=f"~{article.id}") for article in ARTICLES[: seed * 3]]
    last = {article.id for article in old[len(old) - seed :]} if seed else set()
    with create_builder(tmp_path / "old") as builder:
        builder.add(old)
    with create_builder(tmp_path / "new", base=tmp_path / "old") as builder:
        builder.remove(last)
        builder.add([*changed.values(), *tail])
    with create_builder(tmp_path / "full") as builder:
        builder.add([changed.get(article.id, article) for article in old if article.id not in last] + tail)
    new, full = (Segment.open(tmp_path / name, read_meta(tmp_path / name)["segment"]) for name in ("new", "full"))
    assert new.doc_count == full.doc_count
    for name, field in full.fields.items():
        other = new.fields[name]
        assert list(other.terms()) == list(field.terms())
        assert bytes(other.records(0, other.term_count).data) == bytes(field.records(0, field.term_count).data)
        assert other.total_length == field.total_length and other.df.tolist() == field.df.tolist()
        assert name == "id" or np.array_equal(other.lengths, field.lengths)  # type: ignore[arg-type]
    first, second = open_reader(tmp_path / "new"), open_reader(tmp_path / "full")
    assert first.articles(range(first.count)) == second.articles(range(second.count))
    assert isinstance(first, ColumnarReader) and isinstance(second, ColumnarReader)
    assert first.titles(range(first.count)) == second.titles(range(second.count))
    new.verify()


def test_a_build_leaves_no_temporary_files_and_a_failed_one_no_index(tmp_path: Path) -> None:
    with create_builder(tmp_path / "good") as builder:
        builder.add(ARTICLES[:3])
    assert {path.suffix for path in (tmp_path / "good").iterdir()} == {".inv", ".doc", ".sto", ".toc", ".json"}
    with pytest.raises(ValueError, match="a0001"), create_builder(tmp_path / "bad") as builder:
        builder.add([ARTICLES[1], ARTICLES[1]])
    with pytest.raises(IndexMissing):
        open_reader(tmp_path / "bad")
    assert not list((tmp_path / "bad").iterdir())


def test_a_closed_reader_keeps_no_file_open(tmp_path: Path) -> None:
    with create_builder(tmp_path / "index") as builder:
        builder.add(ARTICLES[:50])
    gc.disable()
    try:
        before = set(Path("/proc/self/fd").iterdir())
        opened = open_reader(tmp_path / "index")
        opened.search(Plan(And((word("co"), word("mot"))), rescore=Rescore(words=(Sought("co", 1, 1),), window=1.0)))
        opened.cards([0])
        opened.close()
        opened.close()
        assert set(Path("/proc/self/fd").iterdir()) <= before
    finally:
        gc.enable()


def test_an_index_of_other_text_rules_asks_for_a_rebuild(tmp_path: Path) -> None:
    with create_builder(tmp_path) as builder:
        builder.add(ARTICLES[:2])
    meta = tmp_path / "archive.json"
    meta.write_text(meta.read_text().replace(PIPELINE.fingerprint, "0" * 16))
    with pytest.raises(IndexOutdated, match="rebuild"):
        open_reader(tmp_path)
