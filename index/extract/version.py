"""The version of the extractor: changes whenever the article of the same document could.

Extraction is made of hundreds of rules, too many to tell all by what they do with some probes.  So it is what the code
says that counts, without its comments, docstrings and layout, and the tables beside it: a remark added to a rule leaves
the results of a million articles as they are.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import xxhash

from index.read.extras import readers

_ROOMS: Final = ("index/decode", "index/page", "index/body", "index/fields", "index/dates", "index/places",
                 "index/extract", "index/convert", "index/read", "search/text", "search/places")  # fmt: skip
_TABLES: Final = (".toml", ".txt", ".csv")


def source_digest() -> str:
    """Return 16 hex digits over the sources as they are: equal ones have the same version, and it takes no time."""
    digest = xxhash.xxh3_64(repr(sorted(readers())).encode())
    for file in _files():
        digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def extractor_version() -> str:
    """Return 16 hex digits over the code and the tables of everything that extraction is made of."""
    digest = xxhash.xxh3_64()
    for file in _files():
        digest.update(code_of(file.read_text(encoding="utf-8")) if file.suffix == ".py" else file.read_bytes())
    digest.update(repr(sorted(readers())).encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    root = Path(__file__).parents[2]
    for room in _ROOMS:
        yield from (file for file in sorted((root / room).rglob("*")) if file.suffix in (".py", *_TABLES))


def code_of(source: str) -> bytes:
    """Return what a module says, without docstrings, comments and layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(ast.Constant(str())), *rest]:
                    node.body[:] = rest
    return ast.dump(tree, include_attributes=False).encode("utf-8", "surrogatepass")
