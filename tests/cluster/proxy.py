"""What stands before a cluster elsewhere: TLS, a user with a password, and a node that has too much to do."""

import base64
import http.client
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Proxy:
    """Passes requests on to a node; `busy` says of the number of a request whether it is answered with 429."""

    node: str
    user: str = ""
    password: str = ""
    busy: Callable[[int], bool] = lambda _: False
    url: str = ""
    asked: int = 0
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        """Return status and body."""
        with self._lock:
            self.asked += 1
            busy = self.busy(self.asked)
            self.refused += busy
        wanted = "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if self.user and handler.headers["Authorization"] != wanted:
            return 401, b"Unauthorized"
        if busy:
            return 429, b'{"error": {"type": "rejected_execution_exception", "reason": "too much"}, "status": 429}'
        connection = http.client.HTTPConnection(urlsplit(self.node).netloc, timeout=60)
        try:
            connection.request(handler.command, handler.path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def serving(proxy: Proxy, tls: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    """Serve on loopback until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            status, data = proxy.answer(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        proxy.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield proxy
        server.shutdown()
