"""Damage that text takes on its way: marks torn off their letters, blanks that show as nothing, lines of codes."""

import re
from typing import Final

from index.decode.syllables import is_syllable
from search.text import normalize
from search.text.normalize import QUALITY_MARKS, TONE_MARKS

_MARKS: Final = QUALITY_MARKS + TONE_MARKS
_TORN: Final = re.compile(rf"[ \u00a0][{_MARKS}]")
#: Letters, a blank, the mark of the last of them; then one blank inside the word, or one before a stop.  Letters that
#: are followed by a torn mark themselves are another word.
_TORN_MARK: Final = re.compile(
    rf"(?P<head>[^\W\d_]+)[ \u00a0]+(?P<mark>[{_MARKS}]+)"
    rf"(?:(?P<gap>[ \u00a0]?)(?P<tail>[^\W\d_]+)(?![^\W\d_]|[ \u00a0]?[{_MARKS}])|[ \u00a0](?=[,.;:!?)]))?"
)
_ZERO_WIDTH: Final = re.compile("(?P<left>[^\\W\\d_]*)[\u200b\u200c\u2060\ufeff]+(?=(?P<right>[^\\W\\d_]*))")
_ZERO: Final = ("\u200b", "\u200c", "\u2060", "\ufeff")
#: A run of letters of base64 without a blank; Vietnamese and addresses have none so long with digits and capitals.
_LEAST_CODE: Final = 40
_CODE: Final = re.compile(rf"[A-Za-z0-9+/=_-]{{{_LEAST_CODE},}}")
_CODE_SHARE: Final = 0.7


#: What torn marks and zero-width blanks look like: most texts are searched once.
_DAMAGED: Final = re.compile("[\u0300-\u036f\u200b\u200c\u2060\ufeff]")


def clean(text: str) -> str:
    """Return a piece of text mended and normalised, the form in which everything is stored."""
    return normalize(mend(text) if _DAMAGED.search(text) else text)


def mend(text: str) -> str:
    """Return a text with torn marks put back and zero-width blanks between whole words made blanks."""
    if text.isascii():
        return text
    if _TORN.search(text):
        text = _TORN_MARK.sub(_joined, text)
    if any(zero in text for zero in _ZERO):
        text = _ZERO_WIDTH.sub(_parted, text)
    return text


def _joined(match: re.Match[str]) -> str:
    """Put a mark back on its letter, and the rest of the word behind it if a syllable comes of it."""
    whole, tail = f"{match['head']}{match['mark']}", match["tail"] or ""
    return whole + tail if is_syllable(whole + tail) or not match["gap"] else f"{whole}{match['gap']}{tail}"


def _parted(match: re.Match[str]) -> str:
    """Return a blank for what shows as nothing between two syllables that are none together."""
    left, right = match["left"], match["right"]
    if is_syllable(left) and is_syllable(right) and not is_syllable(left + right):
        return f"{left} "
    return left


def is_scrambled(line: str) -> bool:
    """Say whether a line is codes rather than text: base64, keys, addresses of pictures."""
    if not has_run(line, " ", _LEAST_CODE):
        return False
    codes = sum(
        len(found.group()) for found in _CODE.finditer(line)
        if re.search(r"[A-Z]", found.group()) and re.search(r"[a-z]", found.group()) and re.search(r"\d", found.group())
    )  # fmt: skip
    return codes > 0 and codes >= _CODE_SHARE * len(line.strip())


def has_run(text: str, sign: str, least: int) -> bool:
    """Say whether so many characters follow one another without a sign; it jumps from one to the last in reach."""
    start = 0
    while (end := start + least) <= len(text):
        start = text.rfind(sign, start, end) + 1
        if not start:
            return True
    return False
