"""The lexicon on disk: NumPy arrays, memory-mapped when read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from search.errors import IndexDamaged, IndexOutdated

#: Raised when the lexicon's files or what stands in them change.
VERSION: Final = 5
_VERSION: Final = "version"
_ARRAYS: Final = ("words", "fold_first", "df", "cf", "seen", "pair_codes", "pair_counts")


@dataclass(frozen=True, slots=True)
class Arrays:
    """`words` is UTF-8 text, one line `fold<TAB>key key ...` per folded form; the rest as in `write`."""

    words: NDArray[np.uint8]
    fold_first: NDArray[np.uint32]
    df: NDArray[np.uint32]
    cf: NDArray[np.uint32]
    seen: NDArray[np.uint32]
    pair_codes: NDArray[np.int64]
    pair_counts: NDArray[np.uint32]


def write(
    directory: Path,
    words: Sequence[tuple[str, str, int, int]],
    seen: NDArray[np.int64],
    codes: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Write the vocabulary (fold, key, df, cf; sorted), frequencies in the sample, and pairs of the sample."""
    lines: list[str] = []
    first: list[int] = []
    keys: list[str] = []
    previous = None
    for number, (folded, key, _, _) in enumerate(words):
        if folded != previous:
            if previous is not None:
                lines.append(f"{previous}\t{' '.join(keys)}")
            first.append(number)
            previous, keys = folded, []
        keys.append(key)
    if previous is not None:
        lines.append(f"{previous}\t{' '.join(keys)}")
    arrays: dict[str, NDArray[Any]] = {
        "words": np.frombuffer("\n".join(lines).encode(), np.uint8),
        "fold_first": np.array([*first, len(words)], np.uint32),
        "df": np.array([word[2] for word in words], np.uint32),
        "cf": np.array([min(word[3], 2**32 - 1) for word in words], np.uint32),
        "seen": seen.astype(np.uint32),
        "pair_codes": codes,
        "pair_counts": counts.astype(np.uint32),
    }
    (directory / _VERSION).write_text(str(VERSION), encoding="ascii")
    for name, array in arrays.items():
        np.save(directory / f"{name}.npy", array, allow_pickle=False)


def read(directory: Path) -> Arrays:
    """Map the arrays.  Raises IndexDamaged if one is missing or unreadable, IndexOutdated if they are of another
    version."""
    try:
        stamp = directory / _VERSION
        if not stamp.exists() or stamp.read_bytes() != str(VERSION).encode():
            raise IndexOutdated(f"The lexicon {directory} is of another version; rebuild the index.")
        return Arrays(**{name: np.load(directory / f"{name}.npy", mmap_mode="r") for name in _ARRAYS})
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(f"The lexicon {directory} can't be read ({error}); rebuild the index.") from error
