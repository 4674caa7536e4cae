"""Memory and time of `dau rebuild` as a whole, over all its processes, on archives of several sizes.

python -m tests.bench.rebuild [--sizes 20000,80000] [options of dau rebuild]

Writes the news articles as JSON lines, rebuilds from nothing in a process of its own, and prints per size: seconds,
articles/s, and the greatest sum over the processes of the memory that is theirs (PSS: shared pages by their share;
anonymous: without mapped files).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path

from tests.bench import corpus
from tests.folders import ROOT, SHARED

#: Seconds between two looks at the memory: at .1 they took an eighth of a processor.
_EVERY = 0.5


def write_articles(file: Path, count: int) -> None:
    """Write an archive of one file of records."""
    with file.open("w", encoding="utf-8") as lines:
        for sample in corpus.articles(SHARED, count):
            article = sample.article
            record = {"id": article.id, "title": article.title, "text": article.body, "url": article.url,
                      "date": article.date.value}  # fmt: skip
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def memory_of(pid: int) -> tuple[float, float]:
    """Return (PSS, anonymous) of a process and its children in MB; what has just ended counts nothing."""
    total = [0.0, 0.0]
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        children = [path.read_text(encoding="ascii").split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return 0.0, 0.0
    for line in rollup.splitlines()[1:]:
        name, value, *_ = line.replace(":", "").split()
        if name in ("Pss", "Anonymous"):
            total[name == "Anonymous"] += int(value) / 1024
    for child in chain.from_iterable(children):
        pss, anonymous = memory_of(int(child))
        total = [total[0] + pss, total[1] + anonymous]
    return total[0], total[1]


def rebuild(archive: Path, index: Path, options: list[str]) -> tuple[float, float, float]:
    """Rebuild and return (seconds, greatest PSS, greatest anonymous memory)."""
    line = [str(Path(sys.executable).with_name("dau")), "rebuild", str(archive), "--index", str(index), *options]
    started = time.perf_counter()
    peak = [0.0, 0.0]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = [max(pair) for pair in zip(peak, memory_of(process.pid), strict=True)]
            time.sleep(_EVERY)
    if process.returncode:
        raise SystemExit(f"{' '.join(line)} ended with {process.returncode}")
    return time.perf_counter() - started, peak[0], peak[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="20000,80000")
    parser.add_argument("--folder", type=Path)
    options, more = parser.parse_known_args()
    print(f"{'articles':>10}{'seconds':>10}{'articles/s':>12}{'PSS MB':>9}{'anonymous MB':>14}")
    for count in map(int, options.sizes.split(",")):
        folder = Path(tempfile.mkdtemp(prefix="dau-rebuild-", dir=options.folder))
        try:
            (folder / "archive").mkdir()
            write_articles(folder / "archive" / "news.jsonl", count)
            seconds, pss, anonymous = rebuild(folder / "archive", folder / "index", more)
        finally:
            shutil.rmtree(folder)
        print(f"{count:>10,}{seconds:>10.0f}{count / seconds:>12.0f}{pss:>9.0f}{anonymous:>14.0f}", flush=True)


if __name__ == "__main__":
    main()
