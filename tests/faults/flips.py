"""Flip single bits of a published generation: every one must be found."""

import random
import shutil
from pathlib import Path
from unittest import mock

from index.publish.checking import check_all
from search.archive import manifest as manifests
from tests.faults.harness import Bench


def flip_bits(folder: Path, count: int, seed: int = 3) -> tuple[int, list[str]]:
    """Flip `count` random bits, one at a time, over all bytes of the index that answers come from.

    Return how many were found by `dau check`, and the places of those that were not.  No file counts as small, whose
    hash is compared whenever it is opened: the check itself must find them.
    """
    with mock.patch.object(manifests, "SMALL_FILE", -1):
        return _flip_bits(folder, count, seed)


def _flip_bits(folder: Path, count: int, seed: int) -> tuple[int, list[str]]:
    bench = Bench(folder)
    index = bench.fresh()
    files = [path for path in index.rglob("*") if path.is_file() and _served(path.relative_to(index))]
    sizes = [max(1, path.stat().st_size) for path in files]
    random_ = random.Random(seed)
    missed = []
    for number in range(count):
        # Half of the flips by size, half by file, so that small files get their share.
        path = random_.choices(files, sizes)[0] if number % 2 else random_.choice(files)
        whole = path.read_bytes()
        bit = random_.randrange(8 * len(whole))
        altered = bytearray(whole)
        altered[bit // 8] ^= 1 << bit % 8
        path.write_bytes(altered)
        if check_all(index).sound:
            missed.append(f"{path.relative_to(index)} bit {bit}")
        path.write_bytes(whole)
    assert check_all(index).sound
    shutil.rmtree(folder / "trial")
    return count - len(missed), missed


def _served(path: Path) -> bool:
    return path.parts[0] in ("CURRENT", "generations")
