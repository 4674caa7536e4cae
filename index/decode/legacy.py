"""The Vietnamese encodings from before Unicode, as functions from the characters they show up as.

TCVN3 (.VnTime fonts), VNI (VNI-Times) and VISCII use code points of Latin-1 for Vietnamese letters, so their
bytes, or their text pasted into a UTF-8 page (`Së Ngo¹i vô`), look like Latin-1.  The tables are viparse's
(MIT), checked against glibc's iconv.
"""

from collections.abc import Callable
from typing import Final

from viparse.normalize.encodings import CHARMAPS
from viparse.normalize.tables import Charmap, convert

from search.text import normalize

#: ẳ is missing in viparse's VNI table, where no document of its corpus has it; the layout leaves it ú.
_VNI: Final = Charmap("vni", (*CHARMAPS["vni"].pairs, ("aú", "ẳ"), ("AÚ", "Ẳ")))


def _through(charmap: Charmap) -> Callable[[str], str]:
    return lambda shown: normalize(convert(_as_latin1(shown), charmap))


def _as_latin1(text: str) -> str:
    """Undo the detour over Windows-1252: `€` was the byte 0x80."""
    if max(text, default="") < "\u0100":
        return text
    return "".join(char if char < "\u0100" else _latin1_char(char) for char in text)


def _latin1_char(char: str) -> str:
    try:
        return char.encode("cp1252").decode("latin-1")
    except UnicodeEncodeError:
        return char


def _cp1258(shown: str) -> str:
    return normalize(_bytes(shown).decode("cp1258", "replace"))


def _utf8(shown: str) -> str:
    return normalize(_bytes(shown).decode("utf-8", "replace"))


def _bytes(shown: str) -> bytes:
    return _as_latin1(shown).encode("latin-1", "replace")


#: name -> how to read text that shows its bytes as Latin-1 or Windows-1252.
READERS: Final[dict[str, Callable[[str], str]]] = {
    "windows-1258": _cp1258,
    "tcvn3": _through(CHARMAPS["tcvn3"]),
    "vni": _through(_VNI),
    "viscii": _through(CHARMAPS["viscii"]),
    "utf-8": _utf8,
}
