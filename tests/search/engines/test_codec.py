"""The codec serves any Whoosh schema and storage as Whoosh's own does."""

import json
import pickle
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from whoosh import analysis, columns, fields, formats, index, sorting
from whoosh import query as q
from whoosh.codec.base import Codec
from whoosh.filedb.filestore import RamStorage, Storage
from whoosh.index import FileIndex
from whoosh.reading import TermNotFound
from whoosh.scoring import TF_IDF, Frequency
from whoosh.writing import BufferedWriter

from search.engines.columnar.format.segment import Segment, names
from search.engines.columnar.whoosh.codec import ColumnarCodec
from search.engines.columnar.whoosh.codec_writer import encode_stored

pytestmark = pytest.mark.xdist_group("codec")
PLAIN = analysis.SimpleAnalyzer()
MARKED = analysis.SpaceSeparatedTokenizer() | analysis.DelimitedAttributeFilter()
WORDS = ["một", "hai", "ba", "bốn", "năm"]
START = datetime(2020, 1, 1)


def everything() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        text=fields.TEXT(analyzer=PLAIN, stored=True),
        chars=fields.TEXT(analyzer=PLAIN, chars=True, vector=True, field_boost=1.5),
        boosts=fields.FieldType(formats.PositionBoosts(), MARKED, scorable=True),
        plain=fields.TEXT(analyzer=PLAIN, phrase=False),
        tags=fields.KEYWORD(commas=True, sortable=True),
        number=fields.NUMERIC(int, sortable=True, stored=True),
        small=fields.NUMERIC(int, bits=8, sortable=True, default=-1),
        real=fields.NUMERIC(float, sortable=True),
        day=fields.DATETIME(stored=True, sortable=True),
        flag=fields.BOOLEAN(stored=True),
        grams=fields.NGRAM(minsize=2, maxsize=3),
        note=fields.STORED,
        key=fields.COLUMN(columns.RefBytesColumn()),
    )


