"""What a build needs of memory is set by a setting, not by the archive."""

import os
import subprocess
import sys

import pytest

from tests.folders import ROOT

#: Builds an index of generated articles in a process of its own and prints its greatest resident size in MB.
BUILD = """
import random, sys, tempfile
from pathlib import Path
from search.article import Article
from search.archive.building import ArchiveBuilder

def articles(count):
    rng = random.Random(7)
    words = [onset + rhyme for onset in "bcdghklmnprstvx" for rhyme in ("a", "ông", "ươi", "ết", "iên", "ăng", "uy")]
    for number in range(count):
        words.append(f"tên{number}")  # so that there are rare words too, more and more of them
        yield Article(f"a{number}", f"a{number}", f"Tin {number}", " ".join(rng.choices(words[-400:], k=300)))

with tempfile.TemporaryDirectory() as folder, ArchiveBuilder(Path(folder) / "archive", memory_mb=64) as builder:
    builder.add(articles(int(sys.argv[1])))
    builder.finish()
status = Path("/proc/self/status").read_text(encoding="ascii")
print(next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")))
"""


def peak_mb(count: int) -> float:
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # its buffers grow with the cores of the machine
    done = subprocess.run([sys.executable, "-c", BUILD, str(count)], cwd=ROOT, env=one_thread, capture_output=True,
                          text=True, check=True)  # fmt: skip
    return float(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_four_times_the_articles_do_not_need_more_memory() -> None:
    small, large = peak_mb(3_000), peak_mb(12_000)
    assert large < small + 40  # 2.7 million tokens more: mapped, or kept, they would be 60 MB or more
    assert large < 200
