"""Answers packed as the client can take them: zstd at its fastest, else gzip; a page is a sixth of its size then.

Both come with what Dấu needs anyway, and an answer takes a fraction of a millisecond.
"""

import gzip
from typing import Final

import zstandard
from flask import Flask, Response, request

#: Smaller answers fit into one packet anyway.
SMALLEST: Final = 1_000
_PACKABLE: Final = ("text/", "application/json", "application/problem+json", "application/atom+xml", "image/svg+xml",
                    "application/opensearchdescription+xml", "application/javascript")  # fmt: skip
_ZSTD_LEVEL: Final = 3
_GZIP_LEVEL: Final = 3


def install(app: Flask) -> None:
    """Pack the answers of `app`."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if not (response.mimetype or "").startswith(_PACKABLE):
        return response
    response.vary.add("Accept-Encoding")
    if response.is_streamed and not response.direct_passthrough:
        return response  # an export of any length
    if response.status_code not in (200, 400, 404, 503) or "Content-Encoding" in response.headers:
        return response
    encoding = _best()
    if not encoding or request.method == "HEAD":
        return response
    response.direct_passthrough = False  # files are small
    data = response.get_data()
    if len(data) < SMALLEST:
        return response
    packed = zstandard.compress(data, _ZSTD_LEVEL) if encoding == "zstd" else gzip.compress(data, _GZIP_LEVEL, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = encoding
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # other bytes for the same thing
    return response


def _best() -> str:
    """Return the encoding that the client takes, `""` if it takes none that we have."""
    accepted = request.accept_encodings
    for encoding in ("zstd", "gzip"):
        if accepted.quality(encoding) > 0 and any(name == encoding for name, _ in accepted):
            return encoding
    return ""
