"""Gold data: pages with their kind and right values, and articles with hand-made labels.

A folder may hold two families of pages, `html/` and `html2/`, each with `index.jsonl` and its pages in
`pages.tar.xz` or unpacked in `pages/`, and `articles/articles.jsonl`.  A row of an index names a file, its site
and its kind (`article`, `notice`, `directory`, `listing_or_other`), and in `gold` what is right of title, text,
date, author and lead.  Sites that begin with `aeb-` are the public article-extraction-benchmark, one page each.
"""

import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from search.errors import UserError

_BENCHMARK: Final = "aeb-"
_FAMILIES: Final = ("html", "html2")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page: where its file is, its site, its kind, its bytes and its right values (`""` is: it shows none)."""

    file: str
    site: str
    kind: str
    data: bytes
    gold: Mapping[str, str]

    @property
    def scored(self) -> bool:
        """Say whether its text is scored."""
        return self.kind == "article" and "text" in self.gold


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article whose title and text are given, and the labels that people gave it."""

    record: Mapping[str, str]
    gold: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gold:
    """Everything of a folder: family -> its pages, and the articles."""

    pages: Mapping[str, tuple[GoldPage, ...]]
    articles: tuple[GoldArticle, ...]


def read_gold(data: Path) -> Gold:
    """Return the gold data in a folder.  Raises UserError if there is none."""
    pages: dict[str, tuple[GoldPage, ...]] = {}
    for family in _FAMILIES:
        if (data / family / "index.jsonl").is_file():
            found = _read_pages(data / family)
            pages[family] = tuple(page for page in found if not page.site.startswith(_BENCHMARK))
            benchmark = tuple(page for page in found if page.site.startswith(_BENCHMARK))
            if benchmark:
                pages["benchmark"] = pages.get("benchmark", ()) + benchmark
    articles = _read_articles(data / "articles" / "articles.jsonl")
    if not pages and not articles:
        raise UserError(f"{data} holds no gold data: none of html/index.jsonl, html2/index.jsonl, "
                        "articles/articles.jsonl is there.")
    return Gold({name: found for name, found in pages.items() if found}, articles)


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _read_pages(folder: Path) -> list[GoldPage]:
    rows = _rows(folder / "index.jsonl")
    archive = folder / "pages.tar.xz"
    if archive.is_file():
        with tarfile.open(archive) as packed:
            files = {member.name.removeprefix("./"): packed.extractfile(member) for member in packed if member.isfile()}
            contents = {name: stream.read() for name, stream in files.items() if stream}
    else:
        contents = {row["file"]: (folder / row["file"]).read_bytes() for row in rows}
    return [GoldPage(row["file"], row["site"], row["kind"], contents[row["file"]], row.get("gold") or {})
            for row in rows]


def _read_articles(file: Path) -> tuple[GoldArticle, ...]:
    if not file.is_file():
        return ()
    return tuple(GoldArticle({key: row[key] for key in ("id", "title", "text")}, row["gold"]) for row in _rows(file))
