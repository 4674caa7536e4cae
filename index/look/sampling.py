"""Read and extract a sample of a folder's files, and sum up what was found.

Files are chosen evenly among those of each ending, documents from the beginning of each file; extraction is that of a
rebuild, in the same workers, but without what a site's other pages would teach.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from index.read.documents import Document, read_documents
from index.read.extras import lacking_extra
from index.read.fields import FieldNames, NamesSeen
from index.read.files import Finder, InputFile
from index.read.kinds import ending
from index.read.records import Rejected
from index.state.packing import unpack
from index.workers.pool import Task, Workers
from search.article import Article

#: Files of one ending that are opened, documents that are taken of one, articles that are extracted in all.
_FILES: Final = 12
_DOCUMENTS: Final = 6
_ARTICLES: Final = 60
#: Seconds after which a walk through a huge folder is cut short.
_WALK: Final = 4.0
_SECONDS, _MEGABYTES = 20.0, 1024


@dataclass(slots=True)
class Look:
    """What a look found.  `files` and `ignored` count by ending; `cut` says that the walk was cut short."""

    files: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    cut: bool = False
    opened: int = 0
    names: NamesSeen = field(default_factory=NamesSeen)
    articles: list[Article] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def lacking(self) -> dict[str, int]:
        """Return how many of the sample's articles lack what a search offers: date, author, province, title."""
        return {
            "date": sum(not found.date.value for found in self.articles),
            "author": sum(not found.author for found in self.articles),
            "province": sum(not found.province for found in self.articles),
            "source": sum(not found.source for found in self.articles),
        }

    def needs_extra(self) -> dict[str, int]:
        """Return ending -> number of files that only the extra reads."""
        return {kind: count for kind, count in self.ignored.items() if lacking_extra(kind)}


def look_at(roots: Sequence[Path], names: FieldNames, max_bytes: int, jobs: int = 1) -> Look:
    """Look at files and folders; takes a few seconds whatever their size.  Raises WorkersBroken."""
    look = Look()
    documents = _documents(look, _chosen(look, roots), names, max_bytes)
    with Workers(jobs, _SECONDS, _MEGABYTES) as workers:
        tasks = (Task("extract", str(number).encode(), document.raw) for number, document in enumerate(documents))
        paths: dict[bytes, str] = {}
        for done in workers.run(_noted(islice(tasks, _ARTICLES), paths)):
            if done.reason:
                look.rejected.append(Rejected(paths[done.key], done.reason))
            else:
                look.articles.append(unpack(done.payload))
    return look


def _noted(tasks: Iterator[Task], paths: dict[bytes, str]) -> Iterator[Task]:
    for task in tasks:
        paths[task.key] = task.raw.path
        yield task


def _chosen(look: Look, roots: Sequence[Path]) -> list[InputFile]:
    """Walk, and return files of every ending, one of each in turn."""
    finder = Finder(roots)
    kinds: dict[str, list[InputFile]] = defaultdict(list)
    end = time.monotonic() + _WALK
    for file in finder.files():
        if isinstance(file, Rejected):
            look.rejected.append(file)
            continue
        kind = ending(file.relative)
        look.files[kind if kind else "no ending"] += 1
        kinds[kind].append(file)
        if time.monotonic() > end:
            look.cut = True
            break
    look.ignored = finder.ignored
    samples = [_evenly(found) for found in kinds.values()]
    return [sample[turn] for turn in range(_FILES) for sample in samples if turn < len(sample)]


def _evenly(files: list[InputFile]) -> list[InputFile]:
    return [files[number * len(files) // _FILES] for number in range(_FILES)] if len(files) > _FILES else files


def _documents(look: Look, files: list[InputFile], names: FieldNames, max_bytes: int) -> Iterator[Document]:
    for file in files:
        look.opened += 1
        for item in islice(read_documents(file, max_bytes, names, look.names), _DOCUMENTS):
            if isinstance(item, Document):
                yield item
            elif isinstance(item, Rejected):
                look.rejected.append(item)


