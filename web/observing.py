"""What an operator sees of each request: its id, a line in the access log, the counters.

A line of the access log is one JSON object; it never holds the address of a person, and the text of a query only
where that was asked for.
"""

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest, RequestURITooLarge

from search.archive.live import LiveArchive
from search.errors import SettingsError
from web import archive
from web.metrics import Metrics, metrics_of
from web.options import ServerOptions

_LOG = logging.getLogger("dau")
REQUEST_ID = "X-Request-Id"
#: Bytes of a query string: 1,000 code points of four bytes, each escaped as three letters, and the filters.
LONGEST_QUERY = 16_384
#: What is written of a query with `log_queries`, in characters; a search reads no more than 1,000.
_LONGEST = 1_000


def install(app: Flask, live: LiveArchive, options: ServerOptions) -> None:
    """Give every request of `app` an id, count it, and write it to the access log.  Raises SettingsError."""
    app.extensions["dau-metrics"] = Metrics(live)
    log = access_log(options.access_log)

    def begin() -> None:
        g.started = time.perf_counter()
        g.request_id = secrets.token_hex(8)
        if len(request.environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
            raise RequestURITooLarge
        if not request.environ.get("PATH_INFO", "").startswith("/"):
            raise BadRequest

    def finish(response: Response) -> Response:
        response.headers[REQUEST_ID] = request_id()
        _count(metrics_of(app), response)
        line = _line(response, options)
        if log:
            log.info(json.dumps(line, ensure_ascii=False))
        if "slow" in line:
            _LOG.warning("slow request %s", json.dumps(line, ensure_ascii=False))
        return response

    app.before_request(begin)
    app.after_request(finish)


def request_id() -> str:
    """Return the id of the current request, which its answer and every logged error carry."""
    return str(g.get("request_id", "-"))


def access_log(target: str) -> logging.Logger | None:
    """Return the log that writes lines to a file or to `-`; a file moved away is made anew.  Raises SettingsError."""
    if not target:
        return None
    try:
        handler = logging.StreamHandler(sys.stdout) if target == "-" else WatchedFileHandler(target, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"The access log {target} can't be written ({error.strerror}); name another.") from error
    log = logging.Logger("dau.access", logging.INFO)
    log.addHandler(handler)
    return log


def route() -> str:
    """Return the rule of the address that was asked for, `-` for an address that there is not."""
    return request.url_rule.rule if request.url_rule else "-"


def _count(metrics: Metrics, response: Response) -> None:
    metrics.requests.labels(route(), str(response.status_code)).inc()
    answer = archive.noted()
    if answer:
        metrics.seconds.observe(answer.took_ms / 1000)
        if not answer.total:
            metrics.without_hits.inc()


def _line(response: Response, options: ServerOptions) -> dict[str, object]:
    took = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    line: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": request_id(),
        "route": route(),
        "status": response.status_code,
        "ms": round(took, 1),
    }
    answer = archive.noted()
    if answer:
        line |= {"total": answer.total, "page": answer.request.page}
        line |= {"notices": [notice.code for notice in answer.notices]}
    if options.log_queries and "q" in request.args:
        line["q"] = request.args["q"][:_LONGEST]
    if took >= options.slow_ms:
        line["slow"] = True
    return line
