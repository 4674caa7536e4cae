"""Records under any usual name and in any shape: what is read of them, and what is told of the rest."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.read.documents import Document, read_documents
from index.read.fields import USUAL, FieldNames
from index.read.files import Finder, InputFile
from index.read.records import Note, Rejected

TEXT = "Sáng nay, lễ hội hoa khai mạc tại quảng trường với hàng nghìn du khách tham dự."
LIMIT = 1_000_000


def read(path: Path, names: FieldNames = USUAL, limit: int = LIMIT) -> list[Document | Rejected | Note]:
    [file] = Finder([path]).files()
    assert isinstance(file, InputFile)
    return list(read_documents(file, limit, names))


def records(path: Path, content: Any, names: FieldNames = USUAL) -> list[dict[str, object]]:
    """Return the records read of a file; `content` is written as it is, or as JSON."""
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return [dict(item.raw.record) for item in read(path, names) if isinstance(item, Document)]


def rejects(path: Path, limit: int = LIMIT) -> list[str]:
    return [item.reason for item in read(path, limit=limit) if isinstance(item, Rejected)]


def note(path: Path) -> str:
    return next((item.text for item in read(path) if isinstance(item, Note)), "")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("content", "text"),
        ("articleBody", "text"),
        ("maintext", "text"),
        ("Nội dung", "text"),
        ("full-text", "text"),
        ("headline", "title"),
        ("Tiêu đề", "title"),
        ("published_at", "date"),
        ("datePublished", "date"),
        ("ngày đăng", "date"),
        ("byline", "author"),
        ("tac_gia", "author"),
        ("link", "url"),
        ("publisher", "source"),
        ("newspaper", "source"),
        ("category", "section"),
        ("sapo", "lead"),
        ("description", "lead"),
        ("tinh_thanh", "province"),
    ],
)
def test_a_field_is_known_under_its_usual_names(tmp_path: Path, name: str, field: str) -> None:
    value = "2018-03-12" if field == "date" else "Hà Nội"
    [found] = records(
        tmp_path / "a.json", {"title": "Tin", "text": TEXT, name: value} if field != "text" else {name: TEXT}
    )
    assert found[field] == (TEXT if field == "text" else "Tin" if field == "title" and name == "title" else value) or (
        field == "title" and found[field] == "Tin"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (["Lê Văn Mẫu", "Trần Thị Thử"], "Lê Văn Mẫu, Trần Thị Thử"),
        ({"@type": "Person", "name": "Lê Văn Mẫu"}, "Lê Văn Mẫu"),
        ([{"name": "Lê Văn Mẫu"}, {"name": "Trần Thị Thử"}], "Lê Văn Mẫu, Trần Thị Thử"),
        ("['Lê Văn Mẫu']", "Lê Văn Mẫu"),
        ('["Lê Văn Mẫu", "Trần Thị Thử"]', "Lê Văn Mẫu, Trần Thị Thử"),
        ("None", None),
        ("null", None),
        ("NaN", None),
        (float("nan"), None),
        (None, None),
        ([], None),
        ({}, None),
        ([None, ""], None),
        (True, None),
        ("[]", None),
    ],
)
def test_a_value_is_plain_text_or_nothing(tmp_path: Path, value: Any, shown: str | None) -> None:
    [found] = records(tmp_path / "a.json", {"title": "Tin", "text": TEXT, "author": value})
    assert found.get("author") == shown


def test_the_whole_text_is_taken_where_another_field_holds_its_beginning(tmp_path: Path) -> None:
    [found] = records(tmp_path / "a.json", {"title": "Tin", "content": TEXT[:20] + "… [+60 chars]", "body": TEXT})
    assert found["text"] == TEXT


def test_the_day_of_a_download_is_no_date_and_the_first_readable_date_is_taken(tmp_path: Path) -> None:
    record = {
        "title": "Tin",
        "text": TEXT,
        "date_download": "2022-01-01",
        "modified": "2021-01-01",
        "published": "hôm qua",
        "created_at": "2018-03-12",
    }
    [found] = records(tmp_path / "a.json", record)
    assert found["date"] == "2018-03-12"


def test_names_of_the_user_come_first_and_a_dash_leaves_a_field_out(tmp_path: Path) -> None:
    record = {"id": 7, "than_bai_moi": TEXT, "text": "khác", "meta": {"ngay": "2018-03-12"}, "title": "Tin"}
    [found] = records(tmp_path / "a.json", record, FieldNames.parse("text=than_bai_moi, date=meta.ngay, id=-"))
    assert found == {"title": "Tin", "text": TEXT, "date": "2018-03-12"}


def test_a_name_for_a_field_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match="body=x: say FIELD=NAME, with FIELD one of id, title, text"):
        FieldNames.parse("body=x")


ONE = {"title": "Một", "text": TEXT}
TWO = {"title": "Hai", "text": TEXT}
SHAPES = {
    "list": json.dumps([ONE, TWO]),
    "lines": f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n",
    "lines with commas": f"{json.dumps(ONE)},\n{json.dumps(TWO)},\n",
    "one after another": json.dumps(ONE) + json.dumps(TWO),
    "pretty": json.dumps(ONE, indent=2) + "\n" + json.dumps(TWO, indent=2),
    "record separators": f"\x1e{json.dumps(ONE)}\n\x1e{json.dumps(TWO)}\n",
    "in an object": json.dumps({"status": "ok", "totalResults": 2, "articles": [ONE, TWO]}),
    "deep": json.dumps({"response": {"meta": {"hits": 2}, "docs": [ONE, TWO]}}),
    "search engine": json.dumps(
        {"took": 3, "hits": {"total": 2, "hits": [{"_id": "a", "_source": ONE}, {"_id": "b", "_source": TWO}]}}
    ),
    "bulk": "".join(f'{{"index": {{"_id": "{name}"}}}}\n{json.dumps(one)}\n' for name, one in (("a", ONE), ("b", TWO))),
    "by id": json.dumps({"a": ONE, "b": TWO}),
    "columns": json.dumps({"title": {"0": "Một", "1": "Hai"}, "text": {"0": TEXT, "1": TEXT}}),
    "schema.org": json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [{"@type": "NewsArticle", "headline": one["title"], "articleBody": TEXT} for one in (ONE, TWO)],
        }
    ),
    "feed": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Báo",
            "items": [
                {"id": "1", "title": "Một", "content_text": TEXT},
                {"id": "2", "title": "Hai", "content_html": f"<p>{TEXT}</p>"},
            ],
        }
    ),
    "graphql": json.dumps({"data": {"posts": {"edges": [{"node": ONE}, {"node": TWO}]}}}),
    "python": f"{ONE!r}\n{TWO!r}\n",
    "couch": json.dumps({"rows": [{"id": "a", "doc": ONE}, {"id": "b", "doc": TWO}]}),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_records_are_found_in_json_of_any_shape(tmp_path: Path, shape: str, ending: str) -> None:
    assert [one["title"] for one in records(tmp_path / f"a.{ending}", SHAPES[shape])] == ["Một", "Hai"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("shape", ["list", "lines"])
def test_json_is_read_in_the_encodings_that_windows_writes(tmp_path: Path, encoding: str, shape: str) -> None:
    content = (
        json.dumps([ONE, TWO], ensure_ascii=False) if shape == "list" else f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n"
    )
    (tmp_path / "a.json").write_bytes(content.encode(encoding))
    assert [item.raw.record["title"] for item in read(tmp_path / "a.json") if isinstance(item, Document)] == [
        "Một",
        "Hai",
    ]


def broken_file(shape: str, bad: str) -> str:
    good = [
        json.dumps({"title": f"Tin {number}", "text": TEXT, "authors": [{"name": "Lê Văn Mẫu"}]}) for number in range(6)
    ]
    parts = [*good[:3], bad, *good[3:]]
    if shape == "lines":
        return "\n".join(parts)
    inner = ",\n".join(parts)
    return f"[{inner}]" if shape == "list" else f'{{"total": 7, "articles": [{inner}]}}'


@pytest.mark.parametrize("shape", ["lines", "list", "object"])
@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"title": "Hỏng", "text": "không có ngoặc}', "no valid JSON"),
        ('{"title": "Hỏng", "text": }', "no valid JSON"),
        ('{"title": "Hỏng" "text": "a", "tags": [{"name": "b"}]}', "no valid JSON"),
        ('{"title": "Dài", "text": "' + "x" * 30_000 + '"}', "over the limit"),
        ('{"title": "Chỉ có tiêu đề"}', "no text"),
    ],
)
def test_a_broken_or_too_big_record_costs_itself_only(tmp_path: Path, shape: str, bad: str, reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(broken_file(shape, bad), encoding="utf-8")
    items = read(path, limit=20_000)
    titles = [item.raw.record["title"] for item in items if isinstance(item, Document)]
    assert titles == [f"Tin {number}" for number in range(6)]
    [rejected] = [item.reason for item in items if isinstance(item, Rejected)]
    assert reason in rejected


@given(
    st.lists(
        st.fixed_dictionaries({"title": st.text(min_size=1), "text": st.text(min_size=1).filter(str.strip)}),
        min_size=2,
        max_size=6,
    )
)
def test_whatever_a_record_says_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, made: list[dict[str, str]]
) -> None:
    made = [{"title": f"t{one['title']}", "text": f"t{one['text']}"} for one in made]
    folder = tmp_path_factory.mktemp("json")
    for name, content in (("a.json", json.dumps(made)), ("b.jsonl", "\n".join(map(json.dumps, made)))):
        assert records(folder / name, content) == made


def test_the_note_of_a_file_tells_names_that_are_not_understood_and_dates_that_are_not_read(tmp_path: Path) -> None:
    lines = [{"tieu_de": "Tin", "noi_dung": TEXT, "luc": "sáng", "ngay": f"hôm kia {number}"} for number in range(3)]
    records(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)))
    assert note(tmp_path / "a.jsonl") == (
        "fields: title from tieu_de, text from noi_dung, date from ngay; not understood: luc (--fields FIELD=NAME); "
        "3 dates not read, such as 'hôm kia 0'"
    )
    records(tmp_path / "b.jsonl", json.dumps(ONE))
    assert note(tmp_path / "b.jsonl") == ""


def test_a_record_without_a_text_is_told_with_its_fields(tmp_path: Path) -> None:
    records(tmp_path / "a.jsonl", json.dumps({"ten": "Tin", "than": TEXT}))
    [reason] = rejects(tmp_path / "a.jsonl")
    assert "its fields: ten, than" in reason and "--fields text=NAME" in reason


def rows(delimiter: str, **how: Any) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, **how)
    writer.writerows(
        [
            ["id", "Tiêu đề", "Nội dung", "Ngày"],
            [1, "Một; hai, ba", f'{TEXT}\n"Trích"', "12/03/2018"],
            [2, "Bốn", TEXT, "2018-03-13"],
        ]
    )
    return target.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_whatever_parts_its_cells(tmp_path: Path, delimiter: str, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(rows(delimiter).encode(encoding))
    found = [dict(item.raw.record) for item in read(tmp_path / "a.csv") if isinstance(item, Document)]
    assert [one["title"] for one in found] == ["Một; hai, ba", "Bốn"]
    assert found[0]["text"] == f'{TEXT}\n"Trích"'
    assert "id" not in found[0]  # a count of rows is no id: the next table has it too


def test_backslashed_quotes_and_excels_own_first_line_are_understood(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('title,text\n"Tin \\"nóng\\"","' + TEXT + '"\n', encoding="utf-8")
    (tmp_path / "b.csv").write_text("sep=;\ntitle;text\nTin;" + TEXT + "\n", encoding="utf-8")
    assert [item.raw.record["title"] for item in read(tmp_path / "a.csv") if isinstance(item, Document)] == [
        'Tin "nóng"'
    ]
    assert [item.raw.record["title"] for item in read(tmp_path / "b.csv") if isinstance(item, Document)] == ["Tin"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("a,b,c\n1,2,3\n", "no column is known as the text (columns: a, b, c); name it with --fields text=COLUMN"),
        (",".join(f"c{number}" for number in range(100_000)) + "\n", "100,000 columns"),
        ("", "no column"),
        ('title,text\nTin,"' + "x" * 2_000_000 + '"\n', "over the limit"),
        ("title,text\na,b,c,d\n", "4 cells where the head has 2"),
        ("title,text\nTin,\n", "no text"),
    ],
)
def test_a_table_that_can_not_be_read_is_one_reject_with_its_reason(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    [found] = rejects(tmp_path / "a.csv")
    assert reason in found


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.vn</loc></url></urlset>',
            "sitemap",
        ),
        ("<sitemapindex><sitemap/></sitemapindex>", "sitemap"),
        ("<cau-hinh><muc>1</muc></cau-hinh>", "root is <cau-hinh>"),
        ("", "empty"),
        ("<rss><channel><item><title>Chỉ tiêu đề</title></item></channel></rss>", "no text"),
        (
            '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><r><x>&b;</x></r>',
            "root is <r>",
        ),
    ],
)
def test_xml_without_articles_is_told_as_what_it_is(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.xml").write_text(content, encoding="utf-8")
    assert reason in rejects(tmp_path / "a.xml")[-1]


def test_xml_whose_elements_are_records_is_read_like_a_feed(tmp_path: Path) -> None:
    entry = "<bai><tieu_de>{}</tieu_de><noi_dung>" + TEXT + "</noi_dung></bai>"
    content = f"<tin>{entry.format('Một')}{entry.format('Hai')}</tin>"
    (tmp_path / "a.xml").write_text(content, encoding="utf-8")
    assert [item.raw.record["title"] for item in read(tmp_path / "a.xml") if isinstance(item, Document)] == [
        "Một",
        "Hai",
    ]
