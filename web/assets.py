"""Static files by an address that changes with their content, so that browsers may keep them for ever."""

from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

from flask import request

_HERE: Final = Path(__file__).parent


def asset(name: str) -> str:
    """Return the address of a static file with a digest of its content."""
    return f"{request.script_root}/static/{name}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    return blake2b((_HERE / "static" / name).read_bytes(), digest_size=6).hexdigest()


@cache
def build() -> str:
    """Return what changes whenever the look or the code of the pages does: old copies of pages end with it."""
    state = blake2b(version("dau").encode(), digest_size=8)
    for path in sorted((*_HERE.glob("*.py"), *_HERE.glob("templates/*"), *_HERE.glob("translations/**/*.po"))):
        state.update(path.read_bytes())
    for path in sorted(_HERE.glob("static/*.*s*")):
        state.update(_digest(path.name).encode())
    return state.hexdigest()
