"""From a file's bytes to HTML, by what its first bytes say that it is.

The readers of Word, OpenDocument and PDF are an extra (`index.read.extras`); they are imported only when such a file
comes, in a worker process with limits on its time and memory.
"""

import io
import zipfile
from collections.abc import Callable
from typing import Final

from index.convert.markup import Converted, NotConverted
from index.convert.web_archive import is_web_archive, read_web_archive
from index.read.extras import lacking_extra

__all__ = ["Converted", "convert"]

#: A document's parts unpacked; pictures are most of it.
_MAX_UNPACKED: Final = 400_000_000
_ENCRYPTED: Final = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"


def convert(data: bytes) -> Converted | str | None:
    """Return a document as HTML, a string with the reason why it can't be read, None for what needs no conversion."""
    reader = _reader(data)
    if reader is None or isinstance(reader, str):
        return reader
    ending, read = reader
    if reason := lacking_extra(ending):
        return reason
    try:
        return read(data)
    except NotConverted as error:
        return str(error)


def _reader(data: bytes) -> tuple[str, Callable[[bytes], Converted]] | str | None:
    if data.startswith(b"%PDF"):
        return ".pdf", _pdf
    if data.startswith(b"PK\x03\x04"):
        return _in_zip(data)
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in data[:1_000_000]:
            return "it is an encrypted Office document; save it without its password"
        return "it is an old Office document (.doc, .xls, .ppt); save it as .docx"
    return ("", read_web_archive) if is_web_archive(data) else None


def _in_zip(data: bytes) -> tuple[str, Callable[[bytes], Converted]] | str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {member.filename: member.file_size for member in archive.infolist()}
            encrypted = any(member.flag_bits & 1 for member in archive.infolist())
            kind = archive.read("mimetype").decode("latin-1") if names.get("mimetype", 200) < 200 else ""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        return f"the document is damaged: {str(error)[:80]}"
    if sum(names.values()) > _MAX_UNPACKED:
        return f"the document unpacks to more than {_MAX_UNPACKED // 1_000_000} MB"
    if encrypted:
        return "the document is encrypted; save it without its password"
    if "word/document.xml" in names:
        return ".docx", _word
    if kind.startswith("application/vnd.oasis.opendocument.text"):
        return ".odt", _opendocument
    return "it is a ZIP archive or an Office document, not text"


def _word(data: bytes) -> Converted:
    from index.convert.word import read_word

    return read_word(data)


def _opendocument(data: bytes) -> Converted:
    from index.convert.opendocument import read_opendocument

    return read_opendocument(data)


def _pdf(data: bytes) -> Converted:
    from index.convert.pdf import read_pdf

    return read_pdf(data)
