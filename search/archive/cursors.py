"""Cursors: where an answer ended, as an opaque text that the next request gives back.

A cursor holds the state of the archive (generation and synonyms), a digest of what was asked, how many hits were
shown, and the last one's document.  It is good for the same search of the same state only: pages of two orders are
never mixed.  A walk goes on in its generation, also when a newer one is served, as long as that is kept.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from search.archive.parameters import ParameterError
from search.query.notices import Notice
from search.results.answer import Request

#: What parts the generation from the digest of the synonyms in a state; a generation's id ends in eight hex digits.
_OF_STATE: Final = "+"
#: Said where a walk goes on in a generation that is not the one served.
EARLIER: Final = Notice(
    "earlier-generation",
    "Kho tin đã được dựng lại; đây vẫn là kết quả của bản trước, cho đến hết — hãy tìm lại để thấy bản mới.",
    "The archive has been rebuilt; these are still results of the one before, to their end — search again for the new.",
)


def state_of(generation: str, synonyms: str) -> str:
    """Return the state of an archive: it changes whenever an answer may."""
    return f"{generation}{_OF_STATE}{synonyms}"


def write(request: Request, state: str, shown: int, doc: int) -> str:
    """Return the cursor behind `shown` hits, the last of which is document `doc`."""
    text = f"{state}|{_digest(request)}|{shown}|{doc}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def generation_of(after: str) -> str:
    """Return the generation that a cursor names, "" if it names none."""
    try:
        return _decoded(after)[0].partition(_OF_STATE)[0] if after else ""
    except (binascii.Error, ValueError):
        return ""


def read(request: Request, state: str) -> tuple[int, int]:
    """Return (hits shown, last document) of the cursor of a request.

    Raises ParameterError if it is none, belongs to another search, or to a state that is no longer served.
    """
    try:
        of, digest, shown, doc = _decoded(request.after)
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
            "Kho tin đã được dựng lại từ khi có “after” này và bản cũ không còn; hãy bắt đầu lại từ trang đầu.",
            "The archive has been rebuilt since this 'after' was given, and the old one is not kept; begin again at "
            "the first page.",
        )
    return place


def _decoded(after: str) -> list[str]:
    text = urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode("ascii")
    state, digest, shown, doc = text.split("|")
    return [state, digest, shown, doc]


def _digest(request: Request) -> str:
    asked = replace(request, page=1, size=10, after="", explain=False)
    return blake2b(repr(asked).encode(), digest_size=6).hexdigest()
