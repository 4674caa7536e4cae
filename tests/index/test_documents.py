"""Word, OpenDocument and PDF: what is text, what is furniture; and files that hold none or are not what they say."""

import io
import zipfile
from pathlib import Path

import pytest

from index.convert import convert
from index.convert.markup import in_font
from index.extract.extracting import extract
from index.read.documents import Document, read_documents
from index.read.files import Finder, InputFile
from index.read.records import RawDocument, Rejected
from search.article import Article
from tests.index.made_files import archive, as_tcvn3, as_vni, page, pdf, pdf_of, story, word


def article(name: str, data: bytes) -> Article:
    found = extract(RawDocument(name, name, data))
    assert isinstance(found, Article), found
    return found


def reason(name: str, data: bytes) -> str:
    found = extract(RawDocument(name, name, data))
    assert isinstance(found, Rejected), found
    return found.reason


def html_of(data: bytes) -> str:
    found = convert(data)
    assert found is not None and not isinstance(found, str), found
    return found.html.decode()


def test_running_heads_feet_and_page_numbers_of_a_pdf_are_no_text() -> None:
    told = html_of(pdf_of(story(3)))
    assert "Bản tin nội bộ" not in told and "Trang 1" not in told and "Trang 2" not in told
    assert f"<h1>{story(3).title}</h1>" in told


def test_lines_of_a_pdf_become_the_paragraphs_they_are_of() -> None:
    lines = [
        (12.0, 100.0, "Dòng thứ nhất của đoạn văn này dài tới hết bề ngang của trang giấy in"),
        (12.0, 116.0, "và kết thúc ở đây."),
        (12.0, 132.0, "Đoạn thứ hai cũng dài tới hết bề ngang của cả trang giấy in và rồi"),
        (12.0, 148.0, "thông tin inter-"),
        (12.0, 164.0, "national được nối lại."),
    ]
    told = html_of(pdf([lines]))
    assert "giấy in và kết thúc ở đây.</p>" in told
    assert "<p>Đoạn thứ hai" in told
    assert "international được nối lại" in told


def test_a_pdf_without_text_is_told_as_pictures_of_pages() -> None:
    assert "no text, only pictures of pages" in reason("a.pdf", pdf([[], []]))


def test_an_encrypted_pdf_says_so() -> None:
    made = pdf([[(12.0, 100.0, "Một dòng chữ trong tệp")]])
    key = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> /P -4 >> /ID [<41> <41>] "
    )
    assert "encrypted" in reason("a.pdf", made.replace(b"trailer << ", b"trailer << " + key))


@pytest.mark.parametrize(
    ("font", "written"), [(".VnTime", as_tcvn3), ("ABCDEF+.VnTime", as_tcvn3), ("VNI-Times", as_vni)]
)
def test_letters_of_fonts_from_before_unicode_are_read_as_what_they_show(font: str, written: object) -> None:
    text = "Chính quyền thường xuyên hướng dẫn người dân phòng chống lũ lụt"
    assert in_font(written(text), font) == text  # type: ignore[operator]
    assert in_font(text, "Times New Roman") == text


def test_capitals_of_tcvn3_and_its_hyphened_horn_are_read() -> None:
    assert in_font("héi nghÞ", ".VnTimeH") == "HỘI NGHỊ"
    assert in_font("ng-êi d©n; COVID-19; ViÖt - NhËt", ".VnTime") == "người dân; COVID-19; Việt - Nhật"


def test_words_of_a_word_document_in_an_old_font_are_read() -> None:
    import docx

    made = docx.Document()
    for part in (
        "Tin v¾n",
        as_tcvn3("Chính quyền tổ chức hội nghị tổng kết công tác phòng chống lũ lụt tại địa phương."),
    ):
        made.add_paragraph().add_run(part).font.name = ".VnTime"
    target = io.BytesIO()
    made.save(target)
    assert "hội nghị tổng kết công tác phòng chống lũ lụt" in article("a.docx", target.getvalue()).body


