"""The one pipeline from text to index terms; the builder writes with it and the query reads with it."""

import hashlib
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from search.text.normalize import normalize
from search.text.tokens import Token, tokenize


@dataclass(frozen=True)
class TextPipeline:
    """Normalise and tokenise.  Equal fingerprints promise equal terms for equal text."""

    #: Raised by hand when a rule changes that the source of the text modules does not show (a library's).
    version: int = 1

    def normalize(self, text: str) -> str:
        """Return `text` as Dấu stores it; see `search.text.normalize`."""
        return normalize(text)

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield the tokens of normalised `text`."""
        return tokenize(text)

    @cached_property
    def fingerprint(self) -> str:
        """Return 16 hex digits that change whenever a rule of the text modules changes."""
        names = ("search.text.normalize", "search.text.fold", "search.text.tokens")
        sources = "".join(inspect.getsource(sys.modules[name]) for name in names)
        return hashlib.sha256(f"{self.version}\n{sources}".encode()).hexdigest()[:16]


PIPELINE = TextPipeline()
