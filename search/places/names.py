"""The canonical name of a province for whatever somebody types: `thanh hoa`, `TP.HCM`, `Đăk Lăk`."""

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import Final

from search.places.units import all_names, spellings
from search.text import fold_text, normalize, tone_key

SEPARATORS: Final = re.compile(r"[\W_]+")
#: What may stand before a name and is no part of it, folded and without spaces.
_KINDS: Final = ("tinh", "thanhpho", "tp", "thudo", "tt")


@lru_cache(maxsize=5_000)
def province_named(text: str) -> str | None:
    """Return the canonical name for a spelling, an abbreviation or an unmarked form; None if it names none.

    Spaces, hyphens and capitals don't matter, 'tỉnh' or 'thành phố' may stand before the name.  A syllable
    typed with marks must be the one of the name (in either tone style); a bare one matches any.
    """
    tokens = [token for token in SEPARATORS.split(normalize(text)) if token]
    for skipped in range(min(len(tokens), 3)):
        if skipped and fold_text("".join(tokens[:skipped])) not in _KINDS:
            continue
        found = _lookup(tokens[skipped:])
        if found:
            return found
    return None


def _lookup(tokens: list[str]) -> str | None:
    candidates = _spellings_by_key().get(fold_text("".join(tokens)), ())
    return next((name for spelling, name in candidates if marks_agree(tokens, spelling)), None)


def marks_agree(tokens: list[str], spelling: str) -> bool:
    """Say whether each marked token is the same word as the letters of the spelling at its place."""
    start = 0
    for token in tokens:
        end = start + len(token)
        if not token.isascii() and tone_key(token) != tone_key(spelling[start:end]):
            return False
        start = end
    return True


@cache
def _spellings_by_key() -> dict[str, tuple[tuple[str, str], ...]]:
    """Map folded letters to (letters without separators, canonical name), canonical spellings first."""
    table: dict[str, list[tuple[str, str]]] = defaultdict(list)
    listed = [(name, name) for name in all_names()] + [(row.spelling, row.name) for row in spellings()]
    for spelling, name in listed:
        letters = SEPARATORS.sub("", normalize(spelling))
        table[fold_text(letters)].append((letters, name))
    return {key: tuple(pairs) for key, pairs in table.items()}
