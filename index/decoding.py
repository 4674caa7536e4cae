"""From bytes to NFC text, with the name of the encoding that was used."""

from dataclasses import dataclass

from search.text import normalize


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in NFC, and how it was decoded: `utf-8`, `tcvn3`, `utf-8 as cp1252`..."""

    text: str
    encoding: str


def decode(data: bytes, is_html: bool = False) -> Decoded:
    """Decode a file (first version: UTF-8, UTF-16 by mark, else Windows-1252)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Decoded(normalize(data.decode("utf-16", "replace")), "utf-16")
    try:
        return Decoded(normalize(data.decode("utf-8-sig")), "utf-8")
    except UnicodeDecodeError:
        return Decoded(normalize(data.decode("cp1252", "replace")), "cp1252")
