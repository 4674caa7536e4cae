"""What a reverse proxy may say about the request that it passes on: believed only if asked to, and only if sound.

`X-Forwarded-Prefix: //evil.example` would make every link of a page lead there.  werkzeug takes the last value of
each header, the one that the nearest proxy wrote; what is no scheme, host or path of plain segments is dropped.
"""

import re
from collections.abc import Iterable
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.middleware.proxy_fix import ProxyFix

#: What the last value of each header may be.
_SOUND: Final = {
    "HTTP_X_FORWARDED_PROTO": re.compile(r"https?"),
    "HTTP_X_FORWARDED_HOST": re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?"),
    "HTTP_X_FORWARDED_PORT": re.compile(r"[0-9]{1,5}"),
    "HTTP_X_FORWARDED_PREFIX": re.compile(r"/|(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?"),
}


class Forwarded:
    """WSGI middleware that believes the sound ones among the X-Forwarded-* headers of one proxy."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = ProxyFix(app, x_for=0, x_proto=1, x_host=1, x_prefix=1)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        for name, sound in _SOUND.items():
            last = environ.get(name, "").rpartition(",")[2].strip()
            if name in environ and not sound.fullmatch(last):
                del environ[name]
        return self._app(environ, start_response)
