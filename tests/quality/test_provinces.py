"""Gate: the own province of 64 articles and pages, labelled by reading them (labels only, no text kept here).

A portal's page is from the portal's province; an article of a newspaper from where its story takes place;
world, national and lifestyle pieces are from none.
"""

import json
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.extract.extracting import extract
from index.read.records import RawDocument
from search.article import Article

FLOOR = 0.95
LABELS = Path(__file__).with_name("own_province.jsonl")
NEWS = ("baomoi2017", "vietnews", "dantri")

pytestmark = pytest.mark.shared


def labels() -> list[dict[str, str]]:
    return [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]


def news(folder: Path, wanted: set[str]) -> Iterator[tuple[str, RawDocument]]:
    for name in NEWS:
        left = {key for key in wanted if key.startswith({"baomoi2017": "baomoi", "dantri": "unc"}.get(name, name))}
        with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            for line in lines:
                if not left:
                    break
                record = json.loads(line)
                if record["id"] in left:
                    left.discard(record["id"])
                    yield record["id"], RawDocument(f"{name}.jsonl", f"{name}.jsonl", None, record)


def pages(archive: Path, wanted: set[str]) -> Iterator[tuple[str, RawDocument]]:
    with tarfile.open(archive) as packed:
        for member in packed:
            name = member.name.removeprefix("pages/")
            opened = packed.extractfile(member) if name in wanted else None
            if opened:
                yield name, RawDocument(member.name, member.name, opened.read())


def test_the_own_province_is_right_on_ninety_five_of_a_hundred_labelled_articles(shared_data: Path) -> None:
    wanted = {label.get("id") or label["page"]: label["province"] for label in labels()}
    documents = [*news(shared_data / "news", set(wanted)), *pages(shared_data / "html" / "pages.tar.xz", set(wanted))]
    found = {key: extract(raw) for key, raw in documents}
    assert found.keys() == wanted.keys()
    wrong = {
        key: (article.province if isinstance(article, Article) else "rejected", wanted[key])
        for key, article in found.items()
        if not isinstance(article, Article) or article.province != wanted[key]
    }
    assert 1 - len(wrong) / len(wanted) >= FLOOR, wrong


def test_the_labels_are_sixty_and_more_from_many_provinces() -> None:
    assert len(labels()) >= 60
    assert len({label["province"] for label in labels()}) >= 15
