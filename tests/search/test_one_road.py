"""One road from text to words: the index, the query, the marks and the lexicon cut any text alike."""

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from search.archive.archive import Archive
from search.archive.building import ENGINE, LEXICON, ArchiveBuilder
from search.article import Article
from search.engines.port import open_reader
from search.lexicon.lexicon import Lexicon
from search.query.parser import parse
from search.query.syntax import Chunk, leaves
from search.query.tree import Form
from search.results.answer import Request
from search.results.highlighter import Highlighter, Needle
from search.text import PIPELINE, Token

PIECES = ["Thanh Hoá", "hòa", "hoà", "HÓA", "Hóa", "92/QĐ-UBND", "26/12", "TP.HCM", "Chi-lê", "4.313", "covid-19",
          "Nội.Hôm", "x", "đ/c", "Straße", "北京", "naïve", "e\u0323\u0302", "a\u0340", "ð", "\u200b", "\u00ad", "_",
          "№", "(", "“", "-", ".", "\n", "\u00a0", "😀", "ﬁ"]  # fmt: skip
FORMS: tuple[Form, ...] = ("key", "fold")
TEXTS = st.builds(
    lambda pieces, between: between.join(pieces),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=6), min_size=1, max_size=12), st.sampled_from(["", " "]),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(TEXTS)
def test_every_part_of_the_program_finds_the_same_words(raw: str) -> None:
    text = PIPELINE.normalize(f"tin {raw}")
    tokens = [*PIPELINE.tokens(text)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "archive"
        with ArchiveBuilder(folder) as builder:
            builder.add([Article("a", "", text, "")])
        assert _indexed(folder) == {form: Counter(getattr(token, form) for token in tokens) for form in FORMS}
        words = {token.fold for token in tokens if token.fold.isalpha() and token.key.isascii()}
        assert words <= _known(folder, tokens)
        archive = Archive.open(folder)
        try:
            for token in tokens:
                surface = text[token.start : token.end]
                assert (token.key, token.fold) in [(t.key, t.fold) for t in _asked(surface)]
                assert archive.search(Request(q=f'"{surface}"')).total == 1, surface
                if not surface[0].isdigit():  # a part of a number is not marked without the rest
                    marks = Highlighter([Needle(frozenset(), frozenset([token.key]))]).matches(text)
                    assert (token.start, token.end, 0) in marks
        finally:
            archive.close()


def _indexed(folder: Path) -> dict[str, dict[str, int]]:
    reader = open_reader(folder / ENGINE)
    try:
        return {form: {term: times for term, _, times in reader.terms(form)} for form in FORMS}
    finally:
        reader.close()


def _known(folder: Path, tokens: list[Token]) -> set[str]:
    lexicon = Lexicon.open(folder / LEXICON)
    try:
        return lexicon.known(token.fold for token in tokens)
    finally:
        lexicon.close()


def _asked(surface: str) -> list[Token]:
    """Return what a query asks for."""
    return [token for leaf in leaves(parse(surface).root) if isinstance(leaf, Chunk) for token in leaf.tokens]
