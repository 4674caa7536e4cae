"""Text with marks to safe HTML: everything is escaped, only `<mark>` and `<p>` are ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from search.article import Article
from search.results.answer import Mark, Snippet

ELLIPSIS: Final = "…"
#: Characters of an excerpt, of a line of it, and before its first mark; marks of a line.
BRIEF: Final = 165
_LINE: Final = 90
_LEAD: Final = 50
_MARKS_A_LINE: Final = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article's body; `kind` is text, lead or caption."""

    html: Markup
    kind: str


def marked(text: str, marks: Sequence[Mark]) -> Markup:
    """Return `text` escaped, with the code points of `marks` (ordered, not overlapping) in `<mark>`."""
    parts: list[str] = []
    position = 0
    for start, end in marks:
        if start < position or end <= start:
            continue
        parts += (escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>")
        position = end
    parts.append(escape(text[position:]))
    return Markup("".join(parts))


def excerpt(snippets: Sequence[Snippet]) -> Markup:
    """Return the snippets of one article as one text of about two lines, marked where most of it is."""
    text, marks = _joined(snippets)
    start, end = _window(text, marks)
    inner = _few([(a - start, b - start) for a, b in marks if a >= start and b <= end])
    before, after = (ELLIPSIS if start else "", ELLIPSIS if end < len(text) else "")
    return Markup(f"{before}{marked(text[start:end], inner)}{after}")


def _joined(snippets: Sequence[Snippet]) -> tuple[str, list[Mark]]:
    """Return the snippets as one text with one ellipsis between them, and the marks in it."""
    text, marks = "", []
    for snippet in snippets:
        own, skipped = snippet.text, 0
        if text:
            text = f"{text.removesuffix(ELLIPSIS).rstrip()} {ELLIPSIS} "
            own = own.removeprefix(ELLIPSIS).lstrip()
            skipped = len(snippet.text) - len(own)
        marks += [(a - skipped + len(text), b - skipped + len(text)) for a, b in snippet.marks if a >= skipped]
        text += own
    return text, marks


def _window(text: str, marks: Sequence[Mark]) -> Mark:
    """Return the stretch of at most `BRIEF` characters, of whole words, that shows the most different marked words."""
    if len(text) <= BRIEF:
        return 0, len(text)
    best, start = 0, 0
    for first, _ in marks:
        left = max(first - _LEAD, 0)
        inside = {text[a:b].lower() for a, b in marks if a >= left and b <= left + BRIEF}
        if len(inside) > best:
            best, start = len(inside), left
    start = max(min(start, len(text) - BRIEF), 0)
    if start:
        start = text.find(" ", start) + 1
    end = start + BRIEF
    return start, len(text) if end >= len(text) else max(text.rfind(" ", start, end), start + 1)


def _few(marks: Sequence[Mark]) -> list[Mark]:
    """Return marks without those that would be more than three within a line."""
    kept: list[Mark] = []
    for mark in marks:
        if len(kept) < _MARKS_A_LINE or mark[0] - kept[-_MARKS_A_LINE][0] > _LINE:
            kept.append(mark)
    return kept


def paragraphs(article: Article, marks: Sequence[Mark] = ()) -> list[Paragraph]:
    """Return the body of `article` by paragraph, marked; `marks` count from the start of the body.

    The first mark can be gone to by the name `match`.
    """
    result, found = [], False
    for start, end in _bounds(article.body):
        inner = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
        html = marked(article.body[start:end], inner)
        if inner and not found:
            found, html = True, Markup(str(html).replace("<mark>", '<mark id="match">', 1))
        result.append(Paragraph(html, _kind(article, start, end)))
    return result


def differences(one: str, other: str) -> tuple[int, int]:
    """Return how many paragraphs only the one text has and only the other; white space does not count."""
    mine, theirs = ({" ".join(part.split()) for part in text.split("\n\n") if part.strip()} for text in (one, other))
    return len(mine - theirs), len(theirs - mine)


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
