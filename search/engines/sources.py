"""What a builder makes articles of: the article itself, or what is cheaper to hand to another process."""

from dataclasses import dataclass
from typing import Protocol

from search.article import Article


class Source(Protocol):
    """What one article is made of, in whichever process has the time for it.

    `id` is the article's; `size` is about the letters of its title and body, by which memory is bounded.
    """

    @property
    def id(self) -> str:
        """The article's."""

    @property
    def size(self) -> int:
        """Letters, about."""

    def article(self) -> Article:
        """Return the article."""


@dataclass(frozen=True, slots=True)
class Given:
    """The source of an article that is there."""

    given: Article

    @property
    def id(self) -> str:
        """The article's."""
        return self.given.id

    @property
    def size(self) -> int:
        """Letters of title and body."""
        return len(self.given.title) + len(self.given.body)

    def article(self) -> Article:
        """Return the article."""
        return self.given
