"""Twins after changes: a run that looks at few articles marks the clusters that a look at all gives."""

import json
import random
from pathlib import Path

import pytest

from index.clusters.near_duplicates import cluster, signature
from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from search.archive.building import ENGINE
from search.archive.generations import ARCHIVE, choose
from search.article import Article
from search.engines.port import open_reader

WORDS = ("đoàn", "tỉnh", "hội nghị", "hợp tác", "biên giới", "giao lưu", "văn hóa", "kinh tế", "du lịch", "đầu tư")


def text_of(story: int, chance: random.Random) -> str:
    """Return one of many versions of a story: twins and others, and small changes lead from one to the next."""
    words = random.Random(story).choices(WORDS, k=90)
    for _ in range(chance.choice((0, 1, 2, 4, 6))):
        words[chance.randrange(len(words))] = chance.choice(WORDS)
    return " ".join(words)


def write(folder: Path, records: dict[str, dict[str, str]]) -> None:
    """Write a file and a site for each record: what changes in one must not have others read or extracted again."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.stem not in records:
            path.unlink()
    for name, record in records.items():
        text = json.dumps({"id": name, "source": f"Báo {name}", **record}, ensure_ascii=False)
        path = folder / f"{name}.json"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def record(chance: random.Random) -> dict[str, str]:
    if chance.random() < 0.1:
        return {"title": "Xem tệp đính kèm", "text": "Chi tiết xem tại tệp đính kèm của thông báo này."}
    story = chance.randrange(14)
    date = chance.choice(("", f"2024-0{chance.randint(1, 9)}-11"))
    return {"title": f"Tin {story}", "text": text_of(story, chance), **({"date": date} if date else {})}


def articles(index: Path) -> list[Article]:
    reader = open_reader(choose(index).directory / ARCHIVE / ENGINE)
    try:
        return reader.cards(range(reader.count))
    finally:
        reader.close()


def sort_key(article: Article) -> str:
    return article.date.value if article.date.year is not None else ""


@pytest.mark.parametrize("most_joined", [20_000, 5])
def test_clusters_after_any_changes_are_those_of_a_look_at_all_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_joined: int
) -> None:
    monkeypatch.setattr("index.rebuild.twins._MANY_JOINED", most_joined)
    chance = random.Random(most_joined)
    records = {f"a{number:03}": record(chance) for number in range(70)}
    seen = 0
    for step in range(16):
        write(tmp_path / "in", records)
        options = RebuildOptions(roots=(tmp_path / "in",), index=tmp_path / "index", jobs=1)
        assert not rebuild(options).refused
        found = articles(tmp_path / "index")
        right = cluster((article.id, sort_key(article), signature(article)) for article in found)
        assert {article.id: article.cluster for article in found if article.cluster} == right, step
        assert len(found) == len(records)
        seen += len(right)
        first = sorted(set(right.values()))
        for name in {*chance.sample(sorted(records), k=2), *chance.sample(first, k=min(2, len(first)))}:
            match chance.choice(("edit", "remove", "add", "date")):
                case "edit":
                    records[name] = record(chance)
                case "remove":
                    del records[name]
                case "date":
                    records[name] = {**records[name], "date": f"2023-1{chance.randint(0, 2)}-05"}
                case _:
                    records[f"b{step}{name}"] = {**records[name], "text": records[name]["text"] + " thêm một câu"}
    assert seen > 100
