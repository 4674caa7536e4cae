"""The command `dau`: finds the subcommands of all layers, reads the settings, turns errors into exit codes.

Exit codes: 0 done; 1 done, with something to look at; 2 usage, settings or an unusable index; 70 an
unexpected error; 75 another rebuild holds the lock (the codes of sysexits.h).
"""

import os
import sys
import traceback
from functools import cache
from importlib.metadata import entry_points
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import click

from search import settings
from search.errors import RebuildFailed, RebuildRunning, SettingsError, UserError

GROUP: Final = "dau.commands"
EX_SOFTWARE: Final = 70
EX_TEMPFAIL: Final = 75
_HELP: Final = "dau.help"
SAMPLE: Final = Path(__file__).parent / "sample" / "articles"


@cache
def _load(name: str) -> click.Command:
    """Load one subcommand and give each of its options the environment variables of `search.settings`."""
    command: click.Command = next(iter(entry_points(group=GROUP, name=name))).load()
    return _with_variables(name, command)


def _with_variables(name: str, command: click.Command) -> click.Command:
    for parameter in command.params:
        if not parameter.envvar:
            setting = _setting(parameter)
            parameter.envvar = [settings.variable(name, setting), settings.shared_variable(setting)]
    return command


def _setting(parameter: click.Parameter) -> str:
    """Return the name under which a parameter stands in `dau.toml`: that of its flag, `json` for `--json`."""
    return max(parameter.opts, key=len).lstrip("-").replace("-", "_")


class Commands(click.Group):
    """Subcommands from the entry points of the installed package, loaded when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names: the ones of the layers and those defined here."""
        return sorted({point.name for point in entry_points(group=GROUP)} | set(self.commands))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, None if there is none of that name."""
        if cmd_name in self.commands:
            return _with_variables(cmd_name, self.commands[cmd_name])
        return _load(cmd_name) if cmd_name in self.list_commands(ctx) else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a subcommand; whether its help is asked for is known before its options are read."""
        words = takewhile(lambda word: word != "--", [*ctx._protected_args, *ctx.args])  # behind `--` nothing is asked
        ctx.meta[_HELP] = not {"-h", "--help"}.isdisjoint(words)
        return super().invoke(ctx)

    def options(self, ctx: click.Context) -> settings.Options:
        """Return every command's settings with the parameters they set."""
        found = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        return {
            name: {_setting(parameter): parameter.name for parameter in command.params if parameter.name}
            for name, command in found.items()
            if command
        }


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--config", type=click.Path(path_type=Path), envvar="DAU_CONFIG",
              help="Settings file [default: ./dau.toml].")
@click.version_option(package_name="dau", prog_name="dau")
@click.pass_context
def dau(ctx: click.Context, config: Path | None) -> None:
    """Dấu: tìm kiếm kho tin tiếng Việt. Search an archive of Vietnamese news articles."""
    group = ctx.command
    if not isinstance(group, Commands):  # pragma: no cover - click calls it with our group
        raise TypeError(type(group))
    options = group.options(ctx)
    try:
        settings.check_environment(os.environ, options)
        ctx.default_map = settings.read_file(config, options)
    except SettingsError:
        if not ctx.meta[_HELP]:  # which is given whatever the settings are
            raise


@dau.command()
@click.option("--index", type=click.Path(path_type=Path), default=Path("demo-index"), show_default=True,
              help="Where to build the index of the sample archive.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--build-only", is_flag=True, help="Build the index and stop.")
@click.pass_context
def demo(ctx: click.Context, index: Path, host: str, port: int, build_only: bool) -> None:
    """Build the sample archive that ships inside and serve it."""
    parent = ctx.parent
    _run(parent, ["rebuild", str(SAMPLE), "--index", str(index)])
    if not build_only:
        _run(parent, ["serve", "--index", str(index), "--host", host, "--port", str(port)])


def _run(parent: click.Context | None, words: list[str]) -> None:
    """Run another subcommand as if it had been typed."""
    command = _load(words[0])
    with command.make_context(words[0], words[1:], parent=parent) as ctx:
        command.invoke(ctx)


def main(words: list[str] | None = None) -> None:
    """Run `dau`; never returns."""
    if words is None:
        _speak_utf8()
    sys.exit(run(words))


def _speak_utf8() -> None:
    """Start anew in UTF-8 where the locale has another encoding: names of files and queries are Vietnamese."""
    if not sys.flags.utf8_mode and sys.getfilesystemencoding().lower().replace("-", "") != "utf8":
        environment = {**os.environ, "PYTHONUTF8": "1"}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


def run(words: list[str] | None = None) -> int:
    """Run `dau` with `words` (default: the command line) and return its exit code."""
    try:
        result: Any = dau.main(args=words, prog_name="dau", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrupted.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except RebuildRunning as error:
        click.echo(f"dau: {error}", err=True)
        return EX_TEMPFAIL
    except UserError as error:
        click.echo(f"dau: {error}", err=True)
        return 2
    except RebuildFailed as error:
        click.echo(f"dau: {error}", err=True)
        return EX_SOFTWARE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("DAU_DEBUG"):
            traceback.print_exc()
        click.echo(f"dau: unexpected {type(error).__name__}: {error} (DAU_DEBUG=1 shows where)", err=True)
        return EX_SOFTWARE
    return result if isinstance(result, int) else 0
