"""Figures of a family of pages, each page with its site learned and each by itself."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.extract.extracting import extract, observe
from index.page.sites import SiteMemory
from index.quality.gold import GoldPage
from index.quality.scores import begins_with, four_gram_f1, four_gram_shares, harmonic, same, same_author
from index.read.records import RawDocument, Rejected
from search.article import Article

#: More text than this beyond the gold text of a notice is junk, in characters.
JUNK: Final = 300
#: Sources of a date that claim to be the page's own; a date inferred from the event told is labelled as that.
_CLAIMED: Final = ("published", "stated", "crawl")

Found = Article | Rejected
Score = Callable[[GoldPage, Found], float | None]


@dataclass(frozen=True, slots=True)
class Result:
    """A page and what was found on it: with its site learned, and by itself."""

    page: GoldPage
    learned: Found
    alone: Found


def learn(raws: Iterable[RawDocument]) -> SiteMemory:
    """Return what a set of documents teaches about their sites."""
    return SiteMemory.from_observations(seen for raw in raws if (seen := observe(raw)))


def raw(page: GoldPage) -> RawDocument:
    """Return a page as a rebuild of its folder would read it."""
    return RawDocument(page.file, page.file, page.data)


def run(pages: Sequence[GoldPage]) -> list[Result]:
    """Extract all pages twice."""
    memory = learn(map(raw, pages))
    return [Result(page, extract(raw(page), memory), extract(raw(page))) for page in pages]


def benchmark_figures(pages: Sequence[GoldPage]) -> dict[str, Any]:
    """Return the figures of pages of which no other is known, as the public benchmark computes them."""
    found = [(page, extract(raw(page))) for page in pages]
    shares = [four_gram_shares(told.body if isinstance(told, Article) else "", page.gold["text"])
              for page, told in found]
    precision, recall = (statistics.mean(column) for column in zip(*shares, strict=True))
    return {"pages": len(pages), "f1": harmonic(precision, recall), "f1_alone": harmonic(precision, recall),
            "precision": precision, "recall": recall,
            "articles_lost": sum(_kind(page, told) == 0 for page, told in found)}


def _f1(page: GoldPage, found: Found) -> float | None:
    if not page.scored:
        return None
    return four_gram_f1(found.body if isinstance(found, Article) else "", page.gold["text"])


def _title(page: GoldPage, found: Found) -> float | None:
    if "title" not in page.gold:
        return None
    return float(isinstance(found, Article) and same(found.title, page.gold["title"]))


def _date(page: GoldPage, found: Found) -> float | None:
    if not page.gold.get("date"):
        return None
    return float(isinstance(found, Article) and found.date.value == page.gold["date"])


def _lead(page: GoldPage, found: Found) -> float | None:
    if not page.gold.get("lead"):
        return None
    return float(isinstance(found, Article) and begins_with(found.body, page.gold["lead"]))


def _author(page: GoldPage, found: Found) -> float | None:
    """Score the author, or whom a text without one is taken from: `Theo SGGP` is a source, not a person."""
    if not page.gold.get("author"):
        return None
    return float(isinstance(found, Article) and same_author(found.author or found.source, page.gold["author"]))


def _kind(page: GoldPage, found: Found) -> float | None:
    if page.kind == "directory":
        return None
    told = found.kind if isinstance(found, Article) else "listing"
    return float((told == "listing") == (page.kind == "listing_or_other"))


_SCORES: Final[dict[str, Score]] = {"f1": _f1, "titles": _title, "dates": _date, "leads": _lead, "authors": _author,
                                    "kinds": _kind}


def site_figures(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Return site -> figure -> mean over its pages, learned and (`_alone`) by itself."""
    values: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for result in results:
        for name, score in _SCORES.items():
            for suffix, found in (("", result.learned), ("_alone", result.alone)):
                value = score(result.page, found)
                if value is not None:
                    values[result.page.site][name + suffix].append(value)
    return {site: {name: statistics.mean(scores) for name, scores in named.items()}
            for site, named in sorted(values.items())}


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """Return the figures of a family; those of text are means over sites, the others over pages."""
    sites = site_figures(results)
    found: dict[str, Any] = {"pages": len(results)}
    for suffix in ("", "_alone"):
        texts = [named["f1" + suffix] for named in sites.values() if "f1" + suffix in named]
        if texts:
            found["f1" + suffix] = statistics.mean(texts)
            found[f"f1{suffix}_worst_site"] = min(texts)
        titles = [named["titles" + suffix] for named in sites.values() if "titles" + suffix in named]
        if titles:
            found[f"titles{suffix}_worst_site"] = min(titles)
    for name in ("titles", "dates", "leads", "authors"):
        for suffix in ("", "_alone"):
            values = _values(results, name, suffix)
            if values:
                found[name + suffix] = statistics.mean(values)
    return found | _faults(results) | {"sites": sites}


def _values(results: Sequence[Result], name: str, suffix: str) -> list[float]:
    score = _SCORES[name]
    values = (score(result.page, result.alone if suffix else result.learned) for result in results)
    return [value for value in values if value is not None]


def _faults(results: Sequence[Result]) -> dict[str, Any]:
    """Return what was invented, padded, lost, or not told apart."""
    faults: dict[str, Any] = {}
    gold = [result for result in results if result.page.gold.keys() & {"title", "date"}]
    for suffix in ("", "_alone"):
        pairs = [(result.page, result.alone if suffix else result.learned) for result in gold]
        if gold:
            faults["dates_invented" + suffix] = sum(_invents_date(page, found) for page, found in pairs)
        if any("author" in page.gold for page, _ in pairs):
            faults["authors_invented" + suffix] = sum(_invents_author(page, found) for page, found in pairs)
        notices = [(page, found) for page, found in pairs if page.kind == "notice"]
        if notices:
            faults["notices_with_junk" + suffix] = statistics.mean(_is_junk(*pair) for pair in notices)
        listings = [_kind(result.page, result.alone if suffix else result.learned) or 0.0 for result in results
                    if result.page.kind == "listing_or_other"]
        if listings:
            faults["kinds" + suffix] = statistics.mean(listings)
        others = [_kind(page, found) for page, found in pairs if page.kind != "listing_or_other"]
        faults["articles_lost" + suffix] = sum(value == 0 for value in others)
    return faults


def _invents_date(page: GoldPage, found: Found) -> bool:
    return isinstance(found, Article) and not page.gold.get("date") and found.date.source in _CLAIMED


def _invents_author(page: GoldPage, found: Found) -> bool:
    return (isinstance(found, Article) and page.gold.get("author") == "" and bool(found.author)
            and not same_author(found.author, page.gold["text"][-len(found.author) - 20 :]))


def _is_junk(page: GoldPage, found: Found) -> bool:
    return isinstance(found, Article) and len(found.body) - len(page.gold.get("text", "")) > JUNK
