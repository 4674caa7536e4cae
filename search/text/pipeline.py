"""The one pipeline from text to index terms; the builder writes with it and the query reads with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cached_property

from search.text.normalize import normalize
from search.text.probes import PROBES
from search.text.tokens import Token, tokenize


@dataclass(frozen=True)
class TextPipeline:
    """Normalise and tokenise.  Equal fingerprints promise equal terms for equal text."""

    def normalize(self, text: str) -> str:
        """Return `text` as Dấu stores it; see `search.text.normalize`."""
        return normalize(text)

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield the tokens of normalised `text`."""
        return tokenize(text)

    @cached_property
    def fingerprint(self) -> str:
        """Return 16 hex digits over what the rules make of the probes: a remark in a rule changes nothing."""
        texts = [self.normalize(probe) for probe in PROBES]
        made = [(text, [astuple(token) for token in self.tokens(text)]) for text in texts]
        return hashlib.sha256(repr(made).encode("utf-8", "surrogatepass")).hexdigest()[:16]


PIPELINE = TextPipeline()
