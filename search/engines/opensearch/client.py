"""Requests to a cluster over HTTP: kept connections, the next address where one fails, an end to all waiting.

1. A request goes to an address that answered last; addresses that did not answer are tried again after a while.
2. After a connection error, 429 and 5xx, of the whole or a part of it, it goes to the next address, `ROUNDS` times
   around, a little later each time.
3. What a search may take goes with it, and no answer is waited for longer; an address that takes a connection and says
   nothing gets half of it, so that there is time to ask the next one.

Every request that Dấu makes can be repeated: documents and indexes have names that Dấu gives them.
"""

import base64
import http.client
import itertools
import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from search.engines.opensearch.settings import ClusterSettings
from search.errors import EngineUnavailable

#: Times that all addresses are tried.
ROUNDS: Final = 3
#: Seconds before the second round; twice as many before the third, and so on up to `_LONGEST`.
PAUSE: Final = 0.15
_LONGEST: Final = 5.0
#: Seconds for which an address that did not answer is tried last.
_REST: Final = 10.0
#: Seconds for an answer, unless a request says otherwise.
TIMEOUT: Final = 30.0
_CONNECT: Final = 3.0
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
#: The status of a health that did not become what was waited for: the answer is whole all the same.
_WAITED: Final = 408

Json = dict[str, Any]


class Refused(Exception):
    """The cluster answered that a request can't be served: `status` and `kind` are its own words."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"{status} {kind}: {reason}")
        self.status, self.kind = status, kind


class Client:
    """Talks to one cluster; safe to share between threads."""

    def __init__(self, settings: ClusterSettings) -> None:
        """Nothing is asked yet.  Raises SettingsError if the CA or the password can't be read."""
        self.settings = settings
        self._addresses = [_Address(url, settings) for url in settings.urls]
        self._turns = itertools.count()
        self._closed = threading.Event()
        self._headers = {"Content-Type": "application/json"}
        if settings.user:
            pair = f"{settings.user}:{settings.password()}".encode()
            self._headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()

    def get(self, path: str, **more: Any) -> Json:
        """Return the answer to a GET."""
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any, **more: Any) -> Json:
        """Return the answer to a POST."""
        return self.ask("POST", path, body, **more)

    def ask(self, method: str, path: str, body: Any = None, *, timeout: float = TIMEOUT, rounds: int = ROUNDS) -> Json:
        """Return the answer to a request; `body` is JSON, or bytes with a document a line.

        Raises EngineUnavailable if no address answers, Refused for a request that is wrong, and for what is not there.
        """
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        until, failure = time.monotonic() + timeout, "there is no time left"
        for turn in range(rounds):
            addresses = self._in_turn()
            for address in addresses:
                left = until - time.monotonic()
                if left <= 0:
                    break
                if timeout <= TIMEOUT and address is not addresses[-1]:
                    left /= 2
                try:
                    status, answer = address.request(method, path, data, self._headers, left)
                except (OSError, http.client.HTTPException) as error:
                    failure = f"{address.url}: {error or type(error).__name__}"
                    continue
                if status in _BUSY:
                    failure = f"{address.url}: {status} {_reason(answer)[1]}"
                    continue
                found = _understood(status, answer)
                if not (busy := _busy_part(found)):
                    return found
                failure = f"{address.url}: {busy}"
            pause = min(PAUSE * 2 ** min(turn, 10), _LONGEST, until - time.monotonic())
            if turn == rounds - 1 or pause <= 0 or self._closed.wait(pause):
                break
        raise EngineUnavailable(f"OpenSearch does not answer ({failure}); look at the cluster's health.")

    def health(self, index: str, *, wait_for: str = "", seconds: float = 1) -> Json:
        """Return the health of an index, after waiting for a status for some seconds; of one that is not there: red.

        Raises EngineUnavailable.
        """
        given = f"timeout={int(seconds)}s&cluster_manager_timeout={int(seconds)}s"
        given += f"&wait_for_status={wait_for}&wait_for_no_initializing_shards=true" if wait_for else ""
        return self.ask("GET", f"/_cluster/health/{index}?{given}", timeout=seconds + 10)

    def _in_turn(self) -> list["_Address"]:
        """Return the addresses in the order to ask them: each request begins with another one, the resting are last."""
        first = next(self._turns) % len(self._addresses)
        return sorted(self._addresses[first:] + self._addresses[:first], key=_Address.is_resting)

    def dead(self) -> list[str]:
        """Ask every address whether it answers; return those that don't."""
        gone = []
        for address in self._addresses:
            try:
                address.request("GET", "/", None, self._headers, _CONNECT)
            except (OSError, http.client.HTTPException):
                gone.append(address.url)
        return gone

    def close(self) -> None:
        """Close kept connections; what is being asked is not repeated."""
        self._closed.set()
        for address in self._addresses:
            address.close()


