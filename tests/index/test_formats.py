"""One folder with files of every kind that is read: each article has its title, author, day and province."""

from pathlib import Path

import pytest

from index.extract.extracting import extract
from index.read.documents import Document, read_documents
from index.read.files import Finder, InputFile
from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from search.article import Article
from tests.index.made_files import every_kind, page, story

KINDS = every_kind()


def number_of(name: str) -> int:
    """Return the number of the story in a file of `every_kind`."""
    return list(KINDS).index(name)


def lay(folder: Path) -> Path:
    for name, content in KINDS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def articles(path: Path) -> list[Article]:
    found = []
    for file in Finder([path]).files():
        assert isinstance(file, InputFile), file
        for item in read_documents(file, 1_000_000):
            if isinstance(item, Document):
                article = extract(item.raw)
                assert isinstance(article, Article), article
                found.append(article)
    return found


@pytest.mark.parametrize("name", KINDS)
def test_an_article_is_found_in_whatever_file_it_is(tmp_path: Path, name: str) -> None:
    wanted, path = story(number_of(name)), tmp_path / Path(name).name
    path.write_bytes(KINDS[name])
    [found] = articles(path)
    assert (found.title, found.author, found.date.value, found.province) == (
        wanted.title, wanted.author, wanted.day.isoformat(), wanted.province)
    assert found.body.startswith("\n\n".join(wanted.paragraphs))


def test_a_second_run_changes_nothing_and_one_changed_file_changes_one_article(tmp_path: Path) -> None:
    folder, index = lay(tmp_path / "kho"), tmp_path / "index"
    first = rebuild(RebuildOptions(roots=(folder,), index=index))
    assert (first.indexed, first.rejected, first.articles) == (len(KINDS), (), len(KINDS))
    again = rebuild(RebuildOptions(roots=(folder,), index=index))
    assert (again.indexed, again.unchanged, again.published) == (0, len(KINDS), False)
    changed = next(name for name in KINDS if name.endswith(".HTM"))
    (folder / changed).write_text(page(story(99)), encoding="utf-8")
    last = rebuild(RebuildOptions(roots=(folder,), index=index))
    assert (last.indexed, last.unchanged, last.articles) == (1, len(KINDS) - 1, len(KINDS))
