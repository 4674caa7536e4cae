"""The row of page numbers under a list of results."""

from dataclasses import dataclass

from search.results.answer import DEEPEST


@dataclass(frozen=True, slots=True)
class Pages:
    """`numbers` are the pages to link to, 0 stands for a gap; `cut` is the place behind which pages end, if they do."""

    current: int
    last: int
    numbers: tuple[int, ...]
    cut: int = 0


def pages(current: int, size: int, total: int) -> Pages:
    """Return the first, the last and the pages around the current one."""
    whole, deepest = max(1, -(-total // size)), max(DEEPEST // size, 1)
    last = min(whole, deepest)
    near = {1, last, *range(max(1, current - 2), min(last, current + 2) + 1)} if current <= last else {1, last}
    numbers: list[int] = []
    for number in sorted(near):
        if numbers and number - numbers[-1] == 2:
            numbers.append(number - 1)
        elif numbers and number - numbers[-1] > 2:
            numbers.append(0)
        numbers.append(number)
    return Pages(current, last, tuple(numbers), DEEPEST if whole > deepest else 0)
