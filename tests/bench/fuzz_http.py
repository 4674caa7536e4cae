"""Ask a server for random query strings: 0 answers 500, and none slower than a second and a half.

`python -m tests.bench.fuzz_http INDEX [--queries 100000] [--seed 1]` starts `dau serve` and asks it over HTTP, page and
endpoint in turn, with the texts of `tests.bench.fuzz` and random values of every parameter.
"""

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.bench.fuzz import query_string
from tests.bench.load import serving

SERVER_ERROR = 500
PLACES = ("/", "/api/search", "/feed.atom", "/api/suggest", "/article/x")
VALUES = {
    "province": ("Thanh Hóa", "phu yen", "x", ""),
    "year": ("2020", "0", "x", "99999"),
    "month": ("6", "13"),
    "from": ("2020", "30/6/2025", "31/2/2020"),
    "to": ("2025-06", "1999", "-"),
    "sort": ("newest", "oldest", "x"),
    "page": ("1", "2", "100", "10000", "-1"),
    "size": ("1", "100", "101"),
    "strict": ("1", "x"),
    "explain": ("1",),
    "recency": ("1",),
    "lang": ("en", "vi", "fr"),
    "nothing": ("1",),
}


def address(chance: random.Random) -> str:
    """Return a random address."""
    text = quote(query_string(chance)[:1500].encode("utf-8", "surrogatepass"))
    pairs = [f"q={text}"]
    if chance.random() < 0.4:
        names = chance.sample(sorted(VALUES), k=chance.randint(1, 4))
        pairs += [f"{name}={quote(chance.choice(VALUES[name]))}" for name in names]
    return f"{chance.choice(PLACES[:2] if chance.random() < 0.8 else PLACES)}?{'&'.join(pairs)}"


def ask(
    host: str, seed: int, count: int, statuses: Counter[int | str], slow: list[tuple[float, str]], failed: list[str]
) -> None:
    """Ask `count` times on one connection; note statuses, what took longest, and what the server failed at."""
    chance, connection = random.Random(seed), HTTPConnection(host, timeout=120)
    for _ in range(count):
        path, started = address(chance), time.perf_counter()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            statuses[response.status] += 1
            if response.status >= SERVER_ERROR:
                failed.append(f"{response.status} {path}")
        except (OSError, HTTPException) as error:
            statuses[type(error).__name__] += 1
            failed.append(f"{error!r} {path}")
            connection.close()
        slow.append((time.perf_counter() - started, path[:300]))
        slow.sort(reverse=True)
        del slow[5:]


def main() -> None:
    """Ask, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--dau", default=f"{Path(sys.executable).with_name('dau')}", help="The command to measure.")
    options = parser.parse_args()
    statuses: Counter[int | str] = Counter()
    slowest: list[list[tuple[float, str]]] = [[] for _ in range(options.clients)]
    failed: list[str] = []
    each = options.queries // options.clients
    with serving(options) as (host, _):
        threads = [
            threading.Thread(target=ask, args=(host, options.seed * 1000 + at, each, statuses, slowest[at], failed))
            for at in range(options.clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    worst = sorted((pair for pairs in slowest for pair in pairs), reverse=True)[:5]
    told: dict[str, Any] = {"statuses": dict(statuses), "slowest": worst, "failed": failed}
    print(json.dumps(told, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
