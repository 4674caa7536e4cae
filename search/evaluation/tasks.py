"""Read ranking tasks laid out as BEIR: `task.json`, corpus files, `SPLIT/queries_FORM.jsonl.gz`, `SPLIT/qrels.tsv`.

`task.json`: `corpus` is a list of files relative to the task's folder, `only_ids` optionally limits a file
to the ids in another, `fields` says which record fields are the title and which the text.  With `"corpus":
"index"` a task is about an index that is there, and its judgements name articles by the last part of their path.

Judged queries about an index may also be one file of JSON lines, `{"id", "kind", "query", "relevant": {article id:
relevance}}`.
"""

import csv
import gzip
import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from search.article import Article
from search.errors import UserError
from search.text import PIPELINE

#: The form of queries as people typed them; the others are compared with it.
AS_TYPED: Final = "orig"


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `queries[form][id]` is a query's text, `judgements[id][doc]` its relevance (0 is not relevant).

    `kinds[id]` says what kind of query it is, where that is told; such judgements name articles by their ids.
    """

    name: str
    directory: Path
    description: Mapping[str, Any]
    queries: Mapping[str, Mapping[str, str]]
    judgements: Mapping[str, Mapping[str, int]]
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def on_index(self) -> bool:
        """Say whether the task is about an index that is there, not about a corpus of its own."""
        return bool(self.description["corpus"] == "index")

    @property
    def names_files(self) -> bool:
        """Say whether judgements name the last part of articles' paths instead of their ids."""
        return self.on_index and not self.kinds

    @property
    def corpus_key(self) -> str:
        """Return what the index is made from, as text: tasks with equal keys share one index."""
        files = [str((self.directory / name).resolve()) for name in self.description["corpus"]]
        only = [str((self.directory / ids).resolve()) for ids in self.description.get("only_ids", {}).values()]
        return json.dumps([files, only, self.description["fields"]], sort_keys=True)

    def articles(self) -> Iterator[Article]:
        """Yield the corpus as articles with title and body as the task says, in file order."""
        fields = self.description["fields"]
        limits = self.description.get("only_ids", {})
        for name in self.description["corpus"]:
            only = _ids(self.directory / limits[name]) if name in limits else None
            for record in _records(self.directory / name):
                if only is None or record["_id"] in only:
                    yield _article(record, fields)


def load_tasks(data: Path, split: str) -> list[Task]:
    """Read every task below `data` that has queries of the split, or one file.  Raises UserError if there is none."""
    if data.is_file():
        return [_judged(data)]
    folders = [data] if (data / "task.json").is_file() else sorted(path.parent for path in data.glob("*/task.json"))
    tasks = [_task(folder, split) for folder in folders if (folder / split / "qrels.tsv").is_file()]
    if not tasks:
        raise UserError(f"There is no task with {split!r} queries in {data}; see `dau eval --help` for the layout.")
    return tasks


def _task(folder: Path, split: str) -> Task:
    description = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    queries: dict[str, dict[str, str]] = {}
    for path in sorted((folder / split).glob("queries_*.jsonl*")):
        form = path.name.removeprefix("queries_").partition(".")[0]
        queries[form] = {record["_id"]: record["text"] for record in _records(path)}
    return Task(folder.name, folder, description, queries, _judgements(folder / split / "qrels.tsv"))


def _judged(path: Path) -> Task:
    """Return the task of a file of judged queries.  Raises UserError if it is none."""
    try:
        records = list(_records(path))
        queries = {str(record["id"]): str(record["query"]) for record in records}
        judged = {str(record["id"]): dict(record["relevant"]) for record in records}
        kinds = {str(record["id"]): str(record.get("kind", "all")) for record in records}
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is no file of judged queries ({error!r}); see `dau eval --help`.") from error
    return Task(path.stem, path.parent, {"corpus": "index"}, {AS_TYPED: queries}, judged, kinds)


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t"):
            if len(row) >= 3 and row[2] != "score":
                judged.setdefault(row[0], {})[row[1]] = int(row[2])
    return judged


def _article(record: Mapping[str, Any], fields: Mapping[str, list[str]]) -> Article:
    title = " ".join(str(record[name]) for name in fields.get("title", ()) if record.get(name))
    text = "\n\n".join(str(record[name]) for name in fields.get("text", ()) if record.get(name))
    return Article(str(record["_id"]), "", PIPELINE.normalize(title), PIPELINE.normalize(text))


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with _open(path) as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _ids(path: Path) -> frozenset[str]:
    with _open(path) as lines:
        return frozenset(line.strip() for line in lines)
