"""What a rebuild reports: one line for people, JSON, the quarantine list, a Prometheus text file."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from index.publish.durable import replace_file
from index.read.extras import INSTALL, lacking_extra
from index.read.records import Rejected
from index.rebuild.progress import StageTime
from search.text import visible

QUARANTINE_JSON: Final = "quarantine.json"
QUARANTINE_TEXT: Final = "quarantine.txt"
_TOLD_ENDINGS: Final = 6
LAST_RUN: Final = "last-run.json"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A rejected input, why, and since which run (ISO 8601, UTC)."""

    path: str
    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class FileNote:
    """What is worth telling of a file that was read; `new` if it was read in this run."""

    path: str
    text: str
    new: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a rebuild.

    Counts are of documents: a page file is one, a JSON or JSONL file has one per record, and one more for the file
    itself if it can't be read to its end.  indexed + unchanged + duplicate + rejects = documents; of one file's rejects
    the first hundred are named in `rejected`.  `indexed` are new or changed since the last generation; `unreadable` are
    files and folders whose articles stay as they were; `articles` are served after the run.  `refused` says why a
    generation was not published (`held`: a rollback holds), `warning` what to look at; `skipped`: --if-needed found
    nothing to do, so nothing was counted.
    """

    generation: str
    published: bool
    files: int
    documents: int
    indexed: int
    unchanged: int
    duplicate: int
    removed: int
    ignored: Mapping[str, int]
    rejected: tuple[Quarantined, ...]
    articles: int
    seconds: float
    rejects: int = 0
    unreadable: tuple[Quarantined, ...] = ()
    notes: tuple[FileNote, ...] = ()
    stages: Mapping[str, StageTime] = field(default_factory=dict)
    refused: str = ""
    warning: str = ""
    skipped: bool = False
    held: bool = False

    @property
    def outcome(self) -> str:
        """Return `published`, `unchanged`, `held` or `refused`."""
        if self.published:
            return "published"
        return "held" if self.held else "refused" if self.refused else "unchanged"

    @property
    def counts(self) -> dict[str, int]:
        """Return the figures of the run by name."""
        return {
            "files": self.files, "documents": self.documents, "indexed": self.indexed, "unchanged": self.unchanged,
            "duplicate": self.duplicate, "rejected": self.rejects, "unreadable": len(self.unreadable),
            "removed": self.removed, "ignored": sum(self.ignored.values()), "articles": self.articles,
        }

    def as_json(self) -> dict[str, Any]:
        """Return the object of `--json`."""
        stages = {
            name: {"seconds": round(stage.seconds, 3), "count": stage.count,
                   "per_second": round(stage.count / stage.seconds, 1) if stage.seconds else 0.0}
            for name, stage in self.stages.items()
        }
        return {
            "generation": self.generation, "published": self.published, "indexed": self.indexed,
            "unchanged": self.unchanged, "duplicate": self.duplicate,
            "rejected": _listed(self.rejected), "rejects": self.rejects, "unreadable": _listed(self.unreadable),
            "removed": self.removed, "ignored": sum(self.ignored.values()), "ignored_by_name": dict(self.ignored),
            "notes": [{"path": note.path, "text": note.text} for note in self.notes],
            "files": self.files, "documents": self.documents,
            "articles": self.articles, "seconds": round(self.seconds, 3), "stages": stages,
            "refused": self.refused, "warning": self.warning,
        }

    def summary(self) -> str:
        """Return one line for people."""
        counts = (f"{self.indexed} indexed, {self.unchanged} unchanged, {self.duplicate} duplicate, "
                  f"{self.rejects} rejected of {self.documents} documents in {self.files} files, "
                  f"{self.removed} removed, {len(self.unreadable)} unreadable")
        if self.ignored:
            counts += f"; {ignored_files(self.ignored)}"
        if self.skipped:
            return f"Not needed: {self.generation} is whole and up to date with this version; {self.articles} articles."
        if self.published:
            state = f"Published {self.generation}"
        elif self.refused:
            state = "NOT published"
        else:
            state = f"Nothing new, {self.generation or 'no generation'} stays"
        return f"{state}: {counts}; {self.articles} articles; {self.seconds:.1f} s."


def ignored_files(ignored: Mapping[str, int]) -> str:
    """Return in a few words how many files are not read for their names: the most frequent endings, and an extra."""
    ranked = sorted(ignored.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{kind} {count}" for kind, count in ranked[:_TOLD_ENDINGS])
    more = ", ..." if len(ranked) > _TOLD_ENDINGS else ""
    lacking = sorted(kind for kind in ignored if lacking_extra(kind))
    extra = f"; {INSTALL} reads {' '.join(lacking)}" if lacking else ""
    return f"{sum(ignored.values())} files ignored by name ({told}{more}{extra})"


def _listed(items: Iterable[Quarantined]) -> list[dict[str, str]]:
    return [{"path": item.path, "reason": item.reason, "since": item.since} for item in items]


def list_quarantine(index: Path, rejected: Iterable[Rejected], now: datetime) -> tuple[Quarantined, ...]:
    """Return the quarantine list of this run; an input keeps the date of its first rejection."""
    known = {item.path: item for item in read_quarantine(index)}
    stamp = now.astimezone(UTC).isoformat(timespec="seconds")
    return tuple(
        Quarantined(item.path, item.reason, known[item.path].since if item.path in known else stamp)
        for item in rejected
    )


def write_quarantine(index: Path, listed: Iterable[Quarantined]) -> None:
    """Write the list as JSON and as text.  Raises OSError."""
    listed = list(listed)
    replace_file(index / QUARANTINE_JSON, (json.dumps(_listed(listed), ensure_ascii=False, indent=1) + "\n").encode())
    lines = (f"{item.since}\t{visible(item.path)}\t{visible(item.reason)}\n" for item in listed)
    replace_file(index / QUARANTINE_TEXT, "".join(lines).encode())


def read_quarantine(index: Path) -> list[Quarantined]:
    """Return the list as the last run left it; an unreadable one is empty: it is written anew."""
    try:
        return [Quarantined(**item) for item in json.loads((index / QUARANTINE_JSON).read_bytes())]
    except (OSError, ValueError, TypeError):
        return []


def write_metrics(path: Path, report: Report | None, exit_code: int, now: datetime) -> None:
    """Write a file for node_exporter's textfile collector in one atomic step.  Raises OSError.

    Without a report (the run failed) only the run's time and exit code are written; `last_success` is kept.
    """
    success = now.timestamp() if exit_code == 0 else _last_success(path)
    figures: list[tuple[str, str, float]] = [
        ("dau_rebuild_last_run_timestamp_seconds", "When the last rebuild ended.", round(now.timestamp())),
        ("dau_rebuild_last_success_timestamp_seconds", "When the last rebuild ended with exit code 0.", round(success)),
        ("dau_rebuild_exit_code", "Exit code of the last rebuild.", exit_code),
    ]
    if report is not None:
        figures += [
            ("dau_rebuild_duration_seconds", "Duration of the last rebuild.", round(report.seconds, 3)),
            ("dau_rebuild_published", "Whether the last rebuild published a generation.", int(report.published)),
            ("dau_rebuild_files", "Input files seen.", report.files),
            ("dau_rebuild_documents", "Documents seen.", report.documents),
            ("dau_rebuild_indexed", "Documents new or changed.", report.indexed),
            ("dau_rebuild_unchanged", "Documents unchanged.", report.unchanged),
            ("dau_rebuild_duplicate", "Documents with the content of another.", report.duplicate),
            ("dau_rebuild_rejected", "Documents rejected.", report.rejects),
            ("dau_rebuild_unreadable", "Files and folders that can't be read.", len(report.unreadable)),
            ("dau_rebuild_removed", "Articles removed.", report.removed),
            ("dau_rebuild_articles", "Articles in the archive.", report.articles),
        ]
    text = "".join(f"# HELP {name} {words}\n# TYPE {name} gauge\n{name} {value}\n" for name, words, value in figures)
    replace_file(path, text.encode())


def write_last_run(index: Path, started: datetime, report: Report | None, exit_code: int, message: str) -> None:
    """Leave beside the index how a run ended, in one atomic step, for the server's health.  Raises OSError.

    `outcome` is published, unchanged, held, refused or, without a report, failed.
    """
    ended = datetime.now(UTC)
    document = {
        "started": started.isoformat(timespec="seconds"), "ended": ended.isoformat(timespec="seconds"),
        "seconds": round((ended - started).total_seconds(), 3), "outcome": report.outcome if report else "failed",
        "exit": exit_code, "generation": report.generation if report else "", "counts": report.counts if report else {},
        "message": message,
    }
    replace_file(index / LAST_RUN, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def _last_success(path: Path) -> float:
    try:
        lines = path.read_text().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("dau_rebuild_last_success"))
    except (OSError, ValueError, IndexError, StopIteration):
        return 0.0
