"""The shape of the project: which folder may import which, and what a file may hold."""

import ast
import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = {"search": {"search"}, "index": {"index", "search"}, "web": {"web", "search"}}
#: The rooms of each folder, floor by floor from the ground: a room imports from lower floors of its own folder only.
#: A module at the top of a folder is a room of its own.
FLOORS: dict[str, tuple[str, ...]] = {
    "search": (
        "text errors article memory",
        "budget",
        "places settings article_json",
        "query cli",
        "engines",
        "lexicon",
        "reading",
        "planning",
        "results",
        "suggest",
        "archive",
        "evaluation",
        "commands",
    ),
    "index": (
        "decode",
        "dates places",
        "read fields",
        "convert",
        "page",
        "body",
        "extract clusters",
        "quality state publish",
        "workers",
        "rebuild",
        "look",
        "look_commands",
        "commands extract_commands",
    ),
    "search/engines/columnar": ("format", "evaluate whoosh", "build", "engine", "__init__"),
    "search/engines/opensearch": (
        "settings terms", "client schema", "connection documents scripts", "lifecycle matching",
        "counting scoring searching", "second_look", "ranking", "reader", "builder", "engine", "__init__",
    ),
    "web": (
        "admission assets catalogues compression cors forwarded metrics targets",
        "openapi site texts",
        "options dates",
        "archive log_reading",
        "language headers observing",
        "links marking paging",
        "citations",
        "problems provinces",
        "facets tiles timeline",
        "lines",
        "about api description export feed pages",
        "app",
        "server",
        "commands log_commands __init__",
    ),
}
#: Libraries that only one place may know, so that they can be replaced.
HOMES = {
    "whoosh": "search/engines/columnar",
    "flask": "web",
    "babel": "web",
    "granian": "web/server.py",
    "prometheus_client": "web/metrics.py",
    "bs4": "index",
    "lxml": "index",
}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_itself_and_what_stands_below_it(layer: str) -> None:
    allowed = LAYERS[layer]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(layer)
        for name in imported(path)
        if name.split(".")[0] in LAYERS and name.split(".")[0] not in allowed
    ]
    assert wrong == []


def arrows(folder: str) -> Iterator[tuple[str, str, Path]]:
    """Yield (room, room that it imports, the importing file) of a folder."""
    package = folder.replace("/", ".")
    depth = len(folder.split("/"))
    for path in sources(folder):
        here = path.relative_to(ROOT / folder).with_suffix("").parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                whole = [f"{package}.{name.name}" for name in node.names] if node.module == package else [node.module]
            elif isinstance(node, ast.Import):
                whole = [name.name for name in node.names]
            else:
                continue
            rooms = (name.split(".")[depth] for name in whole if name and name.startswith(f"{package}."))
            yield from ((here[0], there, path) for there in rooms if there != here[0])


@pytest.mark.parametrize("folder", FLOORS)
def test_a_room_imports_only_from_the_floors_below_it(folder: str) -> None:
    floor = {name: number for number, names in enumerate(FLOORS[folder]) for name in names.split()}
    found = list(arrows(folder))
    rooms = {path.relative_to(ROOT / folder).with_suffix("").parts[0] for path in sources(folder)} - {"__init__"}
    assert rooms <= floor.keys(), "say in FLOORS on which floor the new room stands"
    wrong = {(folder, here, there) for here, there, _ in found if floor[there] >= floor[here]}
    assert wrong == set(), [
        f"{path.relative_to(ROOT)} imports {there}" for here, there, path in found if (folder, here, there) in wrong
    ]


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_in_its_home_only(library: str) -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for layer in LAYERS
        for path in sources(layer)
        for name in imported(path)
        if name.split(".")[0] == library and not str(path.relative_to(ROOT)).startswith(HOMES[library])
    ]
    assert wrong == []


def test_print_and_sys_exit_live_in_the_command_modules_alone() -> None:
    wrong = []
    for layer in LAYERS:
        for path in sources(layer):
            if path.name.endswith("commands.py") or path.name == "cli.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.exit", "exit"}:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def test_an_init_file_only_reexports() -> None:
    wrong = []
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("__init__.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if any(not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr | ast.Assign) for node in tree.body):
                wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_every_name_that_a_package_reexports_is_there() -> None:
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("__init__.py"):
            module = importlib.import_module(".".join(path.parent.relative_to(ROOT).parts))
            for name in getattr(module, "__all__", []):
                assert hasattr(module, name), f"{module.__name__}.{name}"


def commands() -> dict[str, click.Command]:
    from search.cli import dau

    with click.Context(dau) as ctx:
        return {name: found for name in dau.list_commands(ctx) if (found := dau.get_command(ctx, name))}  # type: ignore[attr-defined]


def test_every_command_and_option_is_in_the_readme_of_its_folder() -> None:
    readme = "".join((ROOT / layer / "README.md").read_text(encoding="utf-8") for layer in LAYERS)
    missing = [f"dau {name}" for name in commands() if f"dau {name}" not in readme]
    for name, command in commands().items():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not any(option in readme for option in parameter.opts):
                missing.append(f"dau {name} {parameter.opts[0]}")
    assert missing == []


def test_every_command_explains_itself() -> None:
    for name, command in commands().items():
        assert command.help, name
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help, f"{name} {parameter.name}"


def test_every_runtime_dependency_is_imported_somewhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    modules = {"beautifulsoup4": "bs4", "python-dateutil": "dateutil", "whoosh3": "whoosh",
               "prometheus-client": "prometheus_client"}  # fmt: skip
    used = {name.split(".")[0] for layer in LAYERS for path in sources(layer) for name in imported(path)}
    names = [dependency.split(">")[0].split("=")[0] for dependency in project["dependencies"]]
    assert [name for name in names if modules.get(name, name) not in used] == []
