"""Districts and cities of before July 2025 whose name only one province has: they tell where a story is.

A district counts behind its kind (`huyện`, `thị xã`, `TP`); cities that no person and no street is called like
(`Nha Trang`) count by themselves.  The table holds the names that were unique in the whole country.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from index.places.gazetteer import any_name, tone_styles
from index.places.mentions import Mention, in_context
from search.text import fold_text, normalize, tone_key

_BEHIND_KIND: Final = re.compile(
    r"[HhQqTt](?<!\w.)(?:(?<=[Hh])uyện ủy|(?<=[Tt])hị ủy|(?<=[Hh])uyện|(?<=[Qq])uận|(?<=[Tt])hị xã|(?<=[Tt])hành phố"
    r"|(?<=H)UYỆN|(?<=Q)UẬN|(?<=T)HỊ XÃ|(?<=T)[PpXx]\.?|(?<=[HQ])\.)\s?"
    r"(?P<name>[^\W\d_][\w’'-]*(?:\s[^\W\d_][\w’'-]*){0,3})"
)
#: How what `_BEHIND_KIND` matches begins.
_KINDS: Final = (
    "huyện", "Huyện", "HUYỆN", "quận", "Quận", "QUẬN", "thị ủy", "Thị ủy", "thị xã", "Thị xã", "THỊ XÃ", "thành phố",
    "Thành phố", "TP", "Tp", "TX", "Tx", "H.", "Q.",
)  # fmt: skip
_HIGHLANDS: Final = (
    "dak", "dac", "eah", "eak", "ias", "iag", "iap", "iah", "cum", "cuk", "chup", "chus", "krong", "kong", "kbang",
    "mdrak", "buon", "tumorong",
)  # fmt: skip
_LETTERS: Final = re.compile(r"[\W_]+")


@cache
def _rows() -> tuple[tuple[str, str, bool], ...]:
    lines = (files("index.places") / "districts.csv").read_text(encoding="utf-8").splitlines()
    return tuple((normalize(row["name"]), row["province"], row["use"] == "bare") for row in csv.DictReader(lines))


def _key(name: str) -> str:
    """Return a key under which tone styles make no difference; in names of the highlands, which are spelled in many
    ways, neither do marks, signs and spaces: `Đăkr’lấp` and `Đắk R'Lấp` are one.
    """
    folded = _LETTERS.sub("", fold_text(name))
    if folded.startswith(_HIGHLANDS):
        return folded
    return " ".join(tone_key(word) for word in _LETTERS.split(name))


@cache
def _by_key() -> dict[str, str]:
    """Map the keys that belong to one province only to it."""
    provinces: dict[str, set[str]] = defaultdict(set)
    for name, province, _ in _rows():
        provinces[_key(name)].add(province)
    return {key: next(iter(found)) for key, found in provinces.items() if len(found) == 1}


@cache
def _bare() -> re.Pattern[str]:
    return any_name(style for name, _, bare in _rows() if bare for style in tone_styles(name))


def _behind_kinds(text: str) -> Iterator[re.Match[str]]:
    """Yield the names behind kinds; plain searches for the kinds take a third of the time of the pattern's sweep."""
    starts: list[int] = []
    for kind in _KINDS:
        at = text.find(kind)
        while at >= 0:
            starts.append(at)
            at = text.find(kind, at + 1)
    end = 0
    for start in sorted(starts):
        match = _BEHIND_KIND.match(text, start) if start >= end else None
        if match:
            end = match.end()
            yield match


def find_districts(text: str) -> Iterator[Mention]:
    """Yield a mention of the province for each of its districts that NFC `text` names."""
    taken = []
    for match in _behind_kinds(text):
        words = match["name"].split(" ")
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count])
            province = _by_key().get(_key(name)) if words[0][0].isupper() else None
            if province:
                end = match.start("name") + len(name)
                taken.append((match.start(), end))
                yield in_context(province, (match.start(), end), text)
                break
    for match in _bare().finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield in_context(_by_key()[_key(match.group())], match.span(), text)