class _Address:
    """One address with its idle connections."""

    def __init__(self, url: str, settings: ClusterSettings) -> None:
        self.url = url
        parts = urlsplit(url)
        self._host, self._prefix = parts.hostname or "", parts.path.rstrip("/")
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls: ssl.SSLContext | None = settings.tls() if parts.scheme == "https" else None
        self._idle: deque[http.client.HTTPConnection] = deque(maxlen=16)
        self._resting = 0.0
        self._lock = threading.Lock()

    def is_resting(self) -> bool:
        """Say whether it failed a little while ago."""
        return time.monotonic() < self._resting

    def request(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str], timeout: float
    ) -> tuple[int, bytes]:
        """Return status and body.  Raises OSError and HTTPException, and lets the address rest then."""
        connection, kept = self._connection(timeout)
        try:
            try:
                answer = self._exchange(connection, method, path, data, headers, timeout)
            except (ConnectionError, http.client.RemoteDisconnected):
                connection.close()
                if not kept:
                    raise
                connection = self._new(timeout)  # one that was kept may have been closed by the other side meanwhile
                answer = self._exchange(connection, method, path, data, headers, timeout)
        except BaseException:
            connection.close()
            self._resting = time.monotonic() + _REST
            raise
        self._resting = 0.0
        with self._lock:
            self._idle.append(connection)
        return answer

    def _exchange(
        self, connection: http.client.HTTPConnection, method: str, path: str, data: bytes | None,
        headers: Mapping[str, str], timeout: float,
    ) -> tuple[int, bytes]:  # fmt: skip
        if connection.sock is None:
            connection.connect()
        connection.sock.settimeout(max(timeout, 0.01))
        connection.request(method, self._prefix + path, data, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()

    def _connection(self, timeout: float) -> tuple[http.client.HTTPConnection, bool]:
        with self._lock:
            if self._idle:
                return self._idle.pop(), True
        return self._new(timeout), False

    def _new(self, timeout: float) -> http.client.HTTPConnection:
        patience = min(_CONNECT, timeout)
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=patience)
        return http.client.HTTPSConnection(self._host, self._port, timeout=patience, context=self._tls)

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def _understood(status: int, answer: bytes) -> Json:
    if status >= 400 and not (status == _WAITED and b'"timed_out"' in answer):
        kind, reason = _reason(answer)
        if status in (401, 403):
            raise EngineUnavailable(f"OpenSearch refuses ({status}): check the user, the password and their rights.")
        raise Refused(status, kind, reason)
    found: Json = json.loads(answer) if answer else {}
    return found


def _busy_part(answer: Json) -> str:
    """Return why one of several searches or documents has to be sent again, nothing if none has."""
    parts = [*answer.get("responses", ()), *(part for item in answer.get("items", ()) for part in item.values())]
    for part in parts:
        if part.get("status") in _BUSY:
            error = part.get("error") or {}
            return f"{part['status']} {error.get('type')}: {error.get('reason')}"[:500]
    return ""


def _reason(answer: bytes) -> tuple[str, str]:
    """Return kind and reason of an error as the cluster tells them."""
    try:
        error = json.loads(answer)["error"]
        causes: Sequence[Json] = error.get("root_cause") or [error]
        return str(error["type"]), str(causes[0].get("reason") or error.get("reason"))[:500]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return "unknown", answer[:200].decode(errors="replace")
