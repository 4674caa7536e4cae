"""Which neighbouring words are one word, as the archive itself tells."""

from pathlib import Path

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article
from search.results.answer import Request

FILLING = ["Người ta bàn về mùa màng.", "Trời hôm nay mưa to ở miền núi.", "Xe chạy qua cầu mới xây.", "Họ đi chợ sớm."]


def archive(directory: Path, sentences: list[str]) -> Archive:
    with ArchiveBuilder(directory) as builder:
        builder.add(Article(str(at), "", "", sentence) for at, sentence in enumerate(sentences))
    return Archive.open(directory)


def marked(opened: Archive, query: str, article: str) -> list[str]:
    view = opened.article(article, query)
    return [view.article.body[start:end] for start, end in view.body_marks]


def test_lone_syllables_are_marked_only_where_the_compound_is_not(tmp_path: Path) -> None:
    texts = ["Tỉnh Thanh Hóa họp.", "Đoàn Thanh Hóa đến.", "Về Thanh Hóa với thanh niên và hoa."] * 3
    opened = archive(tmp_path / "a", [*texts, "Đoàn thanh niên trồng hoa.", *FILLING * 10])
    assert marked(opened, "thanh hoa", "2") == ["Thanh Hóa"]
    assert marked(opened, "thanh hoa", "9") == ["thanh", "hoa"]
    opened.close()


def test_words_that_stand_together_by_chance_are_marked_wherever_they_stand(tmp_path: Path) -> None:
    texts = ["Trời mưa to.", "Ngoài đường xe chạy.", "Trời mưa xe dừng, rồi xe chạy khi hết mưa."] * 8
    opened = archive(tmp_path / "a", [*texts, *["Mưa ở miền núi.", "Mua xe mới."] * 40])
    assert marked(opened, "mưa xe", "2") == ["mưa xe", "xe", "mưa"]
    opened.close()


def test_foreign_words_are_words_on_their_own(tmp_path: Path) -> None:
    texts = ["Ông Trump họp.", "Ông Trump đến.", "Ông Trump và con trai Trump."] * 3
    opened = archive(tmp_path / "a", [*texts, *FILLING * 10])
    assert marked(opened, "ông trump", "2") == ["Ông Trump", "Trump"]
    opened.close()


def test_every_hit_keeps_a_mark(tmp_path: Path) -> None:
    opened = archive(tmp_path / "a", ["Tỉnh Thanh Hóa họp.", "Thanh Hóa.", "Thanh niên, hoa."] * 4 + FILLING * 8)
    answer = opened.search(Request("thanh hoa", size=50))
    assert answer.hits and all(any(snippet.marks for snippet in hit.snippets) for hit in answer.hits)
    opened.close()


def test_pairs_of_words_are_suggested_that_belong_together_not_those_that_meet_by_chance(tmp_path: Path) -> None:
    texts = ["Trời mưa to.", "Ngoài đường xe chạy.", "Trời mưa xe dừng, rồi xe chạy khi hết mưa."] * 8
    opened = archive(tmp_path / "a", [*texts, *["Mưa ở miền núi.", "Mua xe mới."] * 40])
    assert [found.text for found in opened.suggest("mien")] == ["miền núi"]
    assert opened.suggest("mưa x") == ()
    opened.close()
