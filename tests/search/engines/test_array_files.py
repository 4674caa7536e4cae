"""A damaged index file is an error at open that names the file, never a wrong answer."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from whoosh import index

from search.article import Article
from search.engines.columnar.format.container import ArrayFile
from search.engines.columnar.format.meta import read_meta
from search.engines.columnar.format.segment import Segment
from search.engines.port import create_builder
from search.errors import IndexDamaged, IndexOutdated

FILES = (".inv", ".doc", ".sto")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sound")
    _fill(directory)
    return directory


def _fill(directory: Path) -> None:
    with create_builder(directory) as builder:
        builder.add(Article(f"{no:03}", "p", f"Tin số {no}", "thanh hóa " * (no % 7)) for no in range(400))


def opened(directory: Path) -> Segment:
    """Open with our own reader."""
    return Segment.open(directory, read_meta(directory)["segment"])


@pytest.fixture
def copied(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "index"))


def _file(directory: Path, suffix: str) -> Path:
    (path,) = directory.glob(f"*{suffix}")
    return path


def _both_ways_fail(directory: Path, error: type[Exception], name: str) -> None:
    with pytest.raises(error, match=name):
        opened(directory)
    with pytest.raises(error, match=name):
        index.open_dir(str(directory)).reader()


@pytest.mark.parametrize("suffix", FILES)
@pytest.mark.parametrize("keep", [0, 1, 70, 0.3, 0.99, -1])
def test_a_truncated_file_is_named_at_open(copied: Path, suffix: str, keep: float) -> None:
    path = _file(copied, suffix)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep) if isinstance(keep, float) else keep])
    _both_ways_fail(copied, IndexDamaged, path.name)


@pytest.mark.parametrize("suffix", FILES)
def test_no_altered_byte_goes_unnoticed(copied: Path, suffix: str) -> None:
    path = _file(copied, suffix)
    data = path.read_bytes()
    rng = random.Random(suffix)
    for place in [*range(16), *(rng.randrange(len(data)) for _ in range(150)), *range(len(data) - 8, len(data))]:
        damaged = bytearray(data)
        damaged[place] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises((IndexDamaged, IndexOutdated), match=path.name):
            opened(copied).verify()


@pytest.mark.parametrize("suffix", [".inv", ".doc"])
def test_altered_postings_and_columns_are_noticed_at_open_without_verifying_further(copied: Path, suffix: str) -> None:
    path = _file(copied, suffix)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    _both_ways_fail(copied, IndexDamaged, path.name)


def test_an_altered_stored_article_is_noticed_when_it_is_read_and_the_others_are_still_served(copied: Path) -> None:
    path = _file(copied, ".sto")
    data = bytearray(path.read_bytes())
    data[100] ^= 255
    path.write_bytes(data)
    with index.open_dir(str(copied)).searcher() as searcher:
        with pytest.raises(IndexDamaged, match=path.name):
            [searcher.stored_fields(doc) for doc in range(5)]
        assert searcher.stored_fields(300)["id"] == "300"


def test_no_altered_byte_of_a_stored_article_gives_another_text(copied: Path) -> None:
    path = _file(copied, ".sto")
    data = path.read_bytes()
    wanted = opened(copied).blobs().get(0)
    for place in range(64, 140):
        damaged = bytearray(data)
        damaged[place] ^= 0x55
        path.write_bytes(damaged)
        try:
            assert opened(copied).blobs().get(0) == wanted
        except IndexDamaged:
            continue


def test_a_file_that_is_cut_while_it_is_open_is_an_error_where_articles_are_read(copied: Path) -> None:
    path = _file(copied, ".sto")
    stored = ArrayFile.open(path, "stored", path.stem, verify=False)
    assert stored.read(64, 20) == path.read_bytes()[64:84]
    os.truncate(path, 70)
    with pytest.raises(IndexDamaged, match=path.name):
        stored.read(64, 20)


@pytest.mark.parametrize("suffix", FILES)
def test_a_missing_file_is_named(copied: Path, suffix: str) -> None:
    path = _file(copied, suffix)
    path.unlink()
    _both_ways_fail(copied, IndexDamaged, path.name)


def _header(place: int, value: bytes) -> Callable[[bytearray], None]:
    def change(data: bytearray) -> None:
        data[place : place + len(value)] = value

    return change


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        (_header(12, bytes.fromhex("01020304")), IndexDamaged, "byte order"),
        (_header(8, (99).to_bytes(4, "little")), IndexOutdated, "version 99"),
        (_header(0, b"PK\3\4"), IndexDamaged, "begin"),
    ],
    ids=["byte order", "version", "another kind of file"],
)
def test_a_foreign_header_is_told_apart(
    copied: Path, change: Callable[[bytearray], None], error: type[Exception], reason: str
) -> None:
    path = _file(copied, ".inv")
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)
    with pytest.raises(error, match=reason):
        opened(copied)


def test_files_of_another_segment_are_refused(copied: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    _fill(other)
    for suffix in FILES:
        mixed = Path(shutil.copytree(copied, tmp_path / f"mixed{suffix}"))
        shutil.copy(_file(other, suffix), _file(mixed, suffix))
        _both_ways_fail(mixed, IndexDamaged, "it holds")


def test_a_damaged_table_of_contents_never_opens_another_index(copied: Path) -> None:
    (path,) = copied.glob("*.toc")
    data = path.read_bytes()
    wanted = _listed(copied)
    rng = random.Random(3)
    noticed = 0
    for place in [rng.randrange(len(data)) for _ in range(300)]:
        damaged = bytearray(data)
        damaged[place] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        try:
            assert _listed(copied) == wanted
        except Exception as error:  # a cut or altered pickle may raise anything
            noticed += isinstance(error, IndexDamaged)
    assert noticed
    assert opened(copied).doc_count == 400, "Dấu's own reader does not go by it"


def _listed(directory: Path) -> list[tuple[str, int]]:
    """Return name and number of documents of the segments in the table of contents."""
    return [(each.segment_id(), each.doc_count_all()) for each in index.open_dir(str(directory))._segments()]
