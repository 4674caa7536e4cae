"""The values that pass between the stages of a rebuild."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document before extraction: bytes of a file, or a record of a file with several.

    `path` is what a report names: the file's path, with `#n` for record n (from 1) of a file with several, or `#name`
    for a file in an archive.  `data` is set (the bytes of a page, a text, a PDF, ...), or `record` has `text`, `html`
    or `lead`; its other fields (`index.read.fields.FIELDS`) may come with either.  `relative` is the path below the
    folder that was given, the base of the article's id.
    """

    path: str
    relative: str
    data: bytes | None = None
    record: Mapping[str, object] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """About how long it is: bytes of a page, characters of a record."""
        return len(self.data or b"") + sum(len(value) for value in self.record.values() if isinstance(value, str))


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that gave no article: which, and why, in words for its owner; `number` as of `Document`."""

    path: str
    reason: str
    number: int = -1


@dataclass(frozen=True, slots=True)
class Note:
    """What is worth telling of a file that was read: field names that were not the usual ones, parts left out."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A document as a reader gives it: `place` within its file (`""`: the whole file, `#3`, `#tin/a.html`), and either
    `data`, a `record`, or the `reason` why it is none.
    """

    place: str
    data: bytes | None = None
    record: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


class Broken(Exception):
    """The rest of a file can't be read; the text is the reason."""


class NoArticle(Broken):
    """A file was looked into, and there is no article in it; the text is the reason."""


def too_big(size: int, limit: int) -> str:
    """Return the reason for a page or a record over the limit, both in bytes."""
    return f"{size / 1e6:.1f} MB is over the limit of {limit / 1e6:g} MB (--max-file-size)"


@dataclass(frozen=True, slots=True)
class Unreadable(Rejected):
    """A file or folder that can't be read, or not to its end: what is known of the rest of it still holds.

    `again`: the reason may pass (rights, a disk), so it is worth another try although nothing of the file changes.
    `place` is where it was found, if that is all that is known of it.
    """

    again: bool = False
    place: str = ""
