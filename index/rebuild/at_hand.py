"""Documents that this run has read and still has, so that a file of which little has changed is read once.

One changed record among 25,000: reading half of the file again took as long as all of the extraction beside it.
"""

from collections import defaultdict
from typing import Final

from index.read.documents import Document

#: So many bytes of documents are kept; those of a large archive are read again when they are extracted.
_BYTES: Final = 1 << 24


class AtHand:
    """New and changed documents of files, in the order of their numbers, until they are too many."""

    def __init__(self) -> None:
        self._files = defaultdict[int, list[Document]](list)
        self._size = 0

    def forget(self, file: int) -> None:
        """Forget what was read of a file: it is read anew."""
        self._files.pop(file, None)

    def keep(self, file: int, document: Document) -> None:
        """Keep a document, if there is room."""
        self._size += document.raw.size
        if self._size <= _BYTES:
            self._files[file].append(document)

    def take(self, file: int) -> list[Document]:
        """Give away what is kept of a file; whether that is all that was new, the caller has to know."""
        return self._files.pop(file, [])
