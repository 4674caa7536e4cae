"""Small faults in a piece of Python: a comparison turned, a number off by one, a condition dropped."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Add,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A source with one fault in it: the line of the fault and what became of it."""

    line: int
    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a module; docstrings, annotations, imports and `_skipped` are left alone."""
    tree = ast.parse(source)
    skipped = {id(node) for outer in ast.walk(tree) for node in _skipped(outer)}
    found = []
    for node in ast.walk(tree):
        if id(node) in skipped or not hasattr(node, "lineno"):
            continue
        for change in _changes(node):
            found.append(Mutant(node.lineno, change, ast.unparse(tree)))
            _undo(node, change)
    return [mutant for mutant in found if mutant.source != ast.unparse(tree)]


def _skipped(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below a node that are no behaviour: docstrings, annotations, decorators, `zip(strict=True)` and
    `lru_cache(maxsize=...)`."""
    if isinstance(node, ast.keyword) and (node.arg, ast.unparse(node.value)) == ("strict", "True"):
        yield node.value
    if isinstance(node, ast.keyword) and node.arg == "maxsize":
        yield node.value
    for name in ("annotation", "returns"):
        below = getattr(node, name, None)
        if isinstance(below, ast.AST):
            yield from ast.walk(below)
    for below in getattr(node, "decorator_list", ()):
        yield from ast.walk(below)
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        yield body[0].value


_kept: dict[int, object] = {}


def _changes(node: ast.AST) -> Iterator[str]:
    """Change a node in place, one way after another, and yield what was done; `_undo` takes it back."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            other = _COMPARISONS.get(type(operator))
            if other:
                _kept[id(node)] = list(node.ops)
                node.ops[at] = other()
                yield f"{type(operator).__name__} -> {other.__name__}"
    elif isinstance(node, ast.BoolOp):
        _kept[id(node)] = node.op
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and <-> or"
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        _kept[id(node)] = node.op
        node.op = _OPERATORS[type(node.op)]()
        yield "operator"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        _kept[id(node)] = node.value
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{_kept[id(node)]!r} -> {node.value!r}"
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        _kept[id(node)] = node.test
        node.test = ast.UnaryOp(ast.Not(), node.test)
        yield "condition turned"
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        _kept[id(node)] = node.value
        node.value = ast.Constant(None)
        yield "returns None"


def _undo(node: ast.AST, change: str) -> None:
    kept = _kept.pop(id(node))
    if isinstance(node, ast.Compare):
        node.ops = kept  # type: ignore[assignment]
    elif isinstance(node, ast.BoolOp | ast.BinOp):
        node.op = kept  # type: ignore[assignment]
    elif isinstance(node, ast.Constant | ast.Return):
        node.value = kept  # type: ignore[assignment]
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        node.test = kept  # type: ignore[assignment]
