"""`dau rebuild` of a million articles: the whole run from JSON Lines, one without changes, one with a changed record.

python -m tests.bench.large_rebuild [--size 1000000] [--keep FOLDER] [options of dau rebuild]       (make bench-large)

The articles are those of `tests.bench.large`, in files of 25,000 records.  Memory is the greatest sum over processes
(PSS).  Figures are added to `build/bench-large.json`: `rebuild_per_s`, `rebuild_peak_mb`, `unchanged_s` and
`one_changed_s`, until the changed article is found by a search.  With `--keep`, `tests.bench.large` asks the index that
is left there.
"""

import argparse
import contextlib
import json
import tempfile
import time
from itertools import islice
from pathlib import Path

from search.archive.generations import open_current
from search.results.answer import Request
from tests.bench.large import Mixed, keep
from tests.bench.ours import Product
from tests.bench.rebuild import rebuild

#: Records of one file.
PER_FILE = 25_000
#: No article has this word.
MARK = "xoắnkhuyếtlạ"


def write_archive(folder: Path, count: int) -> None:
    """Write the archive; one that is there stays."""
    if folder.exists():
        return
    folder.mkdir(parents=True)
    articles = iter(Mixed(count))
    for number in range(-(-count // PER_FILE)):
        with (folder / f"news{number:04}.jsonl").open("w", encoding="utf-8") as file:
            for sample in islice(articles, PER_FILE):
                article = sample.article
                record = {"id": article.id, "title": article.title, "text": article.body, "url": article.url,
                          "date": article.date.value}  # fmt: skip
                file.write(json.dumps(record, ensure_ascii=False) + "\n")


def change_one(folder: Path) -> None:
    """Change a record in the middle of a file in the middle."""
    files = sorted(folder.glob("*.jsonl"))
    path = files[len(files) // 2]
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")  # texts have other ends of lines in them
    record = json.loads(lines[len(lines) // 2])
    record["text"] += f"\n\nThêm một câu có từ {MARK}."
    lines[len(lines) // 2] = json.dumps(record, ensure_ascii=False)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def found(index: Path) -> int:
    """Return how many articles have the mark."""
    with contextlib.closing(open_current(index)) as archive:
        return archive.search(Request(q=MARK, strict=True)).total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    options, more = parser.parse_known_args()
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dau-large-")))
        archive, index = folder / f"archive-{options.size}", folder / f"product-{options.size}"
        write_archive(archive, options.size)
        seconds, peak, _ = rebuild(archive, index, [*more, "--full"])
        built = {"articles": options.size, "rate": options.size / seconds, "peak_mb": peak,
                 "bytes": Product().index_bytes(index)}  # fmt: skip
        index.with_suffix(".json").write_text(json.dumps(built))
        unchanged, _, _ = rebuild(archive, index, more)
        change_one(archive)
        started = time.perf_counter()
        rebuild(archive, index, more)
        assert found(index) == 1
        changed = time.perf_counter() - started
    keep({"rebuild_per_s": options.size / seconds, "rebuild_peak_mb": peak, "unchanged_s": unchanged,
          "one_changed_s": changed})  # fmt: skip


if __name__ == "__main__":
    main()
