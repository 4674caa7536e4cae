"""Kinds of files that are read by libraries of the extra `documents`, which not everybody installs."""

from functools import cache
from importlib.util import find_spec
from typing import Final

from index.read.kinds import ending

#: Ending -> (what such a file is, the module that reads it).
_READERS: Final = {".pdf": ("a PDF", "pypdfium2"), ".docx": ("a Word document", "docx"),
                   ".docm": ("a Word document", "docx"), ".odt": ("an OpenDocument text", "odfdo")}
INSTALL: Final = "pip install 'dau[documents]'"


@cache
def _is_there(module: str) -> bool:
    return find_spec(module) is not None


def readers() -> frozenset[str]:
    """Return the modules of the extra that are installed."""
    return frozenset(module for _, module in _READERS.values() if _is_there(module))


def lacking_extra(name: str) -> str:
    """Return why a file of this name can't be read before the extra is installed, `""` if it can."""
    kind, module = _READERS.get(ending(name) or name, ("", ""))
    return f"it is {kind}, which is read by an extra: {INSTALL}" if kind and not _is_there(module) else ""
