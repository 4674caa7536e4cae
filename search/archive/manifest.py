"""The manifest of a generation: what belongs to it, by which rules it was built, and whether it is whole.

Every file is hashed with XXH3-128: at about 10 GB/s it costs next to nothing beside reading, where SHA-256
costs 0.5 s per GB and more; it guards against accident (bit rot, a cut-off copy), not against an attacker, who
could rewrite the manifest as well.  The manifest carries a hash of itself.
"""

import errno
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

import xxhash

from search.errors import IndexDamaged, IndexOutdated

FILE_NAME: Final = "manifest.json"
#: Raised when the layout of a generation changes.
FORMAT: Final = 1
#: Files up to this size are hashed when a generation is opened, larger ones in the background.
SMALL_FILE: Final = 1 << 16
_BLOCK: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size in bytes and XXH3-128 (hex) of one file."""

    size: int
    xxh3: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says; `files` maps paths below the generation's folder to their entries."""

    generation: str
    created: str
    fingerprint: str
    files: Mapping[str, FileEntry]
    counts: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    format: int = FORMAT


def rules_fingerprint() -> str:
    """Return the fingerprint of everything that decides which index comes of given articles, as of this program."""
    from search.archive.fingerprint import fingerprint

    return fingerprint()


def hash_file(path: Path) -> FileEntry:
    """Return size and hash of a file, read in blocks.  Raises OSError."""
    digest = xxhash.xxh3_128()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileEntry(size, digest.hexdigest())


def read_file(path: Path) -> bytes:
    """Return the bytes of a regular file; never waits for a FIFO or reads a device to its end.  Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return file.read()


def advice(error: OSError, index: Path) -> str:
    """Return what to do about a file of an index that can't be read."""
    if isinstance(error, PermissionError):
        return f"let the user of this process read it (`chmod -R a+rX {index}`, and the folders above it)"
    return "run `dau check --repair`"


def encode(manifest: Manifest) -> bytes:
    """Return the bytes of `manifest.json`: the fields, and a hash of them."""
    fields = asdict(manifest)
    return _layout({"manifest": fields, "xxh3": _seal(fields)})


def read(directory: Path) -> Manifest:
    """Return the manifest of a generation.  Raises IndexDamaged, or IndexOutdated for another layout."""
    path = directory / FILE_NAME
    try:
        data = read_file(path)
        document = json.loads(data)
        fields = document["manifest"]
        # The bytes are compared too, so that no flipped bit of white space goes unseen.
        if document["xxh3"] != _seal(fields) or data != _layout(document):
            raise ValueError("its own hash does not fit")
        if fields["format"] != FORMAT:
            raise IndexOutdated(_outdated(directory))
        files = {_inside(name): FileEntry(**entry) for name, entry in fields.pop("files").items()}
        return Manifest(files=files, **fields)
    except OSError as error:
        doing = advice(error, directory.parents[1])
        raise IndexDamaged(f"The manifest {path} can't be used ({error.strerror or error}); {doing}.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexDamaged(f"The manifest {path} can't be used ({error}); run `dau check --repair`.") from error


def _inside(name: str) -> str:
    """Return the name of a file if it lies in the generation.  Raises ValueError."""
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts:
        raise ValueError(f"it names {name}, which is no file of the generation")
    return name


def _layout(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _seal(fields: Mapping[str, Any]) -> str:
    canonical = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return xxhash.xxh3_128_hexdigest(canonical.encode())


def check_rules(directory: Path, manifest: Manifest) -> None:
    """Raise IndexOutdated if the generation was built by other rules than this program's."""
    if manifest.fingerprint != rules_fingerprint():
        raise IndexOutdated(_outdated(directory))


def _outdated(directory: Path) -> str:
    return f"The index {directory} was built by other text rules or another version of Dấu: run `dau rebuild`."


def check_quick(directory: Path, manifest: Manifest) -> None:
    """Compare every file's size and the hashes of small files.  Raises IndexDamaged."""
    _compare(directory, manifest, SMALL_FILE)


def check_full(directory: Path, manifest: Manifest, but: str = "") -> None:
    """Compare sizes and hashes of all files, `but` for those of a folder, which whoever opens them verifies.

    Raises IndexDamaged naming the first file that differs.
    """
    _compare(directory, manifest, None, f"{but}/")


def _compare(directory: Path, manifest: Manifest, hash_up_to: int | None, but: str = "/") -> None:
    for name, entry in manifest.files.items():
        if name.startswith(but):
            continue
        path = directory / name
        try:
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode):
                raise IndexDamaged(f"{path} is not a regular file; run `dau check --repair`.")
            size = found.st_size
            if size != entry.size:
                raise IndexDamaged(f"{path} has {size} bytes and should have {entry.size}; run `dau check --repair`.")
            if (hash_up_to is None or size <= hash_up_to) and hash_file(path) != entry:
                raise IndexDamaged(f"{path} was altered: its hash does not fit; run `dau check --repair`.")
        except OSError as error:
            doing = advice(error, directory.parents[1])
            raise IndexDamaged(f"{path} can't be read ({error.strerror}); {doing}.") from error
