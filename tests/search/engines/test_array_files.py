"""A damaged index file is an error at open that names the file, never a wrong answer."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from whoosh import fields, index
from whoosh.filedb.filestore import RamStorage

from search.engines.columnar.format.container import ArrayFile
from search.engines.columnar.format.segment import Segment, names
from search.engines.columnar.whoosh.codec import ColumnarCodec
from search.engines.columnar.whoosh.toc import open_index
from search.errors import IndexDamaged, IndexMissing, IndexOutdated

SCHEMA = fields.Schema(id=fields.ID(stored=True, unique=True), text=fields.TEXT(stored=True),
                       year=fields.NUMERIC(sortable=True))
FILES = (".inv", ".doc", ".sto")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sound")
    _fill(index.create_in(str(directory), SCHEMA))
    return directory


def _fill(made: index.FileIndex) -> None:
    with made.writer(codec=ColumnarCodec()) as writer:
        for number in range(400):
            writer.add_document(id=str(number), text=f"tin tức số {number} " + "thanh hóa " * (number % 7), year=number)


@pytest.fixture
def copied(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "index"))


def _file(directory: Path, suffix: str) -> Path:
    (path,) = directory.glob(f"*{suffix}")
    return path


def _open_both_ways(directory: Path) -> None:
    """Open with our own reader, and with Whoosh's; verify what is read lazily."""
    segment = Segment.open(directory, *names(directory))
    segment.verify()
    with open_index(directory, SCHEMA).searcher() as searcher:
        for doc in range(400):
            searcher.stored_fields(doc)


def _both_ways_fail(directory: Path, error: type[Exception], name: str) -> None:
    with pytest.raises(error, match=name):
        Segment.open(directory, *names(directory) or ["MAIN_x"]).verify()
    with pytest.raises(error, match=name), open_index(directory, SCHEMA).searcher() as searcher:
        for doc in range(400):
            searcher.stored_fields(doc)


def test_a_sound_index_opens(copied: Path) -> None:
    _open_both_ways(copied)


@pytest.mark.parametrize("suffix", FILES)
@pytest.mark.parametrize("keep", [0, 1, 70, 0.3, 0.99, -1])
def test_a_truncated_file_is_named_at_open(copied: Path, suffix: str, keep: float) -> None:
    path = _file(copied, suffix)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep) if isinstance(keep, float) else keep])
    with pytest.raises(IndexDamaged, match=path.name):
        Segment.open(copied, *names(copied))
    with pytest.raises(IndexDamaged, match=path.name):
        open_index(copied, SCHEMA).reader()


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
            Segment.open(copied, *names(copied)).verify()


@pytest.mark.parametrize("suffix", [".inv", ".doc"])
def test_altered_postings_and_columns_are_noticed_at_open_without_verifying_further(copied: Path, suffix: str) -> None:
    path = _file(copied, suffix)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    with pytest.raises(IndexDamaged, match=path.name):
        Segment.open(copied, *names(copied))
    with pytest.raises(IndexDamaged, match=path.name):
        open_index(copied, SCHEMA).reader()


def test_an_altered_stored_article_is_noticed_when_it_is_read_and_the_others_are_still_served(copied: Path) -> None:
    path = _file(copied, ".sto")
    data = bytearray(path.read_bytes())
    data[100] ^= 255
    path.write_bytes(data)
    with open_index(copied, SCHEMA).searcher() as searcher:
        with pytest.raises(IndexDamaged, match=path.name):
            [searcher.stored_fields(doc) for doc in range(5)]
        assert searcher.stored_fields(300)["id"] == "300"


def test_no_altered_byte_of_a_stored_article_gives_another_text(copied: Path) -> None:
    path = _file(copied, ".sto")
    data = path.read_bytes()
    wanted = Segment.open(copied, *names(copied)).blobs().get(0)
    for place in range(64, 140):
        damaged = bytearray(data)
        damaged[place] ^= 0x55
        path.write_bytes(damaged)
        try:
            assert Segment.open(copied, *names(copied)).blobs().get(0) == wanted
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
    (name,) = names(copied)
    path.unlink()
    with pytest.raises(IndexDamaged, match=path.name):
        Segment.open(copied, name)
    with pytest.raises(IndexDamaged, match=path.name):
        open_index(copied, SCHEMA).reader()


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
        Segment.open(copied, *names(copied))


def test_files_of_another_segment_are_refused(copied: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    _fill(index.create_in(str(other), SCHEMA))
    for suffix in FILES:
        mixed = Path(shutil.copytree(copied, tmp_path / f"mixed{suffix}"))
        shutil.copy(_file(other, suffix), _file(mixed, suffix))
        _both_ways_fail(mixed, IndexDamaged, "it holds")


def test_a_damaged_table_of_contents_is_named_and_never_changes_the_deletions(copied: Path) -> None:
    made = index.open_dir(str(copied))
    writer = made.writer(codec=ColumnarCodec())
    writer.delete_by_term("id", "77")
    writer.commit(merge=False)
    (path,) = copied.glob("*.toc")
    data = path.read_bytes()
    wanted = _listed(copied)
    assert wanted[0][2] == [77]
    rng = random.Random(3)
    for place in [rng.randrange(len(data)) for _ in range(400)]:
        damaged = bytearray(data)
        damaged[place] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        try:
            assert _listed(copied) == wanted
        except (IndexDamaged, IndexMissing):
            continue
    for length in (0, 1, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises(IndexDamaged, match="table of contents"):
            _listed(copied)


def _listed(directory: Path) -> list[tuple[str, int, list[int]]]:
    """Return name, number of documents and deleted ones of the segments in the table of contents."""
    segments = open_index(directory, SCHEMA)._segments()
    return [(found.segment_id(), found.doc_count_all(), sorted(found.deleted_docs())) for found in segments]


def test_a_directory_without_an_index_is_missing_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=str(tmp_path)):
        open_index(tmp_path, SCHEMA)


def test_an_index_of_another_codec_is_refused_by_name(tmp_path: Path) -> None:
    with index.create_in(str(tmp_path), SCHEMA).writer() as writer:
        writer.add_document(id="1", text="a")
    with pytest.raises(IndexDamaged, match="another codec"):
        open_index(tmp_path, SCHEMA)


def test_an_index_in_memory_is_checked_as_well() -> None:
    storage = RamStorage()
    made = storage.create_index(SCHEMA)
    _fill(made)
    (name,) = (name for name in storage.list() if name.endswith(".inv"))
    data = bytearray(storage.files[name])
    data[len(data) // 2] ^= 1
    storage.files[name] = bytes(data)
    with pytest.raises(IndexDamaged, match=name):
        made.reader()
