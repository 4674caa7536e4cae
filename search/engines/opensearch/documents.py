"""From articles to the documents that a cluster indexes, a batch at a time, with the words of our own pipeline."""

import base64
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import xxhash

from search.article import Article
from search.article_json import encode_card, encode_removed
from search.engines.columnar.build.inverter import Tokens, expand
from search.engines.columnar.build.tokenizer import Tokenizer
from search.engines.columnar.format.columns import WITH_MARKS, day_of, day_span, marked_percent, seconds, sort_keys
from search.engines.columnar.format.segment import LENGTH_OF_CODE
from search.engines.columnar.format.segment_writer import length_codes
from search.engines.opensearch.schema import FACETS
from search.engines.opensearch.terms import FORMS, TermCounts
from search.engines.port import SCORING
from search.text import normalize, tokenize

#: Pieces of text that the tokenizer remembers.
_PIECES: Final = 100_000
#: Behind the bytes of a word in `tok`: it is a compound, and its first part comes at the same place; or it is not.
WHOLE, WORD = b"\x01", b" "
Lengths = tuple[int, int, int, int]


def plain(text: str) -> str:
    """Return a text as JSON can carry it: half a pair of surrogates, as in a broken file name, is written out."""
    return text.encode("utf-8", "backslashreplace").decode() if not text.isascii() else text


@dataclass(slots=True)
class Counted:
    """What is counted while articles pass: terms, and the lengths of title and body, title, author, source."""

    terms: dict[str, TermCounts]
    lengths: Lengths = (0, 0, 0, 0)
    twins: bool = False

    @classmethod
    def nothing(cls) -> "Counted":
        """Return counts of no articles."""
        return cls({form: TermCounts() for form in FORMS})


