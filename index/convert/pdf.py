"""PDF documents with a text layer: lines put together to paragraphs, without what repeats on the pages' edges.

1. lines      of each page in reading order, with font, size and place; letters of legacy fonts are decoded
2. furniture  lines at the top or foot that repeat from page to page, and page numbers, are dropped
3. title      the lines of the largest type near the top of the first page
4. paragraphs a line goes on the one before unless that ended early, was parted by more space, or is of another size
"""

import ctypes
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.convert.markup import Converted, DocumentText, NotConverted, Paragraph, in_font

MAX_PAGES: Final = 2_000
#: Characters in a PDF beyond which the rest is not read.
_MAX_CHARS: Final = 5_000_000
#: Lines at the top and at the foot of a page among which its furniture is.
_EDGE: Final = 3
#: A line on this share of the pages, at least on two, is furniture.
_REPEATS: Final = 0.5
_PAGE_NUMBER: Final = re.compile(
    r"\W*(?:trang|page|tr\.)?\s*(?:\d{1,4}|[ivxl]{1,6})\s*(?:(?:/|of|trên)\s*\d{1,4})?\W*", re.IGNORECASE)
#: Type this much larger than the running text is a title's.
_LARGER: Final = 1.12
_TITLE_REACH: Final = 12
#: A line ends a paragraph if the next line's first word had found so many times the room it needs.
_ROOM: Final = 1.3
#: Space between paragraphs, as a multiple of the usual one between lines.
_GAP: Final = 1.35
#: pdfium's own sign for a hyphen at a line's end.
_HYPHENS: Final = ("\u0002", "\ufffe", "\u00ad")
_ENDS: Final = re.compile(r"[.!?:;…”\"»)]$")
_ITEM: Final = re.compile(r"(?:[-–—•+*]|\d{1,2}[.)]|[a-zđ][.)]|[IVX]{1,5}\.)\s")
_PDF_DATE: Final = re.compile(r"(?:D:)?((?:19|20)\d\d)(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, type size in points, and its edges from the page's lower left corner."""

    text: str
    size: float
    left: float
    right: float
    top: float
    bottom: float
    bold: bool = False


def read_pdf(data: bytes) -> Converted:
    """Return a PDF as HTML.  Raises NotConverted for one that is encrypted, damaged, or without text."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise NotConverted("the PDF is encrypted; save it without its password") from error
        raise NotConverted(f"the PDF is damaged: {str(error)[:80]}") from error
    try:
        pages = list(_pages(document))
        meta = document.get_metadata_dict(skip_empty=True)
    finally:
        document.close()
    if not any(line.text.strip() for page in pages for line in page):
        raise NotConverted("the PDF has no text, only pictures of pages: run text recognition (OCR) on it first")
    made = _PDF_DATE.match(meta.get("CreationDate", ""))
    return DocumentText(list(_paragraphs(_without_furniture(pages))), meta.get("Title", ""), meta.get("Author", ""),
                        "-".join(made.groups()) if made else "").converted()


def _pages(document: Any) -> Iterator[list[Line]]:
    left = _MAX_CHARS
    for number in range(min(len(document), MAX_PAGES)):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            continue
        text = page.get_textpage()
        lines = list(_lines(text))
        left -= sum(len(line.text) for line in lines)
        text.close()
        page.close()
        yield lines
        if left < 0:
            return


def _lines(page: Any) -> Iterator[Line]:
    """Yield the lines of a page, as pdfium breaks them."""
    content = page.get_text_range()
    start = 0
    for line in re.split(r"\r\n|\r|\n", content):
        end = start + len(line)
        if line.strip():
            yield _line(page, line, start)
        start = end + 2  # pdfium parts lines by two characters


def _line(page: Any, text: str, start: int) -> Line:
    marks = [index for index, char in enumerate(text) if not char.isspace()]
    first, last = start + marks[0], start + marks[-1]
    size = float(raw.FPDFText_GetFontSize(page, first))
    box, end = _box(page, first), _box(page, last)
    fonts = _fonts(page, start, text)
    shown = "".join(in_font(part, font) for font, part in fonts)
    bold = all("bold" in font.lower() or "black" in font.lower() for font, part in fonts if part.strip())
    return Line(shown, _shown_size(size, box), box[0], end[2], max(box[3], end[3]), min(box[1], end[1]), bold)


def _shown_size(size: float, box: tuple[float, float, float, float]) -> float:
    """Return the size of type; some programs set it to 1 and scale the page instead."""
    return size if size > 1.5 else max(1.0, (box[3] - box[1]) * 1.4)


def _box(page: Any, index: int) -> tuple[float, float, float, float]:
    try:
        return page.get_charbox(index, loose=True)  # type: ignore[no-any-return]
    except (pdfium.PdfiumError, IndexError):
        return 0.0, 0.0, 0.0, 0.0


def _fonts(page: Any, start: int, text: str) -> list[tuple[str, str]]:
    """Return the runs of a line that are in one font, with its name; blanks go with what is before them."""
    runs: list[tuple[str, str]] = []
    for offset, char in enumerate(text):
        font = _font(page, start + offset) if not char.isspace() else ""
        if runs and (not font or font == runs[-1][0]):
            runs[-1] = (runs[-1][0], runs[-1][1] + char)
        else:
            runs.append((font, char))
    return runs


def _font(page: Any, index: int) -> str:
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(page, index, buffer, len(buffer), ctypes.byref(flags))
    return buffer.value.decode("utf-8", "replace") if 0 < length <= len(buffer) else ""


def _without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Drop running heads, feet and page numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_mask(line.text) for line in _edges(page)})
    least = max(2, _REPEATS * len(pages))
    kept = []
    for page in pages:
        edges = {id(line) for line in _edges(page)}
        kept.append([line for line in page if id(line) not in edges or not (
            _PAGE_NUMBER.fullmatch(line.text) or seen[_mask(line.text)] >= least)])
    return kept


def _edges(page: list[Line]) -> list[Line]:
    ranked = sorted(page, key=lambda line: -line.top)
    return ranked[:_EDGE] + ranked[_EDGE:][-_EDGE:]


def _mask(text: str) -> str:
    return re.sub(r"\d+", "0", " ".join(text.split()).lower())


def _paragraphs(pages: Sequence[list[Line]]) -> Iterator[Paragraph]:
    lines = [line for page in pages for line in page]
    if not lines:
        return
    usual = _usual_size(lines)
    title = _title(pages[0], usual) if pages[0] else []
    chosen = {id(line) for line in title}
    right = _column(lines)
    leading = _leading(lines)
    held: list[Line] = []
    for line in lines:
        if id(line) in chosen:
            if line is title[0]:
                yield from _joined(held, usual)
                held = []
                yield Paragraph(" ".join(part.text.strip() for part in title), 1)
            continue
        if held and _parts(held[-1], line, right, leading):
            yield from _joined(held, usual)
            held = []
        held.append(line)
    yield from _joined(held, usual)


def _usual_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _title(page: list[Line], usual: float) -> list[Line]:
    """Return the lines of the largest type near the top of a page that is clearly larger than the running text."""
    near = [line for line in page[:_TITLE_REACH] if len(line.text.split()) > 1]
    largest = max((line.size for line in near), default=0.0)
    if largest < _LARGER * usual:
        return []
    found = [line for line in near if line.size > largest * 0.97]
    first = page.index(found[0])
    return [line for line in found if page.index(line) - first < len(found) + 1]


def _column(lines: Sequence[Line]) -> float:
    """Return the right edge that full lines reach."""
    rights = sorted(line.right for line in lines if len(line.text) > 40) or [line.right for line in lines]
    return rights[int(0.9 * (len(rights) - 1))]


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance from line to line."""
    steps = [before.bottom - line.bottom for before, line in pairwise(lines)]
    steps = [step for step in steps if 0 < step < 60]
    return statistics.median(steps) if steps else 0.0


def _parts(before: Line, line: Line, right: float, leading: float) -> bool:
    """Say whether a line begins a new paragraph."""
    if abs(before.size - line.size) > 0.08 * max(before.size, 1) or before.bold != line.bold:
        return True
    step = before.bottom - line.bottom
    if leading and step > _GAP * leading:
        return True
    if _ITEM.match(line.text.lstrip()):
        return True
    full = right - before.right < _ROOM * _width_of_first_word(line)
    if step <= 0:  # another column or page: the sentence tells
        return bool(_ENDS.search(before.text.rstrip())) or not full
    return not full or (line.left > before.left + line.size and bool(_ENDS.search(before.text.rstrip())))


def _width_of_first_word(line: Line) -> float:
    text = line.text.strip()
    return (line.right - line.left) / max(1, len(text)) * (len(text.split(" ", 1)[0]) + 1)


def _joined(lines: Sequence[Line], usual: float) -> Iterator[Paragraph]:
    """Yield one paragraph of lines; words parted by a hyphen at a line's end are put together."""
    if not lines:
        return
    text = ""
    for line in lines:
        part = line.text.strip()
        if text.endswith(_HYPHENS) or (re.search(r"[a-z]-$", text) and part[:1].isascii() and part[:1].islower()):
            text = text[:-1] + part
        else:
            text = f"{text} {part}" if text else part
    for sign in _HYPHENS:
        text = text.replace(sign, "")
    first = lines[0]
    strong = first.size >= _LARGER * usual or all(line.bold for line in lines)
    yield Paragraph(text, 0, strong)


