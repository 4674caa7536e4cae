"""Web archives as browsers save them (MHTML): the page among its parts."""

from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from typing import Final

from index.convert.markup import Converted, NotConverted
from index.read.kinds import HEAD, is_mhtml

_UTF8: Final = frozenset(("", "utf-8", "utf8", "us-ascii", "unicode-1-1-utf-8"))


def is_web_archive(data: bytes) -> bool:
    """Say whether bytes begin like a web archive."""
    return is_mhtml(data[:HEAD].removeprefix(b"\xef\xbb\xbf").decode("latin-1"))


def read_web_archive(data: bytes) -> Converted:
    """Return the page of a web archive and its address.  Raises NotConverted."""
    message = message_from_bytes(data.lstrip())
    page = _page(message)
    if page is None:
        raise NotConverted("it is a web archive or a mail without a page in it")
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        raise NotConverted("the page in the web archive is empty")
    charset = (page.get_content_charset("") or "").lower()
    if charset not in _UTF8:
        with suppress(LookupError, UnicodeDecodeError):  # then the page tells it, or its letters do
            content = content.decode(charset).encode("utf-8")
    places = (page.get("Content-Location"), message.get("Snapshot-Content-Location"), message.get("Content-Location"))
    address = str(next(filter(None, places), "")).strip()
    return Converted(content, address if address.startswith(("http://", "https://")) else "")


def _page(message: Message) -> Message | None:
    """Return the first part that is a page: the others are frames, styles and pictures."""
    parts = (part for part in message.walk() if not part.is_multipart())
    return next((part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
