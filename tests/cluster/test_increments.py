"""What a rebuild makes of a few changes on a cluster: a clone of the older index, that answers as a full build does."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from index.rebuild.parts import Part, merge, run_part
from index.rebuild.progress import Progress
from search.archive.building import ENGINE
from search.archive.generations import ARCHIVE, GENERATIONS, current_id, open_current
from search.engines.opensearch.client import Client
from search.engines.opensearch.connection import Connection, read_connection
from search.results.answer import Request
from tests.cluster.comparing import Comparison
from tests.index.templates import SHAPES, TITLES, article_page
from tests.index.test_parts import contents

pytestmark = pytest.mark.xdist_group("cluster")
_WORDS = ("hội", "nghị", "tỉnh", "huyện", "Thanh", "Hóa", "cầu", "chợ", "làng", "gốm", "biên", "giới", "hợp", "tác",
          "nông", "dân", "vụ", "mùa", "sông", "núi")  # fmt: skip
_QUERIES = ("hội nghị", '"thanh hóa"', "tỉnh huyện cầu", "ch*", "mới", "làng -sông", "title:gốm", "")


def _write(folder: Path, records: dict[str, dict[str, str]]) -> None:
    """Write one file an article, and what is not among them away."""
    folder.mkdir(exist_ok=True)
    for gone in {path.stem for path in folder.iterdir()} - records.keys():
        (folder / f"{gone}.json").unlink()
    for key, record in records.items():
        text = json.dumps(record, ensure_ascii=False)
        file = folder / f"{key}.json"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def _record(key: str, chance: random.Random, more: str = "") -> dict[str, str]:
    body = " ".join(chance.choices(_WORDS, k=60))
    return {"id": key, "title": f"{' '.join(chance.choices(_WORDS, k=5))} {more}".strip(), "text": f"{body}. {more}",
            "date": f"2025-0{chance.randint(1, 9)}-11"}  # fmt: skip


def _connection(index: Path) -> Connection:
    return read_connection(index / GENERATIONS / current_id(index) / ARCHIVE / ENGINE)


def test_changed_new_and_removed_articles_answer_as_in_a_full_build(tmp_path: Path, engine: dict[str, Any]) -> None:
    chance = random.Random(18)
    records = {f"bai-{number:03}": _record(f"bai-{number:03}", chance) for number in range(500)}
    inputs, index = tmp_path / "in", tmp_path / "index"
    options = RebuildOptions((inputs,), index, jobs=1, engine={**engine, "prefix": "increment"})
    _write(inputs, records)
    rebuild(options)
    client = Client(_connection(index).settings)
    for turn in range(3):
        before = _connection(index).index
        del records[chance.choice(sorted(records))]
        for key in chance.sample(sorted(records), 2):
            records[key] = _record(key, chance, f"mới lần {turn}")
        records[f"them-{turn}"] = _record(f"them-{turn}", chance, "mới")
        _write(inputs, records)
        report = rebuild(options)
        assert (report.published, report.articles, report.indexed) == (True, 500, 3)
        now = _connection(index).index
        settings = client.get(f"/{now}/_settings")[now]["settings"]["index"]
        assert settings["resize"]["source"]["name"] == before  # it was not built anew
        full = RebuildOptions((inputs,), tmp_path / f"full{turn}", jobs=1)
        rebuild(full)
        embedded, cluster = open_current(full.index), open_current(index)
        seen = Comparison()
        seen.ask(embedded, cluster, [Request(q, sort=sort) for q in _QUERIES for sort in ("relevance", "newest")])
        assert seen.differing == []
        for form in ("fold", "key"):
            assert list(embedded._reader.terms(form)) == list(cluster._reader.terms(form))
        embedded.close()
        cluster.close()


def test_parts_that_are_merged_give_the_cluster_what_one_run_gives_it(tmp_path: Path, engine: dict[str, Any]) -> None:
    inputs, work = tmp_path / "in", tmp_path / "work"
    inputs.mkdir()
    for name in list(SHAPES)[:4]:
        (inputs / name).mkdir()
        for number in range(len(TITLES)):
            (inputs / name / f"bai-{number}.html").write_text(article_page(name, number), encoding="utf-8")
    options = RebuildOptions((inputs,), tmp_path / "parts", jobs=1, engine={**engine, "prefix": "parts"})
    parts = [Part(number, 4) for number in range(1, 5)]
    for part in [*parts, *parts]:  # the first time each tells what it has seen
        run_part(options, part, work, Progress())
    assert merge(options, work) == 4
    assert rebuild(options).articles == 4 * len(TITLES)
    one = RebuildOptions((inputs,), tmp_path / "one", jobs=1, engine={**engine, "prefix": "one"})
    rebuild(one)
    assert contents(options.index) == contents(one.index)
    tables = [[(index / GENERATIONS / current_id(index) / ARCHIVE / ENGINE / name).read_bytes()
               for name in ("fold.terms", "fold.npy", "key.terms", "key.npy")]
              for index in (options.index, one.index)]  # fmt: skip
    assert tables[0] == tables[1]
