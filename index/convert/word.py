"""Word documents (.docx): paragraphs, headings and tables of the body; headers, footers and comments stay out."""

import io
import re
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from index.convert.markup import Converted, DocumentText, NotConverted, Paragraph, Table, in_font

_HEADING: Final = re.compile(r"(?:heading|tiêu đề|đề mục|đầu đề)\s*(\d)", re.IGNORECASE)
_TITLE: Final = ("title", "tiêu đề", "tựa đề")
_MAX_DEPTH: Final = 6


def read_word(data: bytes) -> Converted:
    """Return a Word document as HTML.  Raises NotConverted."""
    try:
        document = docx.Document(io.BytesIO(data))
        text = DocumentText(list(_parts(document.iter_inner_content())))
        properties = document.core_properties
        text.title, text.author = properties.title or "", properties.author or ""
        made = properties.created
        text.made = made.date().isoformat() if made and made.year > 1990 and properties.author != "python-docx" else ""
    except (KeyError, ValueError, OpcError, AttributeError, TypeError, IndexError) as error:
        if "macro" in str(error).lower():
            raise NotConverted("it is a Word document with macros; save it as .docx") from error
        raise NotConverted(f"the Word document is damaged: {str(error)[:80]}") from error
    return text.converted()


def _parts(blocks: Any, depth: int = 0) -> Iterator[Paragraph | Table]:
    for block in blocks:
        if isinstance(block, WordParagraph):
            yield _paragraph(block)
        elif isinstance(block, WordTable):
            yield from _table(block, depth)


def _paragraph(block: WordParagraph) -> Paragraph:
    name = str(getattr(block.style, "name", "") or "")
    own_font = _font(block.style)
    runs = list(_runs(block))
    text = "".join(in_font(run.text, run.font.name or own_font) for run in runs)
    heading = _HEADING.search(name)
    level = 1 if name.strip().lower() in _TITLE else int(heading[1]) if heading else 0
    written = [run for run in runs if run.text.strip()]
    bold = bool(written) and all(run.bold or (run.bold is None and _is_bold(block.style)) for run in written)
    return Paragraph(text, level, bold)


def _runs(block: WordParagraph) -> Iterator[Any]:
    """Yield the runs of a paragraph, those of its links too."""
    for part in block.iter_inner_content():
        yield from getattr(part, "runs", (part,))


def _font(style: Any) -> str:
    """Return the name of a style's font, or of the one it is based on."""
    for _ in range(_MAX_DEPTH):
        if style is None:
            break
        if name := style.font.name:
            return str(name)
        style = style.base_style
    return ""


def _is_bold(style: Any) -> bool:
    return bool(style is not None and style.font.bold)


def _table(table: WordTable, depth: int) -> Iterator[Paragraph | Table]:
    """Yield a table, each merged cell once; one of a single cell or a single column is only a frame around its text."""
    rows = []
    frame = len(table.columns) == 1 and depth < _MAX_DEPTH
    for row in table.rows:
        cells = list({id(cell._tc): cell for cell in row.cells}.values())
        if frame:
            for cell in cells:
                yield from _parts(cell.iter_inner_content(), depth + 1)
        else:
            rows.append(tuple("\n".join(_paragraph(part).text for part in cell.paragraphs) for cell in cells))
    if rows:
        yield Table(tuple(rows))
