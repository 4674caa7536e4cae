"""What extraction takes of a processor: pages, and records that come with title and text, a second and core.

python -m tests.bench.extraction [FOLDER] [--records 3000] [--passes 5]

Reads all files of FOLDER (by default the saved pages of the development data), and mixed records as those of
`tests.bench.large`.  Each is extracted as a worker of `dau rebuild` does it, signature and packing included, in this
process; nothing is known of its site.  Prints the slowest, the median and the fastest pass, after one that warms up.
"""

import argparse
import statistics
import tarfile
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from index.clusters.near_duplicates import signature
from index.extract.extracting import extract
from index.page.sites import SiteMemory
from index.read.documents import Document, read_documents
from index.read.files import Finder, InputFile
from index.read.records import RawDocument, Rejected
from index.state.packing import pack
from tests.bench.large_rebuild import write_archive
from tests.folders import SHARED

#: As `dau rebuild --max-file-size` has it.
_BYTES = 20_000_000


def documents(folder: Path) -> list[RawDocument]:
    """Return all documents below a folder."""
    files = [file for file in Finder([folder]).files() if isinstance(file, InputFile)]
    return [item.raw for file in files for item in read_documents(file, _BYTES) if isinstance(item, Document)]


def rates(raws: Sequence[RawDocument], passes: int) -> list[float]:
    """Return documents a second of processor time of each pass, ascending."""
    found = []
    for _ in range(passes + 1):
        started = time.process_time()
        for raw in raws:
            article = extract(raw, SiteMemory())
            if not isinstance(article, Rejected):
                pack(article)
                signature(article)
        found.append(len(raws) / (time.process_time() - started))
    return sorted(found[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--passes", type=int, default=5)
    options = parser.parse_args()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dau-extraction-")))
        if options.folder is None:
            for archive in SHARED.glob("html*/pages.tar.xz"):
                with tarfile.open(archive) as packed:
                    packed.extractall(work / "pages" / archive.parent.name, filter="data")
        write_archive(work / "records", options.records)
        kinds = {"pages": documents(options.folder or work / "pages"), "records": documents(work / "records")}
    for kind, raws in kinds.items():
        found = rates(raws, options.passes)
        told = (found[0], statistics.median(found), found[-1])
        print(f"{len(raws):6} {kind:8}" + "".join(f"{rate:8.0f}" for rate in told) + " a second and core")


if __name__ == "__main__":
    main()
