"""Options from four places: flags > DAU_* environment variables > dau.toml > defaults.

`dau.toml` has keys for every command at its top and a table for one command:

    index = "/srv/dau/index"
    [serve]
    port = 8000

The same as environment variables: DAU_INDEX, DAU_SERVE_PORT.  A key that no command has is an error, since
a misspelt setting that is silently ignored shows only when it is needed.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import click

from search.errors import SettingsError

FILE_NAME: Final = "dau.toml"
PREFIX: Final = "DAU_"
#: Variables of no option: the settings file, tracebacks for unexpected errors, the password of a cluster.
OWN_VARIABLES: Final = frozenset({"DAU_CONFIG", "DAU_DEBUG", "DAU_PASSWORD"})

#: `--index`, the same in every command that works on an index.
index_option = click.option("--index", type=click.Path(file_okay=False, path_type=Path), default=Path("dau-index"),
                            show_default=True, help="Directory of the index.")

#: Of each command, the settings by the names of its flags (`max_rejects` of `--max-rejects`), and the parameter each
#: one sets.
Options = Mapping[str, Mapping[str, str]]


def variable(command: str, option: str) -> str:
    """Return the environment variable of one command's option: `DAU_SERVE_PORT`."""
    return f"{PREFIX}{command}_{option}".upper().replace("-", "_")


def shared_variable(option: str) -> str:
    """Return the environment variable of an option in every command that has it: `DAU_INDEX`."""
    return f"{PREFIX}{option}".upper().replace("-", "_")


def read_file(path: Path | None, options: Options) -> dict[str, dict[str, Any]]:
    """Return what `path` says of the parameters of each command; without a path, `./dau.toml` if it is there.

    Raises SettingsError if the file can't be read, is no TOML, or has a key that no command knows.
    """
    given = path is not None
    path = path or Path(FILE_NAME)
    if not given and not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} can't be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error
    return _per_command(table, options, path)


def _per_command(table: Mapping[str, Any], options: Options, path: Path) -> dict[str, dict[str, Any]]:
    result: dict[str, dict[str, Any]] = {command: {} for command in options}
    everywhere = frozenset().union(*options.values())
    for name, value in table.items():
        key = name.replace("-", "_")
        if isinstance(value, dict) and name in options:
            for inner, setting in value.items():
                parameter = inner.replace("-", "_")
                _known(parameter, options[name], f"{name}.{inner}", path)
                result[name][options[name][parameter]] = setting
            continue
        _known(key, everywhere, name, path)
        for command, known in options.items():
            if key in known:
                result[command].setdefault(known[key], value)
    return result


def _known(key: str, known: Iterable[str], shown: str, where: Path | str) -> None:
    known = sorted(known)
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else f" Known are: {', '.join(known)}."
        raise SettingsError(f"Unknown setting {shown!r} in {where}.{hint}")


def check_environment(environ: Mapping[str, str], options: Options) -> None:
    """Raise SettingsError for a DAU_* variable that no command knows."""
    known = set(OWN_VARIABLES)
    for command, names in options.items():
        known.update(variable(command, name) for name in names)
        known.update(shared_variable(name) for name in names)
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            _known(name, known, name, "the environment")
