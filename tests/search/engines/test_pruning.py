"""Documents that can't be among the best are left out before they are scored in full, which shows in no answer."""

import dataclasses
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from search.engines.columnar.evaluate import pruning, reader
from search.engines.port import Lift, Plan, Recency, Rescore, Sought, create_builder, open_reader
from search.query.tree import And, Node, Or, Phrase, Term, Word
from search.text import PIPELINE
from tests.search.engines.contract import ARTICLES

NEVER = 1 << 40


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Any:
    directory = tmp_path_factory.mktemp("pruning") / "index"
    chance = random.Random(4)
    with create_builder(directory) as builder:  # many of them twins, so that a page goes on behind what is rescored
        builder.add(dataclasses.replace(article, cluster=chance.choice(("", "a", "b", "c"))) for article in ARTICLES)
    return open_reader(directory)


def words(count: int) -> list[str]:
    seen = Counter(token.fold for article in ARTICLES for token in PIPELINE.tokens(article.body))
    return [text for text, _ in seen.most_common() if text.isalpha()][:count]


def random_plan(chance: random.Random, vocabulary: Sequence[str]) -> Plan:
    texts = chance.sample(vocabulary, k=chance.randint(2, 5))
    each: list[Node] = [
        Word((Term("fold", text, 0.2), Term("key", text)), boost=chance.choice((1, 0.4))) for text in texts
    ]
    if chance.random() < 0.3:
        each.append(Phrase((Word((Term("fold", texts[0]),)), Word((Term("fold", texts[1]),)))))
    sought = tuple(Sought(text, 1, 1) for text in texts)
    return Plan(
        Or(tuple(each)), members=chance.choice((None, And(tuple(each[:2])))), beyond=Or(tuple(each)),
        lifted=chance.choice((1.0, 1.2)), rescore=Rescore(chance.choice((5, 20, 60)), words=sought, window=0.5),
        recency=chance.choice((None, Recency(0.5, 2.0))), offset=chance.choice((0, 0, 10, 30)),
        lifts=chance.choice(((), (Lift(each[-1], 1.5),))), limit=chance.choice((5, 20)), facets=False,
        collapse=chance.random() < 0.7,
    )  # fmt: skip


def test_answers_are_the_same_to_the_last_bit_with_and_without_documents_left_out(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, vocabulary = random.Random(8), words(150)
    left: list[int] = []
    candidates = pruning.candidates

    def noted(evaluator: Any, docs: Any, factors: Any, count: int) -> Any:
        found = candidates(evaluator, docs, factors, count)
        if found is not None:
            left.append(len(docs) - len(found))
        return found

    monkeypatch.setattr(reader, "candidates", noted)
    for _ in range(400):
        plan = random_plan(chance, vocabulary)
        monkeypatch.setattr(pruning, "_MANY", NEVER)
        right = opened.search(plan)
        monkeypatch.setattr(pruning, "_MANY", 1)
        assert opened.search(plan) == right
    assert sum(count > 50 for count in left) > 40


def test_what_ties_with_the_last_of_the_best_is_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alike = [dataclasses.replace(ARTICLES[place % 2], id=f"a{place:03}", cluster="") for place in range(300)]
    with create_builder(tmp_path / "index") as builder:
        builder.add(alike)
    opened, (first, second) = open_reader(tmp_path / "index"), words(2)
    root = Or((Word((Term("fold", first),)), Word((Term("fold", second),))))
    plan = Plan(root, limit=8, rescore=Rescore(10, words=(Sought(first, 1, 1),), window=0.5), facets=False)
    monkeypatch.setattr(pruning, "_MANY", NEVER)
    right = opened.search(plan)
    monkeypatch.setattr(pruning, "_MANY", 1)
    assert opened.search(plan) == right
