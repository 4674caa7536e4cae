"""Articles survive the cache of the rebuild, and damage to it shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.state.packing import pack, unpack
from search.article import Article, ArticleDate, PlaceEvidence, Removed, Span

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
