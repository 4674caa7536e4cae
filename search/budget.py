"""How much work one search may take: every step of it is bounded, and between the steps somebody looks at the clock.

A server sets the budget around a request; without one there is no limit.  What counts is the time that the thread
itself was working: a busy machine makes a search late, not dear.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal

from search.errors import QueryTimeout

Step = Literal["reading the words", "finding articles", "scoring articles", "finding a phrase", "showing the results"]

_VIETNAMESE: Final[dict[Step, str]] = {
    "reading the words": "đọc các từ",
    "finding articles": "tìm bài",
    "scoring articles": "tính điểm",
    "finding a phrase": "tìm cụm từ",
    "showing the results": "hiển thị kết quả",
}
class _Budget:
    """The seconds given to a thread, when it will have worked for so long, and until when it can't have done so yet."""

    __slots__ = ("end", "given", "safe_until")

    def __init__(self, seconds: float) -> None:
        self.given, self.end = seconds, time.thread_time() + seconds
        self.safe_until = time.perf_counter() + seconds

    def is_spent(self) -> bool:
        """Say whether the work is done.  No thread works faster than the clock goes, so the dear look is a rare one."""
        now = time.perf_counter()
        if now < self.safe_until:
            return False
        left = self.end - time.thread_time()
        self.safe_until = now + left
        return left <= 0


_BUDGET: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Let the block work for `seconds` of this thread's time; `check` raises when they are spent."""
    given = _BUDGET.set(_Budget(seconds))
    try:
        yield
    finally:
        _BUDGET.reset(given)


def check(step: Step) -> None:
    """Raise QueryTimeout if the budget is spent; `step` is what is being done.  To be called before bounded steps."""
    given = _BUDGET.get()
    if given and given.is_spent():
        raise spent(step)


def left() -> float:
    """Return the seconds of work that are left, for others who do it; infinite without a budget."""
    given = _BUDGET.get()
    return max(given.end - time.thread_time(), 0.0) if given else math.inf


def spent(step: Step) -> QueryTimeout:
    """Return the error that says that the budget is spent, or that others took too long."""
    given = _BUDGET.get()
    long = f"more than {given.given:g} s" if given else "too much"
    vi_long = f"hơn {given.given:g} giây" if given else "quá lâu"
    return QueryTimeout(
        f"This search took {long} of work, {step}; "
        "ask for fewer words, shorter phrases or fewer results at once.",
        f"Lần tìm này mất {vi_long} khi {_VIETNAMESE[step]}; "
        "hãy dùng ít từ hơn, cụm từ ngắn hơn hoặc ít kết quả hơn mỗi trang.",
    )
