"""Text with marks to safe HTML: everything is escaped, only `<mark>` and `<p>` are ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from search.article import Article
from search.results.answer import Mark, Snippet

ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article's body; `kind` is text, lead or caption."""

    html: Markup
    kind: str


def marked(text: str, marks: Sequence[Mark]) -> Markup:
    """Return `text` escaped, with the code points of `marks` (ordered, not overlapping) in `<mark>`."""
    parts: list[Markup] = []
    position = 0
    for start, end in marks:
        if start < position or end <= start:
            continue
        parts += (escape(text[position:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>"))
        position = end
    parts.append(escape(text[position:]))
    return Markup("").join(parts)


def excerpt(snippets: Sequence[Snippet]) -> Markup:
    """Return the snippets of one article as one text, marked, with one ellipsis between them."""
    whole: list[Markup] = []
    for snippet in snippets:
        html = marked(snippet.text, snippet.marks)
        if whole:
            whole[-1] = whole[-1].removesuffix(ELLIPSIS).rstrip()
            html = Markup(f" {ELLIPSIS} ") + html.removeprefix(ELLIPSIS).lstrip()
        whole.append(html)
    return Markup("").join(whole)


def paragraphs(article: Article, marks: Sequence[Mark] = ()) -> list[Paragraph]:
    """Return the body of `article` by paragraph, marked; `marks` count from the start of the body."""
    result = []
    for start, end in _bounds(article.body):
        inner = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
        result.append(Paragraph(marked(article.body[start:end], inner), _kind(article, start, end)))
    return result


def _bounds(body: str) -> Iterator[Mark]:
    start = 0
    for part in body.split("\n\n"):
        if part.strip():
            yield start, start + len(part)
        start += len(part) + 2


def _kind(article: Article, start: int, end: int) -> str:
    """Return the kind of the span that holds most of the paragraph."""
    for span in article.spans:
        if min(span.end, end) - max(span.start, start) > (end - start) / 2:
            return span.kind
    return "text"
