"""A phrase is looked for in some of its documents at a time, which shows in no answer."""

import random
from pathlib import Path

import pytest

from search.engines.columnar.evaluate import phrases
from search.engines.port import Plan, create_builder, open_reader
from search.query.tree import Phrase, Word
from tests.search.engines.contract import Trees, common, word
from tests.search.engines.model import Model
from tests.search.engines.test_pairs import ARTICLES


def asked(model: Model) -> list[Phrase]:
    """Phrases of the texts, and of words that most articles have, be they side by side or not."""
    chance, trees, frequent = random.Random(6), Trees(model, 6), common(model, 40)
    words: list[list[Word]] = [[word(text) for text in chance.sample(frequent, k=2)] for _ in range(60)]
    words += [[word("e"), word("mail")], [word("email"), word("co")], [word("co"), word("the")]]
    return [Phrase(tuple(each), slop, field) for each in words for slop, field in ((1, "all"), (3, "all"), (1, "title"))
            ] + [trees.phrase() for _ in range(120)]  # fmt: skip


@pytest.mark.parametrize("size", [1, 11, 64])
def test_phrases_are_the_same_in_slices_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    with create_builder(tmp_path / "index") as builder:
        builder.add(ARTICLES)
    reader, cut = open_reader(tmp_path / "index"), phrases.PhraseFinder._joined_in
    slices: list[int] = []

    def noted(self: phrases.PhraseFinder, phrase: Phrase, docs: phrases.Docs, bits: int) -> phrases.PairPostings:
        slices.append(len(docs))
        return cut(self, phrase, docs, bits)

    monkeypatch.setattr(phrases.PhraseFinder, "_joined_in", noted)
    for phrase in asked(Model(ARTICLES)):
        found = []
        for each in (len(ARTICLES), size):
            monkeypatch.setattr(phrases, "_SLICE", each)
            reader.forget()
            found.append(reader.search(Plan(phrase, limit=len(ARTICLES))))
        assert found[0] == found[1], phrase
    assert sum(held == size for held in slices) > 10
