"""The engine's entry points, as `search.engines.port` calls them."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from search.engines.opensearch.builder import ClusterBuilder
from search.engines.opensearch.lifecycle import drop, follow, lock, verify
from search.engines.opensearch.reader import ClusterReader
from search.engines.opensearch.schema import VERSION
from search.engines.opensearch.settings import ClusterSettings

__all__ = ["create_builder", "drop", "follow", "format_version", "guarded", "open_reader", "verify"]


def open_reader(directory: Path, verify: bool) -> ClusterReader:
    """Open the index of `directory`, whose bytes the cluster verifies itself.  Raises IndexUnusable."""
    del verify
    return ClusterReader(Path(directory))


def format_version() -> int:
    """Return the version of the index's fields."""
    return VERSION


def create_builder(directory: Path, base: Path | None = None, workers: int = 1, **settings: Any) -> ClusterBuilder:
    """Start an index for the empty or missing `directory`, for an increment on top of the index of `base`.

    `workers` is for engines that work on this machine.  Raises SettingsError, EngineUnavailable.
    """
    return ClusterBuilder(Path(directory), ClusterSettings.from_json(settings), base)


def guarded(index: Path, **settings: Any) -> AbstractContextManager[None]:
    """Hold the lock of the prefix's indexes for a rebuild of the folder `index`.  Raises RebuildRunning."""
    return lock(ClusterSettings.from_json(settings), index)
