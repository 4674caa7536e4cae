"""The command `dau look`, and the option `--fields` that commands share."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from search.text.normalize import visible

if TYPE_CHECKING:
    from index.look.sampling import Look
    from index.read.fields import FieldNames

_TITLES: Final = 10
_TOLD: Final = 8
_MAX_BYTES: Final = 20_000_000


class Parsed(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.3 on
    """A value that a function reads, which raises ValueError; `wrong` tells what to say then, `{}` for the value."""

    def __init__(self, name: str, read: Callable[[Any], Any], wrong: str = "") -> None:
        self.name, self._read, self._wrong = name, read, wrong

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return what was read.  Fails for anything else."""
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(self._wrong.format(repr(value)) or str(error), param, ctx)


def _fields(value: Any) -> "FieldNames":
    """Read `text=noi_dung,date=ngay`, or the table `[fields]` of dau.toml."""
    from index.read.fields import FieldNames

    if isinstance(value, FieldNames):
        return value
    return FieldNames.parse(value if isinstance(value, Mapping) else str(value))


fields_option = click.option(
    "--fields", "names", type=Parsed("fields", _fields), default="", metavar="FIELD=NAME,...",
    help="Names that your records have for title, text, html, lead, url, date, author, source, province, section, id; "
         "a.b is b inside of a, - leaves a field out.")


@click.command()
@click.argument("articles", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@fields_option
def look(articles: tuple[Path, ...], names: "FieldNames") -> int:
    """Say in a few seconds what is in ARTICLES and how it would be read.

    From a sample: kinds of files, names of fields, ten titles with date, author and province, and what would help.
    """
    return show_look(articles, names)


def show_look(articles: tuple[Path, ...], names: "FieldNames", max_bytes: int = _MAX_BYTES) -> int:
    """Print a look; return 0 if there are articles in the sample, else 1."""
    from index.look.sampling import look_at
    from index.rebuild.options import cores

    found = look_at(articles, names, max_bytes, cores())
    for line in _lines(found):
        click.echo(line)
    return 0 if found.articles else 1


def _lines(look: "Look") -> Iterator[str]:
    total = sum(look.files.values())
    more = " so far (the walk was cut short)" if look.cut else ""
    yield f"{total} files to read{more}: {_counts(look.files)}" if total else "No file to read."
    if look.ignored:
        yield f"{sum(look.ignored.values())} files are not read: {_counts(look.ignored)}"
    if note := look.names.note():
        yield from (f"  {part}" for part in note.split("; "))
    if look.articles:
        yield f"\nOf {look.opened} files, {len(look.articles)} articles; the first ones:"
        for article in look.articles[:_TITLES]:
            about = (article.date.value or "no date", article.province or "no province", article.author or "no author")
            yield f"  {about[0]:10}  {about[1]:18}  {about[2][:24]:24}  {visible(article.title)[:90]}"
    if look.rejected:
        yield f"\n{len(look.rejected)} of the sample would be rejected:"
        yield from (f"  {visible(item.path)}: {visible(item.reason)}" for item in look.rejected[:_TOLD])
    if helps := list(_helps(look)):
        yield "\nWhat would help:"
        yield from (f"  - {line}" for line in helps)


def _counts(kinds: Mapping[str, int]) -> str:
    ranked = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{kind} {count}" for kind, count in ranked[:_TOLD]) + (", ..." if len(ranked) > _TOLD else "")


def _helps(look: "Look") -> Iterator[str]:
    from index.read.extras import INSTALL

    if extra := look.needs_extra():
        yield f"{INSTALL} reads {_counts(extra)}"
    if suggestion := look.names.suggestion():
        yield f"tell the names of the fields, perhaps: --fields {shlex.quote(suggestion)}"
    elif unknown := list(look.names.unknown):
        shown = ", ".join(unknown[:_TOLD])
        yield f"if one of {shown} is a field of an article, name it: --fields FIELD=NAME, or [fields] in dau.toml"
    count = len(look.articles)
    for name, missing in look.lacking().items():
        if count and missing * 2 > count:
            yield f"{missing} of {count} articles have no {name}" + (
                "" if name in ("author", "province") else f": is it in a field of another name? --fields {name}=NAME")
    if look.names.unread_dates:
        yield f"dates such as {look.names.unread_example!r} are not read: write them as 2018-03-12"
    if look.articles:
        yield "build the index: dau rebuild FOLDER, then search it: dau search WORDS, or dau serve"
