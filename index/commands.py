"""The commands `dau rebuild`, `dau rollback` and `dau check`."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from index.look_commands import Parsed, fields_option, show_look
from search.errors import RebuildRunning, SettingsError, UserError
from search.settings import index_option
from search.text.normalize import visible

if TYPE_CHECKING:
    from index.rebuild.options import Limit, RebuildOptions
    from index.rebuild.parts import Part
    from index.rebuild.report import Quarantined, Report

#: A failure message of cron must fit a mail: this many rejects are named, the rest is in quarantine.txt.
_NAMED_REJECTS: Final = 10
#: Files of which is told what was not understood in them; the rest is in the JSON report.
_TOLD_NOTES: Final = 5
_STAGES: Final = {"read": "Reading", "learn": "Learning sites", "extract": "Extracting", "cluster": "Finding twins",
                  "build": "Building", "publish": "Publishing"}


def _limit(value: Any) -> "Limit":
    from index.rebuild.options import Limit, parse_limit

    return value if isinstance(value, Limit) else parse_limit(str(value))


def _part(value: Any) -> "Part":
    from index.rebuild.parts import Part

    return value if isinstance(value, Part) else Part.parse(str(value))


#: `10%` or `0.1` is a share, `25` a number.
LIMIT: Final = Parsed("limit", _limit, "{} is neither a share such as 10% nor a number of documents such as 25.")
#: `3/16` is the third of sixteen parts.
PART: Final = Parsed("part", _part, "{} is no part such as 3/16.")


@click.command()
@click.argument("articles", nargs=-1, required=True, type=click.Path(path_type=Path))
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON on standard output.")
@click.option("--max-rejects", type=LIMIT, default="10%", show_default=True,
              help="Rejects that are borne, a share (10%) or a number (25). More: exit code 1, a served archive stays.")
@click.option("--max-shrink", type=LIMIT, default="20%", show_default=True,
              help="How much the archive may shrink at once. More: exit code 1, nothing is published.")
@click.option("--keep", type=click.IntRange(1), default=2, show_default=True, help="Generations kept for rollback.")
@click.option("--wait", type=click.FloatRange(0), default=0, show_default=True,
              help="Seconds to wait for another rebuild.")
@click.option("--if-needed", is_flag=True, help="Do nothing unless the index is missing, damaged or outdated.")
@click.option("--full", is_flag=True, help="Forget what is known of unchanged files and extract everything anew.")
@click.option("--jobs", type=click.IntRange(0), default=0, help="Worker processes; 0, the default, is one per core.")
@click.option("--time-limit", type=click.FloatRange(0.1), default=20, show_default=True,
              help="Seconds to extract one document.")
@click.option("--memory-limit", type=click.IntRange(64), default=1024, show_default=True,
              help="Memory in MB to extract one document.")
@click.option("--max-file-size", type=click.FloatRange(0.001), default=20, show_default=True,
              help="Largest page or record in MB.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something needs a look: for cron.")
@fields_option
@click.option("--strict-files", is_flag=True,
              help="Files that are not read are an error: exit code 1, nothing is published.")
@click.option("--dry-run", is_flag=True, help="Only say what is there and how it would be read, as `dau look` does.")
@click.option("--engine", type=click.Choice(["whoosh", "opensearch"]), default="whoosh", show_default=True,
              help="Where the index is kept: on this machine, or in a cluster of OpenSearch.")
@click.option("--url", "urls", multiple=True, metavar="URL",
              help="Address of the cluster, https://HOST:9200; give several, of several nodes.")
@click.option("--user", default="", help="User of the cluster; the password is in --password-file or DAU_PASSWORD.")
@click.option("--password-file", type=click.Path(dir_okay=False, path_type=Path),
              help="File with the password; servers read it as well.")
@click.option("--ca", type=click.Path(dir_okay=False, path_type=Path),
              help="Certificates to trust for https instead of the system's.")
@click.option("--prefix", default="dau", show_default=True, help="How the names of indexes in the cluster begin.")
@click.option("--shards", type=click.IntRange(1, 1024), default=3, show_default=True, help="Shards of a new index.")
@click.option("--replicas", type=click.IntRange(0, 10), default=1, show_default=True, help="Copies of each shard.")
@click.option("--part", type=PART, metavar="K/N",
              help="Only read and extract one of N parts of the files, into --work: to be run for each part.")
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), help="Folder of the parts.")
@click.option("--merge", is_flag=True, help="Take over what the parts in --work gave; then stop, unless --publish.")
@click.option("--publish", is_flag=True, help="With --merge: go on as without parts.")
@click.option("--metrics-file", type=click.Path(dir_okay=False, path_type=Path),
              help="Write figures for the textfile collector of Prometheus' node_exporter.")
def rebuild(articles: tuple[Path, ...], index: Path, metrics_file: Path | None, as_json: bool, max_file_size: float,
            quiet: bool, dry_run: bool, engine: str, urls: tuple[str, ...], user: str, password_file: Path | None,
            ca: Path | None, prefix: str, shards: int, replicas: int, part: "Part | None", work: Path | None,
            merge: bool, publish: bool, **limits: Any) -> int:
    """Build the index from ARTICLES and switch to it in one step.

    ARTICLES are files and folders of pages, texts, JSON, CSV, feeds, web archives, ZIP and documents; `dau look` tells
    how they would be read.  Only what changed is extracted again.  Exit codes: 0 done, 1 look at the message, 2 usage
    or settings, 70 unexpected, 75 another rebuild runs.
    """
    from index.rebuild.options import RebuildOptions

    if dry_run:
        return show_look(articles, limits["names"], int(max_file_size * 1e6))
    cluster = _cluster(engine, urls, {"user": user, "password_file": password_file, "ca": ca}, prefix, shards, replicas)
    options = RebuildOptions(roots=articles, index=index, max_file_bytes=int(max_file_size * 1e6), engine=cluster,
                             **limits)
    if metrics_file is not None and not os.access(metrics_file.parent, os.W_OK):
        raise SettingsError(f"--metrics-file {metrics_file} can't be written: there must be a folder to write in.")
    if part or merge:
        code = _in_parts(options, part, work, merge)
        if code or not publish:
            return code
    elif work or publish:
        raise SettingsError("--work and --publish go with --part K/N or --merge.")
    started = datetime.now(UTC)
    report, failure = None, None
    try:
        with terminable():
            report = _run(options, quiet)
        code = 1 if report.refused or report.warning else 0
    except BaseException as error:
        failure = error
        code = _exit_code(error)
    missing = [*_note(index, started, report, code, failure), *_measure(metrics_file, report, code)]
    if report is not None:
        missing += _tell(report, index, as_json, code, quiet and not missing)
    for problem in missing:
        click.echo(f"dau rebuild: {problem}", err=True)
    if failure is not None:
        raise failure
    return code or (1 if missing else 0)


def _in_parts(options: "RebuildOptions", part: "Part | None", work: Path | None, merge: bool) -> int:
    """Run one part, or take over all; return the exit code."""
    from index.rebuild.parts import merge as take_over
    from index.rebuild.parts import run_part
    from index.rebuild.progress import Progress, Silent

    if work is None or (part and merge):
        raise SettingsError("Give --work DIR with --part K/N, and with --merge, one after the other.")
    with terminable():
        if part is None:
            click.echo(f"dau rebuild: took over {take_over(options, work)} parts.", err=True)
            return 0
        lacking = run_part(options, part, work, Progress(Silent()))
    if lacking:
        names = ", ".join(str(each.number) for each in lacking)
        click.echo(f"dau rebuild: part {part.number} was read; parts {names} were not yet: run it again then, or give "
                   "--wait SECONDS.", err=True)  # fmt: skip
        return 75
    click.echo(f"dau rebuild: part {part.number} of {part.count} is done.", err=True)
    return 0


def _cluster(engine: str, urls: tuple[str, ...], access: dict[str, Any], prefix: str, shards: int,
             replicas: int) -> dict[str, Any]:
    """Return what the builder is told of a cluster, nothing of the engine on this machine.  Raises SettingsError."""
    if engine != "opensearch":
        if urls or any(access.values()):
            raise SettingsError("--url, --user, --password-file and --ca are for --engine opensearch.")
        return {}
    from search.engines.opensearch.settings import ClusterSettings

    files = {name: str(value.resolve()) if isinstance(value, Path) else value or "" for name, value in access.items()}
    layout = {"prefix": prefix, "shards": shards, "replicas": replicas}
    return {"engine": engine, **ClusterSettings.from_json({"urls": urls, **files, **layout}).to_json()}


def _note(index: Path, started: datetime, report: "Report | None", code: int,
          failure: BaseException | None) -> Iterator[str]:
    """Leave beside the index how the run ended; yield why that can't be done."""
    from index.rebuild.report import write_last_run

    if isinstance(failure, UserError):  # another run is under way, or this is no folder of ours
        return
    message = (report.refused or report.warning or report.summary()) if report else str(failure) or "interrupted"
    try:
        write_last_run(index, started, report, code, message)
    except OSError as error:
        yield f"how the run ended can't be noted in {index}: {error.strerror}."


