"""Load on a server: answers a second, latencies, CPU time an answer, memory of the workers, and `/healthz` throughout.

`python -m tests.bench.load INDEX [--seconds 300] [--clients 32] [--workers 2]` starts `dau serve` and asks it without
pause, half of the time for a page of results, half at the endpoint, two to four words of random titles at a time.
`--publish 20` publishes the generation anew every 20 s meanwhile, `--slow 200` adds connections that send a byte a
second, `--greedy 16` clients that ask for the dearest there is.  `--dau PATH` takes the server of another checkout.
CPU time is that of the server alone: the clients run beside it.
"""

import argparse
import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import quote

from search.archive.manifest import Manifest
from tests.conftest import without_settings

COMMON = ("nam", "việt", "thanh", "hà", "công", "hoà", "đồng", "trong", "chính", "dân", "tỉnh", "tháng", "ngày",
          "người", "nhân", "phát", "triển", "kinh", "tế", "xã", "hội")  # fmt: skip
DEAR = (
    f"/api/search?size=100&page=100&q={quote(' OR '.join(COMMON * 3))}",
    f"/api/search?q={quote(chr(34) + 'ba ' * 63 + chr(34) + '~50')}",
    f"/api/search?q={quote(chr(34) + 'ba ba ba ba ba bá' + chr(34) + '~50')}",
    f"/?size=100&q={quote(' '.join(COMMON * 3))}",
)


@dataclass
class Seen:
    """What the clients of one kind got."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, Any]:
        """Return counts by status and percentiles of the answers with 200, in ms."""
        times = sorted(self.seconds) or [0.0]
        last = len(times) - 1
        parts = {f"p{share}": round(1000 * times[min(len(times) * share // 100, last)], 1) for share in (50, 95, 99)}
        return parts | {"max": round(1000 * times[-1], 1)} | dict(self.statuses)


class Client(threading.Thread):
    """Asks one address after the other until told to stop; `rest` seconds between, on new connections if `anew`."""

    def __init__(
        self,
        host: str,
        paths: Iterator[str],
        seen: Seen,
        stop: threading.Event,
        rest: float = 0,
        anew: bool = False,
    ) -> None:
        super().__init__(daemon=True)
        self.host, self.paths, self.seen, self.stop, self.rest, self.anew = host, paths, seen, stop, rest, anew

    def run(self) -> None:
        connection = HTTPConnection(self.host, timeout=120)
        while not self.stop.is_set():
            started = time.perf_counter()
            try:
                connection.request("GET", next(self.paths))
                response = connection.getresponse()
                response.read()
            except (OSError, HTTPException) as error:
                if not self.stop.is_set():
                    self.seen.statuses[type(error).__name__] += 1
                connection.close()
                continue
            self.seen.statuses[str(response.status)] += 1
            if response.status == 200:
                self.seen.seconds.append(time.perf_counter() - started)
            if self.anew:
                connection.close()
            if self.rest:
                self.stop.wait(self.rest)


def titles(host: str) -> list[list[str]]:
    """Return the words of some titles of the archive."""
    found: list[list[str]] = []
    for page in range(1, 6):
        connection = HTTPConnection(host, timeout=120)
        connection.request("GET", f"/api/search?sort=newest&size=100&page={page}")
        found += [hit["title"].split() for hit in json.loads(connection.getresponse().read())["hits"]]
        connection.close()
    return [title for title in found if len(title) > 3]


def questions(known: list[list[str]], seed: int) -> Iterator[str]:
    """Yield addresses with words of titles, for ever."""
    chance = random.Random(seed)
    while True:
        title = chance.choice(known)
        size, first = chance.randint(2, 4), chance.randrange(len(title) - 2)
        query = quote(" ".join(title[first : first + size]))
        yield f"/?q={query}" if chance.random() < 0.5 else f"/api/search?q={query}"


def drip(host: str, count: int, stop: threading.Event) -> None:
    """Hold `count` connections open that send a byte of a request a second; open one anew where the server drops it."""
    name, port = host.split(":")
    held: list[socket.socket | None] = [None] * count
    while not stop.wait(1):
        for at, connection in enumerate(held):
            try:
                if connection is None:
                    held[at] = connection = socket.create_connection((name, int(port)), timeout=10)
                    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                connection.sendall(b"a")
            except OSError:
                held[at] = None


def publish(index: Path, every: float, stop: threading.Event) -> None:
    """Publish a copy of the current generation again and again."""
    from index.publish import generations
    from search.archive.generations import check_generation, current_id

    while not stop.wait(every):
        current = check_generation(index, current_id(index))
        build = generations.begin(index)
        generations.start(build)
        copytree(current.directory / "archive", build.archive, copy_function=os.link)
        manifest: Manifest = current.manifest
        generations.seal(build, manifest.counts, manifest.settings)
        generations.publish(index, build)
        generations.prune(index, 2)


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    found = [pid]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(entry.read_text(errors="replace").rpartition(")")[2].split()[1]) == pid:
                found.append(int(entry.parent.name))
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time that processes have used."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def private_mb(pid: int) -> int:
    """Return the memory that a process shares with nobody."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_")) // 1024


