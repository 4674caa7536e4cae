"""Collect what can be suggested while typing: titles, names, and frequent pairs of words."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import zstandard

from search.article import Article
from search.errors import IndexDamaged
from search.reading.function_words import function_keys
from search.suggest.completions import COUNTS, KINDS, LINES, STARTS
from search.suggest.name_runs import names_in, shown_names
from search.text import fold_text
from search.text.fold import fold, tone_key
from search.text.spelling import spell
from search.text.tokens import MAX_TOKEN, WORDS

#: Names are looked for where news names its people: in so many code points of the body from its beginning.
LEAD_LENGTH: Final = 400
#: What increments count on from: titles with their counts and forms, names with their counts, as compressed JSON.
COUNTED: Final = "counted.zst"
MAX_TITLES: Final = 200_000
MAX_NAMES: Final = 20_000
MAX_PHRASES: Final = 20_000
#: Longer titles are not suggested.
LONGEST: Final = 120
#: Two words that are written as a name in fewer articles than this share of their occurrences are no name: `ủy ban`.
SELDOM: Final = 0.05


class Suggested(NamedTuple):
    """What is suggested of an article: its title, `""` if that is too long; author, province, the names at its top."""

    title: str
    names: tuple[str, ...]


def suggested(article: Article) -> Suggested:
    """Return what is suggested of an article, no name twice."""
    title = " ".join(article.title.split())
    names = dict.fromkeys((*names_in(article.body, LEAD_LENGTH), article.author, article.province))
    names.pop("", None)
    return Suggested(title if len(title) <= LONGEST else "", tuple(names))


class SuggestionBuilder:
    """Takes what is suggested of articles, and writes the completions."""

    def __init__(self) -> None:
        self._titles: Counter[str] = Counter()
        self._names: Counter[str] = Counter()
        self._forms = _Forms()

    def add(self, article: Suggested) -> None:
        """Count the title, the author and the names at the top of an article."""
        if article.title and len(self._titles) < MAX_TITLES:
            self._titles[article.title] += 1
        self._names.update(article.names)
        if len(self._names) > MAX_NAMES * 20:
            self._names = Counter(dict(self._names.most_common(MAX_NAMES * 5)))

    def change(self, base: Path, gone: Iterable[Article], added: Iterable[Article]) -> None:
        """Take over what `base` has, less and more some articles; exact up to MAX_TITLES.  Raises IndexDamaged."""
        try:
            data = zstandard.ZstdDecompressor().decompress((base / COUNTED).read_bytes())
            counted = json.loads(data.decode("utf-8", "surrogatepass"))
            counts, lines = counted["counts"], (counted[name].split("\n") for name in ("titles", "folds", "keys"))
            titles, folds, keys = lines if counts else ([], [], [])
            self._titles = Counter(dict(zip(titles, counts, strict=True)))
            self._names = Counter(counted["names"])
            self._forms = _Forms(zip(titles, zip(folds, keys, strict=True), strict=True))
        except (OSError, ValueError, KeyError, TypeError, zstandard.ZstdError) as error:
            raise IndexDamaged(f"The suggestions {base} can't be read ({error}); rebuild the index.") from error
        for article in map(suggested, gone):
            self._titles[article.title] -= 1
            self._names.subtract(article.names)
        self._titles, self._names = +self._titles, +self._names  # without those that are gone
        for article in map(suggested, added):
            self.add(article)

    def write(self, directory: Path, pairs: Iterable[tuple[str, str, int]]) -> None:
        """Write the completions to a new directory; `pairs` are tone keys side by side, most frequent first."""
        directory.mkdir(parents=True, exist_ok=True)
        rows = sorted(self._rows(pairs))
        lines = [f"{folded}\t{text}\n".encode() for folded, text, _, _ in rows]
        starts = np.cumsum([0, *map(len, lines)], dtype=np.int64)
        np.save(directory / LINES, np.frombuffer(b"".join(lines), np.uint8), allow_pickle=False)
        np.save(directory / STARTS, starts, allow_pickle=False)
        np.save(directory / COUNTS, np.array([row[3] for row in rows], np.uint32), allow_pickle=False)
        np.save(directory / "kinds.npy", np.array([KINDS.index(row[2]) for row in rows], np.uint8), allow_pickle=False)
        self._write_state(directory)

    def _rows(self, pairs: Iterable[tuple[str, str, int]]) -> Iterable[tuple[str, str, str, int]]:
        """Return (folded form, text, kind, count), one for all that is written alike: the most frequent spelling."""
        names, cut = shown_names(self._names)
        halves = {self._forms[name][1]: count for name, count in reversed(_ranked(cut))}  # the most frequent is kept
        found: dict[str, tuple[str, str, str, int]] = {}
        for kind, counted in (("name", _ranked(names)[:MAX_NAMES]), ("title", _ranked(self._titles))):
            for text, count in counted:
                folded, key = self._forms[text]
                folded, shown, first, before = found.get(key, (folded, text, kind, 0))
                found[key] = (folded, shown, first, max(before, count) if first != kind else before + count)
        for text, count in _phrases(pairs):
            folded, key = self._forms[text]
            if halves.get(key, 0) >= SELDOM * count:
                continue
            _, shown, kind, before = found.get(key, (folded, text, "phrase", 0))
            if kind == "name" and before < SELDOM * count:
                shown, kind = text, "phrase"
            found[key] = (folded, shown, kind, max(before, count))
        return found.values()

    def _write_state(self, directory: Path) -> None:
        forms = [self._forms[title] for title in self._titles]
        lines = {"titles": self._titles, "folds": (folded for folded, _ in forms), "keys": (key for _, key in forms)}
        texts = {name: "\n".join(each) for name, each in lines.items()}  # long texts are written faster than many
        state = json.dumps({**texts, "counts": list(self._titles.values()), "names": self._names}, ensure_ascii=False)
        data = state.encode("utf-8", "surrogatepass")
        (directory / COUNTED).write_bytes(zstandard.ZstdCompressor(level=3).compress(data))


class _Forms(dict[str, tuple[str, str]]):
    """Remembers the folded form and the tone keys of texts, which take longer to make than to keep."""

    def __init__(self, known: Iterable[tuple[str, tuple[str, str]]] = ()) -> None:
        super().__init__(known)
        self._folds, self._keys = _Known(fold), _Known(tone_key)

    def __missing__(self, text: str) -> tuple[str, str]:
        words = [word[:MAX_TOKEN] for word in WORDS.findall(text)]
        folded = " ".join(map(self._folds.__getitem__, words)) or fold_text(text)
        self[text] = forms = folded, " ".join(map(self._keys.__getitem__, words))
        return forms


class _Known(dict[str, str]):
    """Remembers what a rule makes of each word."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        self._rule = rule

    def __missing__(self, word: str) -> str:
        self[word] = made = self._rule(word)
        return made


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return texts with their counts, the most frequent first, ties in the order of their letters."""
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


def _phrases(pairs: Iterable[tuple[str, str, int]]) -> Iterator[tuple[str, int]]:
    grammar = function_keys()
    taken = 0
    for left, right, count in pairs:
        if taken >= MAX_PHRASES or count < 2:
            return
        if left not in grammar and right not in grammar and len(left) > 1 and len(right) > 1:
            taken += 1
            yield f"{spell(left)} {spell(right)}", count
