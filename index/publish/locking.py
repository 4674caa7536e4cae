"""One rebuild at a time: a kernel lock, which ends with its holder however that dies."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from search.errors import RebuildRunning

FILE_NAME: Final = "LOCK"
_RETRY: Final = 0.1


@contextmanager
def rebuild_lock(index: Path, wait: float) -> Iterator[None]:
    """Hold the lock of `index` over the block; wait up to `wait` seconds for it.

    The file stays where it is: removing it would let two processes hold locks on two files of one name.
    Raises RebuildRunning, which names the holder's process and host.
    """
    index.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(index / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, index, time.monotonic() + wait)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, index: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise RebuildRunning(_message(descriptor, index)) from None
            time.sleep(min(_RETRY, max(0.0, until - time.monotonic())))
        else:
            return


def _message(descriptor: int, index: Path) -> str:
    holder = os.pread(descriptor, 256, 0).decode(errors="replace").split()
    who = f"process {holder[0]} on {holder[1]}" if len(holder) == 2 else "another process"
    return f"Another rebuild of {index} is running ({who}); wait for it or give more time with --wait SECONDS."
