"""Articles for the differential tests: real ones where the development data is, generated ones elsewhere."""

import json
import lzma
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

#: Stock Whoosh indexes about 200 full articles a second and is asked 8,000 times: the first code points will do.
MAX_CHARS = 300
#: What tests ask for stands in generated articles as in real ones, the first more often.
ORDINARY = ("có thể", "người", "bão", "công ty", "Việt Nam", "có", "hà nội", "Thanh Hóa", "nghề", "hà giang")


@dataclass(frozen=True)
class Sample:
    id: str
    title: str
    body: str
    author: str
    year: int
    day: datetime
    tags: str


def articles(data: Path, count: int) -> list[Sample]:
    texts = list(_real(data / "news" / "vietnews.jsonl.xz", count) if data.is_dir() else _generated(count))
    rng = random.Random(20261122)
    start = datetime(2015, 1, 1)
    out = []
    for number, (title, body) in enumerate(texts):
        day = start + timedelta(days=rng.randrange(4000))
        names = rng.sample(["Lan", "Minh", "Hòa", "Hoà", "Đức Anh"], k=rng.randint(0, 2))
        tags = " ".join(rng.sample(["kinh-te", "xa-hoi", "the-thao", "van-hoa"], k=rng.randint(0, 3)))
        out.append(Sample(f"a{number}", title, body, " ".join(names), day.year, day, tags))
    return out


def _real(path: Path, count: int) -> Iterator[tuple[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(count), lines, strict=False):
            record = json.loads(line)
            yield record["title"] or "", record["text"][:MAX_CHARS]


def _generated(count: int) -> Iterator[tuple[str, str]]:
    """Texts of Zipf-distributed syllables: as many frequent and rare words as news has."""
    rng = random.Random(1)
    onsets = ["", *"bcdđghklmnprstvx", "th", "tr", "ng", "nh", "ph", "kh", "ch"]
    rhymes = ["a", "à", "á", "an", "ân", "ăn", "ang", "ác", "ê", "ền", "inh", "ính", "o", "ồng", "ương", "ước", "ủy"]
    words = [onset + rhyme for onset in onsets for rhyme in rhymes] + [f"{n}/{n % 12 + 1}" for n in range(1, 200)]
    rng.shuffle(words)
    for place, each in enumerate(ORDINARY):
        words.insert(12 * place + 6, each)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    for _ in range(count):
        chosen = rng.choices(words, weights, k=rng.randint(20, 220))
        yield " ".join(chosen[:9]).title(), " ".join(chosen)
