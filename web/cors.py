"""Which other sites' pages may read the endpoint: none, unless `--cors` names them.

What is answered is the same for everybody and needs no cookie, so there is nothing to steal; a keeper of an archive may
still not want its server to carry other sites.
"""

from collections.abc import Sequence
from typing import Final

from flask import Flask, Response, request

#: What other sites may read: data, never pages.
_OPEN: Final = ("/api/", "/feed.atom", "/openapi.json", "/healthz")
_READABLE: Final = "ETag, Retry-After, X-Api-Version, X-Request-Id"
_DAY: Final = "86400"


def install(app: Flask, origins: Sequence[str]) -> None:
    """Let pages of `origins` (`https://tin.example`, or `*` for all) read the endpoint of `app`."""
    allowed = frozenset(origin.rstrip("/").lower() for origin in origins)
    if not allowed:
        return

    def finish(response: Response) -> Response:
        if not request.path.startswith(_OPEN):
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        if "*" in allowed or origin.lower() in allowed:
            headers = response.headers
            headers["Access-Control-Allow-Origin"] = "*" if "*" in allowed else origin
            headers["Access-Control-Expose-Headers"] = _READABLE
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            if request.method == "OPTIONS":
                headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
                headers["Access-Control-Allow-Headers"] = "If-None-Match"
                headers["Access-Control-Max-Age"] = _DAY
        return response

    app.after_request(finish)
