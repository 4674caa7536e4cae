"""Two versions of the product, or two engines, on the same queries, in turn, in time of the processor.

python -m tests.bench.paired INDEX CHECKOUT INDEX [--engines product,tantivy] [--passes 3] [--every 1]

The first INDEX is asked by this checkout, the second by CHECKOUT, which has an environment `.venv` of its own; both
were written by `tests.bench.measure build` there, or are the `archive` of a generation.  Each query is asked of one and
at once of the other, so that what else the machine does burdens both alike: the ratio counts, even where milliseconds
don't.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from tests.folders import ROOT

#: Runs in the other checkout as well, so it imports nothing that an older version may not have.
_SERVER = """
import sys, time
from pathlib import Path
sys.path.insert(0, ".")
from tests.bench import corpus
from tests.bench.measure import engine_named
from tests.folders import SHARED
engine, questions = engine_named(sys.argv[1]), corpus.questions(SHARED)
engine.open(Path(sys.argv[2]))
print(" ".join(question.kind for question in questions), flush=True)
for line in sys.stdin:
    begun = time.process_time()
    engine.answer(questions[int(line)])
    print((time.process_time() - begun) * 1000, flush=True)
"""


class Asked:
    """A process that answers queries by their number with the milliseconds they took."""

    def __init__(self, engine: str, checkout: Path, index: Path) -> None:
        line = [checkout / ".venv" / "bin" / "python", "-c", _SERVER, engine, index.resolve()]
        self._process = subprocess.Popen(
            list(map(str, line)), cwd=checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.kinds = self._read().split()

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("One of the two versions ended; see its error above.")
        return line

    def ask(self, number: int) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        return float(self._read())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def compared(ours: Asked, theirs: Asked, passes: int, every: int) -> np.ndarray:
    """Return milliseconds [version, pass, query]; the first pass is the cold one."""
    numbers = range(0, len(ours.kinds), every)
    times = np.zeros((2, passes + 1, len(numbers)))
    for turn in range(passes + 1):
        for place, number in enumerate(numbers):
            for version in (0, 1) if (turn + place) % 2 else (1, 0):
                times[version, turn, place] = (ours, theirs)[version].ask(number)
    return times


def report(times: np.ndarray, kinds: list[str]) -> None:
    warm, cold = times[:, 1:].min(axis=1), times[:, 0]
    for name, values in (("fastest of the passes", warm), ("first pass", cold)):
        for label, share in (("p50", 50), ("p95", 95), ("slowest", 100)):
            here, there = np.percentile(values, share, axis=1)
            print(f"{name:22} {label:8}{here:9.2f} {there:9.2f} ms {here / there:7.2f} times")
    here, there = warm.sum(axis=1)
    print(f"{'all queries together':31}{here:9.0f} {there:9.0f} ms {here / there:7.2f} times")
    for kind in dict.fromkeys(kinds):
        here, there = np.median(warm[:, [each == kind for each in kinds]], axis=1)
        print(f"   {kind:28}{here:9.2f} {there:9.2f} ms {here / there:7.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--engines", default="product,product", help="that of this checkout, that of the other")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--every", type=int, default=1, help="ask every so manieth query only")
    options = parser.parse_args()
    here, there = options.engines.split(",")
    ours, theirs = Asked(here, ROOT, options.index), Asked(there, options.checkout, options.other)
    started = time.perf_counter()
    report(compared(ours, theirs, options.passes, options.every), ours.kinds[:: options.every])
    ours.close()
    theirs.close()
    print(f"in {time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
