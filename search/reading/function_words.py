"""Which syllables carry grammar rather than topic."""

from functools import cache
from importlib.resources import files

from search.text import tone_key


@cache
def function_keys() -> frozenset[str]:
    """Return the tone keys of the function syllables (`function_words.txt`)."""
    text = files("search.reading").joinpath("function_words.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    keys = frozenset(tone_key(word) for line in lines for word in line.split())
    assert keys, "the table of function syllables is empty"
    return keys
