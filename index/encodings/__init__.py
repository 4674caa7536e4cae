"""From bytes in any encoding Vietnamese was ever written in to NFC text."""

from index.encodings.decode import Decoded, Undecodable, decode, repair
from index.encodings.syllables import is_syllable

__all__ = ["Decoded", "Undecodable", "decode", "is_syllable", "repair"]
