"""Bring Vietnamese text to the one form that Dấu stores: NFC, with damaged letters repaired.

Five of a hundred real articles are not NFC, and NFC alone can't repair a tone typed before the
circumflex (`e` + U+0301 + U+0302): marks are put in order first.  The result is *the* text: it is what is
stored, shown and indexed, and every offset in Dấu counts its code points.
"""

import re
import unicodedata
from typing import Final

QUALITY_MARKS: Final = "\u0302\u0306\u031b"  # circumflex, breve, horn: they make another letter
TONE_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng

# U+0340 and U+0341 are deprecated twins of the grave and acute that Windows-1258 converters still write.
_TWIN_MARKS: Final = {0x0340: "\u0300", 0x0341: "\u0301"}
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_MARKED_LETTER: Final = re.compile(f"([A-Za-z\u00c0-\u1ef9])([{QUALITY_MARKS}{TONE_MARKS}]+)")
# U+00D0/U+00F0 (eth) and U+0189 look like Đ/đ; Icelandic does not occur in these archives.
_ETH: Final = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ"})
_NEEDS_ETH: Final = re.compile("[\u00d0\u00f0\u0189]")
_COMBINING: Final = re.compile("[\u0300-\u036f]")


def normalize(text: str) -> str:
    """Return `text` in NFC with mark order, eth-for-đ and invisible characters repaired.

    Idempotent; line breaks, spaces (also non-breaking ones) and capitals stay as they were written.
    """
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", text)
    if _NEEDS_ETH.search(text):
        text = text.translate(_ETH)
    if _COMBINING.search(text):
        text = _MARKED_LETTER.sub(_reorder, text.translate(_TWIN_MARKS))
    return unicodedata.normalize("NFC", text)


def _reorder(match: re.Match[str]) -> str:
    """Put the quality marks of one letter before its tones, and drop repeated tones."""
    base, marks = match.groups()
    letter = unicodedata.normalize("NFD", base + marks)
    quality = "".join(dict.fromkeys(mark for mark in letter[1:] if mark in QUALITY_MARKS))
    tones = "".join(dict.fromkeys(mark for mark in letter[1:] if mark not in QUALITY_MARKS))
    return unicodedata.normalize("NFC", letter[0] + quality + tones)
