"""Measure extraction on gold pages: a folder with `html/index.jsonl` and `html/pages.tar.xz` (or `html/pages/`).

A row of the index names a file, its site, its kind and, for articles and notices, `gold` with title, text and,
where the page shows one, date.  Scores of text are F1 of word 4-grams as multisets, as in the public
article-extraction-benchmark; the mean over the articles of a site, then over sites.
"""

import json
import re
import statistics
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bs4 import BeautifulSoup

from index.extract.extracting import extract, observe
from index.page.sites import SiteMemory
from index.read.records import RawDocument, Rejected
from search.article import Article
from search.errors import UserError
from search.text import normalize

#: More text than this beyond the gold text of a notice is junk, in characters.
JUNK: Final = 300
_GRAM: Final = 4
#: Pages for the comparison of speed, and how often each is timed; the fastest round counts.
_SPEED_PAGES: Final = 60
_ROUNDS: Final = 3
_DUMPS_PER_SITE: Final = 40
_WORD: Final = re.compile(r"\w+")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the gold set: its row of the index and its bytes."""

    row: Row
    data: bytes

    @property
    def gold(self) -> Mapping[str, str]:
        """Return the gold fields, empty where there are none."""
        return self.row.get("gold") or {}

    @property
    def is_article(self) -> bool:
        """Say whether its text is scored."""
        return self.row["kind"] == "article" and "text" in self.gold


def read_pages(data: Path) -> list[Page]:
    """Return the pages of a gold folder.  Raises UserError if it is none."""
    index = data / "html" / "index.jsonl"
    if not index.is_file():
        raise UserError(f"{data} holds no gold pages: {index} is missing.")
    rows = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines() if line.strip()]
    archive = data / "html" / "pages.tar.xz"
    if not archive.is_file():
        return [Page(row, (data / "html" / row["file"]).read_bytes()) for row in rows]
    with tarfile.open(archive) as packed:
        members = {member.name.removeprefix("./"): packed.extractfile(member) for member in packed if member.isfile()}
        contents = {name: stream.read() for name, stream in members.items() if stream}
    return [Page(row, contents[row["file"]]) for row in rows]


def four_gram_f1(found: str, gold: str) -> float:
    """Return the F1 of the word 4-grams of two texts, 0..1; two empty texts agree."""
    ours, theirs = _grams(found), _grams(gold)
    if not ours or not theirs:
        return float(ours == theirs)
    common = sum((ours & theirs).values())
    return 2 * common / (sum(ours.values()) + sum(theirs.values()))


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(normalize(text))
    starts = range(max(1, len(words) - _GRAM + 1)) if words else ()
    return Counter(tuple(words[at : at + _GRAM]) for at in starts)


def measure(pages: Sequence[Page], speed: bool = True) -> dict[str, Any]:
    """Return the figures of the extraction gates; see `dau quality --help` for their meaning."""
    raws = [RawDocument(page.row["file"], page.row["file"], page.data) for page in pages]
    memory = _learn(raws)
    learned = [extract(raw, memory) for raw in raws]
    alone = [extract(raw) if page.is_article else None for raw, page in zip(raws, pages, strict=True)]
    sites = _by_site(pages, learned)
    return {
        "html_f1": _mean(sites.values()),
        "html_f1_worst_site": min(sites.values(), default=None),
        "html_f1_alone": _mean(_by_site(pages, alone).values()),
        "notices_with_junk": _junk_share(pages, learned),
        "text_f1": _mean(_text_scores(pages).values()),
        "titles": _mean(_titles(pages, learned)),
        **_dates(pages, learned),
        "speed_vs_trafilatura": _speed(pages, raws, memory) if speed else None,
        "pages": len(pages),
        "sites": sites,
    }


def _learn(raws: Sequence[RawDocument]) -> SiteMemory:
    return SiteMemory.from_observations(seen for raw in raws if (seen := observe(raw)))


def _mean(values: Any) -> float | None:
    values = list(values)
    return statistics.mean(values) if values else None


def _by_site(pages: Sequence[Page], results: Sequence[Article | Rejected | None]) -> dict[str, float]:
    scores: dict[str, list[float]] = defaultdict(list)
    for page, found in zip(pages, results, strict=True):
        if page.is_article:
            body = found.body if isinstance(found, Article) else ""
            scores[page.row["site"]].append(four_gram_f1(body, page.gold["text"]))
    return {site: statistics.mean(values) for site, values in sorted(scores.items())}


def _junk_share(pages: Sequence[Page], results: Sequence[Article | Rejected]) -> float | None:
    junk = [
        len(found.body) - len(page.gold.get("text", "")) > JUNK
        for page, found in zip(pages, results, strict=True)
        if page.row["kind"] == "notice" and isinstance(found, Article)
    ]
    return _mean(map(float, junk))


def _titles(pages: Sequence[Page], results: Sequence[Article | Rejected]) -> Iterator[float]:
    for page, found in zip(pages, results, strict=True):
        if "title" in page.gold:
            yield float(isinstance(found, Article) and _bare(found.title) == _bare(page.gold["title"]))


def _bare(title: str) -> list[str]:
    """Return what must agree in two titles: their words, whatever the punctuation and capitals."""
    return _WORD.findall(normalize(title).lower())


def _dates(pages: Sequence[Page], results: Sequence[Article | Rejected]) -> dict[str, float | int | None]:
    """Return the share of shown dates that are right, and on how many pages without one a date is claimed.

    A date inferred from the event that the text tells of is labelled so, and is not a claim about the page.
    """
    right, invented = [], 0
    for page, found in zip(pages, results, strict=True):
        if "gold" not in page.row or not isinstance(found, Article):
            continue
        shown = page.gold.get("date", "")
        if shown:
            right.append(float(found.date.value == shown))
        else:
            invented += found.date.source in ("published", "stated", "crawl")
    return {"dates": _mean(right), "dates_invented": invented}


def _text_scores(pages: Sequence[Page]) -> dict[str, float]:
    """Score plain-text dumps: every text node of a page on a line of its own, chrome and all."""
    chosen, counts = [], Counter[str]()
    for page in sorted(pages, key=lambda page: not page.is_article):
        if page.is_article or counts[page.row["site"]] < _DUMPS_PER_SITE:
            counts[page.row["site"]] += 1
            chosen.append(page)
    names = [page.row["file"].removesuffix(".html") + ".txt" for page in chosen]
    raws = [RawDocument(name, name, _dump(page.data)) for name, page in zip(names, chosen, strict=True)]
    memory = _learn(raws)
    return _by_site(chosen, [
        extract(raw, memory) if page.is_article else None for raw, page in zip(raws, chosen, strict=True)
    ])


def _dump(data: bytes) -> bytes:
    soup = BeautifulSoup(data, "lxml")
    for element in soup(["script", "style", "noscript"]):
        element.decompose()
    return soup.get_text("\n").encode()


def _speed(pages: Sequence[Page], raws: Sequence[RawDocument], memory: SiteMemory) -> float | None:
    """Return how many times as many pages a second of CPU time as trafilatura's fast mode; None without it."""
    try:
        import trafilatura  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    step = max(1, len(pages) // _SPEED_PAGES)
    sample = list(zip(pages, raws, strict=True))[::step]
    ours = min(_seconds(lambda: [extract(raw, memory) for _, raw in sample]) for _ in range(_ROUNDS))
    theirs = min(
        _seconds(lambda: [trafilatura.extract(page.data, fast=True) for page, _ in sample]) for _ in range(_ROUNDS)
    )
    return theirs / ours


def _seconds(run: Any) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start
