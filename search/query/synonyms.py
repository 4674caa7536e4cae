"""Words and abbreviations that mean the same, from plain text files; see `synonyms.txt` for the format."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Final

from search.places import spellings
from search.query.spellings import may_begin, other_spellings
from search.text import PIPELINE, Token, tone_key
from search.text.spelling import SYLLABLE

OWN_FILE: Final = "synonyms.txt"
_DAY: Final = re.compile("[0-9]{1,2}/[0-9]{1,2}")
#: Each form costs a clause.
MOST_FORMS: Final = 8
#: Written for the city in texts, but people and streets bear the name more often.
NOT_ALONE: Final = frozenset({"Hồ Chí Minh"})


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write something: the words of it.

    A day of a month in digits is one compound of `wholes`: the words alone would also be `8,3`.
    """

    text: str
    words: tuple[Token, ...]
    wholes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The other forms of some words; `whole` says that the words are one thing, and mean something else apart.

    So it is with names, which tables write with a capital, with numbers, dates and codes; not with `tai nạn giao
    thông`, the words of an abbreviation.  Names from abroad (`foreign`) are written without marks as well.
    """

    forms: tuple[Form, ...]
    whole: bool
    foreign: bool


class Synonyms:
    """Finds the other forms of words that stand side by side in a query."""

    def __init__(
        self, groups: Iterable[Sequence[str]], digest: str = "", foreign: Iterable[Sequence[str]] = ()
    ) -> None:
        """`digest` is of the files that the groups are from; `foreign` are groups of names from abroad."""
        self.digest = digest
        abroad = [tuple(group) for group in foreign]
        words = [_form(text).words for group in abroad for text in group]
        self._abroad = {_folds(each) for each in words if len(each) > 1}
        self._others: dict[tuple[str, ...], list[tuple[Form, tuple[Form, ...]]]] = {}
        #: First folded word -> most words of a form that begins with it.
        self._longest: dict[str, int] = {}
        for group in (*groups, *abroad):
            forms = [form for text in group if (form := _form(text)).words]
            for form in forms:
                others = tuple(other for other in forms if _folds(other.words) != _folds(form.words))
                if others:
                    folds = _folds(form.words)
                    self._others.setdefault(folds, []).append((form, others))
                    self._longest[folds[0]] = max(self._longest.get(folds[0], 0), len(folds))

    def longest(self, words: Sequence[Token]) -> int:
        """Return how many words the longest form has that begins like `words`, 0 if none does."""
        return max(self._longest.get(words[0].fold, 0), *[may_begin(word.fold) for word in words]) if words else 0

    def others(self, words: Sequence[Token], text: str) -> Choice | None:
        """Return the other forms of exactly these words, None of none; one typed with marks must be that of the form.

        `text` is the query: what stands between the words tells what numbers are.
        """
        found: dict[tuple[str, ...], Form] = {}
        whole, folds = True, _folds(words)
        for spelling in other_spellings(words, text):
            form = _form(spelling)
            found[_searched(form)] = form
        for form, others in self._others.get(folds, ()):
            typed_so = all(typed.key in (typed.fold, word.key) for typed, word in zip(words, form.words, strict=True))
            if typed_so and not _is_syllable(form, words[0], text):
                whole = whole and form.text[0] != form.text[0].lower()
                for other in others:
                    found.setdefault(_searched(other), other)
        return Choice(tuple(found.values())[:MOST_FORMS], whole, folds in self._abroad) if found else None


def load(directory: Path | None = None) -> Synonyms:
    """Return the default synonyms, the spellings of provinces, and those of `synonyms.txt` in a directory, if any."""
    texts = [files("search.query").joinpath(OWN_FILE).read_text(encoding="utf-8")]
    if directory is not None and (directory / OWN_FILE).is_file():
        texts.append((directory / OWN_FILE).read_text(encoding="utf-8-sig", errors="replace"))
    lines = [PIPELINE.normalize(line) for text in texts for line in text.splitlines()]
    groups = [[part.strip() for part in line.split(" = ")] for line in lines if line and line[0] != "#"]
    digest = blake2b("\n".join(texts).encode(), digest_size=6).hexdigest()
    return Synonyms([*groups, *_provinces()], digest, _foreign())


def _provinces() -> Iterable[list[str]]:
    """Return the spellings of each province that occur in texts: `Đắk Lắk`, `Đắc Lắc`, `Daklak`."""
    groups: dict[str, list[str]] = {}
    for row in spellings():
        if row.use == "text" and row.name not in NOT_ALONE:
            groups.setdefault(row.name, [row.name]).append(row.spelling)
    return groups.values()


def _foreign() -> Iterable[list[str]]:
    """Return the spellings of foreign places."""
    text = files("search.places").joinpath("foreign.txt").read_text(encoding="utf-8")
    return [line.split(" = ") for line in text.splitlines() if line and line[0] != "#"]


@cache
def twin_spellings() -> dict[str, str]:
    """Return the i/y pairs, tone key -> tone key, in both directions."""
    text = files("search.query").joinpath("iy.txt").read_text(encoding="utf-8")
    pairs = [line.split() for line in text.splitlines() if line and line[0] != "#"]
    keys = [(tone_key(left), tone_key(right)) for left, right in pairs]
    return {left: right for pair in keys for left, right in (pair, pair[::-1])}


def _is_syllable(form: Form, typed: Token, text: str) -> bool:
    """Say whether an abbreviation was typed as a syllable: `đầu tư` has no `TƯ`, `ngo doc` no `NGO`."""
    if len(form.words) > 1 or not form.text.isupper() or not SYLLABLE.fullmatch(typed.fold):
        return False
    in_capitals = text[typed.start : typed.end].isupper()
    return not in_capitals or (text.isupper() and len(text.split()) > 1)


def _searched(form: Form) -> tuple[str, ...]:
    """Return what a form is searched by: one word by its tone key, a phrase folded, a day as a compound."""
    if form.wholes:
        return form.wholes
    return (form.words[0].key,) if len(form.words) == 1 else _folds(form.words)


def _form(text: str) -> Form:
    words = tuple(token for token in PIPELINE.tokens(text) if not token.whole)
    wholes = tuple(text.replace("/", joiner) for joiner in "/-.") if _DAY.fullmatch(text) else ()
    return Form(text, words, wholes)


def _folds(words: Sequence[Token]) -> tuple[str, ...]:
    return tuple(word.fold for word in words)
