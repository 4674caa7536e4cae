"""What is corrected and what stays as typed: words of the language, names, foreign words and codes."""

from collections.abc import Iterator

import pytest

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article
from search.reading.shapes import looks_foreign, shapes
from search.reading.vocabulary import vocabulary
from search.results.answer import Request
from search.text import tokenize, tone_key

TEXTS = (
    "Trận đấu ở sân vận động, hai đội đấu với nhau. Đầu năm có trận đấu ở sân khác.",
    "Ai cũng buôn bán, phải buôn xa. Người ta buôn phải trả thuế.",
    "Đội bóng ghi bàn ở phút cuối, khán giả bật sóng. Cỏ trên sân rất xanh.",
    "Giá sen ở đầm tăng. Rám nắng vì ở ngoài đồng. Ứng dụng mới và cơ hội mới.",
    "Sở Ngoại vụ tổ chức hội nghị. Sở Ngoại vụ báo cáo. Hội nghị ở Thanh Hóa.",
    "Em này hát. Em này múa. Em này vẽ. Răng em đau. " + "Ông cho rằng đúng, bà cho rằng sai. " * 20,
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    directory = tmp_path_factory.mktemp("corrections") / "archive"
    with ArchiveBuilder(directory) as builder:
        builder.add([Article(f"a{at}", "", "Tin", f"{text} {text}") for at, text in enumerate(TEXTS * 3)])
    opened = Archive.open(directory)
    yield opened
    opened.close()


def corrected(archive: Archive, query: str) -> bool:
    return any(notice.code == "corrected" for notice in archive.search(Request(q=query)).notices)


@pytest.mark.parametrize("query", ["trận ở đâu", "ai luôn trả thuế", "gái ở đầm", "lụa ở sân"])
def test_a_word_of_the_language_that_the_archive_lacks_stays(archive: Archive, query: str) -> None:
    assert not corrected(archive, query)


@pytest.mark.parametrize(
    "query", ["đội Rams ở sân", "đội U17", "khối A1", "khí CO2", "cỡ A3 và Galaxy A5", "hội WSE mới"]
)
def test_a_name_or_a_code_stays(archive: Archive, query: str) -> None:
    assert not corrected(archive, query)


@pytest.mark.parametrize("query", ["em nuy hát", "bà cho răng sai"])
def test_nothing_that_may_be_another_word_becomes_one_of_grammar(archive: Archive, query: str) -> None:
    assert not corrected(archive, query)


@pytest.mark.parametrize("query", ["sở ngoai vụv", "hội nghj", "sow ngoaij vuj", "so73 ngoai5 vu5", "SOWR NGOAIJ VUJ"])
def test_slips_and_keystrokes_are_still_corrected(archive: Archive, query: str) -> None:
    assert corrected(archive, query)


@pytest.mark.parametrize(
    ("query", "shown"), [("hội nghj", "hội nghị"), ("Hội Nghj", "Hội Nghị"), ("HỘI NGHJ", "HỘI NGHỊ")]
)
def test_what_was_typed_with_capitals_keeps_them_in_the_notice(archive: Archive, query: str, shown: str) -> None:
    (notice,) = archive.search(Request(q=query)).notices
    assert notice.en == f"Showing results for {shown} — search exactly {query}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tìm Kenta ở WSE", ["plain", "name", "plain", "code"]),
        ("TÌM KENTA", ["plain", "foreign"]),
        ("Tìm Kenta Nishimoto", ["plain", "foreign", "foreign"]),
        ("tìm misa", ["plain", "foreign"]),
        ("toi thichs misa vaf ansr", ["plain"] * 5),
        ("d9o61i ngoai5", ["plain", "plain"]),
        ("giải u17", ["plain", "code"]),
        ("khoi a1", ["plain", "code"]),
        ("SE6", ["code"]),
    ],
)
def test_the_shape_of_words_is_told_by_capitals_digits_and_the_rest_of_the_query(
    query: str, expected: list[str]
) -> None:
    assert shapes(query, list(tokenize(query))) == expected


def test_foreign_words_are_told_from_slips_by_their_pattern() -> None:
    assert all(map(looks_foreign, ("misa", "kenta", "panida", "shale", "tcsg")))
    assert not any(map(looks_foreign, ("thanh", "nghap", "thnah", "mnih", "ngaoi", "tieeng")))


def test_the_vocabulary_has_words_and_no_slips() -> None:
    assert len(vocabulary()) > 7_000
    assert {tone_key(word) for word in ("đâu", "luôn", "gái", "lụa", "quãng", "của", "được")} <= vocabulary()
    assert not {tone_key(word) for word in ("thuyểt", "miễm", "đểm", "gổm")} & vocabulary()