def _measure(path: Path | None, report: "Report | None", code: int) -> Iterator[str]:
    """Write the figures for Prometheus; yield why that can't be done."""
    from index.rebuild.report import write_metrics

    if path is not None:
        try:
            write_metrics(path, report, code, datetime.now(UTC))
        except OSError as error:
            yield f"--metrics-file {path} can't be written: {error.strerror}."


def _run(options: "RebuildOptions", quiet: bool) -> "Report":
    from index.rebuild.job import rebuild as run
    from index.rebuild.progress import Progress, Silent

    return run(options, Progress(Bars() if sys.stderr.isatty() and not quiet else Silent()))


def _exit_code(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        return 130
    if isinstance(error, RebuildRunning):
        return 75
    return 2 if isinstance(error, UserError) else 70


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM, which systemd and cron's shutdown send, end the run as cleanly as Ctrl-C."""
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    old = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, old)


def _tell(report: "Report", index: Path, as_json: bool, code: int, quiet: bool) -> Iterator[str]:
    """Print the report: one line, and more only if there is something to look at; yield why that can't be done."""
    if as_json:
        try:
            click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
            sys.stdout.flush()
        except OSError as error:
            with open(os.devnull, "w") as nothing:  # noqa: PTH123 - lest Python fails again at its end
                os.dup2(nothing.fileno(), sys.stdout.fileno())
            yield f"the report can't be written to standard output: {error.strerror}."
    if code or not quiet:
        click.echo(f"dau rebuild: {report.summary()}", err=True)
        _tell_notes([f"{visible(note.path)}: {visible(note.text)}" for note in report.notes if note.new])
    if code:
        click.echo(f"dau rebuild: {visible(report.refused or report.warning)}.", err=True)
        if report.refused and not report.held:
            click.echo(f"The index {index} is as it was.", err=True)
        _name_some(index, [*report.unreadable, *report.rejected])


