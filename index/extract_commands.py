"""The commands `dau extract`, `dau explain` and `dau quality`."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from index.look_commands import fields_option

if TYPE_CHECKING:
    from index.read.documents import Document
    from index.read.fields import FieldNames
    from index.read.files import InputFile
    from index.read.records import Rejected
    from search.article import Article, ArticleDate

_MAX_BYTES: Final = 20_000_000
_SHOWN: Final = 300
#: What the figures of `dau quality` mean, in the order of printing.
_FIGURES: Final = {
    "f1": "body, 4-gram F1: mean over sites", "f1_worst_site": "the same, worst site",
    "precision": "its precision, mean over pages", "recall": "its recall",
    "titles": "titles exact (words)", "titles_worst_site": "the same, worst site", "dates": "shown dates exact",
    "leads": "bodies that begin with their lead", "authors": "by-lines exact (words)",
    "kinds": "listings told apart", "articles_lost": "articles and notices taken for listings, or rejected",
    "dates_invented": "dates claimed on pages that show none", "authors_invented": "authors of what nobody signs",
    "notices_with_junk": "notices with more than 300 characters of junk",
    "text_f1": "body of plain-text dumps, site learned", "pages_per_second": "pages a second of one core",
    "speed_vs_trafilatura": "the same, times trafilatura's fast mode (extra: bench)",
    "own_province": "own province, of the sure ones", "false_province": "national and foreign stories given a province",
    "event_date": "event date exact", "event_date_missed": "event date not found",
    "captions": "captions at the end found", "captions_invented": "last paragraphs wrongly taken for a caption",
    "mentions_precision": "provinces named: precision", "mentions_recall": "provinces named: recall",
}

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
_LEARN = click.option("--learn", "siblings", type=click.Path(exists=True, path_type=Path), multiple=True,
                      help="Folder with other pages of the same sites; what repeats on them is boilerplate.")


@click.command()
@_FILES
@_LEARN
@fields_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per document.")
@click.pass_context
def extract(ctx: click.Context, files: tuple[Path, ...], siblings: tuple[Path, ...], names: "FieldNames",
            as_json: bool) -> None:
    """Print what would be indexed of FILES, with the evidence for it."""
    rejected = False
    for found in _extracted(files, siblings, names):
        rejected = rejected or not hasattr(found, "body")
        click.echo(json.dumps(_plain(found), ensure_ascii=False) if as_json else _card(found))
    ctx.exit(1 if rejected else 0)


@click.command()
@_FILES
@_LEARN
@fields_option
@click.pass_context
def explain(ctx: click.Context, files: tuple[Path, ...], siblings: tuple[Path, ...], names: "FieldNames") -> None:
    """Print what was kept of FILES, what was removed, and why."""
    rejected = False
    for found in _extracted(files, siblings, names):
        rejected = rejected or not hasattr(found, "body")
        click.echo(_card(found, explained=True))
    ctx.exit(1 if rejected else 0)


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as a JSON object.")
@click.option("--speed/--no-speed", default=True, show_default=True, help="Measure the speed, also trafilatura's.")
def quality(data: Path, as_json: bool, speed: bool) -> None:
    """Measure extraction on gold data: pages with the site learned and each alone, and the fields of articles.

    DATA holds html/ and html2/ (index.jsonl and pages.tar.xz, or the pages unpacked) and articles/articles.jsonl,
    or some of them.
    """
    from index.quality.gold import read_gold
    from index.quality.measuring import measure

    figures = measure(read_gold(data), speed)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    for family, found in figures.items():
        click.echo(f"{family}{'':24}learned     alone" if "f1" in found else family)
        for name, meaning in _FIGURES.items():
            if name in found:
                click.echo(f"  {name:22} {_number(found[name])} {_number(found.get(name + '_alone'))}   {meaning}")
        for site, named in found.get("sites", {}).items():
            told = ", ".join(f"{name} {_number(named[name]).strip()}/{_number(named[name + '_alone']).strip()}"
                             for name in named if not name.endswith("_alone"))
            click.echo(f"    {site:26} {told}")


def _number(value: float | None) -> str:
    return f"{'' if value is None else f'{value:.4g}':>9}"


def _extracted(files: tuple[Path, ...], siblings: tuple[Path, ...],
               names: "FieldNames") -> "Iterator[Article | Rejected]":
    """Yield the article of every document in the files; with `--learn`, as a rebuild of those folders makes it.

    A file that lies in a folder to learn from is read as a part of it.
    """
    from index.extract.extracting import extract as extract_one
    from index.extract.learning import learn
    from index.read.documents import Document
    from index.read.files import Finder
    from index.read.records import Rejected

    found = tuple(Finder((*siblings, *files)).files())
    memory = None
    if siblings:
        memory = learn(document for document in _documents(found, names) if isinstance(document, Document))
        wanted = {path.resolve() for path in files}
        found = tuple(file for file in found
                      if isinstance(file, Rejected) or not wanted.isdisjoint(_and_above(Path(file.path))))
    for document in _documents(found, names):
        yield extract_one(document.raw, memory) if isinstance(document, Document) else document


def _and_above(path: Path) -> tuple[Path, ...]:
    path = path.resolve()
    return (path, *path.parents)


def _documents(found: "Iterable[InputFile | Rejected]", names: "FieldNames") -> "Iterator[Document | Rejected]":
    from index.read.documents import Document, read_documents
    from index.read.records import Rejected

    for file in found:
        if isinstance(file, Rejected):
            yield file
            continue
        for document in read_documents(file, _MAX_BYTES, names):
            if isinstance(document, Document | Rejected):
                yield document


def _plain(found: "Article | Rejected") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(found)


def _card(found: "Article | Rejected", explained: bool = False) -> str:
    """Return an article as lines for reading; a reject as one line."""
    from search.article import Article

    if not isinstance(found, Article):
        return f"{found.path}\n  rejected: {found.reason}\n"
    lines = [found.path, f"  kind      {found.kind}{'' if found.confident else ' (not sure of its body)'}",
             f"  title     {found.title}", f"  date      {_shown(found.date)}"]
    if found.event_date.value and found.event_date.value != found.date.value:
        lines.append(f"  event     {_shown(found.event_date)}")
    lines += [f"  {name:9} {value}" for name, value in (
        ("author", _told(found.author, found.author_evidence)), ("section", found.section),
        ("photos", found.photographer), ("source", found.source),
        ("url", found.url), ("encoding", found.encoding)) if value]
    for place in found.places:
        own = " (own)" if place.name == found.province else ""
        lines.append(f"  province  {place.name} {place.score:.2f}{own}: {place.evidence}")
    lines += [f"  country   {country.name} {country.score:.2f}: {country.evidence}" for country in found.countries]
    lines += [f"  attached  {link}" for link in found.links]
    body = found.body if explained else _short(found.body)
    lines += ["  body"] + [f"    {line}" for line in body.splitlines() if line]
    if explained:
        lines += ["  removed"] + [f"    [{block.reason}] {_short(block.text)}" for block in found.removed]
    return "\n".join(lines) + "\n"


def _told(value: str, evidence: str) -> str:
    return f"{value} ({evidence})" if value and evidence else value


def _shown(date: "ArticleDate") -> str:
    return f"{date.value} ({date.precision}, {date.source}: {date.evidence})" if date.value else "unknown"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
