"""Tell who searches for a province that is no more what it has become, and offer that name."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from search.places import all_names, merged_into, spellings
from search.query.notices import Notice
from search.query.syntax import Parsed, rewritten
from search.text import PIPELINE, fold_text

#: Common words as well: they name the province only with capitals or after `tỉnh`.
AMBIGUOUS: Final = frozenset({"Hòa Bình", "Hải Dương", "Thái Bình", "Hà Nam", "Nam Hà", "Hà Bắc"})
_KINDS: Final = frozenset({"tinh", "pho", "tp"})


def merger_notices(parsed: Parsed) -> list[Notice]:
    """Return one notice for each province named in a query that is part of another one today."""
    longest = _longest()
    if not any(token.fold in longest for token in parsed.words):
        return []
    return list(_notices(parsed))


def _notices(parsed: Parsed) -> Iterator[Notice]:
    at, words = 0, parsed.words
    while at < len(words):
        for end in range(min(len(words), at + _longest().get(words[at].fold, 0)), at, -1):
            name = _name(parsed, at, end)
            if name:
                yield from _notice(name, parsed, at, end)
                at = end - 1
                break
        at += 1


def _name(parsed: Parsed, start: int, end: int) -> str | None:
    """Return the province that some words name: marked words as they are, bare ones in any spelling."""
    tokens = parsed.words[start:end]
    for keys, name in _names().get(tuple(token.fold for token in tokens), ()):
        if all(token.key in (token.fold, key) for token, key in zip(tokens, keys, strict=True)):
            sure = name not in AMBIGUOUS or all(parsed.text[token.start].isupper() for token in tokens)
            return name if sure or (start > 0 and parsed.words[start - 1].fold in _KINDS) else None
    return None


@cache
def _names() -> dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]]:
    table: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
    listed = [(name, name) for name in all_names()] + [(row.spelling, row.name) for row in spellings()]
    for spelling, name in listed:
        if merged_into(name):
            tokens = [token for token in PIPELINE.tokens(PIPELINE.normalize(spelling)) if not token.whole]
            entry = (tuple(token.key for token in tokens), name)
            table.setdefault(tuple(token.fold for token in tokens), []).append(entry)
    return table


@cache
def _longest() -> dict[str, int]:
    """Return the most words that a name has by its first folded word."""
    longest: dict[str, int] = {}
    for folds in _names():
        longest[folds[0]] = max(longest.get(folds[0], 0), len(folds))
    return longest


def _notice(name: str, parsed: Parsed, start: int, end: int) -> Iterator[Notice]:
    merger = merged_into(name)
    folded = f" {' '.join(token.fold for token in parsed.words)} "
    if merger is None or not merger.into or f" {fold_text(merger.into[0]).replace('-', ' ')} " in folded:
        return
    into = ", ".join(merger.into)
    since_vi, since_en = f"{merger.since.month}/{merger.since.year}", f"{merger.since:%B %Y}"
    instead = rewritten(parsed, [(parsed.words[start].start, parsed.words[end - 1].end, merger.into[0])])
    yield Notice(
        "merged-province",
        f"Từ tháng {since_vi}, {name} thuộc {into}. Tìm {instead}?",
        f"Since {since_en}, {name} has been part of {into}. Search {instead}?",
        {"q": instead},
    )
