"""Response headers: what a browser may do with our pages, and how long anyone may keep them."""

from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, current_app, request

from web import archive
from web.assets import build
from web.openapi import API_VERSION

if TYPE_CHECKING:
    from search.archive.archive import Archive

#: No inline script or style anywhere, nothing from other hosts: text of articles can't become code even if
#: escaping failed somewhere.
CONTENT_POLICY: Final = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))
SECURITY: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # what somebody searched for is not told to the sites of the articles
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR: Final = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Add the headers to every response of `app`."""
    app.after_request(_finish)


def answered(make: "Callable[[Archive], Response]") -> Response:
    """Return what `make` answers from the current archive, or 304 if the client has this version already.

    Clients may keep the answer, but must ask whether it is still right.  Raises IndexUnusable.
    """
    with archive.current() as found:
        etag = _tag(found.state)
        response = Response(status=304) if request.if_none_match.contains_weak(etag) else make(found)
    response.set_etag(etag, weak=True)  # weak: took_ms differs between two equal answers
    response.headers["Cache-Control"] = "no-cache"
    return response


def lasting(make: Callable[[], Response]) -> Response:
    """Return what `make` answers, the same until the program changes, or 304 if the client has it already."""
    etag = _tag("")
    response = Response(status=304) if request.if_none_match.contains_weak(etag) else make()
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _tag(state: str) -> str:
    """Return the entity tag of an answer: it changes with all that the answer is made of.

    That is the state of the archive (generation and synonyms), the program, the language, and the address with host and
    prefix, which links repeat.
    """
    site = current_app.config["DAU_SITE"].digest
    asked = (request.url, request.script_root, str(request.accept_languages))
    seen = "\n".join((state, build(), site, *asked))
    return blake2b(seen.encode(), digest_size=12).hexdigest()


def _finish(response: Response) -> Response:
    if request.endpoint == "static":  # the search box on pages of other sites is made by our script
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        response.headers["X-Api-Version"] = API_VERSION
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        lasting = "v" in request.args  # the address holds a digest of the file
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if lasting else "public, max-age=3600"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if response.mimetype in ("text/html", "application/problem+json") or request.path == "/":
        response.vary.update(("Accept", "Accept-Language"))
    return response
