"""What kind of file a file is, told from its first bytes and, where they leave it open, from its name."""

import codecs
import re
from pathlib import PurePosixPath
from typing import Final, Literal

from index.read.packed import without_packing

#: `page`: one document, whose form extraction tells (HTML, MHTML, text, PDF, DOCX, ODT); the others hold several.
FileKind = Literal["page", "records", "table", "feed", "warc", "zip", ""]
#: Ending -> kind; files with these names are always read.
ENDINGS: Final[dict[str, FileKind]] = {
    **dict.fromkeys((".txt", ".text", ".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml"), "page"),
    **dict.fromkeys((".pdf", ".docx", ".docm", ".odt"), "page"),
    **dict.fromkeys((".json", ".jsonl", ".jl", ".ndjson", ".jsonlines", ".ldjson"), "records"),
    **dict.fromkeys((".csv", ".tsv", ".tab"), "table"),
    **dict.fromkeys((".xml", ".rss", ".atom", ".rdf"), "feed"),
    ".warc": "warc", ".arc": "warc", ".zip": "zip",
}  # fmt: skip
#: Names that no article has; files named otherwise are looked into.
PASSED_OVER: Final = frozenset((
    ".css", ".js", ".mjs", ".map", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".ico", ".tif", ".tiff",
    ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".m4a", ".avi", ".mov", ".flv", ".swf", ".wav", ".webm",
    ".mkv", ".exe", ".dll", ".so", ".py", ".pyc", ".sh", ".sqlite", ".db", ".log", ".tmp", ".part", ".7z", ".rar",
    ".tar", ".tgz", ".bin", ".pickle", ".parquet", ".npy", ".doc", ".rtf", ".xls", ".xlsx", ".ppt", ".pptx", ".epub",
    ".jar",
))  # fmt: skip
#: How many bytes tell a kind.
HEAD: Final = 4096
_LINE: Final = r"[^\S\n]*[^\n]*\n"
_HTML: Final = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL)
_XML: Final = re.compile(r"\s*(?:<\?xml\b|<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b)", re.IGNORECASE)
_MHTML: Final = re.compile(
    rf"(?:[A-Za-z-]+:{_LINE}(?:[ \t]{_LINE})*){{0,20}}?(?:MIME-Version|Content-Type):", re.IGNORECASE)
_MAIL_START: Final = re.compile(
    r"\s*(?:From|MIME-Version|Content-Type|Snapshot-Content-Location|Subject|Date|X-[\w-]+):", re.IGNORECASE)
_JSON: Final = re.compile(r'\s*(?:\{\s*"|\[\s*\{)')
_NAMELESS: Final = re.compile(r"(?:\.\d+)?", re.ASCII)


def ending(name: str) -> str:
    """Return the ending of a file's name without that of its packing, in small letters: `.json` of `a.JSON.gz`.

    What stands behind it in the name of a mirrored page (`a.aspx?id=7`, `a.aspx@id=7`) is no part of it.
    """
    name = without_packing(name.rsplit("/", 1)[-1].partition("?")[0])
    return PurePosixPath(name).suffix.lower().partition("@")[0]


def is_known(name: str) -> bool:
    """Say whether a file of this name is read whatever is in it."""
    return ending(name) in ENDINGS


def is_page_name(name: str) -> bool:
    """Say whether a name is that of an HTML page."""
    return ending(name) in (".html", ".htm", ".xhtml", ".shtml")


def is_passed_over(name: str) -> bool:
    """Say whether a file of this name is not even looked into."""
    return ending(name) in PASSED_OVER


def kind_of(name: str, head: bytes) -> FileKind:
    """Return the kind of a file from its name and its first `HEAD` bytes, `""` if it is none that is read."""
    named = ENDINGS.get(ending(name), "")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "page" if ending(name) in (".docx", ".docm", ".odt") else "zip"
    if head.startswith(b"%PDF"):
        return "page"
    if head.startswith((b"WARC/", b"filedesc://")):
        return "warc"
    text = _shown(head)
    if named in ("records", "table"):
        return "page" if _HTML.match(text) else named
    if _HTML.match(text) or is_mhtml(text):
        return "page"
    if _XML.match(text) and named in ("", "feed", "page"):
        return "feed"
    if _JSON.match(text) and (ending(name) in ("", ".txt") or _NAMELESS.fullmatch(ending(name))):
        return "records"
    return named


def is_mhtml(text: str) -> bool:
    """Say whether a text begins like a web archive: with the headers of a mail."""
    return _MAIL_START.match(text) is not None and _MHTML.match(text.lstrip()) is not None


def _shown(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
