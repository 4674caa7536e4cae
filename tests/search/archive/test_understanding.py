"""Initials written out, blanks put right and last words completed, said and undone."""

from collections.abc import Iterator

import pytest

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article
from search.results.answer import Request

TEXTS = (
    "Sở Ngoại vụ tỉnh Thanh Hóa tổ chức hội nghị. Lãnh đạo Sở Ngoại vụ dự hội nghị.",
    "Xuất khẩu lao động sang Nhật Bản tăng. Xuất khẩu lao động giúp dân thoát nghèo.",
    "Tai nạn giao thông ở Yên Bái. Tai nạn giao thông giảm.",
    "Viên uống vitamin C và vitamin B. Vitamin C có trong cam.",
    "Chiều qua có ông Trịnh Đình Quyết, ông Robert Smith, chị Đỗ Kim Lan, anh Đinh Kim Lan.",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    directory = tmp_path_factory.mktemp("understanding") / "archive"
    with ArchiveBuilder(directory) as builder:
        texts = enumerate(TEXTS * 8)
        builder.add([Article(f"a{at}", "", text.split(".")[0], f"{text} Số {at}.") for at, text in texts])
        builder.add([Article("address", "", "Liên hệ", "Xem giaothong, nghean. Thư gửi nhatban, nhatban.")])
    opened = Archive.open(directory)
    yield opened
    opened.close()


def searched(archive: Archive, query: str) -> str:
    """Return the query that was searched instead, "" if it was the one typed."""
    answer = archive.search(Request(q=query))
    notices = [notice for notice in answer.notices if notice.code in ("initials", "blanks", "completed")]
    assert all(notice.action == {"strict": "1"} for notice in notices)
    return notices[0].en.partition(" for ")[2].partition(" — ")[0] if notices else ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("thanhhoa", "thanh hoa"),
        ("thanhhóa", "thanh hóa"),
        ("yenbai", "yen bai"),
        ("sởngoạivụ", "sở ngoại vụ"),
        ("songoaivu thanh hoa", "so ngoai vu thanh hoa"),
        ("xuấtkhẩulaođộng", "xuất khẩu lao động"),
        ("xuất khẩu lao độ ng", "xuất khẩu lao động"),
        ("xuất khẩu lao đ", "xuất khẩu lao động"),
        ("tai nan giao th", "tai nan giao thông"),
        ("tai nạn giao thô", "tai nạn giao thông"),
        ("xuất khẩu lao độ", "xuất khẩu lao động"),
        ("sở ngoại v", "sở ngoại vụ"),
        ("sở ngo ại vụ", "sở ngoại vụ"),
        ("ngo ại vụ", "ngoại vụ"),
        ("sở ng oại", "sở ngoại"),
        ("hộinghị", "hội nghị"),
        ("giaothong", "giao thong"),
    ],
)
def test_missing_and_wrong_blanks_and_half_a_word_are_put_right(archive: Archive, query: str, expected: str) -> None:
    assert searched(archive, query) == expected
    assert archive.search(Request(q=query)).total == archive.search(Request(q=expected)).total > 0
    assert not archive.search(Request(q=query, strict=True)).notices


@pytest.mark.parametrize(
    "query",
    ["sở ngoại vụ", "vitamin C", "vitamin b", "Formosa", "facebook", '"xuất khẩu lao đ"', "lao động giúp", "hội",
     "xuất khẩu lao đa", "lao - đ", "giao, th", "sở A B vụ", "xyzkhẩulao", "Sở Ng Oại", "hoa", "nghean", "nhatban"],
)
def test_what_is_right_stays(archive: Archive, query: str) -> None:
    assert searched(archive, query) == ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("T.Đ. Quyết", "Trịnh Đình Quyết"),
        ("t.đ.quyết", "Trịnh Đình Quyết"),
        ("Tr. D. Quyet", "Trịnh Đình Quyết"),
        ("Trịnh Đ. Quyết", "Trịnh Đình Quyết"),
        ("ông T. Đ. Quyết hội nghị", "ông Trịnh Đình Quyết hội nghị"),
        ("Robert J. Smith", "Robert Smith"),
        ("T.Đ. Quyệt", ""),  # other marks
        ("T.G. Quyết", ""),  # other letters
        ("Đ. Quyết", ""),  # too little of a name
        ("Đ.K. Lan", ""),  # two names that fit equally well have no share above the half
        ("vitamin C. Vitamin B", ""),
        ('"T.Đ. Quyết"', ""),
        ("T Đ Quyết", ""),
    ],
)
def test_a_name_with_initials_is_written_out_where_the_archive_has_one(
    archive: Archive, query: str, expected: str
) -> None:
    assert searched(archive, query) == expected
