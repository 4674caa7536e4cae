"""From bytes in any encoding Vietnamese was ever written in to NFC text."""

from index.decode.damage import clean, is_scrambled, mend
from index.decode.decoding import Decoded, Undecodable, decode, repair
from index.decode.escapes import is_markup, unescape
from index.decode.syllables import is_syllable

__all__ = [
           "Decoded",
           "Undecodable",
           "clean",
           "decode",
           "is_markup",
           "is_scrambled",
           "is_syllable",
           "mend",
           "repair",
           "unescape",
]
