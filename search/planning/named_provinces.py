"""Which provinces the words of a query name, and where: not those whose name is part of another one.

`Thái Bình Dương` is an ocean, `sông Cửu Long` a river, `Nguyễn Minh Hải` a person, `Xô Viết Nghệ Tĩnh` a movement.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from search.places import all_names, spellings
from search.query.syntax import Parsed
from search.reading.blanks import Names
from search.text import PIPELINE, tone_key
from search.text.spelling import unmarked

#: Common words as well: they name the province only with capitals or after `tỉnh`.
AMBIGUOUS: Final = frozenset({"Hòa Bình", "Hải Dương", "Thái Bình", "Hà Nam", "Nam Hà", "Hà Bắc"})
_KINDS: Final = frozenset({"tinh", "pho", "tp"})
#: Before a name they make it that of something else.
_OF_OTHERS: Final = "sông núi đèo vịnh biển đảo hồ cầu đường chợ chùa viết"
#: Family names that are no other words: what follows is a person's name.
_FAMILIES: Final = "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ ngô trịnh"


class NamedProvince(NamedTuple):
    """A province, and the words [start, end) of the query that name it."""

    name: str
    start: int
    end: int


def named_provinces(parsed: Parsed, names: Names) -> list[NamedProvince]:
    """Return the provinces, former ones as well, that the wanted words of a query name, in order."""
    longest = _longest()
    return list(_named(parsed, names)) if any(token.fold in longest for token in parsed.words) else []


def _named(parsed: Parsed, names: Names) -> Iterator[NamedProvince]:
    at, words = 0, parsed.words
    while at < len(words):
        for end in range(min(len(words), at + _longest().get(words[at].fold, 0)), at, -1):
            name = _name(parsed, at, end)
            if name:
                if _means_the_place(parsed, at, end, names):
                    yield NamedProvince(name, at, end)
                at = end - 1
                break
        at += 1


def _name(parsed: Parsed, start: int, end: int) -> str | None:
    """Return the province that some words name: marked words as they are, bare ones in any spelling."""
    tokens = parsed.words[start:end]
    for keys, name in _spellings().get(tuple(token.fold for token in tokens), ()):
        if all(token.key in (token.fold, key) for token, key in zip(tokens, keys, strict=True)):
            sure = name not in AMBIGUOUS or all(parsed.text[token.start].isupper() for token in tokens)
            return name if sure or (start > 0 and parsed.words[start - 1].fold in _KINDS) else None
    return None


def _means_the_place(parsed: Parsed, start: int, end: int, names: Names) -> bool:
    words = parsed.words
    if start and words[start - 1].key in _of_others():
        return False
    begins = [start] if end - start > 1 else []
    if start and (words[start - 1].fold, words[start].fold) in _spellings():
        begins.append(start - 1)  # `thai binh duong` is neither Thái Bình nor Bình Dương
    return not any(_is_longer(parsed, begin, end, names) for begin in begins)


def _is_longer(parsed: Parsed, begin: int, end: int, names: Names) -> bool:
    """Say whether a name of the archive begins at a word of the query and goes on beyond what two names share."""
    words = parsed.words[begin:]
    folds = tuple([word.fold for word in words])
    for keys, _ in names(*folds[:2]):
        size = len(keys)
        covers = begin + size > end or (begin + size == end and size > 2)
        typed = all(word.key in (key, unmarked(key)) for word, key in zip(words, keys, strict=False))
        if covers and size <= len(words) and typed and folds[:size] not in _spellings():
            return True
    return False


@cache
def _of_others() -> frozenset[str]:
    return frozenset(map(tone_key, (*_OF_OTHERS.split(), *_FAMILIES.split())))


@cache
def _spellings() -> dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]]:
    """Return (tone keys, province) of every spelling by its folded words."""
    table: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
    for spelling, name in [(name, name) for name in all_names()] + [(row.spelling, row.name) for row in spellings()]:
        tokens = [token for token in PIPELINE.tokens(PIPELINE.normalize(spelling)) if not token.whole]
        entry = (tuple(token.key for token in tokens), name)
        table.setdefault(tuple(token.fold for token in tokens), []).append(entry)
    return table


@cache
def _longest() -> dict[str, int]:
    """Return the most words that a name has by its first folded word."""
    longest: dict[str, int] = {}
    for folds in _spellings():
        longest[folds[0]] = max(longest.get(folds[0], 0), len(folds))
    return longest
