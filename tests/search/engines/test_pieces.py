"""The bulk builder's tokens are those of `tokenize`, whatever the text and whatever was read before."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.engines.columnar.build import tokenizer as pieces
from search.engines.columnar.build.inverter import TITLE_GAP, Tokens, expand
from search.engines.columnar.build.tokenizer import Tokenizer
from search.text import tokenize

#: Letters, joiners, marks, spaces of every kind and brackets, so that short texts meet many rules.
LETTERS = "aạÂĐ9²_., ./-–\u0301\u0300\n\t\u00a0\u2003\u0085\x1f\x00(“”…'&,\ud800\U0001f600ß文"
TEXTS = st.lists(st.text(st.sampled_from(LETTERS) | st.characters(exclude_categories=()), max_size=60), max_size=6)
Row = tuple[int, int, str, str]


def tokens_of(texts: list[str], tokenizer: Tokenizer, texts_per_doc: int = 1) -> list[Row]:
    batch = tokenizer.read([text.encode("utf-8", "surrogatepass") for text in texts])
    tokens = expand(batch, texts_per_doc)
    names = {form: [word.decode() for word in words] for form, words in tokens.table.vocabularies.items()}
    return [
        (int(doc), int(position), *(names[form][tokens.table.tokens[form][token]] for form in ("key", "fold")))
        for token, doc, position in zip(tokens.tokens, tokens.docs, tokens.positions, strict=True)
    ]


def expected(texts: list[str]) -> list[Row]:
    return [(doc, token.position, token.key, token.fold) for doc, text in enumerate(texts) for token in tokenize(text)]


SHARED_TOKENIZER = Tokenizer()


@given(TEXTS)
@example(["", "Thành-phố.Hồ Chí Minh,TP.HCM;26/12/2025 (Chi-lê)…", "x" * 15 + " " + "x" * 16 + " " + "x" * 17, ""])
def test_a_batch_has_the_tokens_of_its_texts(texts: list[str]) -> None:
    assert tokens_of(texts, SHARED_TOKENIZER) == expected(texts)


@given(TEXTS)
def test_pieces_that_share_a_hash_are_told_apart(texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_SLOT_BITS", 1)
        patch.setattr(pieces, "_BLOCK", 2)
        tokenizer = Tokenizer()
        assert tokens_of(texts, tokenizer) == expected(texts)
        assert tokens_of(texts, tokenizer) == expected(texts)


@given(TEXTS)
def test_a_tokenizer_that_forgets_reads_on(texts: list[str]) -> None:
    tokenizer = Tokenizer(most=3)
    for text in texts:
        assert tokens_of([text], tokenizer) == expected([text])


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_body_begins_behind_the_gap_after_its_title(title: str, body: str) -> None:
    gap = TITLE_GAP + len({row[1] for row in expected([title])})
    rows = expected([title]) + [(0, row[1] + gap, *row[2:]) for row in expected([body])]
    assert tokens_of([title, body], Tokenizer(), texts_per_doc=2) == rows


def test_titles_are_the_tokens_of_the_titles_alone() -> None:
    texts = ["TP.HCM mưa lớn", "Mưa lớn gây ngập", "Bão số 3", ""]
    tokens: Tokens = expand(SHARED_TOKENIZER.read([text.encode() for text in texts]), 2).titles()
    found = [(int(doc), int(place)) for doc, place in zip(tokens.docs, tokens.positions, strict=True)]
    assert found == [(row[0], row[1]) for row in expected(texts[::2])]
