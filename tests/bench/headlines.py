"""Headline search: three to six words of a title (five to ten syllables) should find its article.

`python -m tests.bench.headlines SHARED/data/ir [--queries 400] [--work FOLDER] [--compare WEIGHTS.toml]` searches the
news articles of T5 (titles and bodies, leads left out) for words side by side in randomly chosen titles, with and
without marks, and prints the table of `dau eval`.  This is the check for the title's weight.
About .97 is what can be had: some headlines come twice, or begin alike.
"""

import argparse
import random
from pathlib import Path

from search.evaluation.comparing import compare, read_weights
from search.evaluation.running import evaluate
from search.evaluation.tables import gains_table, table
from search.evaluation.tasks import Task, load_tasks
from search.text import fold

SEED = 1
SYLLABLES = 5, 10


def headlines(task: Task, count: int) -> Task:
    """Return a task with the corpus of another and words of its titles as queries."""
    chance = random.Random(SEED)
    every = {article.id: article.title.split() for article in task.articles()}
    titles = {name: words for name, words in every.items() if len(words) >= SYLLABLES[1]}
    queries = {}
    for name in chance.sample(sorted(titles), min(count, len(titles))):
        words, length = titles[name], chance.randint(*SYLLABLES)
        start = chance.randint(0, len(words) - length)
        queries[name] = " ".join(words[start : start + length])
    bare = {name: " ".join(map(fold, text.split())) for name, text in queries.items()}
    judged = {name: {name: 1} for name in queries}
    return Task("headlines", task.directory, task.description, {"orig": queries, "khongdau": bare}, judged)


def main() -> None:
    """Build or reuse the index, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--compare", type=Path)
    options = parser.parse_args()
    news = next(task for task in load_tasks(options.data, "dev") if task.name.startswith("T5"))
    tasks = [headlines(news, options.queries)]
    found = evaluate(tasks, work=options.work)
    if options.compare:
        print(gains_table(compare(found, evaluate(tasks, work=options.work, weights=read_weights(options.compare)))))
    else:
        print(table(found))


if __name__ == "__main__":
    main()