def _tell_notes(lines: list[str]) -> None:
    """Print what is worth telling of the files read in this run, of many the first."""
    for line in lines[:_TOLD_NOTES]:
        click.echo(f"  {line}", err=True)
    if len(lines) > _TOLD_NOTES:
        click.echo(f"  ... and of {len(lines) - _TOLD_NOTES} more files (--json, or `dau look`)", err=True)


def _name_some(index: Path, items: "list[Quarantined]") -> None:
    for item in items[:_NAMED_REJECTS]:
        click.echo(f"  {visible(item.path)}: {visible(item.reason)}", err=True)
    if len(items) > _NAMED_REJECTS:
        from index.rebuild.report import QUARANTINE_TEXT

        click.echo(f"  ... and {len(items) - _NAMED_REJECTS} more in {index / QUARANTINE_TEXT}", err=True)


class Bars:
    """Shows each stage as a progress bar with rate and remaining time on standard error."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._done = 0
        self._started = 0.0

    def begin(self, stage: str, total: int | None) -> None:
        """Start a bar; without a total it only counts."""
        self._done, self._started = 0, time.monotonic()
        self._bar = click.progressbar(length=total or 0, label=f"{_STAGES.get(stage, stage):<15}", file=sys.stderr,
                                      show_eta=total is not None, show_pos=True, show_percent=total is not None,
                                      item_show_func=self._rate, update_min_steps=1, width=24)
        self._bar.__enter__()

    def _rate(self, _: object) -> str:
        seconds = time.monotonic() - self._started
        return f"{self._done / seconds:,.0f}/s" if seconds > 0.5 else ""

    def step(self, count: int) -> None:
        """Advance the bar."""
        self._done += count
        self._bar.update(count, self._done)

    def end(self) -> None:
        """Finish the bar."""
        self._bar.__exit__(None, None, None)


@click.command()
@index_option
@click.option("--to", metavar="ID", help="The generation to go to; without it the one before the current one.")
@click.option("--list", "listing", is_flag=True, help="List the generations and stop.")
@click.option("--release", is_flag=True, help="Let go: the next rebuild publishes again.")
def rollback(index: Path, to: str | None, listing: bool, release: bool) -> int:
    """Serve an older generation again, and hold it: rebuilds publish nothing until --release.

    Running servers switch to it within a second.
    """
    from index.publish import generations as publishing
    from index.publish import holding
    from index.publish.locking import rebuild_lock

    if listing:
        _list_generations(index)
        return 0
    if release and to:
        raise SettingsError("Give --to or --release, not both.")
    if not index.is_dir():
        raise SettingsError(f"There is no index at {index}.")
    if release:
        click.echo("Released." if holding.release(index) else "Nothing was held.", err=True)
        return 0
    with rebuild_lock(index, 0):
        target = publishing.rollback(index, to)
    click.echo(f"Serving {target}, and holding it: `dau rollback --release` lets the next rebuild publish.", err=True)
    return 0


def _list_generations(index: Path) -> None:
    from index.publish import holding
    from search.archive.generations import current_id, generation_ids

    current, hold = current_id(index), holding.held(index)
    for name in generation_ids(index):
        held = f" (held since {hold.since})" if hold and hold.generation == name else ""
        click.echo(f"{name}{' (current)' if name == current else ''}{held}")


@click.command()
@index_option
@click.option("--repair", is_flag=True, help="Set damaged generations aside and serve the newest whole one.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON on standard output.")
def check(index: Path, repair: bool, as_json: bool) -> int:
    """Compare every file of every generation with its hash.  Exit code 1: something is damaged."""
    from index.publish.checking import check_all

    findings = check_all(index, repair=repair)
    if as_json:
        click.echo(json.dumps(findings.as_json(), ensure_ascii=False, indent=1))
    for line in findings.lines():
        click.echo(line, err=True)
    return 0 if findings.sound else 1