class Memory(threading.Thread):
    """Looks every second at how much memory the workers of a server have to themselves; `most` is the most of each."""

    def __init__(self, server: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.server, self.stop = server, stop
        self.most: dict[int, int] = {}

    def run(self) -> None:
        while not self.stop.wait(1):
            for worker in family(self.server)[1:]:
                self.most[worker] = max(self.most.get(worker, 0), private_mb(worker))


@contextlib.contextmanager
def serving(options: argparse.Namespace) -> Iterator[tuple[str, int]]:
    """Run the server; give its host with port, and its process id."""
    where = ["--index", str(options.index), "--port", "0", "--workers", str(options.workers)]
    line = [*options.dau.split(), "serve", *where]
    process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=without_settings())
    assert process.stderr
    found = None
    while not found:
        said = process.stderr.readline()
        assert said, "the server ended"
        found = re.search(r"http://([\w.]+:\d+)", said)
    threading.Thread(target=sys.stderr.writelines, args=(process.stderr,), daemon=True).start()
    try:
        yield found[1], process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run the load and return what was seen."""
    stop = threading.Event()
    usual, greedy = Seen(), Seen()
    with serving(options) as (host, pid):
        time.sleep(3)  # every worker is up
        known = titles(host)
        before = [private_mb(worker) for worker in family(pid)[1:]]
        started, used = time.perf_counter(), cpu_seconds(family(pid))
        asked = (questions(known, number) for number in range(options.clients))
        threads: list[threading.Thread] = [Client(host, paths, usual, stop) for paths in asked]
        dear = iter(lambda: random.choice(DEAR), "")
        threads += [Client(host, dear, greedy, stop) for _ in range(options.greedy)]
        watcher = subprocess.Popen([sys.executable, "-m", "tests.bench.load", "--watch", host], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        threads.append(memory := Memory(pid, stop))
        if options.slow:
            threads.append(threading.Thread(target=drip, args=(host, options.slow, stop), daemon=True))
        if options.publish:
            threads.append(threading.Thread(target=publish, args=(options.index, options.publish, stop), daemon=True))
        for thread in threads:
            thread.start()
        time.sleep(options.seconds)
        stop.set()
        for thread in threads:
            thread.join(150)
        health = json.loads(watcher.communicate()[0])
        seconds, used = time.perf_counter() - started, cpu_seconds(family(pid)) - used
        after = [private_mb(worker) for worker in family(pid)[1:]]
    answers = len(usual.seconds) + len(greedy.seconds)
    return {
        "answers_per_second": round(len(usual.seconds) / seconds, 1),
        "cpu_ms_per_answer": round(1000 * used / max(answers, 1), 2),
        "usual": usual.told(),
        "greedy": greedy.told() if options.greedy else None,
        "healthz": health,
        "private_mb_before": before,
        "private_mb_most": list(memory.most.values()),
        "private_mb_after": after,
    }


def watch(host: str) -> None:
    """Ask for `/healthz` until standard input is closed, and print what was seen.

    A process of its own: beside the threads of the clients it would measure how long it waits for their interpreter.
    """
    stop, seen = threading.Event(), Seen()
    client = Client(host, iter(lambda: "/healthz", ""), seen, stop, rest=0.2, anew=True)
    client.start()
    sys.stdin.read()
    stop.set()
    client.join(150)
    print(json.dumps(seen.told()))


def main() -> None:
    """Measure, and print one JSON object."""
    if sys.argv[1:2] == ["--watch"]:
        watch(sys.argv[2])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--publish", type=float, default=0, help="Seconds between two generations; 0: none.")
    parser.add_argument("--slow", type=int, default=0, help="Connections that send a byte a second.")
    parser.add_argument("--greedy", type=int, default=0, help="Clients that ask for the dearest.")
    parser.add_argument("--dau", default=f"{Path(sys.executable).with_name('dau')}", help="The command to measure.")
    print(json.dumps(measure(parser.parse_args()), indent=1))


if __name__ == "__main__":
    main()
