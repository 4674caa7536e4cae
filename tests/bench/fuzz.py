"""Search for random strings and count what raises, which must be nothing.

`python -m tests.bench.fuzz ARCHIVE [--queries 100000] [--seed 1]` takes the `archive` directory of a generation
(`INDEX/generations/ID/archive`).  A third of the queries is syntax and words in any order, a third words of the
archive with noise, a third arbitrary Unicode, some of it very long.
"""

import argparse
import random
import time
from pathlib import Path

from search.archive.archive import Archive
from search.results.answer import Request

SYNTAX = (*'“”«"()-*:/.', "OR", "AND", "~3", "~999", "title:", "source:", "author:", "province:", "from:", "to:",
          "from:2024", "to:31/12/2025", "province:Phú Yên")  # fmt: skip
WORDS = ("thanh", "hoá", "hòa", "đường", "duong", "dduwowngf", "d9u7o7ng2", "92/QĐ-UBND", "26/12", "TP.HCM", "UBND",
         "phu", "yên", "ab*", "thanh*", "Sở", "NGOẠI", "vụ", "tỷ", "giá", "2025-2030", "Chi-lê", "là")  # fmt: skip
ODD = (*"\u0301\u0302\u200b\0\n\t\u00a0İßﬁ\ud800\uffff\u094d", "😀", "北京")


def query_string(chance: random.Random) -> str:
    """Return a random query."""
    kind = chance.random()
    if kind < 0.35:
        return chance.choice((" ", "")).join(chance.choices(SYNTAX + WORDS, k=chance.randint(0, 40)))
    if kind < 0.7:
        return " ".join(_noisy(chance, word) for word in chance.choices(WORDS, k=chance.randint(1, 12)))
    size = chance.choice((5, 50, 200, 1000, 5000 if kind > 0.98 else 100))
    limit = chance.choice((0x7F, 0x1EFF, 0xD7FF, 0x10FFFF))
    return "".join(chr(chance.randint(0, limit)) for _ in range(chance.randint(0, size)))


def _noisy(chance: random.Random, word: str) -> str:
    letters = list(word)
    for _ in range(chance.choice((0, 0, 1, 2))):
        noise = chance.choice((*SYNTAX[:10], *ODD, *"aeioudghtf"))
        letters[chance.randint(0, len(letters) - 1)] += noise
    return "".join(letters)


def main() -> None:
    """Search, and print the count, what raised, and the slowest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    archive, chance = Archive.open(options.archive), random.Random(options.seed)
    raised, slowest, started = 0, (0.0, ""), time.perf_counter()
    for number in range(options.queries):
        text = query_string(chance)
        began = time.process_time()
        try:
            archive.search(Request(text, page=1 + number % 3, strict=number % 7 == 0, explain=number % 5 == 0))
        except Exception as error:
            raised += 1
            print(f"{error!r} on {text!r:.300}", flush=True)
        slowest = max(slowest, (time.process_time() - began, text))
    print(f"{options.queries} queries in {time.perf_counter() - started:.0f} s, {raised} raised; the slowest took "
          f"{slowest[0] * 1000:.0f} ms: {slowest[1]!r:.200}")  # fmt: skip


if __name__ == "__main__":
    main()
