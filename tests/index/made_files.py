"""Articles that nobody wrote, and every kind of file that a person may have them in."""

import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_PLACES = ("Quảng Trị", "Nghệ An", "Cà Mau", "Lào Cai", "Thanh Hóa", "Đồng Tháp", "Gia Lai", "Hà Tĩnh")
_WORKS = ("cầu treo dân sinh", "trường mầm non", "trạm y tế", "tuyến đường liên xã", "nhà văn hóa", "chợ trung tâm")
_AUTHORS = ("Lê Văn Mẫu", "Trần Thị Thử", "Phạm Minh Nháp", "Hoàng Thị Ví Dụ", "Đỗ Văn Thí")


@dataclass(frozen=True)
class Story:
    """One article: what must be found of it, whatever file it is in."""

    number: int
    title: str
    author: str
    day: date
    province: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def shown_day(self) -> str:
        return f"{self.day:%d/%m/%Y}"

    @property
    def moment(self) -> datetime:
        """18:30 UTC of the day before: half past one in the night in Vietnam."""
        return datetime(self.day.year, self.day.month, self.day.day, 18, 30, tzinfo=UTC) - timedelta(days=1)


def story(number: int) -> Story:
    """Return the article of a number."""
    place, work = _PLACES[number % len(_PLACES)], _WORKS[number % len(_WORKS)]
    order = number + 1
    return Story(
        number, f"Khánh thành {work} thứ {order} tại tỉnh {place}", _AUTHORS[number % len(_AUTHORS)],
        date(2018, 1, 3) + timedelta(days=9 * number), place,
        (f"UBND tỉnh {place} tổ chức lễ khánh thành {work} thứ {order} với sự tham dự của đông đảo người dân.",
         f"Công trình khởi công từ năm trước, tổng vốn đầu tư {order + 7} tỷ đồng, do các đơn vị trong tỉnh thi công.",
         f"Phát biểu tại buổi lễ, lãnh đạo tỉnh {place} đề nghị địa phương quản lý, khai thác công trình hiệu quả."),
    )


def record(one: Story) -> dict[str, object]:
    return {"title": one.title, "text": one.text, "author": one.author, "date": one.day.isoformat(),
            "province": one.province}


def page(one: Story, head: str = "") -> str:
    shown = "".join(f"<p>{html.escape(part)}</p>" for part in one.paragraphs)
    return (f'<html><head><meta charset="utf-8">{head}<title>{one.title}</title>'
            f'<meta name="author" content="{one.author}"></head><body>'
            f'<div class="menu"><a href="/">Trang chủ</a> <a href="/lien-he">Liên hệ</a></div><h1>{one.title}</h1>'
            f'<div class="date">Đăng ngày: {one.shown_day}</div><div class="content">{shown}</div></body></html>')


def plain(one: Story) -> str:
    return f"{one.title}\n\nĐăng ngày: {one.shown_day}\n\n" + "\n\n".join(one.paragraphs) + f"\n\n{one.author}\n"


def web_archive(one: Story) -> bytes:
    body, address = quopri.encodestring(page(one).encode()).decode(), f"https://bao.example/{one.number}.html"
    return (f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {address}\r\n"
            "Subject: =?utf-8?Q?tin?=\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/related; type="text/html"; boundary="----b"\r\n\r\n------b\r\n'
            "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
            f"Content-Location: {address}\r\n\r\n{body}\r\n------b\r\n"
            "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n------b--").encode()


def warc(one: Story, packed: bool = False) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    target = io.BytesIO()
    writer = WARCWriter(target, gzip=packed)
    for address, kind, content in (
        ("https://bao.example/anh.png", "image/png", b"\x89PNG"),
        (f"https://bao.example/{one.number}.html", "text/html; charset=utf-8", page(one).encode()),
    ):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.0")
        writer.write_record(writer.create_warc_record(address, "response", io.BytesIO(content), http_headers=headers))
    return target.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def feed(one: Story) -> str:
    return (f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Báo Mẫu</title><item>'
            f"<title>{one.title}</title><link>https://bao.example/{one.number}.html</link><guid>tin-{one.number}</guid>"
            f"<pubDate>{one.moment:%a, %d %b %Y %H:%M:%S} GMT</pubDate><dc:creator>{one.author}</dc:creator>"
            f"<description>{one.paragraphs[0]}</description>"
            f"<content:encoded><![CDATA[{''.join(f'<p>{part}</p>' for part in one.paragraphs)}]]></content:encoded>"
            "</item></channel></rss>")


def atom(one: Story) -> str:
    body = html.escape("".join(f"<p>{part}</p>" for part in one.paragraphs))
    return ('<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo Mẫu</title><entry>'
            f'<title>{one.title}</title><link rel="alternate" href="https://bao.example/{one.number}.html"/>'
            f"<id>urn:tin:{one.number}</id><published>{one.moment.isoformat()}</published>"
            "<updated>2026-01-01T00:00:00Z</updated>"
            f'<author><name>{one.author}</name></author><content type="html">{body}</content></entry></feed>')


