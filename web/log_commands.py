"""`dau log`: what the access logs of `dau serve --access-log` tell an editor."""

import json
from pathlib import Path

import click

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
LIMIT = click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="Rows to show.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print a list of JSON objects.")


@click.group()
def log() -> None:
    """Read access logs (also rotated ones, .gz) of `dau serve --access-log FILE --log-queries`."""


@log.command("zero-hits")
@FILES
@LIMIT
@AS_JSON
def zero_hits(files: tuple[Path, ...], limit: int, as_json: bool) -> None:
    """Show what was searched for and not found, most often first."""
    from web.log_reading import counted, lines, searches, with_query

    found = with_query(line for line in searches(lines(files)) if line["total"] == 0)
    _show(counted(found)[:limit], as_json)


@log.command()
@FILES
@LIMIT
@AS_JSON
def top(files: tuple[Path, ...], limit: int, as_json: bool) -> None:
    """Show what was searched for most often."""
    from web.log_reading import counted, lines, searches, with_query

    _show(counted(with_query(searches(lines(files))))[:limit], as_json)


@log.command()
@FILES
@LIMIT
@click.option("--least-ms", default=500.0, show_default=True, type=click.FloatRange(0), help="Milliseconds at least.")
@AS_JSON
def slow(files: tuple[Path, ...], limit: int, least_ms: float, as_json: bool) -> None:
    """Show the slowest requests."""
    from web.log_reading import lines, slowest

    found = slowest(lines(files), least_ms)[:limit]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for line in found:
        what = (line["ms"], line.get("status", ""), line.get("time", ""), line.get("id", ""), line.get("route", ""))
        click.echo("{:>9.1f} ms  {}  {}  {}  {}".format(*what) + (f"  {line['q']}" if line.get("q") else ""))


def _show(rows: list[tuple[str, int]], as_json: bool) -> None:
    if as_json:
        named = [{"q": query, "count": count} for query, count in rows]
        click.echo(json.dumps(named, ensure_ascii=False, indent=1))
        return
    for query, count in rows:
        click.echo(f"{count:>7}  {query}")
