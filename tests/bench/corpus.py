"""The articles and queries of the benchmark, the same for every engine."""

import csv
import json
import lzma
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from search.article import Article, ArticleDate
from search.text import PIPELINE, fold

FILES = ("vietnews.jsonl.xz", "baomoi2017.jsonl.xz", "dantri.jsonl.xz")


@dataclass(frozen=True, slots=True)
class Sample:
    """One article with the two facet values that every engine counts: month as YYYYMM (0 unknown), province."""

    article: Article
    month: int
    province: str


@dataclass(frozen=True, slots=True)
class Question:
    """One query: folded words; `phrase` and `prefix` say how to read them, `excluded` are words with a minus."""

    kind: str
    text: str
    words: tuple[str, ...]
    phrase: bool
    prefix: bool
    excluded: tuple[str, ...]
    province: str
    year: int


def articles(data: Path, count: int | None = None) -> list[Sample]:
    """Return the first `count` articles of the three news files, taken in turn by their share."""
    province_of = _province_finder(data / "provinces.csv")
    found = []
    for record in _records(data / "news", count):
        day = str(record.get("date", ""))[:10]
        title, body = (PIPELINE.normalize(str(record.get(name, ""))) for name in ("title", "text"))
        province = province_of(body)
        date = ArticleDate(day, "day", "published") if len(day) == 10 else ArticleDate()
        key = str(record["id"])
        article = Article(key, key, title, body, url=str(record.get("url", "")), date=date, province=province)
        found.append(Sample(article, (date.year or 0) * 100 + (date.month or 0), province))
    return found


def keep(data: Path, count: int, file: Path) -> None:
    """Write articles to a file that `kept` reads in seconds: they are read, and prepared, once for all engines."""
    file.write_bytes(pickle.dumps(articles(data, count)))


def kept(file: Path) -> list[Sample]:
    """Return what `keep` wrote."""
    samples: list[Sample] = pickle.loads(file.read_bytes())
    return samples


def _records(folder: Path, count: int | None) -> Iterator[dict[str, object]]:
    """Yield records, every n-th of all, so that a part has the same mixture as the whole."""
    everything = []
    for name in FILES:
        with lzma.open(folder / name, "rt", encoding="utf-8") as lines:
            everything += list(lines)
    step = max(len(everything) / (count or len(everything)), 1)
    chosen = (everything[int(place * step)] for place in range(min(count or len(everything), len(everything))))
    return (json.loads(line) for line in chosen)


def _province_finder(table: Path):
    """Return a function from text to the first province name in it, "" if there is none."""
    with table.open(encoding="utf-8") as rows:
        names = {row["old_name"] for row in csv.DictReader(rows) if row["era"].startswith("63")}
    names |= {"TP HCM"}
    pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))

    def province_of(text: str) -> str:
        found = pattern.search(text)
        return found.group() if found else ""

    return province_of


def questions(data: Path) -> list[Question]:
    """Return the 300 queries."""
    found = []
    for line in (data / "queries" / "bench.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = PIPELINE.normalize(record["q"])
        kept = " ".join(part for part in text.split() if not part.startswith("-"))
        minus = " ".join(part[1:] for part in text.split() if part.startswith("-"))
        found.append(Question(record["kind"], text, _words(kept), text.startswith('"'), text.endswith("*"),
                              _words(minus), record.get("province", ""), int(record.get("year", 0))))  # fmt: skip
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(text[token.start : token.end]) for token in PIPELINE.tokens(text) if not token.whole)