class DocumentMaker:
    """Makes documents; keeps what its tokenizer has learned."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer(_PIECES)

    def make(self, articles: Sequence[Article], counted: Counted, sign: int = 1) -> list[dict[str, Any]]:
        """Return the documents of some articles, and count them in; with `sign` -1 out."""
        texts = [text.encode("utf-8", "surrogatepass") for each in articles for text in (each.title, each.body)]
        tokens = expand(self._tokenizer.read(texts), texts_per_doc=2)
        counted.twins |= any(article.cluster for article in articles)
        words = {form: _words(tokens, form) for form in FORMS}
        for form in FORMS:
            _count(words[form], tokens.docs, counted.terms[form], sign)
        bounds = np.searchsorted(tokens.docs, np.arange(len(articles) + 1)).tolist()
        whole = np.zeros(len(tokens.docs), bool)
        whole[:-1] = (tokens.positions[1:] == tokens.positions[:-1]) & (tokens.docs[1:] == tokens.docs[:-1])
        titles = (tokens.positions < tokens.title_words.astype(np.uint32)[tokens.docs]).cumsum()
        documents = []
        for place, article in enumerate(articles):
            low, high = bounds[place], bounds[place + 1]
            title = int(titles[high - 1] - (titles[low - 1] if low else 0)) if high > low else 0
            chosen = {form: words[form][0][low:high] for form in FORMS}
            document = _of_words(chosen, whole[low:high].tolist(), title, marked_percent(article) < WITH_MARKS)
            document |= _of_article(article)
            lengths = (high - low, title, *(_length(name) for name in (article.author, article.source)))
            document |= zip(("len", "title_len", "author_len", "source_len"), map(_rounded, lengths), strict=True)
            document |= {"title_words": int(tokens.title_words[place]), "words": int(tokens.words[place])}
            counted.lengths = _sum(counted.lengths, lengths, sign)
            documents.append(document)
        return documents


def _sum(known: Lengths, more: tuple[int, ...], sign: int) -> Lengths:
    first, second, third, fourth = (old + sign * new for old, new in zip(known, more, strict=True))
    return first, second, third, fourth


def _words(tokens: Tokens, form: str) -> tuple[list[str], npt.NDArray[np.int32]]:
    """Return the words of a batch, and their numbers [tokens]."""
    numbers: npt.NDArray[np.int32] = np.array(tokens.table.tokens[form], np.int32)[tokens.tokens]
    used, places = np.unique(numbers, return_inverse=True)
    vocabulary = list(tokens.table.vocabularies[form])
    known = [vocabulary[number].decode("utf-8", "surrogatepass") for number in used.tolist()]
    return list(map(known.__getitem__, places.tolist())), places.astype(np.int32)


def _count(words: tuple[list[str], npt.NDArray[np.int32]], docs: npt.NDArray[np.uint32], counts: TermCounts,
           sign: int) -> None:  # fmt: skip
    texts, places = words
    if not len(places):
        return
    size = int(places.max()) + 1
    first = np.zeros(size, np.int64)
    first[places[::-1]] = np.arange(len(places))[::-1]
    pairs = np.unique(docs.astype(np.int64) * size + places)
    df, cf = np.bincount(pairs % size, minlength=size), np.bincount(places, minlength=size)
    counts.add([texts[place] for place in first.tolist()], sign * np.column_stack([df, cf]))


def _of_words(words: dict[str, list[str]], whole: list[bool], title: int, bare: bool) -> dict[str, Any]:
    """Return the fields that are made of the words of an article; the first `title` are those of its title."""
    fold, key = words["fold"], words["key"]
    fields: dict[str, Any] = {
        "text": [_placed(fold[:title], whole[:title]), _placed(fold[title:], whole[title:])],
        "tok": base64.b64encode(b"".join(
            [plain(word).encode() + (WHOLE if compound else WORD) for word, compound in zip(fold, whole, strict=True)]
        )).decode(),
        "title_keys": base64.b64encode(_keys_of_titles(fold, key, title).encode()).decode(),
    }  # fmt: skip
    for name, texts in (("fold", fold), ("key", key)):
        inside, counts = Counter(texts[:title]), Counter(texts)
        fields[f"title_{name}"] = _times(inside)
        for text, count in inside.items():
            counts[text] += (int(SCORING.title) - 1) * count
        fields[name] = _times(counts)
    return fields | ({"bare": fields["fold"], "title_bare": fields["title_fold"]} if bare else {})


def _keys_of_titles(fold: list[str], key: list[str], title: int) -> str:
    """Return `key times times-in-title` of every tone key whose letters are in the title, wherever it stands."""
    letters = set(fold[:title])
    chosen = Counter([text for folded, text in zip(fold, key, strict=True) if folded in letters])
    inside = Counter(key[:title])
    return " ".join([f"{plain(text)} {count} {inside[text]}" for text, count in sorted(chosen.items())])


def _times(counts: Counter[str]) -> str:
    return " ".join([f"{plain(text)}|{count}" for text, count in counts.items()])


def _placed(words: list[str], whole: list[bool]) -> str:
    """Return words with blanks between them; a compound and its first part are one, `whole|part`."""
    return "".join([plain(word) + ("|" if compound else " ") for word, compound in zip(words, whole, strict=True)])


def _of_article(article: Article) -> dict[str, Any]:
    """Return the fields that are not made of title and body."""
    date = article.date
    first, last = day_span(date)
    newest, oldest = sort_keys(date)
    card = _stored(encode_card(article))
    fields: dict[str, Any] = {
        "id": plain(article.id), "first": first, "last": last, "newest": newest, "oldest": oldest,
        "ym": (date.year or 0) * 100 + (date.month or 0), "month": date.month or 0, "day": day_of(date),
        "added": seconds(article.first_seen), "card": card, "sum": checksum(card),
        "author": _frequencies(article.author), "source": _frequencies(article.source),
        "author_text": _name(article.author), "source_text": _name(article.source),
    }  # fmt: skip
    fields |= {field: plain(getattr(article, name)) for name, field in FACETS.items()}
    if article.cluster:
        fields["cluster"] = plain(article.cluster)
    if article.removed:
        fields["removed"] = _stored(encode_removed(article))
    return fields


def _stored(data: bytes) -> str:
    """Return stored JSON as text; where that can't be UTF-8, with everything beyond ASCII written out."""
    text = data.decode("utf-8", "surrogatepass")
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), separators=(",", ":"))
    return text


def checksum(card: str) -> int:
    """Return 24 bits of the hash of a stored article: sums of them are exact in a cluster's floating point."""
    return xxhash.xxh3_64_intdigest(card.encode()) & 0xFFFFFF


@lru_cache(maxsize=20_000)
def _rounded(length: int) -> int:
    """Return a length as one byte tells it in the embedded engine."""
    return int(LENGTH_OF_CODE[length_codes(np.array([length]))[0]])


@lru_cache(maxsize=50_000)
def _frequencies(name: str) -> str:
    return _times(Counter([token.fold for token in tokenize(name)]))


@lru_cache(maxsize=50_000)
def _length(name: str) -> int:
    return sum(1 for _ in tokenize(name))


@lru_cache(maxsize=50_000)
def _name(name: str) -> str:
    """Return the words of a name with their places, a marked one as `key|fold`."""
    words = [token for token in tokenize(normalize(name)) if not token.whole]
    return " ".join([plain(word.key if word.key == word.fold else f"{word.key}|{word.fold}") for word in words])
