"""Names with words cut to their first letters: `N.X. Phúc`, `Nguyễn X. Phúc`, `Ng. Xuân Phúc`, `Donald J. Trump`.

The archive's own names tell which one is meant: the one that stands in most of the articles with a name that fits.  A
middle initial that fits no name is left out where the archive has the name without it.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from search.reading.blanks import Change, Names
from search.text import Token, normalize, tokenize

#: From folded words, cut ones with a stop behind them (`n.`), to the names of the archive that fit: (name, articles).
Abbreviated = Callable[[tuple[str, ...]], Sequence[tuple[str, int]]]
#: What a word begins with that is cut: one letter, or two that are one sound.
_ONSETS: Final = frozenset(("ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr"))
#: A shorter name is none: `P. Hà` may be anything.
_SHORTEST: Final = 3
#: Whole words before the first cut word and behind the last one that may be of its name.
_BEFORE, _BEHIND = 1, 2
#: The name that is meant has more than this share of all articles with a name that fits.
_SHARE: Final = 0.5


class _Run(NamedTuple):
    """Words [first, last) of a query, as the names of the archive are asked for them."""

    first: int
    last: int
    words: tuple[str, ...]


def written_out(words: Sequence[Token], text: str, names: Names, abbreviated: Abbreviated) -> list[Change]:
    """Return the name with its words written out; nothing if no word is cut, or no name of the archive is likeliest."""
    cut = [_is_cut(word, text) for word in words]
    if not any(cut):
        return []
    for run in _runs(words, text, cut):
        asked = words[run.first : run.last]
        fitting = [(count, name) for name, count in abbreviated(run.words) if _has_marks(asked, run.words, name)]
        if fitting and max(fitting)[0] > _SHARE * sum(count for count, _ in fitting):
            return [Change(run.first, run.last, max(fitting)[1])]
    return _without_middle(words, text, cut, names)


def _is_cut(word: Token, text: str) -> bool:
    """Say whether a word is the beginning of one: a stop is behind it, and it is no word by itself."""
    return text[word.end : word.end + 1] == "." and word.key.isalpha() and (
        len(word.fold) == 1 or word.fold in _ONSETS
    )  # fmt: skip


def _runs(words: Sequence[Token], text: str, cut: Sequence[bool]) -> list[_Run]:
    """Return what may be a name, longer ones first: all cut words side by side, and whole ones next to them."""
    start = cut.index(True)
    end = start
    while end < len(words) and any(cut[end:]) and (end == start or _beside(words, text, end)):
        end += 1
    runs = [
        _Run(first, last, tuple([
            f"{words[at].fold}." if cut[at] else words[at].fold for at in range(first, last)
        ]))
        for first in range(max(start - _BEFORE, 0), start + 1)
        for last in range(end, min(end + _BEHIND, len(words)) + 1)
        if last - first >= _SHORTEST and len(words[last - 1].fold) > 1 and not cut[last - 1]
        and all(_beside(words, text, at) for at in range(first + 1, last))
    ]  # fmt: skip
    return sorted(runs, key=lambda run: run.first - run.last)


def _beside(words: Sequence[Token], text: str, at: int) -> bool:
    """Say whether a word is next to the one before it: a stop, a blank or both between them."""
    return text[words[at - 1].end : words[at].start] in (" ", ".", ". ")


def _has_marks(asked: Sequence[Token], patterns: Sequence[str], name: str) -> bool:
    """Say whether the words of a name are those that were typed, or begin so; one without marks stands for any."""
    keys = [token.key for token in tokenize(normalize(name)) if not token.whole]
    return all(
        word.key == word.fold or (key.startswith(word.key) if pattern.endswith(".") else key == word.key)
        for word, pattern, key in zip(asked, patterns, keys, strict=False)
    )


def _without_middle(words: Sequence[Token], text: str, cut: Sequence[bool], names: Names) -> list[Change]:
    """Return the two words around a cut one, where the archive has them as a name."""
    for at in range(1, len(words) - 1):
        before, after = words[at - 1], words[at + 1]
        if not cut[at] or cut[at - 1] or cut[at + 1] or not all(_beside(words, text, one) for one in (at, at + 1)):
            continue
        for keys, _ in names(before.fold, after.fold):
            if len(keys) == 2 and all(
                word.key in (word.fold, key) for word, key in zip((before, after), keys, strict=True)
            ):
                shown = (text[word.start : word.end] for word in (before, after))
                return [Change(at - 1, at + 2, " ".join(shown))]
    return []
