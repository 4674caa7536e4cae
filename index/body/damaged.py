"""Lines of a text dump that are no text: codes, and the unmarked twin of another line (a picture's file name)."""

from collections.abc import Sequence
from typing import Final

from index.decode.damage import is_scrambled
from index.page.blocks import Block
from search.text import fold_text

_LEAST_WORDS: Final = 3


def damaged_lines(blocks: Sequence[Block], title: str = "") -> dict[int, str]:
    """Return why a line is no text, by its index; `title` is a given title, whose twin may stand in the text."""
    plain = {index: words for index, block in enumerate(blocks)
             if block.text.isascii() and len(words := _words(block.text)) >= _LEAST_WORDS}
    found = {index: "codes" for index, block in enumerate(blocks) if is_scrambled(block.text)}
    if plain:
        texts = (*(block.text for block in blocks), title)
        marked = {" ".join(_words(text)) for text in texts if not text.isascii()}
        found |= {index: "alternative text" for index, words in plain.items()
                  if index not in found and " ".join(words) in marked}
    return found


def _words(text: str) -> list[str]:
    """Return the folded words of a line; hyphens part words in file names."""
    return "".join(char if char.isalnum() else " " for char in fold_text(text)).split()
