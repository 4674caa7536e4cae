"""More like this: search for the words that set one article apart."""

import math
from collections import Counter
from typing import Final

from search.article import Article
from search.lexicon.lexicon import Lexicon
from search.query.tree import Every, Node, Or, Term, Word
from search.text import tokenize
from search.text.spelling import unmarked

#: More words change little and cost time.
MOST_WORDS: Final = 12
#: A word of the title counts as so many of the body.
TITLE_WEIGHT: Final = 3
#: Code points of the body that are read: usual news in whole, the beginning of a long report.
READ: Final = 4_000


def likeness(article: Article, lexicon: Lexicon, count: int) -> Node:
    """Return the query for articles like one: its words of highest tf x idf; `count` articles are in the archive."""
    frequency = Counter(token.key for token in tokenize(article.body[:READ]) if not token.whole)
    for token in tokenize(article.title):
        frequency[token.key] += TITLE_WEIGHT
    scored = []
    for key, tf in frequency.items():
        df = lexicon.df(lexicon.numbers(unmarked(key)).get(key, -1))
        if df > 1:
            scored.append(((1 + math.log(tf)) * math.log(1 + count / df), key))
    best = sorted(scored, reverse=True)[:MOST_WORDS]
    words = tuple(Word((Term("key", key),), text=key) for _, key in best)
    return Or(words) if words else Every()
