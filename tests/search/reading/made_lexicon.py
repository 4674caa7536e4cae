"""A lexicon of made texts, each so many times: what stands side by side how often is known exactly."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

from search.article import Article
from search.lexicon.lexicon import Lexicon
from search.lexicon.lexicon_builder import LexiconBuilder
from search.lexicon.sample import count
from search.text import tone_key


def lexicon_of(directory: Path, texts: Mapping[str, int]) -> Lexicon:
    """Return the lexicon of an archive of these texts; neighbours are only those of one text."""
    builder = LexiconBuilder()
    words: Counter[str] = Counter()
    for number, text in enumerate(text for text, times in texts.items() for _ in range(times)):
        builder.join(count([Article(str(number), "", "", text)], builder.top))
        words.update(map(tone_key, text.split()))
    listed = sorted((key, count, count) for key, count in words.items())
    reader = SimpleNamespace(terms=lambda form: listed, count=sum(texts.values()))
    builder.write(directory, reader)  # type: ignore[arg-type]
    return Lexicon.open(directory)
