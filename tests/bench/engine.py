"""What the benchmark asks of an engine."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.corpus import Question, Sample


@dataclass
class Reply:
    """Total, ten titles, counts per month and per province; each facet without its own filter."""

    total: int
    titles: list[str]
    months: dict[int, int] = field(default_factory=dict)
    provinces: dict[str, int] = field(default_factory=dict)


class BenchEngine(ABC):
    """One engine under measurement."""

    name: str

    @abstractmethod
    def build(self, samples: Sequence[Sample], directory: Path) -> None:
        """Build an index of the samples in an empty directory."""

    @abstractmethod
    def open(self, directory: Path) -> None:
        """Open the index for searching."""

    @abstractmethod
    def answer(self, question: Question) -> Reply:
        """Search, count both facets, and fetch ten titles."""

    @abstractmethod
    def index_bytes(self, directory: Path) -> int:
        """Return the size of the index without stored text."""

