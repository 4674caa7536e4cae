"""Memory of this process."""

import ctypes
from typing import Final

_C_LIBRARY: Final = ctypes.CDLL(None)
#: The number of this option of mallopt(3).
_ARENA_MAX: Final = -8


def one_pool() -> None:
    """Let all threads take memory from one pool: the C library gives each its own, and none gives anything back."""
    if hasattr(_C_LIBRARY, "mallopt"):
        _C_LIBRARY.mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Return memory to the system that is free, but kept by the C library for later; takes some milliseconds.

    That is up to 100 MB after a few searches in a million articles, and after a look for near-duplicates.
    """
    if hasattr(_C_LIBRARY, "malloc_trim"):
        _C_LIBRARY.malloc_trim(0)
