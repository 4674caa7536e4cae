"""Request targets with raw UTF-8 in them, as people type them into curl: `/api/search?q=đường`.

RFC 9112 wants them percent-encoded; browsers encode, people and scripts often don't, and a search engine for
Vietnamese must take what Vietnamese people type.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Everything visible in ASCII stays; what is left are bytes of UTF-8 (or of nothing), which get escaped.
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))


class EscapedQuery:
    """WSGI middleware that escapes raw bytes of the query string, so that what decodes it sees only ASCII."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query.encode("latin-1", "replace"), safe=_ASCII)
        return self._app(environ, start_response)
