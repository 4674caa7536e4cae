"""The WSGI server: gunicorn, set up from Python, a few processes with a few threads each.

Nothing is opened before the fork: every worker makes its own application and opens its own archive, whose
files are mapped, so that all workers share one copy in the page cache.
"""

import errno
import re
import socket
from pathlib import Path
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.http import message

from search.errors import SettingsError
from web.app import create_app

#: Threads keep slow clients and idle connections from holding a process; the search itself is CPU-bound.
THREADS: Final = 8
#: 1,000 code points of four bytes, each escaped as three letters, and the rest of an address.
LONGEST_LINE: Final = 16_384


def check_address(host: str, port: int) -> None:
    """Raise SettingsError if nothing can listen there; gunicorn would try five times and then say so in a log."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        used = error.errno == errno.EADDRINUSE
        reason = "is in use by another program" if used else f"can't be used ({error.strerror})"
        raise SettingsError(f"Port {port} of {host} {reason}; choose another with --port or --host.") from error


class Server(BaseApplication):  # type: ignore[misc]
    """`dau serve`."""

    def __init__(self, index: Path, host: str, port: int, workers: int, trust_proxy: bool = False) -> None:
        self._index = index
        self._trust_proxy = trust_proxy
        shown = f"[{host}]" if ":" in host else host
        self._options: dict[str, Any] = {
            "bind": f"{shown}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 15,
            "timeout": 30,
            "graceful_timeout": 10,
            "limit_request_line": LONGEST_LINE,
            "max_requests": 100_000,  # a slow leak in any library never grows for ever
            "max_requests_jitter": 10_000,
            "proc_name": "dau",
            "worker_exit": _close,
            "accesslog": None,
            "loglevel": "warning",
            "when_ready": lambda arbiter: _announce(arbiter, f"Dấu serves {index} at http://{shown}"),
            "control_socket_disable": True,
            "http_parser": "python",  # the one that `_take_utf8` knows
        }
        _take_utf8()
        super().__init__()

    def init(self, parser: object, opts: object, args: object) -> None:
        """Read nothing from gunicorn's own command line: the command is `dau`."""

    def load_config(self) -> None:
        """Set every option that this version of gunicorn knows."""
        config: Config = self.cfg
        for name, value in self._options.items():
            if name in config.settings:
                config.set(name, value)

    def load(self) -> Flask:
        """Make the application, in the worker, and search once: the first search loads tables on its way."""
        app = create_app(self._index, trust_proxy=self._trust_proxy)
        app.test_client().get("/?q=xin+chao")
        return app


def _close(server: object, worker: Any) -> None:
    app = getattr(worker, "wsgi", None)
    if isinstance(app, Flask):
        app.extensions["dau"].close()


def _announce(arbiter: Any, text: str) -> None:
    arbiter.log.warning("%s:%d", text, arbiter.LISTENERS[0].sock.getsockname()[1])


def _take_utf8() -> None:
    """Let gunicorn's parser take bytes from 0x80 on in a target, and lines long enough for 1,000 marked letters.

    Control characters and spaces stay forbidden.  Both are names of gunicorn's module without an option; if a
    version no longer has them it simply refuses such requests again (a test sends some).
    """
    message.RFC9112_TARGET_INVALID = re.compile(r"[^\x21-\x7e\x80-\xff]")
    message.MAX_REQUEST_LINE = LONGEST_LINE