def table(one: Story, delimiter: str) -> str:
    rows = (("STT", "Tiêu đề", "Nội dung", "Tác giả", "Ngày đăng"),
            ("1", one.title, one.text, one.author, one.shown_day + " 10:15"))
    return "\r\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows) + "\r\n"


def word(one: Story) -> bytes:
    import docx

    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "BẢN TIN NỘI BỘ"
    made.sections[0].footer.paragraphs[0].text = "Trang 1"
    made.add_heading(one.title, 0)
    made.add_paragraph(f"Đăng ngày: {one.shown_day}")
    for part in one.paragraphs:
        made.add_paragraph(part)
    cells = made.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "Vốn đầu tư", "12 tỷ đồng"
    made.core_properties.author = one.author
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def opendocument(one: Story) -> bytes:
    from odfdo import Document, Header, Paragraph

    made = Document("text")
    made.body.clear()
    made.body.append(Header(1, one.title))
    for part in (f"Đăng ngày: {one.shown_day}", *one.paragraphs, one.author):
        made.body.append(Paragraph(part))
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@dataclass(frozen=True)
class Type:
    """A font of a made PDF: its name, and whether its letters are told by a ToUnicode table or are Latin-1's."""

    name: str = "Times"
    unicode: bool = True


def pdf(pages: list[list[tuple[float, float, str]]], font: Type = Type(), title: str = "") -> bytes:
    """Return a PDF with a text layer: of each page the lines as (size, distance from the top, text)."""
    parts: list[bytes] = []

    def add(content: bytes) -> int:
        parts.append(content)
        return len(parts)

    def stream(content: bytes) -> bytes:
        return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)

    chars = sorted({char for lines in pages for _, _, text in lines for char in text})
    if font.unicode:
        table = "".join(f"<{ord(char):04X}> <{ord(char):04X}>\n" for char in chars)
        cmap = add(stream((
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n1 begincodespacerange\n"
            f"<0000> <FFFF>\nendcodespacerange\n{len(chars)} beginbfchar\n{table}endbfchar\nendcmap end end").encode()))
        descendant = add(f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{font.name} /CIDSystemInfo << /Registry "
                         "(Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 >>".encode())
        shown = add(f"<< /Type /Font /Subtype /Type0 /BaseFont /{font.name} /Encoding /Identity-H /DescendantFonts "
                    f"[{descendant} 0 R] /ToUnicode {cmap} 0 R >>".encode())
    else:
        widths = " ".join(["500"] * 224)
        shown = add(f"<< /Type /Font /Subtype /TrueType /BaseFont /{font.name} /Encoding /WinAnsiEncoding /FirstChar "
                    f"32 /LastChar 255 /Widths [{widths}] >>".encode())
    kids = []
    tree = len(parts) + 2 * len(pages) + 1
    for lines in pages:
        content = b"".join(_pdf_line(size, top, text, font.unicode) for size, top, text in lines)
        body = add(stream(content))
        kids.append(add(f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {body} 0 R "
                        f"/Resources << /Font << /F {shown} 0 R >> >> >>".encode()))
    add(f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>".encode())
    catalog = add(f"<< /Type /Catalog /Pages {tree} 0 R >>".encode())
    info = add(b"<< /Title <FEFF" + title.encode("utf-16-be").hex().encode() + b"> >>")
    return _assembled(parts, catalog, info)


def _pdf_line(size: float, top: float, text: str, unicode: bool) -> bytes:
    code = text.encode("utf-16-be") if unicode else text.encode("cp1252", "replace")
    return b"BT /F %.1f Tf 1 0 0 1 60 %.1f Tm <%s> Tj ET\n" % (size, 842 - top, code.hex().encode())


def _assembled(parts: list[bytes], catalog: int, info: int) -> bytes:
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer << /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(parts) + 1, catalog, info, start)
    return bytes(made)


def pdf_of(one: Story, font: Type = Type(), written: Callable[[str], str] = str) -> bytes:
    """Return a story as a PDF with a running head and a page number, its lines as broken as a program breaks them."""
    lines = [(18.0, 90.0, written(one.title)), (12.0, 120.0, written(f"Đăng ngày: {one.shown_day}"))]
    top = 150.0
    for part in one.paragraphs[:-1]:
        for line in _broken(part, 78):
            lines.append((12.0, top, written(line)))
            top += 16
        top += 14
    head, foot = (9.0, 40.0, written("Bản tin nội bộ")), (9.0, 810.0, written("Trang 1"))
    last = [(12.0, 90.0 + 16 * row, written(line)) for row, line in enumerate(_broken(one.paragraphs[-1], 78))]
    last += [(12.0, 200.0, written(one.author)), (9.0, 810.0, written("Trang 2"))]
    return pdf([[head, *lines, foot], [head, *last]], font)


