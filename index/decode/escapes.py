"""Undo, once, what a text was escaped with on its way into a file, where it is plainly so; else it stays."""

import html
import quopri
import re
from typing import Final

_ENTITY: Final = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: Tags that prose never writes: closing ones of text elements, and line breaks.
_MARKUP: Final = re.compile(
    r"</(?:p|div|span|b|i|u|em|strong|a|h[1-6]|ul|ol|li|table|t[dr]|blockquote|article|section|font|figure|figcaption|center)\s*>"
    r"|<(?:br|hr)\s*/?>|<(?:p|img|div)(?:\s+[a-z-]+\s*=\s*[\"'][^<>]*)?/?>",
    re.IGNORECASE,
)
#: Line ends, tabs, quotes and letters as JSON and programs write them.
_BACKSLASHED: Final = re.compile(r"\\(?:r\\n|[nrt\"'/]|u[0-9a-fA-F]{4})")
_LINE_END: Final = re.compile(r"\\n")
_LETTER: Final = re.compile(r"\\u[0-9a-fA-F]{4}")
_DRIVE: Final = re.compile(r"\b[A-Za-z]:\\")
_BACKSLASHES: Final = {"\\n": "\n", "\\r": "\n", "\\t": "\t", '\\"': '"', "\\'": "'", "\\/": "/", "\\r\\n": "\n"}
#: Two bytes or more beyond ASCII, and a line that goes on: quoted-printable.
_QUOTED: Final = re.compile(r"(?:=[89A-F][0-9A-F](?:=\r?\n)?){2,4}")
_ENOUGH_QUOTED: Final = 3


def is_markup(text: str) -> bool:
    """Say whether a text holds tags of HTML, as prose does not."""
    return "<" in text and _MARKUP.search(text) is not None


def unescape(text: str) -> str:
    """Return a text without its entities, backslashes or quoted-printable; markup keeps its entities for its parser."""
    if "=" in text and len(_QUOTED.findall(text)) >= _ENOUGH_QUOTED:
        text = _from_quoted_printable(text)
    if "\\" in text:
        text = _from_backslashes(text)
    if "&" in text and not is_markup(text):
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return text


def _from_quoted_printable(text: str) -> str:
    """Return the text that quoted-printable stood for; what does not decode to UTF-8 was none."""
    try:
        return quopri.decodestring(text.encode("utf-8")).decode("utf-8")
    except UnicodeDecodeError:
        return text


def _from_backslashes(text: str) -> str:
    r"""Undo `\n` written as two characters in a text that has no real line end, and `\u1ec1` anywhere."""
    lines = "\n" not in text.strip() and _LINE_END.search(text) is not None and not _DRIVE.search(text)
    if not lines and not _LETTER.search(text):
        return text
    return _BACKSLASHED.sub(lambda found: _unslashed(found[0], lines), text)


def _unslashed(written: str, lines: bool) -> str:
    if written.startswith("\\u"):
        return chr(int(written[2:], 16))
    return _BACKSLASHES[written] if lines else written
