"""Cursors: where an answer ended, as an opaque text that the next request gives back.

A cursor holds the state of the archive (generation and synonyms), a digest of what was asked, how many hits were
shown, and the last one's document.  It is good for the same search of the same state only: pages of two orders are
never mixed.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from hashlib import blake2b

from search.archive.parameters import ParameterError
from search.results.answer import Request


def write(request: Request, state: str, shown: int, doc: int) -> str:
    """Return the cursor behind `shown` hits, the last of which is document `doc`."""
    text = f"{state}|{_digest(request)}|{shown}|{doc}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(request: Request, state: str) -> tuple[int, int]:
    """Return (hits shown, last document) of the cursor of a request.

    Raises ParameterError if it is none, belongs to another search, or to a state that is no longer served.
    """
    try:
        text = urlsafe_b64decode(request.after + "=" * (-len(request.after) % 4)).decode("ascii")
        of, digest, shown, doc = text.split("|")
        place = int(shown), int(doc)
    except (binascii.Error, ValueError):
        raise ParameterError(
            "after",
            "“after” không phải là giá trị “next” của một câu trả lời; hãy bắt đầu lại từ trang đầu.",
            "'after' is no 'next' of an answer; begin again at the first page.",
        ) from None
    if digest != _digest(request):
        raise ParameterError(
            "after",
            "“after” thuộc về một lần tìm khác; câu tìm, bộ lọc và cách xếp phải giữ nguyên.",
            "'after' belongs to another search; query, filters and order must stay the same.",
        )
    if of != state:
        raise ParameterError(
            "after",
            "Kho tin đã được dựng lại từ khi có “after” này; hãy bắt đầu lại từ trang đầu.",
            "The archive has been rebuilt since this 'after' was given; begin again at the first page.",
        )
    return place


def _digest(request: Request) -> str:
    asked = replace(request, page=1, size=10, after="", explain=False)
    return blake2b(repr(asked).encode(), digest_size=6).hexdigest()
