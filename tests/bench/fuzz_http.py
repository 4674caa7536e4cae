"""Ask a server for random query strings: 0 answers 500, and none slower than a second and a half.

`python -m tests.bench.fuzz_http INDEX [--queries 100000] [--seed 1]` starts `dau serve` and asks it over HTTP, page and
endpoint most often, with the texts of `tests.bench.fuzz` and random values of every parameter; of some answers the next
page by its cursor.
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

from search.archive.parameter_table import PARAMETERS
from tests.bench.fuzz import query_string
from tests.bench.load import serving

SERVER_ERROR = 500
#: The page and the endpoint are asked for most, and one of these in a fifth of the addresses.
PLACES = ("/", "/api/search", "/feed.atom", "/api/suggest", "/opensearch/suggest", "/api/export", "/article/x",
          "/api/articles/x", "/coverage", "/saved")  # fmt: skip
#: What a parameter is given beside what fits its kind.
ODD = ("", "x", "0", "-1", "99999", "1e9", "²", "Đ", "\x00", "a" * 300)
VALUES = {
    "province": ("Thanh Hóa", "phu yen", "Phu Yên", "unknown"),
    "country": ("Lào", "lao", "Hàn Quốc", "other", "unknown"),
    "source": ("baomoi.com", "VnExpress", "dân trí", "unknown"),
    "author": ("Nguyễn Văn A", "mai nga", "unknown"),
    "section": ("Thể thao", "the gioi", "unknown"),
    "from": ("2020", "30/6/2025", "31/2/2020", "2017-03"),
    "to": ("2025-06", "1999", "-", "1/1/2018"),
    "after": ("x", "eHh4", "MjAyNnx4fDF8MQ"),
    "nothing": ("1",),
}
#: An export of thousands of articles takes as long as its client takes to read it.
MOST_EXPORTED = 200


def value(name: str, chance: random.Random) -> str:
    """Return a random value of a parameter, which fits it in most cases."""
    if chance.random() < 0.15:
        return chance.choice(ODD)
    if name in VALUES:
        return chance.choice(VALUES[name])
    known = PARAMETERS[name]
    if known.kind == "number":
        return str(chance.choice((known.low, known.high, chance.randint(known.low, known.high))))
    return chance.choice(known.choices or (known.example or "1",))


def address(chance: random.Random) -> str:
    """Return a random address."""
    place = chance.choice(PLACES[:2] if chance.random() < 0.8 else PLACES)
    text = quote(query_string(chance)[:1500].encode("utf-8", "surrogatepass"))
    pairs = [f"q={text}"]
    if chance.random() < 0.4:
        names = chance.sample(sorted({*VALUES, *PARAMETERS} - {"q", "most"}), k=chance.randint(1, 4))
        pairs += [f"{name}={quote(value(name, chance))}" for name in names]
    if place == "/api/export":
        pairs.append(f"most={chance.randint(1, MOST_EXPORTED)}")
    return f"{place}?{'&'.join(pairs)}"


def following(path: str, body: bytes, chance: random.Random) -> str:
    """Return the address of the next page of an answer of the endpoint, of some of them; else nothing."""
    if not path.startswith("/api/search") or "after=" in path or chance.random() > 0.2:
        return ""
    cursor = json.loads(body).get("next") or ""
    return f"{path}&after={quote(cursor)}" if cursor else ""


def ask(
    host: str, seed: int, count: int, statuses: Counter[int | str], slow: list[tuple[float, str]], failed: list[str]
) -> None:
    """Ask `count` times on one connection; note statuses, what took longest, and what the server failed at."""
    chance, connection, then = random.Random(seed), HTTPConnection(host, timeout=120), ""
    for _ in range(count):
        path, started = then or address(chance), time.perf_counter()
        then = ""
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            then = following(path, body, chance)
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
