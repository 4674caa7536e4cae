"""Writing that survives a power loss: the few calls that POSIX asks for, in one place.

A new file is safe when its bytes are synced and then the folder that names it is (fsync(2)).
"""

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Have the bytes of a file on the disk.  Raises OSError."""
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Have the names in a folder on the disk.  Raises OSError."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, data: bytes) -> None:
    """Give `path` new content in one atomic step: it holds the old or the new bytes, whatever happens."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(data)
        share(beside, path.parent)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Create a folder and those above it; their names are on the disk afterwards."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def share(path: Path, index: Path) -> None:
    """Let everybody read a file, or enter a folder, who may read the folder `index`, whatever umask this process has.

    A server runs as another user than the rebuild, as a rule.  A folder that is closed to others stays so.
    """
    mode = path.stat().st_mode
    wanted = mode | index.stat().st_mode & (0o055 if path.is_dir() else 0o044)
    if wanted != mode:
        path.chmod(wanted)
