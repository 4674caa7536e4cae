"""Figures of the fields of articles whose title and text are given."""

import statistics
from collections.abc import Sequence
from typing import Any

from index.extract.extracting import extract
from index.quality.gold import GoldArticle
from index.quality.scores import same_author
from index.read.records import RawDocument
from search.article import Article


def figures(golds: Sequence[GoldArticle]) -> dict[str, Any]:
    """Return the figures; shares are over the articles that a label applies to.

    Where a label calls something else arguable, that is right, too.  `Theo TTXVN` is told as the source.
    """
    pairs = [(gold.gold, _extracted(gold)) for gold in golds]
    sure = [(gold, found) for gold, found in pairs
            if gold["primary_province"] and gold["primary_confidence"] == "sure"]
    without = [(gold, found) for gold, found in pairs if gold["primary_province"] is None]
    events = [(gold["event_date"], found.event_date.value) for gold, found in pairs if gold["event_date"]["value"]]
    signed = [(gold, found) for gold, found in pairs if gold["author"]]
    ends = [_ends_in_caption(found) for gold, found in pairs if gold["has_caption_tail"]]
    named = [_mentions(gold, found) for gold, found in pairs]
    found_right, found_all, gold_all = (sum(column) for column in zip(*named, strict=True))
    return {
        "articles": len(pairs),
        "own_province": _share([found.province == gold["primary_province"] for gold, found in sure]),
        "false_province": _share([bool(found.province) and found.province not in gold["primary_alt"]
                                  for gold, found in without]),
        "event_date": _share([value == gold["value"] or value in gold["alt"] for gold, value in events]),
        "event_date_missed": _share([not value for _, value in events]),
        "authors": _share([same_author(found.author or found.source, gold["author"]) for gold, found in signed]),
        "authors_invented": sum(bool(found.author) for gold, found in pairs if not gold["author"]),
        "captions": _share(ends),
        "captions_invented": sum(_ends_in_caption(found) for gold, found in pairs if not gold["has_caption_tail"]),
        "mentions_precision": found_right / max(1, found_all),
        "mentions_recall": found_right / max(1, gold_all),
    }


def _extracted(gold: GoldArticle) -> Article:
    found = extract(RawDocument(gold.record["id"], f"{gold.record['id']}.json", record=gold.record))
    assert isinstance(found, Article), found.reason
    return found


def _share(values: Sequence[bool]) -> float | None:
    return statistics.mean(map(float, values)) if values else None


def _ends_in_caption(found: Article) -> bool:
    return any(span.kind == "caption" and span.end == len(found.body) for span in found.spans)


def _mentions(gold: Any, found: Article) -> tuple[int, int, int]:
    """Return (right, found, wanted) provinces that an article names; arguable ones count for nothing."""
    wanted = {*gold["mentions"], *([gold["primary_province"]] if gold["primary_named"] else [])} - {None}
    arguable = {*gold["mentions_arguable"], *gold["historic"], *gold["primary_alt"], gold["primary_province"]}
    told = {name for name in found.provinces if name in wanted or name not in arguable}
    return len(told & wanted), len(told), len(wanted)
