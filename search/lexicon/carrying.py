"""Carry a lexicon over to an archive that differs in a few articles.

The vocabulary with its frequencies is read anew from the engine and is exact; counts of neighbours, which come
from a sample anyway, are the old ones.  The caller bounds how many articles may differ.
"""

from pathlib import Path

import numpy as np

from search.engines.base import Reader
from search.lexicon import files
from search.lexicon.building import vocabulary


def carry(base: Path, directory: Path, reader: Reader) -> None:
    """Write to the new `directory` the lexicon of `base`, with the vocabulary of `reader`.  Raises IndexDamaged."""
    directory.mkdir(parents=True, exist_ok=True)
    old = files.read(base)
    words = vocabulary(reader)
    place = {key: at for at, (_, key, _, _) in enumerate(words)}
    lines = old.words.tobytes().decode().split("\n") if len(old.words) else []
    keys = [key for line in lines for key in line.partition("\t")[2].split(" ")]
    moved = np.array([place.get(key, -1) for key in keys] or [-1], np.int64)
    kept = np.flatnonzero(moved[: len(keys)] >= 0)
    seen = np.zeros(len(words), np.int64)
    seen[moved[kept]] = old.seen[kept]
    left, right = (moved[part] for part in np.divmod(old.pair_codes, max(len(keys), 1)))
    both = (left >= 0) & (right >= 0)
    codes = left[both] * len(words) + right[both]
    order = np.argsort(codes)
    files.write(directory, words, seen, codes[order], np.asarray(old.pair_counts, np.int64)[both][order])
