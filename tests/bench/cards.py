"""How result cards read: where snippets begin, what is marked, how long they are.

`python -m tests.bench.cards INDEX QUERIES.jsonl... [--show KIND]` searches for every query (`query` or `q` of a line)
and looks at the cards of the first page.  Where a snippet begins is told by what stands before it in the article,
independently of the rules that cut it.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from search.archive.archive import Archive
from search.archive.generations import open_current
from search.lexicon.lexicon import LEAST_ASSOCIATION
from search.reading.function_words import function_keys
from search.results.answer import Hit, Request, Snippet
from search.text import fold, tone_key
from search.text.tokens import WORDS

ABBREVIATED = re.compile(r"(?:^|[\s(/])(?:TP|Tp|tp|P|Q|TX|TT|ThS|TS|PGS|GS|BS|LS|KS|ĐT|St|Mr|Ms|Dr|No|[A-ZĐ])\.$")


def queries(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield record.get("query") or record["q"]


def beginning(body: str, snippet: Snippet, archive: Archive) -> str:
    """Return where a snippet begins: with a sentence, a clause, inside of one, in a compound, after an abbreviation."""
    shown = snippet.text.removeprefix("… ").removesuffix(" …")
    at = body.replace("\n", " ").find(shown)
    before = body[:at].rstrip(" \u00a0")
    if at < 0:
        return "not found in the text"
    if not before or before[-1] == "\n":
        return "sentence"
    if ABBREVIATED.search(before[-8:]):
        return "after an abbreviation"
    if re.search(r"[.!?…][\"”’')\]]*$", before):
        return "sentence"
    if before[-1] in ",;:–—-(\"“":
        return "clause"
    left, right = WORDS.findall(before[-20:]), WORDS.findall(shown[:20])
    if left and right:
        numbers = [archive.lexicon.numbers(fold(word)).get(tone_key(word), -1) for word in (left[-1], right[0])]
        if archive.lexicon.association(*numbers) >= LEAST_ASSOCIATION:
            return "in a compound"
    return "inside"




def faults(hit: Hit) -> Iterator[str]:
    """Yield what is wrong with the marks of a card."""
    for text, marks in [(hit.article.title, hit.title_marks), *((snip.text, snip.marks) for snip in hit.snippets)]:
        for start, end in marks:
            word = text[start:end]
            if tone_key(word) in function_keys() and len(marks) > 1:
                yield "a lone function word"
            if word.isdigit() and (re.search(r"\d[.,]$", text[:start]) or re.match(r"[.,]\d", text[end:])):
                yield "a part of a number"
    if any(left.text[:60] == right.text[:60] for left, right in pairwise(hit.snippets)):
        yield "two snippets that begin alike"


def main() -> None:
    """Search, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path, nargs="+")
    parser.add_argument("--show", default="", help="print the cards of this kind")
    options = parser.parse_args()
    archive = open_current(options.index)
    begins: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    cards, sizes = 0, []
    for text in queries(options.queries):
        for hit in archive.search(Request(q=text)).hits:
            cards += 1
            sizes.append(sum(len(snippet.text) for snippet in hit.snippets))
            found = [beginning(hit.article.body, snippet, archive) for snippet in hit.snippets]
            begins.update(found)
            marks = set(faults(hit))
            wrong.update(marks)
            if options.show and options.show in {*found, *marks}:
                print(f"{text} | {' | '.join(snippet.text for snippet in hit.snippets)}\n")
    total = sum(begins.values())
    print(f"{cards} cards, {total} snippets, {sum(sizes) / max(cards, 1):.0f} characters a card")
    for kind, count in begins.most_common():
        print(f"{kind:<30}{count:>6}{100 * count / total:>7.1f} %")
    for kind, count in wrong.most_common():
        print(f"{kind:<30}{count:>6} cards")


if __name__ == "__main__":
    main()
