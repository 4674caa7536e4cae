"""How an archive is built, in how many processes and with how much memory, does not show in it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.article import Article, ArticleDate
from search.engines.columnar.build.builder import BuildOptions
from search.engines.columnar.format.meta import read_meta
from search.engines.columnar.format.segment import Segment
from search.engines.port import create_builder
from tests.folders import SHARED
from tests.search.engines.oracle import corpus

SAMPLES = corpus.articles(SHARED, 400)
ARTICLES = [
    Article(id=sample.id, path=sample.id, title=sample.title, body=sample.body, author=sample.author,
            date=ArticleDate(f"20{place % 20:02}-0{place % 9 + 1}-11", "day", "published"), province=sample.id[-1:])
    for place, sample in enumerate(SAMPLES)
]  # fmt: skip
#: So short that several batches are needed; the least that `BuildOptions` gives is too much for a test.
TOKENS = 1_500


class _Short(BuildOptions):
    @property
    def tokens(self) -> int:
        return TOKENS


@pytest.fixture
def short_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engines.columnar.engine.BuildOptions", _Short)


def built(directory: Path, articles: Iterable[Article], workers: int = 1) -> dict[str, object]:
    """Return everything that an index holds: postings, positions, lengths, columns, stored articles."""
    with create_builder(directory, workers=workers) as builder:
        builder.add(articles)
    meta = read_meta(directory)
    segment = Segment.open(directory, meta["segment"])
    held: dict[str, object] = {"tables": meta["tables"]}
    for name, field in segment.fields.items():
        for ordinal, term in enumerate(field.terms()):
            found = field.record(ordinal)
            places = found.positions().tolist() if field.has_positions else None
            held[f"{name}/{term!r}"] = found.docs().tolist(), found.freqs().tolist(), places
    held |= {f"column/{name}": np.asarray(values).tolist() for name, values in segment.columns.items()}
    for name in ("stored", "removed", "title"):
        blobs = segment.blobs(name)
        held[f"blobs/{name}"] = [bytes(blobs.raw(doc)) for doc in range(segment.doc_count)]
    return held


def test_spilled_batches_and_two_processes_give_the_same_index(
    tmp_path: Path, short_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    spilled = built(tmp_path / "spilled", ARTICLES)
    parallel = built(tmp_path / "parallel", ARTICLES, workers=2)
    monkeypatch.undo()
    whole = built(tmp_path / "whole", ARTICLES)
    assert spilled == whole
    assert parallel == whole


def test_batches_are_spilled_when_they_hold_as_many_tokens_as_memory_allows(
    tmp_path: Path, short_batches: None
) -> None:
    builder = create_builder(tmp_path / "archive")
    builder.add(ARTICLES)
    runs = len(list(tmp_path.glob("archive/spill-*/run*")))
    builder.finish()
    assert runs > 10
    assert not list(tmp_path.glob("archive/spill-*"))


def test_runs_that_are_joined_before_they_are_merged_give_the_same_index(
    tmp_path: Path, short_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = built(tmp_path / "plain", ARTICLES)
    monkeypatch.setattr("search.engines.columnar.build.merging.FAN_IN", 3)
    monkeypatch.setattr("search.engines.columnar.build.merging._BLOCK", 7)
    assert built(tmp_path / "joined", ARTICLES) == plain


@pytest.mark.parametrize("apart", [1, 390])
def test_two_articles_of_one_id_are_refused_wherever_they_stand_and_nothing_is_left(
    tmp_path: Path, short_batches: None, apart: int
) -> None:
    doubled = [*ARTICLES[: 5 + apart], replace(ARTICLES[4], title="khác"), *ARTICLES[5 + apart :]]
    with (
        pytest.raises(ValueError, match=f"Two articles have the id '{ARTICLES[4].id}'"),
        create_builder(tmp_path / "archive") as builder,
    ):
        builder.add(doubled)
    assert not list((tmp_path / "archive").iterdir())


def test_a_batch_shrinks_with_the_memory_setting() -> None:
    sizes = [BuildOptions(memory_mb=memory).tokens for memory in (1, 32, 128, 512)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_processes_share_the_memory_and_are_no_more_than_it_is_enough_for() -> None:
    one, two = BuildOptions(memory_mb=256), BuildOptions(memory_mb=256, workers=2)
    assert (one.processes, two.processes) == (1, 2)
    assert two.tokens <= one.tokens
    assert BuildOptions(memory_mb=256, workers=64).processes == 2
    assert BuildOptions(memory_mb=16, workers=2).processes == 1