def test_headers_footers_and_the_typists_account_are_no_part_of_a_word_document() -> None:
    import docx

    made = docx.Document(io.BytesIO(word(story(4))))
    made.core_properties.author = "Windows User"
    target = io.BytesIO()
    made.save(target)
    found = article("a.docx", target.getvalue())
    assert found.author == ""
    assert "BẢN TIN NỘI BỘ" not in found.body and "Trang 1" not in found.body
    assert "12 tỷ đồng" in found.body


def with_macros(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "[Content_Types].xml":
                content = content.replace(b"wordprocessingml.document.main+xml", b"x").replace(
                    b"application/vnd.openxmlformats-officedocument.x",
                    b"application/vnd.ms-word.document.macroEnabled.main+xml",
                )
            new.writestr(member, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.docx", b"PK\x03\x04", "damaged"),
        ("a.docx", word(story(1))[:3000], "damaged"),
        ("a.docx", archive({"word/document.xml": b"<x/>"}), "damaged"),
        ("a.odt", archive({"mimetype": b"application/zip"}), "not text"),
        ("a.docm", with_macros(word(story(1))), "macros"),
        ("a.pdf", b"%PDF-1.7\n%nothing", "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Office document"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0" + b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
            "encrypted Office document",
        ),
        (
            "a.mht",
            b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b--",
            "without a page",
        ),
    ],
)
def test_a_document_that_can_not_be_read_says_why(name: str, data: bytes, told: str) -> None:
    assert told in reason(name, data)


def read(path: Path) -> list[Document | Rejected]:
    [file] = Finder([path]).files()
    assert isinstance(file, InputFile)
    return [item for item in read_documents(file, 1_000_000) if isinstance(item, Document | Rejected)]


def encrypted(data: bytes) -> bytes:
    """Mark the first member of an archive as encrypted."""
    start = data.index(b"PK\x01\x02")
    return data[:6] + b"\x01" + data[7 : start + 8] + b"\x01" + data[start + 9 :]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04nothing", "damaged"),
        (encrypted(archive({"a.html": b"<html>x"})), "encrypted"),
        (archive({"xl/workbook.xml": b"x"}), "Excel workbook"),
        (archive({"a.jsonl": b"\n" * 300_000_000}), "expands more than 200 times"),
        (
            archive({"b.zip": archive({"c.zip": archive({"a.html": page(story(1)).encode()})})}),
            "archive in an archive in an archive",
        ),
        (archive({"b.zip": archive({"a.txt": b"x" * 10})})[:-30], "damaged"),
        (archive({"a.txt": b"x" * 2_000_000}), "over the limit"),
    ],
)
def test_an_archive_that_is_damaged_encrypted_or_a_bomb_is_one_reject_with_its_reason(
    tmp_path: Path, data: bytes, told: str
) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    [found] = read(tmp_path / "a.zip")
    assert isinstance(found, Rejected)
    assert told in found.reason


def test_one_bad_member_of_an_archive_costs_itself_only(tmp_path: Path) -> None:
    members = {"a.html": page(story(1)).encode(), "b.jsonl.gz": b"nothing", "c.html": page(story(2)).encode()}
    (tmp_path / "a.zip").write_bytes(archive(members))
    found = read(tmp_path / "a.zip")
    assert [item.raw.relative for item in found if isinstance(item, Document)] == ["a.zip#a.html", "a.zip#c.html"]
    assert [item.path.rsplit("/", 1)[-1] for item in found if isinstance(item, Rejected)] == ["a.zip#b.jsonl.gz"]


def test_a_warc_that_is_cut_off_gives_the_pages_before_the_cut(tmp_path: Path) -> None:
    from tests.index.made_files import warc

    whole = warc(story(1)) + warc(story(2))
    (tmp_path / "a.warc").write_bytes(whole)
    assert [item.raw.record["url"] for item in read(tmp_path / "a.warc") if isinstance(item, Document)] == [
        "https://bao.example/1.html",
        "https://bao.example/2.html",
    ]
