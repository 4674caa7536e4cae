"""How to cite an article: a sentence for people; RIS, BibTeX, CSL-JSON, CSV and JSON lines for their programs.

Every record names the generation of the index that told it.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from search.article import Article
from web import dates
from web.catalogues import Language
from web.texts import say

COLUMNS: Final = (
    "id", "title", "date", "date_precision", "author", "source", "section", "kind", "province", "provinces",
    "countries", "url", "generation",
)  # fmt: skip
#: Cells that begin so are formulas to spreadsheets; they get an apostrophe, as spreadsheets write text.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_TEX: Final = re.compile(r"[\\{}&%$#_~^]")
_TEX_WORDS: Final = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True, slots=True)
class Format:
    """A format of records: what stands before the first, between two and behind the last, and one record."""

    mimetype: str
    record: Callable[[Article, str], str]
    head: str = ""
    between: str = ""
    tail: str = ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _authors(article: Article) -> tuple[str, ...]:
    return article.authors or ((article.author,) if article.author else ())


def _row(values: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{text}" if text.startswith(_FORMULA) else text for text in values])
    return out.getvalue()


def _fields(article: Article, generation: str) -> dict[str, Any]:
    return {
        "id": article.id, "title": article.title, "date": article.date.value,
        "date_precision": article.date.precision, "author": article.author, "source": article.source,
        "section": article.section, "kind": article.kind, "province": article.province,
        "provinces": list(article.provinces),
        "countries": [country.name for country in article.countries], "url": article.url, "generation": generation,
    }  # fmt: skip


def _csv(article: Article, generation: str) -> str:
    fields = _fields(article, generation)
    return _row([_line(value if isinstance(value := fields[name], str) else "; ".join(value)) for name in COLUMNS])


def _jsonl(article: Article, generation: str) -> str:
    return json.dumps(_fields(article, generation) | {"text": article.body}, ensure_ascii=False) + "\n"


def _ris(article: Article, generation: str) -> str:
    date = article.date
    day = date.value.replace("-", "/") if date.precision == "day" else ""
    fields = [
        ("TY", "NEWS"), ("ID", article.id), ("TI", article.title), *[("AU", name) for name in _authors(article)],
        ("T2", article.source), ("PY", str(date.year or "")), ("DA", day), ("UR", article.url), ("LA", "vi"),
        ("N1", f"Dấu, {generation}"),
    ]  # fmt: skip
    lines = [f"{name}  - {_line(value)}" for name, value in fields if value.strip()]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _tex(text: str) -> str:
    return _TEX.sub(lambda found: _TEX_WORDS.get(found[0], f"\\{found[0]}"), _line(text))


def _bib(article: Article, generation: str) -> str:
    date = article.date
    month = str(date.month) if date.month else ""
    fields = {
        "title": f"{{{_tex(article.title)}}}",
        "author": " and ".join([f"{{{_tex(name)}}}" for name in _authors(article)]),
        "journal": _tex(article.source), "year": str(date.year or ""), "month": month,
        "date": date.value if date.precision in ("day", "month", "year") else "",
        "url": re.sub(r"[{}\\\s]", "", article.url), "language": "vietnamese", "note": _tex(f"Dấu, {generation}"),
    }  # fmt: skip
    key = re.sub(r"[^A-Za-z0-9:._-]", "-", article.id)
    lines = "".join([f"  {name} = {{{value}}},\n" for name, value in fields.items() if value])
    return f"@article{{{key},\n{lines}}}\n\n"


def csl(article: Article, generation: str) -> Mapping[str, Any]:
    """Return the CSL-JSON item of an article."""
    date = article.date
    parts = [int(part) for part in date.value.split("-")] if date.precision in ("day", "month", "year") else []
    item: dict[str, Any] = {
        "id": article.id, "type": "article-newspaper", "title": article.title,
        "author": [{"literal": name} for name in _authors(article)], "container-title": article.source,
        "issued": {"date-parts": [parts]} if parts else {}, "URL": article.url, "language": "vi",
        "note": f"Dấu, {generation}",
    }  # fmt: skip
    return {name: value for name, value in item.items() if value}


def _csl(article: Article, generation: str) -> str:
    return json.dumps(csl(article, generation), ensure_ascii=False)


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("text/csv", _csv, head="\ufeff" + _row(list(COLUMNS))),
    "jsonl": Format("application/x-ndjson", _jsonl),
    "ris": Format("application/x-research-info-systems", _ris),
    "bib": Format("application/x-bibtex", _bib),
    "csl": Format("application/vnd.citationstyles.csl+json", _csl, head="[", between=",\n", tail="]\n"),
}


def citation(article: Article, address: str, language: Language) -> str:
    """Return the sentence that cites an article, in the order of APA; `address` is that of its page here."""
    authors = ", ".join(_authors(article)) or article.source or say(language, "Unknown author")
    when = dates.cited_date(article.date, language)
    title = _line(article.title) or say(language, "(Untitled)")
    where = article.source if article.source != authors else ""
    parts = [f"{authors.rstrip('.')} ({when})", title, where, article.url or address]
    return ". ".join([part.rstrip(".") if part != parts[-1] else part for part in parts if part])


def json_ld(article: Article, address: str) -> dict[str, Any]:
    """Return the article as schema.org describes one, for `<script type="application/ld+json">`."""
    date = article.date
    item: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": _line(article.title)[:200],
        "inLanguage": "vi", "mainEntityOfPage": address, "isBasedOn": article.url,
        "datePublished": date.value if date.precision in ("day", "month", "year") else "",
        "author": [{"@type": "Person", "name": name} for name in _authors(article)],
        "publisher": {"@type": "Organization", "name": article.source} if article.source else {},
        "contentLocation": article.province, "articleSection": article.section,
    }  # fmt: skip
    return {name: value for name, value in item.items() if value}
