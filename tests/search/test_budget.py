"""How much work one search may take."""

import time

import pytest

from search.budget import budget, check
from search.errors import QueryTimeout


def work(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_work_beyond_the_budget_is_given_up_and_says_during_what() -> None:
    with budget(0.02), pytest.raises(QueryTimeout, match="finding a phrase"):
        check("finding a phrase")
        work(0.03)
        check("finding a phrase")


def test_waiting_is_not_work() -> None:
    with budget(0.05):
        time.sleep(0.1)
        check("scoring articles")
        with pytest.raises(QueryTimeout):
            work(0.06)
            check("scoring articles")


def test_a_budget_ends_with_its_block_and_there_is_none_without_one() -> None:
    with budget(0.0):
        pass
    work(0.001)
    check("reading the words")
