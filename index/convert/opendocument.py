"""OpenDocument texts (.odt): paragraphs, headings and tables of the body; headers, footers and comments stay out."""

import io
from collections.abc import Iterator
from typing import Any, Final

from odfdo import Document

from index.convert.markup import Converted, DocumentText, NotConverted, Paragraph, Table, in_font

#: Elements that only hold others, and those that hold nothing of the text.
_HOLDERS: Final = frozenset(("text:section", "text:list", "text:list-item", "text:list-header", "text:index-body",
                            "text:numbered-paragraph"))
_TITLE_STYLES: Final = frozenset(("title", "tiêu_20_đề"))
#: Inside a paragraph: what is not read as its text.
_NOTES: Final = ("office:annotation", "text:note", "text:tracked-changes", "office:annotation-end", "text:bookmark")
_MAX_DEPTH: Final = 20


def read_opendocument(data: bytes) -> Converted:
    """Return an OpenDocument text as HTML.  Raises NotConverted."""
    try:
        document = Document(io.BytesIO(data))
        text = DocumentText(list(_parts(document, document.body.children, 0)))
        meta = document.meta
        text.title, text.author = str(meta.title or ""), str(meta.initial_creator or meta.creator or "")
        made = meta.creation_date
        text.made = made.date().isoformat() if made else ""
    except (KeyError, ValueError, AttributeError, TypeError, OSError, IndexError) as error:
        raise NotConverted(f"the OpenDocument text is damaged: {str(error)[:80]}") from error
    return text.converted()


def _parts(document: Any, elements: Any, depth: int) -> Iterator[Paragraph | Table]:
    for element in elements:
        tag = element.tag
        if tag in ("text:p", "text:h"):
            yield _paragraph(document, element)
        elif tag == "table:table":
            rows = (row.get_elements("table:table-cell") for row in element.get_elements("descendant::table:table-row"))
            yield Table(tuple(tuple(_cell(document, cell) for cell in cells) for cells in rows))
        elif tag in _HOLDERS and depth < _MAX_DEPTH:
            yield from _parts(document, element.children, depth + 1)


def _cell(document: Any, cell: Any) -> str:
    return "\n".join(_paragraph(document, part).text for part in cell.get_elements("descendant::text:p"))


def _paragraph(document: Any, element: Any) -> Paragraph:
    style = _style(element)
    look = _look(document, "paragraph", style)
    text = _text(document, element, look.get("font", ""), 0)
    level = int(element.get_attribute("text:outline-level") or 1) if element.tag == "text:h" else 0
    if style.lower() in _TITLE_STYLES or look.get("parent", "").lower() in _TITLE_STYLES:
        level = 1
    return Paragraph(text, level, look.get("weight") == "bold" or _all_bold(document, element))


def _text(document: Any, element: Any, font: str, depth: int) -> str:
    """Return the text of an element in the letters that its fonts show."""
    parts = [in_font(element.text or "", font)]
    for child in element.children:
        tag = child.tag
        if tag == "text:s":
            parts.append(" " * int(child.get_attribute("text:c") or 1))
        elif tag == "text:tab":
            parts.append(" ")
        elif tag == "text:line-break":
            parts.append("\n")
        elif tag not in _NOTES and depth < _MAX_DEPTH:
            look = _look(document, "text", _style(child)) if tag == "text:span" else {}
            parts.append(_text(document, child, look.get("font") or font, depth + 1))
        parts.append(in_font(child.tail or "", font))
    return "".join(parts)


def _all_bold(document: Any, element: Any) -> bool:
    spans = element.get_elements("text:span")
    if not spans or (element.text or "").strip() or any((span.tail or "").strip() for span in spans):
        return False
    looks = (_look(document, "text", _style(span)) for span in spans)
    return all(look.get("weight") == "bold" for look in looks)


def _style(element: Any) -> str:
    return str(element.get_attribute("text:style-name") or "")


def _look(document: Any, family: str, name: str) -> dict[str, str]:
    """Return font, weight and parent of a style."""
    style = document.get_style(family, name) if name else None
    if style is None:
        return {}
    properties = style.get_properties("text") or {}
    return {"font": str(properties.get("style:font-name") or properties.get("fo:font-family") or "").strip("'"),
            "weight": str(properties.get("fo:font-weight") or ""),
            "parent": str(style.get_attribute("style:parent-style-name") or "")}
