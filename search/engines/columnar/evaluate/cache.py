"""A least-recently-used cache of decoded lists with a budget in bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Protocol, TypeVar, cast


class Sized(Protocol):
    """Anything that knows its size in bytes."""

    @property
    def nbytes(self) -> int:
        """Bytes held."""


Value = TypeVar("Value", bound=Sized)
#: The part of the budget in which what is dear stays, whatever else is asked for.
_DEAR: Final = 1 / 3


class ByteCache:
    """Keeps the most recently used values, of whatever kinds, while their `nbytes` sum to at most `budget`.

    What is dear to make, as the documents of a phrase, is forgotten after what is not: a list that lies decoded on disk
    is read again in no time, and in a large archive many of them would drive everything else out.
    Safe between threads; two threads may compute the same value at once, which costs time and nothing else.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._cheap: OrderedDict[Hashable, Sized] = OrderedDict()
        self._dear: OrderedDict[Hashable, Sized] = OrderedDict()
        self._used = {False: 0, True: 0}
        self._lock = Lock()

    @property
    def used(self) -> int:
        """Bytes held."""
        return sum(self._used.values())

    def get(self, key: Hashable, make: Callable[[], Value], dear: bool = False) -> Value:
        """Return the value of `key`, made by `make` if it is not there.  A look-up costs under a microsecond."""
        values = self._dear if dear else self._cheap
        with self._lock:
            held = values.get(key)
            if held is not None:
                values.move_to_end(key)
                return cast("Value", held)
        value = make()
        with self._lock:
            if key not in values and value.nbytes <= self.budget:
                values[key] = value
                self._used[dear] += value.nbytes
                self._shrink()
        return value

    def _shrink(self) -> None:
        while self.used > self.budget:
            dear = not self._cheap or self._used[True] > self.budget * _DEAR
            values = self._dear if dear else self._cheap
            self._used[dear] -= values.popitem(last=False)[1].nbytes

    def bound(self, budget: int) -> None:
        """Set the budget, and forget what is over it."""
        with self._lock:
            self.budget = budget
            self._shrink()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._cheap.clear()
            self._dear.clear()
            self._used = {False: 0, True: 0}
