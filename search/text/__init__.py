"""The rules of Vietnamese text: pure functions, offsets always into the NFC text."""

from search.text.fold import fold, fold_text, tone_key
from search.text.normalize import mend, normalize, visible
from search.text.pipeline import PIPELINE, TextPipeline
from search.text.tokens import Token, tokenize

__all__ = ["PIPELINE", "TextPipeline", "Token", "fold", "fold_text", "mend", "normalize", "tokenize",
           "tone_key", "visible"]