def fill(made: FileIndex, codec: Codec | None, count: int = 300, commits: int = 1) -> FileIndex:
    rng = random.Random(2)
    for start in range(0, count, count // commits):
        writer = made.writer(codec=codec)
        for number in range(start, start + count // commits):
            words = rng.choices([*WORDS, f"số{number}"], [9, 5, 3, 2, 1, 1], k=rng.randint(1, 30))
            boosted = " ".join(f"{word}^{rng.choice([1, 2.5])}" for word in words)
            record = {"id": str(number), "text": " ".join(words), "chars": " ".join(words[::-1]), "plain": words[0],
                      "boosts": boosted, "note": (number, {"a": START})}
            if number % 3:
                record |= {"tags": f"t{number % 4},chung", "number": number * 7 - 500, "real": number / 3,
                           "day": START + timedelta(days=number), "flag": number % 2 == 0, "grams": words[-1],
                           "key": b"k%d" % (number % 5)}
            if number % 5 == 0:
                record |= {"small": number % 100, "_text_boost": 2.0}
            writer.add_document(**record)
        writer.commit(merge=False)
    return made


def stored(kind: str, directory: Path) -> Storage | str:
    directory.mkdir(exist_ok=True)
    return RamStorage() if kind == "memory" else str(directory)


def create(place: Storage | str) -> FileIndex:
    return place.create_index(everything()) if isinstance(place, Storage) else index.create_in(place, everything())


@pytest.fixture(scope="module", params=["files", "memory"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[FileIndex, FileIndex]:
    directory = tmp_path_factory.mktemp("both")
    made = [create(stored(request.param, directory / name)) for name in ("default", "columnar")]
    return fill(made[0], None, commits=2), fill(made[1], ColumnarCodec(), commits=2)


QUERIES = [
    q.Term("text", "hai"), q.Term("plain", "ba"), q.Term("chars", "bốn", boost=3), q.Term("boosts", "hai"),
    q.Phrase("text", ["một", "hai"]), q.Phrase("chars", ["ba", "một"], slop=3), q.Phrase("boosts", ["hai", "ba"]),
    q.Or([q.Term("text", "năm"), q.Term("chars", "năm"), q.Term("boosts", "năm")]),
    q.Term("tags", "t2"), q.Term("flag", True), q.Term("grams", "ba"), q.NumericRange("number", -300, 900),
    q.NumericRange("real", 3.5, 40.0), q.NumericRange("small", 5, 60), q.Every("tags"), q.Every(),
    q.DateRange("day", START + timedelta(days=20), START + timedelta(days=90)), q.Prefix("text", "số1"),
    q.Wildcard("text", "s?2*"), q.FuzzyTerm("text", "bôn", maxdist=1), q.Regex("text", "^b[aố]"),
    q.DisjunctionMax([q.Term("text", "hai"), q.Term("text", "ba")]), q.Variations("text", "hai"),
    q.ConstantScoreQuery(q.Term("text", "hai"), 4.0), q.Require(q.Term("text", "hai"), q.Term("text", "ba")),
]


@pytest.mark.parametrize("query", QUERIES, ids=repr)
@pytest.mark.parametrize("weighting", [None, TF_IDF(), Frequency()], ids=["BM25F", "TF_IDF", "Frequency"])
def test_every_kind_of_query_and_field_gives_the_default_codecs_answer(
    both: tuple[FileIndex, FileIndex], query: q.Query, weighting: object
) -> None:
    answers = []
    for each in both:
        with each.searcher(**({"weighting": weighting} if weighting else {})) as searcher:
            found = searcher.search(query, limit=None)
            answers.append([(hit.docnum, pytest.approx(hit.score, rel=1e-4), hit.fields()) for hit in found])
    assert answers[0] == [(doc, getattr(score, "expected", score), kept) for doc, score, kept in answers[1]]


def _both(pair: tuple[FileIndex, FileIndex], ask: Callable[[FileIndex], object]) -> None:
    assert ask(pair[1]) == ask(pair[0])


def test_term_statistics_lexicon_and_postings_are_the_same(both: tuple[FileIndex, FileIndex]) -> None:
    def statistics(each: FileIndex) -> object:
        with each.reader() as reader:
            out = []
            for leaf, _ in reader.leaf_readers():
                terms = [(term, info.weight(), info.doc_frequency(), info.min_length(), info.max_length(),
                          info.max_weight(), info.min_id(), info.max_id()) for term, info in leaf]
                postings = [item for item in leaf.iter_postings() if item[0] != "boosts"]
                out.append((
                    terms, [(*item[:4], bytes(item[4] or b"")) for item in postings],
                    sorted(leaf.indexed_field_names()), list(leaf.terms_from("text", b"h")),
                    list(leaf.expand_prefix("text", "s")), sorted(leaf.terms_within("text", "bôn", 2)),
                    leaf.most_frequent_terms("text", 3), leaf.first_id("text", "ba"),
                    leaf.frequency("text", "ba"), leaf.doc_frequency("text", "zz"),
                ))
            return out

    _both(both, statistics)


def test_lengths_columns_vectors_and_stored_fields_are_the_same(both: tuple[FileIndex, FileIndex]) -> None:
    def values(each: FileIndex) -> object:
        with each.reader() as reader:
            columns_ = {name: [column[doc] for doc in range(300)]
                        for name in ("tags", "number", "small", "real", "day", "key")
                        for column in [reader.column_reader(name, translate=False)]}
            scored = ("text", "chars", "plain")
            lengths = [[reader.doc_field_length(doc, name) for doc in range(300)] for name in scored]
            ranges = [(leaf.min_field_length("text"), leaf.max_field_length("text"), leaf.field_length("text"))
                      for leaf, _ in reader.leaf_readers()]
            vectors = [list(reader.vector_as("positions", doc, "chars")) for doc in range(0, 300, 20)]
            return (columns_, lengths, ranges, vectors, list(reader.all_stored_fields()), reader.has_vector(0, "text"))

    _both(both, values)


@pytest.mark.parametrize("field", ["number", "real", "day", "tags", "small"])
@pytest.mark.parametrize("reverse", [False, True])
def test_sorting_and_grouping_by_columns_are_the_same(
    both: tuple[FileIndex, FileIndex], field: str, reverse: bool
) -> None:
    facet = sorting.FieldFacet(field, reverse=reverse)

    def order(each: FileIndex) -> object:
        with each.searcher() as searcher:
            found = searcher.search(q.Term("text", "hai"), limit=None, sortedby=facet, groupedby="tags")
            return [hit.docnum for hit in found], found.groups()

    _both(both, order)


def test_matched_terms_and_highlights_work(both: tuple[FileIndex, FileIndex]) -> None:
    def highlights(each: FileIndex) -> object:
        with each.searcher() as searcher:
            found = searcher.search(q.Or([q.Term("text", "năm"), q.Term("text", "bốn")]), terms=True)
            return [(hit.matched_terms(), hit.highlights("text")) for hit in found]

    _both(both, highlights)


def test_documents_are_updated_deleted_and_merged_away(tmp_path: Path) -> None:
    made = fill(index.create_in(str(tmp_path), everything()), ColumnarCodec(), commits=3)
    with made.writer(codec=ColumnarCodec()) as writer:
        writer.merge = False
        writer.update_document(id="5", text="hoàn toàn mới")
        writer.delete_by_term("id", "6")
    with made.searcher() as searcher:
        assert searcher.doc_count() == 299
        assert [hit["text"] for hit in searcher.search(q.Term("id", "5"))] == ["hoàn toàn mới"]
        assert not searcher.search(q.Term("id", "6"))
    made.optimize(codec=ColumnarCodec())
    with made.searcher() as searcher:
        assert searcher.doc_count() == searcher.doc_count_all() == 299
        assert len(searcher.search(q.Term("text", "mới"))) == 1
    assert len(names(tmp_path)) == 1, "old segments are removed"
    assert Segment.open(tmp_path, *names(tmp_path)).doc_count == 299


def test_a_deletion_can_be_taken_back_and_a_cancelled_writer_changes_nothing(tmp_path: Path) -> None:
    made = fill(index.create_in(str(tmp_path), everything()), ColumnarCodec())
    writer = made.writer(codec=ColumnarCodec())
    writer.delete_document(3)
    writer.delete_document(4)
    writer.delete_document(4, delete=False)
    writer.commit()
    assert made.doc_count() == 299
    writer = made.writer(codec=ColumnarCodec())
    writer.add_document(id="x", text="bỏ")
    writer.cancel()
    assert made.doc_count() == 299


def test_segments_of_both_codecs_live_in_one_index(tmp_path: Path) -> None:
    made = fill(fill(index.create_in(str(tmp_path), everything()), None, 100), ColumnarCodec(), 200, commits=2)
    with made.searcher() as searcher:
        assert searcher.doc_count() == 300
        assert len(searcher.search(q.Term("id", "50"), limit=None)) == 2


def test_several_processes_and_a_buffered_writer_write_it(tmp_path: Path) -> None:
    made = index.create_in(str(tmp_path), everything())
    with made.writer(procs=2, codec=ColumnarCodec()) as writer:
        for number in range(250):
            writer.add_document(id=str(number), text="một hai", number=number)
    buffered = BufferedWriter(made, period=None, limit=7, writerargs={"codec": ColumnarCodec()})
    for number in range(250, 270):
        buffered.add_document(id=str(number), text="một hai", number=number)
    buffered.close()
    with made.searcher() as searcher:
        found = searcher.search(q.Phrase("text", ["một", "hai"]), limit=None)
        assert sorted(int(hit["id"]) for hit in found) == list(range(270))
        assert sorted(hit["number"] for hit in found) == list(range(270))


def test_an_empty_commit_and_documents_without_terms_are_fine(tmp_path: Path) -> None:
    made = index.create_in(str(tmp_path), everything())
    made.writer(codec=ColumnarCodec()).commit()
    with made.writer(codec=ColumnarCodec()) as writer:
        writer.add_document(note="chỉ lưu")
        writer.add_document()
    with made.searcher() as searcher:
        assert searcher.doc_count() == 2
        assert [hit.fields() for hit in searcher.search(q.Every())] == [{"note": "chỉ lưu"}, {}]
        assert not searcher.search(q.Term("text", "gì"))
        assert not searcher.search(q.FuzzyTerm("text", "gì"))


def test_the_index_opens_with_a_schema_of_the_callers_and_without(tmp_path: Path) -> None:
    fill(index.create_in(str(tmp_path), everything()), ColumnarCodec())
    for opened in (index.open_dir(str(tmp_path)), index.open_dir(str(tmp_path), schema=everything())):
        with opened.searcher() as searcher:
            assert searcher.document(id="7")["note"] == (7, {"a": START})


def test_a_term_that_is_not_there_is_reported_as_by_whoosh(both: tuple[FileIndex, FileIndex]) -> None:
    for each in both:
        with each.reader() as reader:
            assert ("text", b"zzz") not in reader
            with pytest.raises(TermNotFound):
                reader.term_info("text", "zzz")
            with pytest.raises(TermNotFound):
                reader.postings("text", "zzz")


def test_plain_stored_fields_are_json_and_everything_else_comes_back_too() -> None:
    plain = {"a": "ế \ud800", "b": 3, "c": 1.5, "d": True, "e": float("inf")}
    assert json.loads(encode_stored(plain)) == plain
    for odd in ({"a": START}, {"a": (1, 2)}, {"a": [1]}, {"a": b"b"}, {"a": None}):
        assert pickle.loads(encode_stored(odd)) == odd
