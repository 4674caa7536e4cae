"""The lexicon: what it keeps, that its sample does not depend on the order, and restoration in context."""

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive.building import ArchiveBuilder
from search.article import Article
from search.errors import IndexDamaged, IndexOutdated
from search.lexicon.lexicon import Lexicon
from search.lexicon.lexicon_builder import LexiconBuilder
from search.lexicon.sample import FILE, Sample, count
from search.reading.restoring import Restorer
from search.text import fold, tokenize, tone_key

TEXTS = [
    "sở ngoại vụ tỉnh thanh hóa tổ chức hội nghị", "đường cao tốc bắc nam thông xe", "gia đình họ dương đoàn tụ",
    "nhà máy đường mua mía", "hội nghị tổng kết công tác đối ngoại", "đường cao tốc mới", "sở ngoại vụ báo cáo",
]  # fmt: skip


def vocabulary() -> list[tuple[str, int, int]]:
    counts: dict[str, int] = {}
    for text in TEXTS:
        for word in text.split():
            counts[tone_key(word)] = counts.get(tone_key(word), 0) + 1
    return sorted((key, count, count) for key, count in counts.items())


def build(directory: Path, texts: Iterable[str], budget: int = 10_000) -> Lexicon:
    builder = LexiconBuilder(budget)
    for text in texts:
        builder.join(count([Article(text, "", "", text)], builder.top))
    builder.write(directory, SimpleNamespace(terms=lambda form: vocabulary(), count=len(TEXTS)))  # type: ignore[arg-type]
    return Lexicon.open(directory)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return build(tmp_path_factory.mktemp("lexicon"), TEXTS)


def reading(lexicon: Lexicon, query: str) -> list[str]:
    return [word.best.key for word in Restorer(lexicon).read(list(tokenize(query)), query)]


def test_neighbours_restore_the_marks_of_a_bare_query(tmp_path: Path) -> None:
    lexicon = build(tmp_path, TEXTS)
    assert reading(lexicon, "duong cao toc") == [tone_key(word) for word in ("đường", "cao", "tốc")]
    assert reading(lexicon, "ho duong doan tu") == [tone_key(word) for word in ("họ", "dương", "đoàn", "tụ")]


def test_a_slip_is_read_as_the_word_its_neighbours_expect(tmp_path: Path) -> None:
    assert reading(build(tmp_path, TEXTS), "sở ngoi vụ") == [tone_key(word) for word in ("sở", "ngoại", "vụ")]


def test_probabilities_of_a_reading_sum_to_one(tmp_path: Path) -> None:
    query = "duong ho xyz ngoai"
    for word in Restorer(build(tmp_path, TEXTS)).read(list(tokenize(query)), query):
        assert sum(chance for _, chance in word.variants) == pytest.approx(1.0, abs=1e-6)


def test_the_sample_does_not_depend_on_the_order_of_articles(tmp_path: Path) -> None:
    many = [f"{text} {number}" for number in range(40) for text in TEXTS]
    forth, back = build(tmp_path / "a", many, 500), build(tmp_path / "b", reversed(many), 500)
    pairs = [sorted(lexicon.frequent_pairs()) for lexicon in (forth, back)]
    assert pairs[0] == pairs[1] != []
    assert (tmp_path / "a" / FILE).read_bytes() == (tmp_path / "b" / FILE).read_bytes()


def test_a_sample_counted_in_parts_is_that_of_all_articles_together(tmp_path: Path) -> None:
    articles = [Article(f"{text} {number}", "", "", text) for number in range(40) for text in TEXTS]
    for size in (1, 7, len(articles)):
        sample, stale = Sample(500), Sample().top
        for first in range(0, len(articles), size):
            sample.join(count(articles[first : first + size], stale))
            stale = sample.top if first % 2 else stale  # others hear late of it
        (tmp_path / str(size)).mkdir()
        sample.write(tmp_path / str(size))
    assert len({(tmp_path / str(size) / FILE).read_bytes() for size in (1, 7, len(articles))}) == 1


def test_pieces_that_are_forgotten_give_the_same_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [Article(str(number), "", "tin", text) for number, text in enumerate(TEXTS)]

    def counted() -> list[tuple[dict[str, int], int]]:
        parts = [count([article], Sample().top) for article in articles]
        return [(dict(zip(part.keys, held.words.tolist(), strict=True)), len(held.pairs))
                for part in parts for held in part.levels.values()]  # fmt: skip

    kept = counted()
    monkeypatch.setattr("search.lexicon.sample._MAX_PIECES", 1)
    assert counted() == kept


def test_a_damaged_lexicon_is_named(tmp_path: Path) -> None:
    build(tmp_path, TEXTS)
    (tmp_path / "pair_codes.npy").write_bytes(b"\x93NUM")
    with pytest.raises(IndexDamaged, match="rebuild"):
        Lexicon.open(tmp_path)


@pytest.mark.parametrize("damage", [b"duong", b"duong\tduong\nho", b"\tduong", b"duong\tduong\n"])
def test_a_damaged_vocabulary_is_named(tmp_path: Path, damage: bytes) -> None:
    build(tmp_path, TEXTS)
    np.save(tmp_path / "words.npy", np.frombuffer(damage, np.uint8))
    with pytest.raises(IndexDamaged, match="rebuild"):
        Lexicon.open(tmp_path)


@given(st.text(max_size=40) | st.sampled_from([fold(word) for text in TEXTS for word in text.split()]))
def test_a_folded_form_is_known_exactly_if_a_text_has_it(opened: Lexicon, form: str) -> None:
    forms = {fold(word) for text in TEXTS for word in text.split()}
    assert opened.known([form, "", "x" * 99]) == forms & {form}
    assert bool(opened.numbers(form)) == (form in forms)


def test_every_spelling_of_a_folded_form_is_known(tmp_path: Path) -> None:
    lexicon = build(tmp_path, TEXTS)
    assert set(lexicon.numbers("duong")) == {tone_key("đường"), tone_key("dương")}
    assert lexicon.known(["duong", "dxong"]) == {fold("đường")}
    assert lexicon.frequencies((-1,)).shape == (1,)
    assert np.all(lexicon.neighbours((0, 1), (2, -1)).chances > 0)


def test_a_lexicon_of_another_version_asks_for_a_rebuild(tmp_path: Path) -> None:
    with ArchiveBuilder(tmp_path) as builder:
        builder.add([Article("1", "p", "Tin", "Tin về Thanh Hóa.")])
    (stamp,) = tmp_path.glob("lexicon/version")
    for text in ("4", "", None):
        if text is None:
            stamp.unlink()
        else:
            stamp.write_text(text)
        with pytest.raises(IndexOutdated, match="rebuild"):
            Lexicon.open(tmp_path / "lexicon")
