"""The commands `dau search` and `dau eval`.  Heavy imports stay inside: every `dau` call loads this module."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search.settings import index_option

if TYPE_CHECKING:
    from search.results.answer import Answer, Mark, Request


@click.command()
@click.argument("query", default="")
@click.option("--province", multiple=True, metavar="NAME", help="Only this province; several are alternatives.")
@click.option("--country", multiple=True, metavar="NAME", help="Only articles about this country more than others.")
@click.option("--year", metavar="Y", help="Only articles of this year; unknown for those without one.")
@click.option("--month", metavar="M", help="Only this month (with --year).")
@click.option("--from", "date_from", metavar="D", help="From this day, month or year on: 2025-06-30, 2025-06, 2025.")
@click.option("--to", "date_to", metavar="D", help="Up to the end of this day, month or year.")
@click.option("--source", multiple=True, metavar="NAME", help="Only this source, as the facet names it.")
@click.option("--section", multiple=True, metavar="NAME", help="Only this section, as the facet names it.")
@click.option("--kind", multiple=True, metavar="KIND", help="Only this kind of page: article, notice, listing.")
@click.option("--author", multiple=True, metavar="NAME", help="Only this author, as the facet names it.")
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest", "added"]), default="relevance",
              show_default=True, help="By relevance, by date, or by when the archive first had the article.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Page of hits, from 1.")
@click.option("--size", type=click.IntRange(1, 100), default=10, show_default=True, help="Hits on a page.")
@click.option("--after", metavar="CURSOR", help="The page behind an earlier one: its `next` in the JSON object.")
@click.option("--strict", is_flag=True, help="The words exactly as typed: no correction, all of them.")
@click.option("--marks", metavar="any", help="With `any`, words with other marks than those typed count as well.")
@click.option("--recency", is_flag=True, help="Favour recent articles a little.")
@click.option("--explain", is_flag=True, help="Show how the words were read and where the scores come from.")
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the JSON object of the endpoint.")
def search(
    query: str, province: tuple[str, ...], country: tuple[str, ...], year: str | None, month: str | None,
    date_from: str | None, date_to: str | None, source: tuple[str, ...], section: tuple[str, ...],
    kind: tuple[str, ...], author: tuple[str, ...], sort: str, page: int, size: int, after: str | None, strict: bool,
    marks: str | None, recency: bool, explain: bool, index: Path, as_json: bool,
) -> None:  # fmt: skip
    """Search the archive for QUERY.

    Words may be typed with or without marks.  All are wanted; "..." is a phrase, -word excludes, word* is a
    beginning, OR an alternative; title: source: author: province: from: to: restrict.
    """
    from search.archive.cursors import generation_of
    from search.archive.generations import open_current
    from search.archive.parameters import ParameterError, parse_search
    from search.results.rendering import answer_json

    given: dict[str, object] = {
        "q": query, "province": province, "country": country, "year": year, "month": month, "from": date_from,
        "to": date_to, "source": source, "section": section, "kind": kind, "author": author, "sort": sort,
        "page": page, "size": size, "after": after, "strict": int(strict), "marks": marks, "explain": int(explain),
        "recency": int(recency),
    }  # fmt: skip
    values = {name: value if isinstance(value, tuple) else () if value is None else (str(value),)
              for name, value in given.items()}  # fmt: skip
    try:
        request = parse_search(values)
    except ParameterError as error:
        raise click.BadParameter(str(error), param_hint=f"--{error.parameter}") from error
    archive = open_current(index, generation_of(request.after))
    try:
        answer = archive.search(request)
    finally:
        archive.close()
    if as_json:
        click.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
    else:
        _show(answer, request)


def _show(answer: "Answer", request: "Request") -> None:
    for notice in answer.notices:
        click.echo(notice.vi, err=True)
    first = (request.page - 1) * request.size
    for rank, hit in enumerate(answer.hits, first + 1):
        about = " · ".join(filter(None, (hit.article.date.value, hit.article.province, hit.article.source)))
        click.echo(f"{rank}. {_marked(hit.article.title or hit.article.id, hit.title_marks)}")
        click.echo(f"   {about}  [{hit.article.id}]" if about else f"   [{hit.article.id}]")
        for snippet in hit.snippets:
            click.echo(f"   {_marked(snippet.text, snippet.marks)}")
        if hit.explain:
            click.echo(f"   {hit.grade}, {hit.score:.3f}: {json.dumps(dict(hit.explain), ensure_ascii=False)}")
    if answer.explain:
        click.echo(json.dumps(answer.explain, ensure_ascii=False, indent=2))
    click.echo(f"{answer.total} kết quả ({answer.took_ms:.1f} ms)", err=True)


def _marked(text: str, marks: "tuple[Mark, ...]") -> str:
    """Return the text with its marks in bold on a terminal, in [brackets] elsewhere."""
    parts, at = [], 0
    for start, end in marks:
        word = text[start:end]
        parts += [text[at:start], click.style(word, bold=True) if sys.stdout.isatty() else f"[{word}]"]
        at = end
    return " ".join("".join([*parts, text[at:]]).split())


@click.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--split", type=click.Choice(["dev", "test"]), default="dev", show_default=True, help="Which queries.")
@click.option("--task", "only", multiple=True, metavar="NAME", help="Only this task (several allowed).")
@click.option("--form", "forms", multiple=True, metavar="NAME", help="Only this form of the queries.")
@click.option("--work", type=click.Path(path_type=Path), help="Keep the indexes in this folder and reuse them.")
@click.option("--index", type=click.Path(path_type=Path), help="The index that tasks without a corpus are about.")
@click.option("--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Rank with the weights in this TOML file (name = number).")
@click.option("--compare", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Tell what the weights in this TOML file gain, with 95 % intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print {task: {form: {ndcg10, mrr10, recall100, ms}}}.")
def evaluate(
    data: tuple[Path, ...], split: str, only: tuple[str, ...], forms: tuple[str, ...], work: Path | None,
    index: Path | None, weights: Path | None, compare: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Measure the ranking on judged queries.

    They run through the product's own search.  DATA has one folder per task: task.json (which corpus files and
    fields are indexed), a corpus in BEIR form, dev/queries_FORM.jsonl.gz, dev/qrels.tsv, and the same in test/.  The
    judged set of the sample archive, in search/sample/judged, is about an index that is there: add --index.  DATA may
    also be a file of judged queries about that index, one {"id", "kind", "query", "relevant": {id: relevance}} a line.
    """
    from dataclasses import asdict
    from functools import partial

    from search.evaluation.comparing import compare as gains_of
    from search.evaluation.comparing import read_weights
    from search.evaluation.running import evaluate as run
    from search.evaluation.tables import as_json as to_json
    from search.evaluation.tables import gains_table, table
    from search.evaluation.tasks import load_tasks
    from search.planning.weights import WEIGHTS

    tasks = [task for path in data for task in load_tasks(path, split) if not only or task.name in only]
    measured = partial(run, tasks, frozenset(forms), work, index, lambda message: click.echo(message, err=True))
    found = measured(read_weights(weights) if weights else WEIGHTS)
    if compare:
        gains = gains_of(found, measured(read_weights(compare)))
        click.echo(json.dumps([asdict(gain) for gain in gains], indent=2) if as_json else gains_table(gains))
        return
    click.echo(json.dumps(to_json(found), indent=2, ensure_ascii=False) if as_json else table(found))
