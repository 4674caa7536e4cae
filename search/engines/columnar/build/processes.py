"""The processes of a parallel build: fresh interpreters that end with the rebuild, however that ends.

A forked process would share its parent's open files, the lock of the rebuild among them, and outlive a killed parent
with them; one started afresh gets the pipes of its work and no more.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import TypeVar

Result = TypeVar("Result")


def start_pool(count: int) -> ProcessPoolExecutor:
    """Return a pool of `count` processes; a worker that is killed raises BrokenProcessPool at what waits for it."""
    return ProcessPoolExecutor(count, get_context("spawn"), initializer=_begin)


def finished(result: Result) -> Future[Result]:
    """Return what is there already as what a process is asked for."""
    future: Future[Result] = Future()
    future.set_result(result)
    return future


def run_here(work: Callable[..., Result], *arguments: object) -> Future[Result]:
    """Do at once, in this process, what a pool is asked for by `submit`."""
    return finished(work(*arguments))


def _begin() -> None:
    """Run in each process before its work."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # whoever reads the parent's output must not wait for this process
        os.dup2(nothing, stream)
    os.close(nothing)
    threading.Thread(target=_end_with_parent, name="dau-parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
