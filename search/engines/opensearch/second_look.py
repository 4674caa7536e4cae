"""The second look at the best documents, by the code of the embedded engine, from what the cluster tells of places."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.positions import Occurrences
from search.engines.columnar.evaluate.rescore import Page, SecondLook
from search.engines.opensearch.documents import plain
from search.engines.opensearch.scoring import Statistics
from search.engines.opensearch.scripts import MOST_WORDS, PLACES, hashed, script
from search.engines.port import Rescore, Scoring
from search.query.tree import Field, Form

Scores = npt.NDArray[np.float32]
#: Doc values that the second look needs.
FIELDS = ("len", "words", "title_words", "title_keys")


def sought_words(rescore: Rescore) -> list[str]:
    """Return the words whose places are asked for."""
    words = [word.text for word in rescore.words]
    words += [word for pair in rescore.pairs for word in (pair.left, pair.right)]
    return list(dict.fromkeys(words))[:MOST_WORDS]


def places_field(rescore: Rescore) -> dict[str, Any]:
    """Return the field that is made for each hit: where the words stand."""
    return {"script": script(PLACES, c=[hashed(plain(word)) for word in sought_words(rescore)])}


@dataclass(frozen=True, slots=True)
class _Few:
    """Some documents as `SecondLook` asks for words and places; they are numbered from 0 on."""

    statistics: Statistics
    scoring: Scoring
    words: Sequence[str]
    found: Sequence[npt.NDArray[np.int64]]
    lengths: npt.NDArray[np.int64]
    title_keys: Sequence[dict[str, tuple[int, int]]]

    def idf(self, df: float) -> float:
        """Return the idf of a document frequency."""
        return self.statistics.idf(df)

    def df(self, form: Form, text: str) -> int:
        """Return the document frequency of a term in the whole index."""
        return self.statistics.df(form, text)

    def norm(self, field: Field, docs: npt.NDArray[np.intp]) -> Scores:
        """Return k1 (1 - b + b length / mean length) of title and body."""
        scoring, mean = self.scoring, max(self.statistics.means["len"], 1e-9)
        norms: Scores = (scoring.k1 * (1 - scoring.b + scoring.b * self.lengths[docs] / mean)).astype(np.float32)
        return norms

    def term(self, form: Form, text: str, field: Field) -> Scores:
        """Return the frequencies of a tone key [documents] whose letters are in the title; 0 in other documents."""
        more = self.scoring.title - 1
        counts = [keys.get(plain(text), (0, 0)) for keys in self.title_keys]
        return np.array([count + more * inside for count, inside in counts], np.float32)

    def freqs(self, found: Scores, docs: npt.NDArray[np.intp]) -> Scores:
        """Return the frequencies of some documents."""
        freqs: Scores = found[docs]
        return freqs

    def occurrences(self, terms: Sequence[str], docs: npt.NDArray[np.intp]) -> Occurrences:
        """Return where words stand in all of the documents, which `docs` are."""
        sizes = list(map(len, self.found))
        codes = np.concatenate(self.found) if sum(sizes) else np.empty(0, np.int64)
        owners = np.repeat(np.arange(len(docs)), sizes)
        cells = codes % len(self.words) * len(docs) + owners
        counts = np.bincount(cells, minlength=len(terms) * len(docs)).reshape(len(terms), len(docs))
        places = codes[np.argsort(cells, kind="stable")] // len(self.words)
        return Occurrences(counts, places.astype(np.int32))


def rescored(
    hits: Sequence[dict[str, Any]], first: Scores, rescore: Rescore, scoring: Scoring, statistics: Statistics,
    page: Page,
) -> dict[str, Scores]:  # fmt: skip
    """Return the extra scores of hits with the fields `FIELDS` and `places`, by the names of their parts."""
    fields = [hit["fields"] for hit in hits]
    few = _Few(
        statistics, scoring, sought_words(rescore),
        [np.array(each.get("places", ()), np.int64) for each in fields],
        np.array([each["len"][0] for each in fields], np.int64),
        [_keys(each) for each in fields],
    )  # fmt: skip
    spans, titles = (np.array([each[name][0] for each in fields], np.int64) for name in ("words", "title_words"))
    return SecondLook(few, few, spans, titles).rescore(np.arange(len(hits)), first, rescore, page)


def _keys(fields: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Return what `title_keys` tells; the cluster leaves out the padding of base64, which may be more than it was."""
    (data,) = fields.get("title_keys", ("",))
    words = base64.b64decode(data + "==").decode().split()
    return {key: (int(count), int(inside))
            for key, count, inside in zip(words[::3], words[1::3], words[2::3], strict=True)}  # fmt: skip
