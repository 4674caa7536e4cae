"""An archive of any size, mixed from real news: each article is the first half of one and the second half of another.

Mixed articles have the words, the neighbours and the lengths of real ones, which random words have not; drawn with a
seed, so that every engine and every machine gets the same ones.
"""

import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

#: Records of one file of the archive.
PER_FILE = 25_000


def halves(text: str) -> tuple[str, str]:
    """Part a text between two paragraphs, as near to its middle as it goes; one of a single paragraph at a space."""
    for mark in ("\n", " "):
        places = [place for place in range(len(text)) if text.startswith(mark, place)] if mark in text else []
        if places:
            cut = min(places, key=lambda place: abs(place - len(text) // 2))
            return text[:cut], text[cut + 1 :]
    return text, ""


def real_records(folder: Path) -> list[dict[str, str]]:
    """Return the records of every JSON Lines file (also .xz) under a folder, in the order of their names."""
    found = []
    for path in sorted([*folder.rglob("*.jsonl"), *folder.rglob("*.jsonl.xz")]):
        with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as lines:
            found += [json.loads(line) for line in lines]
    return [record for record in found if record.get("text")]


def mixed(records: list[dict[str, str]], count: int, seed: int) -> Iterator[dict[str, str]]:
    """Yield `count` records: title, date and address of the article that gave the first half."""
    parts = [halves(record["text"]) for record in records]
    chance = random.Random(seed)
    for number in range(count):
        first, second = chance.randrange(len(parts)), chance.randrange(len(parts))
        made = {"id": f"mixed-{number:07}", "text": f"{parts[first][0]}\n{parts[second][1]}"}
        yield made | {name: records[first][name] for name in ("title", "date", "url") if records[first].get(name)}


def write_archive(source: Path, target: Path, count: int, seed: int = 13) -> None:
    """Write an archive of `count` mixed records in files of PER_FILE."""
    target.mkdir(parents=True)
    records = mixed(real_records(source), count, seed)
    for first in range(0, count, PER_FILE):
        with (target / f"news{first // PER_FILE:04}.jsonl").open("w", encoding="utf-8") as file:
            for _ in range(min(PER_FILE, count - first)):
                file.write(json.dumps(next(records), ensure_ascii=False) + "\n")
