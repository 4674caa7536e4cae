"""`dau serve`: granian, a few processes with an event loop each, and threads that answer.

Requests are read in the event loop, so a slow client holds a connection and nothing else; a request whose head takes
longer than `HEADER_TIME` is dropped.  Nothing is opened before the fork: every worker makes its own application and
opens its own archive, whose files are mapped, so that all workers share one copy in the page cache.
"""

import errno
import itertools
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer as Granian

from search.errors import IndexUnusable, SettingsError
from search.memory import give_back, one_pool
from search.results.answer import Request
from web.app import create_app
from web.metrics import SHARED_FOLDER
from web.options import ServerOptions

#: Milliseconds in which the head of a request must be there.
HEADER_TIME: Final = 10_000
#: Connections that one worker holds open.
CONNECTIONS: Final = 1024
#: Threads beside those that search or wait for it: they answer `/healthz`, static files and refusals.
SPARE_THREADS: Final = 6
#: Seconds that requests under way have when the server is told to stop.
GRACE: Final = 10
#: Seconds after which a worker is replaced: a slow leak in any library never grows for ever.
LIFETIME: Final = 24 * 3600
#: Seconds after which a thread that computes lets others have the interpreter: an answer of `/healthz` needs it a few
#: times, and waited 5 ms (Python's default) each time for every search under way.
SWITCH: Final = 0.001
#: Seconds between two times that free memory is given back, which takes some milliseconds.
TRIM: Final = 5
_LOG: Final = logging.getLogger("dau")
#: Everything goes to stderr; granian says only what is an error.
_LOGGING: Final[dict[str, Any]] = {
    "formatters": {"line": {"format": "%(asctime)s [%(process)d] %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {
        "_granian": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "dau": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


def free_port(host: str, port: int) -> int:
    """Return the port to listen on, a free one for 0.  Raises SettingsError if nothing can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
            return int(probe.getsockname()[1])
    except OSError as error:
        used = error.errno == errno.EADDRINUSE
        reason = "is in use by another program" if used else f"can't be used ({error.strerror})"
        raise SettingsError(f"Port {port} of {host} {reason}; choose another with --port or --host.") from error


class Server:
    """Serves one index until it is told to stop by SIGTERM or SIGINT."""

    def __init__(self, index: Path, host: str, port: int, workers: int, options: ServerOptions) -> None:
        self._index = index
        self._host = host
        self._port = port
        self._workers = workers
        self._options = options
        self._parent = os.getpid()

    def run(self) -> None:
        """Serve.  Returns when told to stop."""
        threading.Thread(target=self._announce, daemon=True).start()
        with tempfile.TemporaryDirectory(prefix="dau-metrics-") as folder:
            os.environ[SHARED_FOLDER] = folder
            while not self._serve():
                _LOG.error("The worker processes ended again and again; they are started anew.")
                time.sleep(1)

    def _serve(self) -> bool:
        """Serve, and return whether that ended because it should: granian gives up if workers die in a row."""
        server = self._granian()
        try:
            server.serve(target_loader=self._load, wrap_loader=False)
        except SystemExit:
            return server.interrupt_signal
        return True

    def _granian(self) -> Granian:
        options = self._options
        return Granian(
            "dau",
            self._host,
            self._port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            workers=self._workers,
            blocking_threads=options.searches + options.queue + SPARE_THREADS,
            backlog=CONNECTIONS,
            backpressure=CONNECTIONS,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIME),
            respawn_failed_workers=True,
            workers_lifetime=LIFETIME,
            workers_kill_timeout=GRACE,
            log_level=LogLevels.error,
            log_dictconfig=_LOGGING,
        )

    def _load(self) -> Flask:
        """Make the application, in the worker, and search once: the first search loads tables on its way."""
        one_pool()
        sys.setswitchinterval(SWITCH)
        threading.Thread(target=self._keep_house, daemon=True).start()
        app = create_app(self._index, self._options)
        with suppress(IndexUnusable), app.extensions["dau"].acquire() as archive:
            archive.search(Request(q="xin chao"))
        app.jinja_env.get_template("results.html")
        return app

    def _keep_house(self) -> None:
        """Give memory back now and then, and stop this worker once the process that started it is gone."""
        for second in itertools.count(1):
            if os.getppid() != self._parent:
                break
            time.sleep(1)
            if second % TRIM == 0:
                give_back()
        os.kill(os.getpid(), signal.SIGTERM)

    def _announce(self) -> None:
        """Say where the server is as soon as a worker takes connections."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self._host, self._host)
        while True:
            try:
                socket.create_connection((host, self._port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                break
        shown = f"[{self._host}]" if ":" in self._host else self._host
        _LOG.info("Dấu serves %s at http://%s:%d", self._index, shown, self._port)
