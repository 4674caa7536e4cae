"""Try small faults in the rules of each room and tell how many the room's tests catch.

    python -m tests.mutants [--rooms dates,places] [--count 40] [--seed 1] [--processes 1]

A sample of the mutants of a room is put, one by one, into a copy of the project, and the tests of the room are run
there without the development data.  Printed are the share that is caught and the mutants that live on.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from tests.folders import ROOT
from tests.mutants.mutations import Mutant, mutants

#: What of the project a copy needs.
_PARTS: Final = ("search", "index", "web", "tests", "pyproject.toml", "README.md")
#: Tests that take longer than so many times what they take unharmed hang: that is caught, too.
_PATIENCE: Final = 5
_LEAST_SECONDS: Final = 60


@dataclass(frozen=True)
class Room:
    """The sources whose mutants are tried, and the tests that should catch them."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]


#: Questions to made archives, which pass through every room of a search.
_ASKED: Final = tuple(
    f"tests/search/archive/test_{name}.py" for name in ("intent", "one_thing", "phrases", "finding", "understanding")
)

ROOMS: Final = {
    "text": Room(("search/text",), ("tests/search/text",)),
    "query": Room(("search/query",), ("tests/search/query", "tests/search/archive/test_finding.py")),
    "reading": Room(("search/reading",), ("tests/search/reading", "tests/search/archive/test_understanding.py",
                                          "tests/search/test_lexicon.py", "tests/search/test_corrections.py")),
    "planning": Room(("search/planning",), ("tests/search/planning",
                                            "tests/search/test_named_provinces.py", "tests/search/test_compounds.py",
                                            *_ASKED)),
    "dates": Room(("index/dates",), ("tests/index/test_date_limits.py", "tests/index/test_given.py",
                                    "tests/index/test_dates.py")),
    "places": Room(("index/places", "search/places"), ("tests/index/test_places.py", "tests/index/test_place_limits.py",
                                                       "tests/index/test_countries.py", "tests/search/test_places.py",
                                                       "tests/index/test_given.py")),
    "fields": Room(("index/fields",), ("tests/index/test_fields.py", "tests/index/test_field_limits.py",
                                      "tests/index/test_bylines.py", "tests/index/test_lone_pages.py")),
    "kinds": Room(("index/body/kind.py", "index/body/chrome.py", "index/page/roles.py"),
                  ("tests/index/test_kind_limits.py", "tests/index/test_kinds.py", "tests/index/test_extract.py")),
}  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """A mutant of a file, and whether the tests noticed."""

    file: str
    mutant: Mutant
    caught: bool


def main() -> None:
    """Try the mutants of the rooms that were asked for, and print what lives on."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--rooms", default=",".join(ROOMS), help="names with commas between (default: all)")
    parser.add_argument("--count", type=int, default=40, help="mutants a room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    unknown = set(options.rooms.split(",")) - ROOMS.keys()
    if unknown:
        parser.error(f"no room is called {', '.join(sorted(unknown))}; there are {', '.join(ROOMS)}")
    for name in options.rooms.split(","):
        trials = try_room(ROOMS[name], options.count, options.seed, options.processes)
        caught = sum(trial.caught for trial in trials)
        print(f"{name:10} {caught} of {len(trials)} caught ({caught / max(1, len(trials)):.0%})", flush=True)
        for trial in trials:
            if not trial.caught:
                print(f"    {trial.file}:{trial.mutant.line}  {trial.mutant.change}", flush=True)


def try_room(room: Room, count: int, seed: int, processes: int) -> list[Trial]:
    """Return the trials of a sample of a room's mutants.  Raises SystemExit if its tests fail unharmed."""
    everything = [(file, mutant) for file in sources(room) for mutant in mutants(file.read_text(encoding="utf-8"))]
    sample = random.Random(seed).sample(everything, min(count, len(everything)))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(processes):
            copies.put(copy_project(Path(folder) / str(number)))
        first = copies.get()
        start = time.monotonic()
        if not passes(first, room.tests, 600):
            raise SystemExit(f"the tests {' '.join(room.tests)} fail without any mutant")
        patience = max(_LEAST_SECONDS, _PATIENCE * (time.monotonic() - start))
        copies.put(first)
        with ThreadPoolExecutor(processes) as pool:
            return list(pool.map(_try, sample, repeat(room), repeat(copies), repeat(patience)))


def sources(room: Room) -> list[Path]:
    """Return the modules of a room."""
    paths = [ROOT / source for source in room.sources]
    return sorted(file for path in paths for file in ([path] if path.is_file() else path.glob("*.py")))


def copy_project(folder: Path) -> Path:
    """Copy what the tests need into a folder, without the development data beside it."""
    folder.mkdir(parents=True)
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(source, folder / part)
    return folder


def _try(chosen: tuple[Path, Mutant], room: Room, copies: "SimpleQueue[Path]", patience: float) -> Trial:
    file, mutant = chosen
    copy = copies.get()
    place = copy / file.relative_to(ROOT)
    sound = place.read_text(encoding="utf-8")
    try:
        place.write_text(mutant.source, encoding="utf-8")
        return Trial(str(file.relative_to(ROOT)), mutant, not passes(copy, room.tests, patience))
    finally:
        place.write_text(sound, encoding="utf-8")
        copies.put(copy)


def passes(folder: Path, tests: Sequence[str], patience: float) -> bool:
    """Say whether the tests pass in a copy of the project; what takes too long does not."""
    line = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-m", "not shared and not slow", "-p", "no:cacheprovider",
            "--hypothesis-seed=1", *(test for test in tests if (folder / test).exists())]
    process = subprocess.Popen(line, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        return process.wait(patience) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    main()
