"""Neighbouring frequent words have lists of their own: these are complete, however an index was built."""

import dataclasses
import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from search.article import Article
from search.engines.columnar.build import builder as builders
from search.engines.columnar.build import merging, pairs
from search.engines.columnar.build.builder import BuildOptions
from search.engines.columnar.format.meta import read_meta
from search.engines.columnar.format.pairs import PAIRS, TITLE_PAIRS
from search.engines.columnar.format.segment import Segment
from search.engines.port import Plan, create_builder, open_reader
from search.query.tree import Phrase, Term, Word
from tests.search.engines.contract import ARTICLES as PLAIN
from tests.search.engines.model import Document

#: Compounds stand at the place of their first part.
ARTICLES = [dataclasses.replace(article, body=f"e-mail có thể {article.body} của e-mail") if place % 3 else article
            for place, article in enumerate(PLAIN)]  # fmt: skip
#: A pair's documents, with how often it is in each and how often in its title.
Counts = dict[int, tuple[int, int]]


def segment_of(directory: Path) -> Segment:
    return Segment.open(directory, read_meta(directory)["segment"])


def built(directory: Path, articles: Sequence[Article], **options: object) -> Path:
    with create_builder(directory, **options) as builder:  # type: ignore[arg-type]
        builder.add(articles)
    return directory


def neighbours(articles: Sequence[Article]) -> dict[tuple[str, str], Counts]:
    found: dict[tuple[str, str], Counts] = defaultdict(dict)
    for doc, article in enumerate(articles):
        document = Document(article)
        words: dict[int, list[str]] = defaultdict(list)
        for (form, text), places in document.places.items():
            for place in places if form == "fold" else ():
                words[place].append(text)
        for place, lefts in words.items():
            for pair in product(lefts, words.get(place + 1, ())):
                count, titled = found[pair].get(doc, (0, 0))
                found[pair][doc] = count + 1, titled + (place + 1 < document.title_words)
    return found


def assert_complete(directory: Path) -> int:
    """Compare every list of an index with the texts of its articles; return how many there are."""
    reader = open_reader(directory)
    wanted, segment = neighbours(reader.articles(range(reader.count))), segment_of(directory)
    words, count = [word.decode() for word in segment.pair_rule.words], 0
    for pair in product(words, words):
        term = segment.pair_rule.term(*(word.encode() for word in pair))
        if term is None:
            continue
        every, titles = (_counts(segment, name, term) for name in (PAIRS, TITLE_PAIRS))
        assert {doc: (freq, titles.get(doc, 0)) for doc, freq in every.items()} == wanted.get(pair, {}), pair
        count += bool(every)
    assert count == segment.pairs[PAIRS].term_count
    segment.verify()
    return count


def _counts(segment: Segment, name: str, term: bytes) -> dict[int, int]:
    field = segment.pairs[name]
    ordinal = field.find(term)
    if ordinal < 0:
        return {}
    record = field.record(ordinal)
    return dict(zip(record.docs().tolist(), record.freqs().tolist(), strict=True))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_list_of_a_pair_has_every_document_that_has_it(tmp_path: Path, workers: int) -> None:
    assert assert_complete(built(tmp_path, ARTICLES, workers=workers)) > 100


def test_runs_that_are_joined_and_read_bit_by_bit_give_the_same_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = segment_of(built(tmp_path / "whole", ARTICLES))
    monkeypatch.setattr(builders, "MAX_BATCH_DOCS", 20)
    monkeypatch.setattr(merging, "FAN_IN", 3)
    monkeypatch.setattr(BuildOptions, "tokens", 700)
    parts = segment_of(built(tmp_path / "parts", ARTICLES))
    assert parts.pair_rule.packed()[0] == whole.pair_rule.packed()[0]
    for name, field in whole.pairs.items():
        other = parts.pairs[name]
        assert list(other.terms()) == list(field.terms())
        assert bytes(other.records(0, other.term_count).data) == bytes(field.records(0, field.term_count).data)


@pytest.mark.parametrize("seed", range(4))
def test_lists_stay_complete_where_articles_come_change_and_go(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    base = built(tmp_path / "0", ARTICLES[:150])
    for step in range(1, 4):
        with create_builder(tmp_path / str(step), base=base, workers=1 + seed % 2) as builder:
            builder.remove(article.id for article in draw.sample(ARTICLES, 10 * seed))
            changed = draw.sample(ARTICLES, 12)
            builder.add([dataclasses.replace(article, body=draw.choice(ARTICLES).body) for article in changed])
        base = tmp_path / str(step)
        assert assert_complete(base) > 100


def test_phrases_are_found_alike_with_lists_and_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_lists = built(tmp_path / "with", ARTICLES)
    words = [word.decode() for word in segment_of(with_lists).pair_rule.words]
    monkeypatch.setattr(pairs, "MAX_POSITION", 30)  # articles without a position for every word have no pairs
    without = built(tmp_path / "without", ARTICLES)
    assert not segment_of(without).pair_rule.words
    one, other = open_reader(with_lists), open_reader(without)
    draw = random.Random(1)
    matched = 0
    for _ in range(600):
        each = [Word(tuple([Term("fold", text) for text in draw.sample([*words, "mail"], draw.choice((1, 1, 2)))]))
                for _ in range(draw.choice((2, 2, 3)))]  # fmt: skip
        phrase = Phrase(tuple(each), field=draw.choice(("all", "title")))
        assert one.search(Plan(phrase)) == other.search(Plan(phrase)), phrase
        matched += one.search(Plan(phrase)).total > 0
    assert matched > 50


def test_an_increment_with_an_article_that_is_too_long_has_no_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = built(tmp_path / "base", ARTICLES)
    monkeypatch.setattr(pairs, "MAX_POSITION", 500)
    long = dataclasses.replace(ARTICLES[0], id="long", body="có thể " * 400)
    new = built(tmp_path / "new", [long], base=base)
    assert not segment_of(new).pair_rule.words
    node = Phrase((Word((Term("fold", "co"),)), Word((Term("fold", "the"),))))
    assert open_reader(new).search(Plan(node)).total == open_reader(base).search(Plan(node)).total + 1
