"""The worker process: `python -m index.workers.worker SOCKET PIPE SECONDS MEGABYTES` (started by `index.workers.pool`).

Reads batches of tasks from a socket and answers in batches; ends when the socket closes.
"""

import contextlib
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from index.page.sites import SiteMemory
    from index.workers.pool import WireDone, WireTask

#: Seconds after which answers are given although the batch is not done.
_SILENCE: Final = 0.5


def main(arguments: list[str]) -> None:
    """Serve one connection."""
    connection = Connection(int(arguments[0]))
    begun, seconds, megabytes = int(arguments[1]), float(arguments[2]), int(arguments[3])
    try:  # both are imported before the limits are set
        import index.clusters.near_duplicates
        import index.extract.extracting  # noqa: F401
    except Exception as error:
        connection.send(f"the extraction processes can't start: {type(error).__name__}: {error}")
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(megabytes)
    connection.send("")
    with contextlib.suppress(EOFError, OSError):  # the rebuild is over, or dead
        _serve(connection, _Extractor(begun, seconds, megabytes))


def _limit_memory(megabytes: int) -> None:
    """Bound the address space to what is in use now plus `megabytes`; no core files."""
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() if _has_proc() else 1 << 30  # noqa: PTH123, SIM115
    limit = used + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _has_proc() -> bool:
    return os.path.exists("/proc/self/statm")  # noqa: PTH110


def _serve(connection: Connection, extractor: "_Extractor") -> None:
    while True:
        kind, content, memory = connection.recv()
        if kind == "forget":
            extractor.sites.clear()
        elif kind == "site":
            extractor.sites[content] = memory
        else:
            for answers in extractor.work(content):
                connection.send(answers)


class _Extractor:
    """Does what a batch asks for, each document within its limits."""

    def __init__(self, begun: int, seconds: float, megabytes: int) -> None:
        self.sites: dict[str, SiteMemory] = {}
        self._begun, self._seconds, self._megabytes = begun, seconds, megabytes

    def work(self, batch: "list[WireTask]") -> "Iterator[list[WireDone]]":
        """Yield answers, some at a time: the rebuild hears at least after each document that takes long."""
        answers: list[WireDone] = []
        told = time.monotonic()
        for task in batch:
            answers.append(self._limited(task))
            if time.monotonic() - told > _SILENCE:
                yield answers
                answers, told = [], time.monotonic()
        if answers:
            yield answers

    def _limited(self, task: "WireTask") -> "WireDone":
        os.write(self._begun, b".")
        # Its default action ends the process, also inside a C function that never returns.
        signal.setitimer(signal.ITIMER_REAL, self._seconds)
        try:
            return _work(task, self.sites.get(task[-1]))
        except MemoryError:
            return _rejected(f"extraction needs more than {self._megabytes} MB of memory (--memory-limit)")
        except RecursionError:
            return _rejected("the document is nested too deep")
        except Exception as error:
            return _rejected(f"extraction failed: {type(error).__name__}: {str(error)[:200]}")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _rejected(reason: str) -> "WireDone":
    return reason, b"", "", "", b""


def _work(task: "WireTask", memory: "SiteMemory | None") -> "WireDone":
    from index.clusters.near_duplicates import signature
    from index.extract.extracting import extract, observe, site_key
    from index.page.sites import SiteMemory
    from index.read.records import RawDocument, Rejected
    from index.state.packing import pack

    action, raw = task[0], RawDocument(*task[1:5])
    if action == "site":
        return "", site_key(raw).encode("utf-8", "replace"), "", "", b""
    if action == "observe":
        seen = observe(raw)
        return "", seen.to_bytes() if seen else b"", "", "", b""
    article = extract(raw, memory or SiteMemory())
    if isinstance(article, Rejected):
        return _rejected(article.reason or "rejected")
    sort_key = article.date.value if article.date.year is not None else ""
    return "", pack(article), article.id, sort_key, signature(article)


if __name__ == "__main__":
    main(sys.argv[1:])
