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
_END: ContextVar[float] = ContextVar("end", default=math.inf)
_GIVEN: ContextVar[float] = ContextVar("given", default=math.inf)


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Let the block work for `seconds` of this thread's time; `check` raises when they are spent."""
    end, given = _END.set(time.thread_time() + seconds), _GIVEN.set(seconds)
    try:
        yield
    finally:
        _END.reset(end)
        _GIVEN.reset(given)


def check(step: Step) -> None:
    """Raise QueryTimeout if the budget is spent; `step` is what is being done.  To be called before bounded steps."""
    end = _END.get()
    if end < math.inf and time.thread_time() > end:
        seconds = _GIVEN.get()
        raise QueryTimeout(
            f"This search took more than {seconds:g} s of work, {step}; "
            "ask for fewer words, shorter phrases or fewer results at once.",
            f"Lần tìm này mất hơn {seconds:g} giây khi {_VIETNAMESE[step]}; "
            "hãy dùng ít từ hơn, cụm từ ngắn hơn hoặc ít kết quả hơn mỗi trang.",
        )
