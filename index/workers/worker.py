"""The worker process: `python -m index.workers.worker FD SECONDS MEGABYTES` (started by `index.workers.pool`).

Reads batches of tasks from a socket, answers one by one, ends when the socket closes.
"""

import os
import resource
import signal
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from index.workers.pool import Done, Task

if TYPE_CHECKING:
    from index.page.sites import SiteMemory


def main(arguments: list[str]) -> None:
    """Serve one connection."""
    connection = Connection(int(arguments[0]))
    seconds, megabytes = float(arguments[1]), int(arguments[2])
    try:  # both are imported before the limits are set
        import index.clusters.near_duplicates
        import index.extract.extracting  # noqa: F401
    except Exception as error:
        connection.send(f"the extraction processes can't start: {type(error).__name__}: {error}")
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(megabytes)
    connection.send("")
    _serve(connection, seconds, megabytes)


def _limit_memory(megabytes: int) -> None:
    """Bound the address space to what is in use now plus `megabytes`; no core files."""
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() if _has_proc() else 1 << 30  # noqa: PTH123, SIM115
    limit = used + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _has_proc() -> bool:
    return os.path.exists("/proc/self/statm")  # noqa: PTH110


def _serve(connection: Connection, seconds: float, megabytes: int) -> None:
    sites: dict[str, SiteMemory] = {}
    while True:
        try:
            kind, content, memory = connection.recv()
        except EOFError:
            return
        if kind == "forget":
            sites.clear()
            continue
        if kind == "site":
            sites[content] = memory
            continue
        for task in content:
            # Its default action ends the process, also inside a C function that never returns.
            signal.setitimer(signal.ITIMER_REAL, seconds)
            try:
                done = _work(task, sites.get(task.site))
            except MemoryError:
                done = Done(task.key, reason=f"extraction needs more than {megabytes} MB of memory (--memory-limit)")
            except RecursionError:
                done = Done(task.key, reason="the document is nested too deep")
            except Exception as error:
                done = Done(task.key, reason=f"extraction failed: {type(error).__name__}: {str(error)[:200]}")
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(done)


def _work(task: Task, memory: "SiteMemory | None") -> Done:
    from index.clusters.near_duplicates import signature
    from index.extract.extracting import extract, observe, site_key
    from index.page.sites import SiteMemory
    from index.read.records import Rejected
    from index.state.packing import pack

    if task.action == "site":
        return Done(task.key, payload=site_key(task.raw).encode("utf-8", "replace"))
    if task.action == "observe":
        seen = observe(task.raw)
        return Done(task.key, payload=seen.to_bytes() if seen else b"")
    article = extract(task.raw, memory or SiteMemory())
    if isinstance(article, Rejected):
        return Done(task.key, reason=article.reason or "rejected")
    sort_key = article.date.value if article.date.year is not None else ""
    return Done(task.key, "", pack(article), article.id, sort_key, signature(article))


if __name__ == "__main__":
    main(sys.argv[1:])
