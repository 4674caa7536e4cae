"""The words of the language, known before any archive is read.

A small archive lacks words that everybody uses (`đâu`, `luôn`), so that it alone can't tell a slip from a word.
"""

from functools import cache
from importlib.resources import files
from typing import Final

from search.text import tone_key

#: Chance of a word of the language that the archive lacks: one that is neither rare nor frequent.
CHANCE_OF_A_WORD: Final = 2e-5


@cache
def vocabulary() -> frozenset[str]:
    """Return the tone keys of the words of the language (`vocabulary.txt`)."""
    text = files("search.reading").joinpath("vocabulary.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    keys = frozenset(tone_key(word) for line in lines for word in line.split())
    assert keys, "the vocabulary is empty"
    return keys
