"""Extraction in worker processes: a document that takes too much costs itself and no other."""

import pytest

from index.read.records import RawDocument
from index.workers.pool import Done, Task, Workers

SENTENCE = "Sở Ngoại vụ tỉnh Nghệ An vừa tổ chức hội nghị tổng kết công tác năm với sự tham dự của nhiều đại biểu."


def task(name: str, sentences: int) -> Task:
    text = "\n".join(f"{SENTENCE} Kỳ {number}." for number in range(sentences))
    return Task("extract", name.encode(), RawDocument(name, name, None, {"title": f"Bản tin {name}", "text": text}))


def answers(workers: Workers, heavy: int) -> dict[str, Done]:
    tasks = [task("before", 3), task("heavy", heavy), *(task(f"after{number}", 3) for number in range(5))]
    with workers:
        return {done.key.decode(): done for done in workers.run(tasks)}


@pytest.mark.parametrize(
    ("workers", "heavy", "reason"),
    [
        (Workers(1, 3.0, 1024), 150_000, "extraction took longer than 3 s (--time-limit)"),
        (Workers(1, 300.0, 64), 40_000, "extraction needs more than 64 MB of memory (--memory-limit)"),
    ],
    ids=["time", "memory"],
)
def test_a_document_over_a_limit_is_named_with_the_limit_and_the_others_are_extracted(
    workers: Workers, heavy: int, reason: str
) -> None:
    found = answers(workers, heavy)
    assert found.pop("heavy").reason == reason
    assert len(found) == 6
    assert not [done.reason for done in found.values() if done.reason]
