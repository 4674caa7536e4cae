"""From bytes to NFC text, with the name of the encoding that was used.

1. a byte order mark, or many NULs: UTF-8, UTF-16, UTF-32
2. bytes that are strict UTF-8 are UTF-8 (a last character may be cut off)
3. else a declared charset and the Vietnamese encodings are tried, and the reading with most well-formed
   Vietnamese syllables wins if it is clearly the best; a tie is refused, since a guess would be nonsense for good
4. text that came as Unicode but holds legacy letters (`Së Ngo¹i vô`), or UTF-8 read as Windows-1252, is repaired

Thresholds as measured on 205 articles in ten encodings.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from bs4.dammit import EncodingDetector
from numpy.typing import NDArray

from index.decode.damage import clean
from index.decode.legacy import READERS
from index.decode.syllables import marked_words, vietnamese_share
from search.text import mend as mend_signs
from search.text import normalize

#: A reading below this share of Vietnamese syllables is not Vietnamese.
ACCEPT: Final = 0.5
#: Text with this share is left as it is; a repair must gain this much.
CLEAN: Final = 0.85
GAIN: Final = 0.2
#: Readings closer than this are a tie.
MARGIN: Final = 0.05
_SAMPLE: Final = 60_000
_SHORT: Final = 10_000
#: So many characters tell whether a text that is read as Unicode holds legacy letters.
_ENOUGH: Final = 20_000
_NUL_SHARE: Final = 0.2
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
                 (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MARKUP: Final = re.compile(r"(?is)<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^>]*>")
#: Letters that only Vietnamese uses, and the rest of Latin-1, which legacy fonts use instead.
_OWN_LETTERS: Final = re.compile("[\u1ea0-\u1ef9ăĂđĐơƠưƯĩĨũŨ]")
_LATIN1: Final = re.compile("[\u0080-\u00ff\u0152-\u0178\u0192\u02c6\u02dc\u2020-\u2022\u2030\u20ac\u2122]")
#: Charsets that servers declare when nobody chose one; they are believed last.
_CARELESS: Final = frozenset({
    "iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii", "windows-1252", "cp1252", "utf-8", "utf8",
})


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in NFC and how it was read: `utf-8`, `tcvn3`, `tcvn3 in utf-8`, `utf-8 read as windows-1252`."""

    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Bytes whose encoding can't be told, and why."""

    reason: str


def decode(data: bytes, is_html: bool = False) -> Decoded | Undecodable:
    """Decode a file; see the module for the order of trials."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            plain = name.removesuffix("-le").removesuffix("-be")
            return repair(data[len(mark):].decode(name, "replace"), plain, is_html)
    wide = _wide(data[:_SAMPLE])
    if wide:
        return repair(data.decode(wide, "replace"), "utf-16", is_html)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return _eight_bit(data, is_html)
    return repair(text, "utf-8", is_html)


def _wide(head: bytes) -> str:
    """Return the UTF-16 byte order of bytes with many NULs at every second place, `""` if it is none."""
    if head.count(0) < _NUL_SHARE * len(head) or len(head) < 4:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 3 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 3 * odd else ""


def _eight_bit(data: bytes, is_html: bool) -> Decoded | Undecodable:
    """Read bytes that are no UTF-8 in the way that gives most Vietnamese syllables."""
    shown = data.decode("latin-1")
    declared = EncodingDetector.find_declared_encoding(data[:_SAMPLE], is_html=is_html) if is_html else None
    scores = _scores(shown, is_html)
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= ACCEPT:
        rival = _rival(shown, scores, best, is_html)
        if rival and rival != declared and best != declared:
            return Undecodable(f"its encoding can't be told: {best} and {rival} read equally well")
        name = declared if rival and declared == rival else best
        return Decoded(READERS[name](shown), name)
    if declared and declared.lower() not in _CARELESS:
        try:
            return Decoded(normalize(data.decode(declared)), declared.lower())
        except (LookupError, UnicodeDecodeError):
            pass
    return Decoded(normalize(data.decode("cp1252", "replace")), "windows-1252")


def _scores(shown: str, is_html: bool) -> dict[str, float]:
    sample = _plain(shown, is_html)
    return {name: vietnamese_share(marked_words(read(sample))) for name, read in READERS.items()}


def _plain(text: str, is_html: bool) -> str:
    """Return a sample of the visible text, where the letters beyond ASCII are."""
    text = _MARKUP.sub(" ", text) if is_html else text
    return text[:_SAMPLE]


def _rival(shown: str, scores: dict[str, float], best: str, is_html: bool) -> str:
    """Return the name of a reading as good as the best but with another result, `""` if there is none."""
    sample = _plain(shown, is_html)
    for name, score in scores.items():
        if name != best and score > scores[best] - MARGIN and READERS[name](sample) != READERS[best](sample):
            return name
    return ""


def repair(text: str, encoding: str = "utf-8", is_html: bool = False) -> Decoded:
    """Read legacy letters inside Unicode text as what they stood for; clean text stays.

    A text is brought to NFC; the source of a page is not, since its blocks are (`index.page.parsing`).

    `text` is raw: normalising it first would drop the soft hyphens that are a byte of `ậ` read wrongly.
    """
    name = _reading(text, is_html) if _suspicious(text) else ""
    if not name:
        return Decoded(_whole(text) if is_html else clean(text), encoding)
    label = f"{encoding} read as windows-1252" if name == "utf-8" else f"{name} in {encoding}"
    return Decoded(READERS[name](text), label)


def _whole(text: str) -> str:
    """Return the source of a page as a parser takes it: without NUL, pairs of half characters as one."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return mend_signs(text)
    return mend_signs(text) if b"\0" in data else text  # in bytes it is a tenth of the search


def _reading(text: str, is_html: bool) -> str:
    """Return the name of the reading that makes clearly better Vietnamese of a text, `""` if none does."""
    sample = _plain(text, is_html)[:_ENOUGH]
    words = marked_words(normalize(sample))
    now = vietnamese_share(words)
    if now >= CLEAN or len(words) < 3:
        return ""
    scores = {name: vietnamese_share(marked_words(read(sample))) for name, read in READERS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= max(ACCEPT, now + GAIN) else ""


def _suspicious(text: str) -> bool:
    """Say whether Latin-1 letters outweigh those that Vietnamese writes with; cheap, asked of every text."""
    if text.isascii():
        return False
    sample = text[:_SAMPLE] if len(text) < _SHORT else text[:_SAMPLE:8]
    units = np.frombuffer(sample.encode("utf-16-le", "surrogatepass"), "<u2")
    _, latin1, own, both = np.bincount(_letter_kinds()[units], minlength=4).tolist()
    return bool(latin1 + both > 3 and latin1 + both > 2 * (own + both))


@cache
def _letter_kinds() -> NDArray[np.uint8]:
    """Map each unit of UTF-16 to 1 for Latin-1, 2 for a letter that only Vietnamese uses, 3 for both, else to 0."""
    every = "".join(map(chr, range(1 << 16)))
    kinds = np.zeros(len(every), np.uint8)
    kinds[[found.start() for found in _LATIN1.finditer(every)]] += 1
    kinds[[found.start() for found in _OWN_LETTERS.finditer(every)]] += 2
    return kinds