def _broken(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
    yield line


def every_kind() -> dict[str, bytes]:
    """Return forty files, name -> content; file n of them holds the story n."""
    made: list[tuple[str, Callable[[Story], str | bytes]]] = [
        ("{n}.jsonl", lambda one: json.dumps(record(one)) + "\n"),
        ("{n}.json", lambda one: json.dumps(record(one), ensure_ascii=False, indent=2)),
        ("{n}.jl", lambda one: json.dumps({
            "headline": one.title, "articleBody": one.text, "author": {"name": one.author},
            "datePublished": one.moment.isoformat()})),
        ("{n}.ndjson", lambda one: json.dumps({"_index": "tin", "_id": str(one.number), "_source": {
            "title": one.title, "content": one.text, "authors": [one.author], "time": one.moment.timestamp()}})),
        ("bao/{n}.json", lambda one: json.dumps({"status": "ok", "articles": [{
            "title": one.title, "full_text": one.text, "byline": one.author, "publish_date": one.shown_day}]})),
        ("{n}.json.gz", lambda one: gzip.compress(json.dumps([record(one)]).encode())),
        ("{n}.jsonl.xz", lambda one: lzma.compress(json.dumps(record(one)).encode())),
        ("{n}.jsonl.bz2", lambda one: bz2.compress(json.dumps(record(one)).encode())),
        ("khac/{n}.json", lambda one: json.dumps({
            "tieu_de": one.title, "noi_dung": one.paragraphs, "tac_gia": one.author,
            "ngay_dang": f"{one.day:%Y/%m/%d} 10:15"})),
        ("pandas/{n}.json", lambda one: json.dumps({"title": {"0": one.title}, "text": {"0": one.text}, "author": {
            "0": f"['{one.author}']"}, "date": {"0": int(one.moment.timestamp() * 1000)}})),
        ("{n}.csv", lambda one: table(one, ",")),
        ("{n}-excel.csv", lambda one: ("\ufeff" + table(one, ";")).encode()),
        ("{n}-unicode.csv", lambda one: table(one, "\t").encode("utf-16")),
        ("{n}.tsv", lambda one: table(one, "\t")),
        ("{n}.csv.gz", lambda one: gzip.compress(table(one, ",").encode())),
        ("{n}.rss", feed), ("feed/{n}.xml", feed), ("{n}.atom", atom),
        ("{n}.html", page), ("{n}.HTM", page), ("{n}.shtml", page),
        ("chi-tiet.aspx?ItemID={n}", page), ("index.php?option=com_content&id={n}", page), ("bai-viet-{n}", page),
        ("{n}.mhtml", web_archive), ("{n}-luu.html", web_archive),
        ("luu/{n}.html", lambda one: f"<!-- saved from url=(0033)https://bao.example/{one.number} -->\n" + page(one)),
        ("{n}.html.gz", lambda one: gzip.compress(page(one).encode())),
        ("{n}.txt", plain), ("{n}-utf16.txt", lambda one: plain(one).encode("utf-16")),
        ("{n}-thuc-the.txt", lambda one: plain(one).encode("ascii", "xmlcharrefreplace")),
        ("{n}.warc", warc), ("{n}.warc.gz", lambda one: warc(one, packed=True)),
        ("{n}.zip", lambda one: archive({"tin/bài.html": page(one).encode(), "tin/anh.png": b"\x89PNG"})),
        ("{n}-bang.zip", lambda one: archive({"trong.zip": archive({"bang.csv": table(one, ",").encode()})})),
        ("{n}.docx", word), ("{n}.odt", opendocument), ("{n}.pdf", pdf_of),
        ("{n}-tcvn3.pdf", lambda one: pdf_of(one, Type(".VnTime", unicode=False), as_tcvn3)),
        ("{n}-vni.pdf", lambda one: pdf_of(one, Type("VNI-Times", unicode=False), as_vni)),
    ]
    found = {}
    for number, (name, make) in enumerate(made):
        content = make(story(number))
        found[name.format(n=number)] = content.encode() if isinstance(content, str) else content
    return found


def as_tcvn3(text: str) -> str:
    """Return a text as the letters of Latin-1 that a TCVN3 font shows it with."""
    return _in_legacy(text, "tcvn3")


def as_vni(text: str) -> str:
    """Return a text as the letters of Latin-1 that a VNI font shows it with."""
    return _in_legacy(text, "vni")


def _in_legacy(text: str, name: str) -> str:
    from viparse.normalize.encodings import CHARMAPS

    letters = {shown: code for code, shown in CHARMAPS[name].pairs}
    return "".join(letters.get(char, char) for char in text)
