"""The HTML that documents are converted to, and how its parts are told: paragraphs with style, tables, headings."""

import html
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from index.decode import is_syllable
from index.decode.legacy import READERS
from search.text import normalize

#: Fonts of the encodings from before Unicode; the ones whose name ends in H show small letters as capitals.
_TCVN3_FONT: Final = re.compile(r"(?:[A-Z]{6}\+)?\.?Vn[A-Z]\w*", re.ASCII)
_VNI_FONT: Final = re.compile(r"(?:[A-Z]{6}\+)?VNI[-_ ]?\w*", re.ASCII | re.IGNORECASE)
_HYPHENED: Final = re.compile("[^\\s\u0002\ufffe-]*([\u0002\ufffe-])?[^\\s\u0002\ufffe-]*")
#: Characters of symbol fonts that stand in the private use area: U+F041 is A.
_PRIVATE: Final = re.compile("[\uf020-\uf0ff]")
#: Names of accounts and programs that stand where a title or an author should.
_NO_TITLE: Final = re.compile(
    r"microsoft word|\.(?:docx?|odt|pdf)$|^(?:document|doc)\s*\d*$|^untitled|^slide \d|^\W*$", re.IGNORECASE)
_NO_PERSON: Final = re.compile(
    r"\b(?:user|admin|administrator|windows|microsoft|office|computer|pc|laptop|hp|dell|asus|acer|lenovo|home|owner"
    r"|unknown|python-docx)\b",
    re.IGNORECASE)
#: The motto and the name of the state that head official letters; never a title.
_MOTTO: Final = re.compile(r"cộng\s+h[oò][àa]\s+xã\s+hội|độc\s+lập\s*[-–—]\s*tự\s+do", re.IGNORECASE)
_LEAST_TITLE_WORDS: Final = 4
_LONGEST_TITLE: Final = 300
#: A title stands among so many first paragraphs.
_TITLE_REACH: Final = 14


class NotConverted(Exception):
    """A document can't be read; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A document as bytes of HTML in UTF-8, its address if it holds one, and the day it was made (ISO) or `""`."""

    html: bytes
    url: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its text, the level of its heading (0: none, 1: a title), and whether it stands out by its looks."""

    text: str
    heading: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the texts of its cells, row by row."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class DocumentText:
    """What a reader takes from a document."""

    parts: list[Paragraph | Table] = field(default_factory=list)
    title: str = ""
    author: str = ""
    made: str = ""

    def converted(self) -> Converted:
        """Return it as HTML.  Raises NotConverted if there is no text."""
        parts = _with_title([part for part in self.parts if not isinstance(part, Paragraph) or part.text.strip()])
        if not parts:
            raise NotConverted("the document holds no text")
        title = "" if _NO_TITLE.search(self.title) else self.title
        author = self.author if _is_person(self.author) else ""
        head = f"<title>{html.escape(title)}</title>" if title.strip() else ""
        head += f'<meta name="author" content="{html.escape(author)}">' if author else ""
        body = "\n".join(_markup(parts))
        page = f'<html><head><meta charset="utf-8">{head}</head><body><article>\n{body}\n</article></body></html>'
        return Converted(page.encode("utf-8", "replace"), made=self.made)


def _is_person(author: str) -> bool:
    return len(author.split()) > 1 and not _NO_PERSON.search(author) and not re.search(r"[\d@/]", author)


def _with_title(parts: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
    """Make the paragraph the title that looks most like one, if the document marks none."""
    found = list(parts)
    if any(isinstance(part, Paragraph) and part.heading == 1 for part in found):
        return found
    for index, part in enumerate(found[:_TITLE_REACH]):
        if isinstance(part, Paragraph) and (part.strong or part.heading) and _may_be_title(part.text):
            found[index] = Paragraph(part.text, 1)
            break
    return found


def _may_be_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and len(text.split()) >= _LEAST_TITLE_WORDS and not _MOTTO.search(text)


def _markup(parts: Iterable[Paragraph | Table]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Table):
            rows = ("".join(f"<td>{_escaped(cell)}</td>" for cell in row) for row in part.rows)
            yield f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        elif part.heading:
            yield f"<h{min(part.heading, 6)}>{_escaped(part.text)}</h{min(part.heading, 6)}>"
        else:
            yield f"<p>{_escaped(part.text)}</p>"


def _escaped(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.strip().split("\n"))


def _with_horn(found: re.Match[str]) -> str:
    """Read a word of TCVN3: its code of ư is that of Latin-1's soft hyphen, which programs write as a plain one."""
    read = READERS["tcvn3"]
    if not found[1] or found[0] == found[1]:
        return read(found[0])
    word = read(found[0].replace(found[1], "\xad"))
    return word if is_syllable(word.strip(string.punctuation + "“”…–")) else read(found[0])


def in_font(text: str, font: str) -> str:
    """Return what a text shows in a font: in one of an encoding from before Unicode, the letters that it draws."""
    encoding = "tcvn3" if _TCVN3_FONT.fullmatch(font.split(",")[0]) else "vni" if _VNI_FONT.match(font) else ""
    if not encoding:
        return text
    text = _PRIVATE.sub(lambda found: chr(ord(found[0]) - 0xF000), text)
    shown = _HYPHENED.sub(_with_horn, text) if encoding == "tcvn3" else READERS[encoding](text)
    capitals = encoding == "tcvn3" and re.search(r"H\b", font.split("-")[0].split(",")[0])
    return normalize(shown.upper() if capitals else shown)
