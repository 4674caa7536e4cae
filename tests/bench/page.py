"""First byte, weight and CPU time of a page of results, and of the same at the endpoint, warm, on a kept connection.

`python -m tests.bench.page INDEX [--dau PATH ...] [--queries 30] [--passes 5]` starts one server of each command PATH
(by default of this checkout) and asks each the same at once after the other, words of random titles, so that what else
the machine does burdens all alike.  Told are medians over the queries of each one's fastest and median pass, in ms, CPU
time a page of the server's own, and kilobytes as they are sent (gzip) and unpacked.
`--profile` asks this checkout within the process and prints where a page's time goes.
"""

import argparse
import cProfile
import gzip
import json
import pstats
import random
import sys
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.load import cpu_seconds, family, questions, serving, titles

KINDS = {"page": "/?", "endpoint": "/api/search?"}


def first_byte(connection: HTTPConnection, path: str) -> tuple[float, bytes]:
    """Return the milliseconds until an answer begins, and the body as it was sent."""
    started = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    response = connection.getresponse()
    took = time.perf_counter() - started
    body = response.read()
    assert response.status == 200, (path, response.status)
    return 1000 * took, body


class Server:
    """One server under measurement: its connection, and the times [pass, query] of each kind of answer."""

    def __init__(self, host: str, pid: int, passes: int, asked: int) -> None:
        self.connection, self.pids = HTTPConnection(host, timeout=120), family(pid)
        self.times = {kind: np.zeros((passes, asked)) for kind in KINDS}
        self.cpu = dict.fromkeys(KINDS, 0.0)
        self.weights: list[tuple[int, int]] = []

    def ask(self, kind: str, queries: list[str], turn: int | None) -> None:
        """Ask all queries of one kind; `turn` None only warms up."""
        before = cpu_seconds(self.pids)
        for place, query in enumerate(queries):
            took, body = first_byte(self.connection, KINDS[kind] + query)
            if turn is None:
                if kind == "page":
                    self.weights.append((len(body), len(gzip.decompress(body))))
            else:
                self.times[kind][turn, place] = took
        if turn is not None:
            self.cpu[kind] += cpu_seconds(self.pids) - before

    def told(self) -> dict[str, Any]:
        """Return the figures."""
        packed, whole = np.array(self.weights).T / 1000
        return {
            kind: {
                "fastest_ms": round(float(np.median(times.min(axis=0))), 2),
                "median_ms": round(float(np.median(times)), 2),
                "cpu_ms": round(1000 * self.cpu[kind] / times.size, 2),
            }
            for kind, times in self.times.items()
        } | {"packed_kb": [round(float(np.median(packed)), 1), round(float(packed.max()), 1)],
             "unpacked_kb": round(float(np.median(whole)), 1)}  # fmt: skip


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of each command."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(serving(argparse.Namespace(index=options.index, workers=1, dau=dau)))
            for dau in options.dau
        ]
        time.sleep(3)  # every worker is up
        queries = some_queries(started[0][0], options.queries)
        servers = [Server(host, pid, options.passes, len(queries)) for host, pid in started]
        for turn in (None, *range(options.passes)):
            for kind in KINDS:
                for server in servers if (turn or 0) % 2 else servers[::-1]:
                    server.ask(kind, queries, turn)
        return {dau: server.told() for dau, server in zip(options.dau, servers, strict=True)}


def some_queries(host: str, wanted: int) -> list[str]:
    """Return query strings of words of titles, the same ones each time."""
    random.seed(1)
    return [path.partition("?")[2] for path in islice(questions(titles(host), 1), wanted)]


def profile(options: argparse.Namespace) -> None:
    """Print where the time of a page goes: functions by their own time."""
    from web import create_app

    with serving(argparse.Namespace(index=options.index, workers=1, dau=options.dau[0])) as (host, _):
        queries = some_queries(host, options.queries)
    app = create_app(options.index)
    client = app.test_client()
    for query in queries:
        client.get(f"/?{query}")
    profiler = cProfile.Profile()
    profiler.enable()
    for query in queries * options.passes:
        client.get(f"/?{query}")
    profiler.disable()
    app.extensions["dau"].close()
    pstats.Stats(profiler).sort_stats(options.profile).print_stats(45)


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--dau", nargs="+", default=[str(Path(sys.executable).with_name("dau"))])
    parser.add_argument("--queries", type=int, default=30)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--profile", nargs="?", const="tottime", help="Sort by tottime (default) or cumtime.")
    options = parser.parse_args()
    if options.profile:
        profile(options)
    else:
        print(json.dumps(measure(options), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
