"""Bring Vietnamese text to the one form that Dấu stores: NFC, with damaged letters repaired.

Five of a hundred real articles are not NFC, and NFC alone can't repair a tone typed before the
circumflex (`e` + U+0301 + U+0302): marks are put in order first.  The result is *the* text: it is what is
stored, shown and indexed, and every offset in Dấu counts its code points.

This is the door of text: articles, their fields, names of files and queries all come in through `normalize` or `mend`,
so nothing inside meets what UTF-8, XML or a terminal can't hold.
"""

import re
import unicodedata
from typing import Final

QUALITY_MARKS: Final = "\u0302\u0306\u031b"  # circumflex, breve, horn: they make another letter
TONE_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng

# U+0340 and U+0341 are deprecated twins of the grave and acute that Windows-1258 converters still write.
_TWIN_MARKS: Final = {0x0340: "\u0300", 0x0341: "\u0301"}
_INVISIBLE: Final = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
#: Controls (C0 without tab and line ends, DEL, C1), halves of surrogate pairs, and code points that are no characters.
_CONTROLS: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_HALVES: Final = "\ud800-\udfff"
_NO_CHARACTERS: Final = "\ufdd0-\ufdef\ufffe\uffff"
_FAR: Final = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
_DAMAGE: Final = re.compile(f"[{_CONTROLS}{_HALVES}{_NO_CHARACTERS}{_FAR}]")
_REPLACEMENT: Final = "\ufffd"
_MARKED_LETTER: Final = re.compile(f"([A-Za-z\u00c0-\u1ef9])([{QUALITY_MARKS}{TONE_MARKS}]+)")
# U+00D0/U+00F0 (eth) and U+0189 look like Đ/đ; Icelandic does not occur in these archives.
_ETH: Final = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ"})
_NEEDS_ETH: Final = re.compile("[\u00d0\u00f0\u0189]")
_COMBINING: Final = re.compile("[\u0300-\u036f]")
#: Any of what may have to be repaired: most texts are searched twice and are as they should be.  One class of both
#: would take ten times as long: `re` has a table for the first 65,536 code points, and for no others.
_ANY: Final = re.compile("".join((f"[{_CONTROLS}{_HALVES}{_NO_CHARACTERS}", _INVISIBLE.pattern[1:-1],
                                  _NEEDS_ETH.pattern[1:-1], _COMBINING.pattern[1:])))
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")


def normalize(text: str) -> str:
    """Return `text` in NFC with mark order, eth-for-đ, damage (`mend`) and invisible characters repaired.

    Idempotent; line breaks, spaces (also non-breaking ones) and capitals stay as they were written.
    """
    if not _ANY.search(text) and not _BEYOND.search(text):
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    text = mend(text)
    text = _INVISIBLE.sub("", text)
    if _NEEDS_ETH.search(text):
        text = text.translate(_ETH)
    if _COMBINING.search(text):
        text = _MARKED_LETTER.sub(_reorder, text.translate(_TWIN_MARKS))
    return unicodedata.normalize("NFC", text)


def mend(text: str) -> str:
    """Return `text` without what no text holds.

    The halves of a surrogate pair become their character; a lone half (an emoji cut in two) and what is no character
    become U+FFFD.  Controls that part lines become a space, the others go.
    """
    return _mended(text) if (_ANY.search(text) or _BEYOND.search(text)) and _DAMAGE.search(text) else text


def _mended(text: str) -> str:
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _DAMAGE.sub(_mended_sign, whole)


def _mended_sign(match: re.Match[str]) -> str:
    sign = match.group()
    if sign.isspace():  # also what str.splitlines takes for the end of a line
        return " "
    return "" if sign < "\xa0" else _REPLACEMENT


def visible(text: str) -> str:
    """Return `text` fit for a terminal or one line of a mail: controls and direction marks as `\\x1b`, `\\u202e`."""
    return text if text.isprintable() else "".join(map(_shown_sign, text))


def _shown_sign(sign: str) -> str:
    if sign.isprintable() or sign in "\u00a0\u3000":
        return sign
    return sign.encode("unicode_escape").decode("ascii")


def _reorder(match: re.Match[str]) -> str:
    """Put the quality marks of one letter before its tones, and drop repeated tones."""
    base, marks = match.groups()
    letter = unicodedata.normalize("NFD", base + marks)
    quality = "".join(dict.fromkeys(mark for mark in letter[1:] if mark in QUALITY_MARKS))
    tones = "".join(dict.fromkeys(mark for mark in letter[1:] if mark not in QUALITY_MARKS))
    return unicodedata.normalize("NFC", letter[0] + quality + tones)
