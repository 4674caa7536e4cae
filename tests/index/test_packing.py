"""Articles survive the cache of the rebuild, and damage to it shows."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.rebuild.resolving import Cached
from index.state.cache import CacheDamaged
from index.state.first_seen import When
from index.state.packing import pack, unpack
from search.article import Article, ArticleDate, PlaceEvidence, Removed, Span
from search.engines.port import create_builder, open_reader

TEXTS = st.text(max_size=30)
SPANS = st.builds(Span, st.integers(0, 99), st.integers(0, 99), st.sampled_from(("lead", "caption")))
ARTICLES = st.builds(
    Article, TEXTS, TEXTS, TEXTS, TEXTS, st.lists(SPANS, max_size=3).map(tuple), author=TEXTS,
    date=st.builds(ArticleDate, TEXTS, evidence=TEXTS), provinces=st.lists(TEXTS, max_size=3).map(tuple),
    places=st.lists(st.builds(PlaceEvidence, TEXTS, st.floats(0, 1), TEXTS), max_size=2).map(tuple),
    confident=st.booleans(), removed=st.lists(st.builds(Removed, TEXTS, TEXTS), max_size=3).map(tuple), cluster=TEXTS,
)  # fmt: skip


@given(ARTICLES)
def test_an_article_comes_back_as_it_was(article: Article) -> None:
    assert unpack(pack(article)) == article
    assert pack(article) == pack(unpack(pack(article)))


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_a_flipped_bit_is_an_error_and_never_another_article(place: int, bit: int) -> None:
    article = Article("a", "a.html", "Đường sắt", "Một đoạn.\n\nHai đoạn.", removed=(Removed("x", "cue"),))
    data = bytearray(pack(article))
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(ValueError, match="altered"):
        unpack(bytes(data))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_damaged_article_is_named_by_whichever_process_unpacks_it(tmp_path: Path, workers: int) -> None:
    data = bytearray(pack(Article("b", "b.html", "Đường sắt", "Một đoạn.")))
    data[20] ^= 1
    when, cache = When("2026-01-01T00:00:00+00:00", None), tmp_path / "cache.sqlite"
    sources = [Cached("a", pack(Article("a", "a.html", "Tin", "Hai đoạn.")), "", "a.html", when, cache),
               Cached("b", bytes(data), "", "b.html", when, cache)]  # fmt: skip
    with (
        pytest.raises(CacheDamaged, match=r"cache\.sqlite is damaged: a cached article was altered"),
        create_builder(tmp_path / "archive", workers=workers) as builder,
    ):
        list(builder.make(sources, len))
    assert not list((tmp_path / "archive").iterdir())


@pytest.mark.parametrize("workers", [1, 2])
def test_an_article_is_stored_as_it_is_now_whichever_process_makes_it(tmp_path: Path, workers: int) -> None:
    article = Article("a", "old.html", "Tin", "Hai đoạn.")
    known = ("2025-01-01T00:00:00+00:00", "2025-02-02T00:00:00+00:00", b"another text")
    source = Cached("a", pack(article), "a", "new.html", When("2026-01-01T00:00:00+00:00", known), tmp_path)
    with create_builder(tmp_path / "archive", workers=workers) as builder:
        assert list(builder.make([source], len)) == [1]
    with closing(open_reader(tmp_path / "archive")) as reader:
        (stored,) = reader.articles([0])
    assert stored == replace(article, path="new.html", cluster="a", first_seen=known[0],
                             updated="2026-01-01T00:00:00+00:00")  # fmt: skip
