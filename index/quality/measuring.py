"""All figures of a folder of gold data: an object for each family of pages, one for the articles."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from bs4 import BeautifulSoup

from index.extract.extracting import extract
from index.quality import articles, pages
from index.quality.gold import Gold, GoldPage
from index.quality.scores import four_gram_f1
from index.read.records import RawDocument
from search.article import Article

#: Pages for the comparison of speed, and how often each is timed; the fastest round counts.
_SPEED_PAGES: Final = 60
_ROUNDS: Final = 3
_DUMPS_PER_SITE: Final = 40


def measure(gold: Gold, speed: bool = True) -> dict[str, dict[str, Any]]:
    """Return family -> figure -> value; see `dau quality --help` for what they mean."""
    found: dict[str, dict[str, Any]] = {}
    for name, family in gold.pages.items():
        if name == "benchmark":
            found[name] = pages.benchmark_figures(family)
            continue
        found[name] = pages.figures(pages.run(family))
        found[name]["text_f1"] = _dumps_f1(family)
        if speed:
            found[name] |= _speed(family)
    if gold.articles:
        found["articles"] = articles.figures(gold.articles)
    return found


def _dumps_f1(family: Sequence[GoldPage]) -> float | None:
    """Return the mean F1 over sites of plain-text dumps: every text node of a page on a line of its own."""
    chosen, counts = [], Counter[str]()
    for page in sorted(family, key=lambda page: not page.scored):
        if page.scored or counts[page.site] < _DUMPS_PER_SITE:
            counts[page.site] += 1
            chosen.append(page)
    names = [page.file.removesuffix(".html") + ".txt" for page in chosen]
    raws = [RawDocument(name, name, _dump(page.data)) for name, page in zip(names, chosen, strict=True)]
    memory = pages.learn(raws)
    sites: dict[str, list[float]] = {}
    for raw, page in zip(raws, chosen, strict=True):
        if page.scored:
            found = extract(raw, memory)
            body = found.body if isinstance(found, Article) else ""
            sites.setdefault(page.site, []).append(four_gram_f1(body, page.gold["text"]))
    means = [sum(scores) / len(scores) for scores in sites.values()]
    return sum(means) / len(means) if means else None


def _dump(data: bytes) -> bytes:
    soup = BeautifulSoup(data, "lxml")
    for element in soup(["script", "style", "noscript"]):
        element.decompose()
    return soup.get_text("\n").encode()


def _speed(family: Sequence[GoldPage]) -> dict[str, float | None]:
    """Return pages a second of CPU time, and how many times as many as trafilatura's fast mode (None without it)."""
    step = max(1, len(family) // _SPEED_PAGES)
    sample = [pages.raw(page) for page in family[::step]]
    memory = pages.learn(sample)
    ours = min(_seconds(lambda: [extract(raw, memory) for raw in sample]) for _ in range(_ROUNDS))
    figures: dict[str, float | None] = {"pages_per_second": len(sample) / ours, "speed_vs_trafilatura": None}
    try:
        import trafilatura  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return figures
    theirs = min(
        _seconds(lambda: [trafilatura.extract(raw.data, fast=True) for raw in sample]) for _ in range(_ROUNDS)
    )
    return figures | {"speed_vs_trafilatura": theirs / ours}


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start
