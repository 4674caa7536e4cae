"""What is tried when nothing is found, one step after the other; every step is named in the answer.

1. other spellings: words with conflicting marks count as well;
2. phrases and compounds are searched as separate words;
3. articles count that have most of the words, by their weight;
4. the rarest word (or every word that the archive does not have) is left out, and the others are searched as typed;
   if that finds nothing either, in other spellings and as separate words.

The third step is also taken when very few articles have all the words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from search.planning.clauses import QueryWord
from search.planning.planner import Effort
from search.query.notices import Notice
from search.query.syntax import Chunk, Parsed, Quoted, leaves
from search.text.spelling import spell

EXACTLY: Final = {"strict": "1"}
NOT_ALL_WORDS: Final = Notice(
    "not-all-words", "Ít bài có đủ các từ; hiển thị cả những bài chỉ có phần lớn các từ.",
    "Few articles have all the words; showing those with most of them as well.", EXACTLY)  # fmt: skip


def rungs(
    parsed: Parsed, words: Sequence[QueryWord], first: Effort, softened_from: int
) -> Iterator[tuple[Effort, Notice]]:
    """Yield the efforts to try, in order, each with the notice that names it."""
    loose = replace(first, loose=True)
    yield loose, Notice("other-spellings", "Không có kết quả khớp dấu; hiển thị kết quả với các cách viết dấu khác.",
                        "Nothing matches the marks; showing other spellings.", EXACTLY)  # fmt: skip
    split = replace(loose, split=True)
    if any(isinstance(leaf, Quoted) or (isinstance(leaf, Chunk) and any(token.whole for token in leaf.tokens))
           for leaf in leaves(parsed.root)):  # fmt: skip
        yield split, Notice("split", "Không có kết quả cho cả cụm từ; hiển thị kết quả có các từ riêng lẻ.",
                            "The whole phrase was not found; showing articles with its words.", EXACTLY)  # fmt: skip
    if len(words) >= softened_from:
        yield replace(split, soft=True), NOT_ALL_WORDS
    if len(words) > 1:
        dropped = _rarest(words)
        names = ", ".join(spell(words[place].token.key) for place in sorted(dropped))
        left_out = Notice("dropped-word", f"Không có kết quả với đủ các từ; đã bỏ: {names}.",
                          f"Nothing has all the words; left out: {names}.", EXACTLY)  # fmt: skip
        yield replace(first, without=dropped), left_out
        yield replace(split, without=dropped), left_out


def _rarest(words: Sequence[QueryWord]) -> frozenset[int]:
    unknown = frozenset(at for at, word in enumerate(words) if (word.clause.df or 0) <= 1)
    if unknown and len(unknown) < len(words):
        return unknown
    return frozenset([min(range(len(words)), key=lambda at: words[at].clause.df or 0)])
