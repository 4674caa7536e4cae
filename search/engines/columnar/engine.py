"""The engine's entry points, as `search.engines.port` calls them."""

from pathlib import Path

from search.engines.columnar.build.builder import BuildOptions, ColumnarBuilder
from search.engines.columnar.evaluate.reader import ColumnarReader
from search.engines.columnar.format.meta import SCHEMA_VERSION


def open_reader(directory: Path, verify: bool) -> ColumnarReader:
    """Open the archive in `directory`.  Raises IndexMissing, IndexDamaged or IndexOutdated."""
    return ColumnarReader(Path(directory), verify=verify)


def format_version() -> int:
    """Return the version of the archive's fields, columns and stored records."""
    return SCHEMA_VERSION


def create_builder(
    directory: Path, memory_mb: int = 512, workers: int = 1, base: Path | None = None
) -> ColumnarBuilder:
    """Start an archive in the empty or missing `directory`, for an increment on top of the archive in `base`."""
    return ColumnarBuilder(Path(directory), BuildOptions(memory_mb, workers, base))
