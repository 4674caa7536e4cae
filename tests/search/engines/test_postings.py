"""Posting lists, dictionaries and containers come back as they were written."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.columnar.build.splicing import Change, spliced
from search.engines.columnar.evaluate.locating import locate
from search.engines.columnar.evaluate.posting_lists import ManyPostings
from search.engines.columnar.format.postings import FullRecord, Postings, Rare, decode_rare, read_together
from search.engines.columnar.format.postings_writer import encode
from search.engines.columnar.format.segment import Segment
from search.engines.columnar.format.segment_writer import SegmentWriter, length_codes
from search.engines.columnar.format.term_dictionary import TermDictionary
from search.errors import IndexDamaged

#: One posting list: {document: positions}; documents cluster and spread, positions are short and very long.
documents = st.one_of(st.integers(0, 40), st.integers(0, 3000), st.integers(0, 20_000_000))
positions = st.lists(st.one_of(st.integers(0, 300), st.integers(0, 5000), st.integers(0, 90_000)), min_size=1,
                     max_size=6).map(lambda values: sorted(set(values)))
lists = st.dictionaries(documents, positions, min_size=1, max_size=90)


def batch_of(posted: list[dict[int, list[int]]], with_positions: bool) -> Postings:
    ordered = [sorted(each.items()) for each in posted]
    places = [place for each in ordered for _, found in each for place in found]
    return Postings(
        [],
        np.array([len(each) for each in ordered], dtype=np.int64),
        np.array([doc for each in ordered for doc, _ in each], dtype=np.int64),
        np.array([len(found) for each in ordered for _, found in each], dtype=np.int64),
        np.array(places, dtype=np.int64) if with_positions else None,
    )


def records(lists: Postings) -> Iterator[Rare | FullRecord]:
    encoded = encode(lists)
    data = memoryview(encoded.data)
    start = 0
    for size, df in zip(encoded.sizes.tolist(), encoded.rare_df.tolist(), strict=True):
        part = data[start : start + size]
        yield decode_rare(part, df, lists.positions is not None) if df else FullRecord(part, "", start)
        start += size
    assert start == len(data)


@settings(max_examples=150, deadline=None)
@given(st.lists(lists, min_size=1, max_size=5), st.booleans())
def test_every_posting_list_is_read_back_exactly(posted: list[dict[int, list[int]]], with_positions: bool) -> None:
    for wanted, record in zip(posted, records(batch_of(posted, with_positions)), strict=True):
        docs = sorted(wanted)
        flat = [place for doc in docs for place in wanted[doc]]
        assert record.docs().tolist() == docs
        assert record.freqs().tolist() == [len(wanted[doc]) for doc in docs]
        if with_positions:
            assert record.positions().tolist() == flat
            some = np.arange(0, len(flat), 3)
            assert record.places().take(some).tolist() == flat[::3]
            if isinstance(record, FullRecord):
                for start in range(min(len(flat), 4)):
                    stop = max(start, len(flat) - start)
                    assert record.places().between(start, stop).tolist() == flat[start:stop]


@pytest.mark.parametrize("share", [1.0, 0.6, 0.2, 0.05, 0.002])
def test_frequent_and_rare_terms_are_read_back_over_twenty_thousand_documents(share: float) -> None:
    rng = np.random.default_rng(5)
    docs = np.flatnonzero(rng.random(20_000) < share)
    freqs = rng.geometric(0.5, len(docs))
    freqs[::50] = 300
    freqs[7] = 70_000
    positions = np.concatenate([np.arange(count) for count in freqs])
    (record,) = records(Postings([], np.array([len(docs)]), docs, freqs, positions))
    assert np.array_equal(record.docs(), docs)
    assert np.array_equal(record.freqs(), freqs)
    assert isinstance(record, FullRecord)
    assert record.is_marked == (share > 0.1)
    if record.is_marked:
        some = np.arange(0, len(docs), 7)
        assert record.nibbles().take(some).tolist() == freqs[some].tolist()


def test_frequent_terms_are_found_together_in_some_documents_with_what_stands_before() -> None:
    rng = np.random.default_rng(6)
    size, terms, wanted = 20_000, [], []
    asked = np.flatnonzero(rng.random(size) < 0.03)
    for share, most in ((0.9, 3), (0.5, 30), (0.2, 300), (0.3, 14)):
        docs = np.flatnonzero(rng.random(size) < share)
        freqs = rng.integers(1, most + 1, len(docs))
        every = np.zeros(size, np.int64)
        every[docs] = freqs
        places = np.concatenate([np.arange(count) for count in freqs])
        (record,) = records(Postings([], np.array([len(docs)]), docs, freqs, places))
        assert isinstance(record, FullRecord)
        terms.append(ManyPostings.of(record, None, record.places()))
        wanted.append((every[asked], (np.cumsum(every) - every)[asked]))
    counts, starts = locate(terms, asked)
    for row, (count, before) in enumerate(wanted):
        assert counts[row].tolist() == count.tolist()
        assert starts[row][count > 0].tolist() == before[count > 0].tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5_000), st.integers(0, 5_000), st.sampled_from([0.9, 0.3]), st.sampled_from([3, 30]))
def test_a_stretch_of_a_frequent_term_has_its_documents_and_what_stands_before(
    first: int, length: int, share: float, most: int
) -> None:
    rng, size = np.random.default_rng(7), 6_000
    docs = np.flatnonzero(rng.random(size) < share)
    every = np.zeros(size + 64, np.int64)
    every[docs] = rng.integers(1, most + 1, len(docs))
    places = np.concatenate([np.arange(count) for count in every[docs]])
    (record,) = records(Postings([], np.array([len(docs)]), docs, every[docs], places))
    assert isinstance(record, FullRecord)
    term, last = ManyPostings.of(record, None, record.places()), min(first + length, size - 1)
    found = term.between(first, last)
    within = every[found.first : found.first + len(found.members)]
    assert found.first <= first and found.first + len(found.members) > min(last, docs[-1])
    assert (found.members == (within > 0)).all()
    assert found.freqs.tolist() == within[within > 0].tolist()
    assert len(found.freqs) == term.df_between(first, last)
    assert found.before == every[: found.first].sum()


@settings(max_examples=60, deadline=None)
@given(st.lists(lists, min_size=2, max_size=5), st.integers(1, 4))
def test_positions_of_several_lists_are_read_together_as_each_by_itself(
    posted: list[dict[int, list[int]]], step: int
) -> None:
    batch = batch_of(posted, with_positions=True)
    views = [record.places() for record in records(batch) if isinstance(record, FullRecord)]
    at = [np.arange(0, len(view.low), step) for view in views]
    if views:
        postings = np.frombuffer(encode(batch).data, np.uint8)
        ends = np.cumsum([len(each) for each in at]).tolist()
        found = read_together(postings, views, ends, np.concatenate(at))
        assert found.tolist() == [place for view, each in zip(views, at, strict=True) for place in view.take(each)]


@pytest.mark.parametrize("last", [300, 4_000, 70_000, 3_000_000])
def test_positions_of_a_frequent_term_are_read_back_from_their_compressed_form(last: int) -> None:
    rng = np.random.default_rng(last)
    freqs = rng.geometric(0.4, 9_000)
    positions = np.concatenate([np.sort(rng.integers(0, last, count)) for count in freqs])
    docs = np.cumsum(rng.integers(1, 40, len(freqs)))
    (record,) = records(Postings([], np.array([len(docs)]), docs, freqs, positions))
    assert np.array_equal(record.docs(), docs)
    assert np.array_equal(record.freqs(), freqs)
    assert np.array_equal(record.positions(), positions)


def test_a_compressed_part_that_is_altered_after_opening_is_damage_that_names_the_file() -> None:
    rng = np.random.default_rng(9)
    freqs = rng.geometric(0.4, 5_000)
    docs = np.cumsum(rng.integers(20, 60, 5_000))
    sound = bytes(encode(Postings([], np.array([5_000]), docs, freqs, None)).data)
    noticed = 0
    for place in range(24, len(sound), 7):
        altered = bytearray(sound)
        altered[place] ^= 0x55
        record = FullRecord(memoryview(altered), "MAIN_abc.inv")
        try:
            record.docs(), record.freqs()
        except IndexDamaged as error:
            assert "MAIN_abc.inv" in str(error)
            noticed += 1
    assert noticed


frequent = st.dictionaries(st.integers(0, 300), positions, min_size=50, max_size=120)
#: Documents that come, change or go.
changed = st.dictionaries(st.integers(0, 240), st.one_of(positions, st.just([])), max_size=9)


@settings(max_examples=200, deadline=None)
@given(frequent, changed, st.booleans())
def test_changing_a_few_documents_of_a_frequent_word_gives_the_bytes_of_writing_it_anew(
    posted: dict[int, list[int]], changes: dict[int, list[int]], with_positions: bool
) -> None:
    (record,) = records(batch_of([posted], with_positions))
    assert isinstance(record, FullRecord) and record.is_marked
    given = [Change(doc, np.array(found if with_positions else [0] * len(found), np.int64))
             for doc, found in changes.items()]  # fmt: skip
    made = spliced(record, given, with_positions)
    wanted = {doc: found for doc, found in (posted | changes).items() if found}
    encoded = encode(batch_of([wanted], with_positions))
    if max(changes, default=0) < max(posted) // 64 * 64 and len(wanted) > 32:
        assert made is not None
    if made is not None:
        assert made == (bytes(encoded.data), len(wanted))


WORDS = sorted({
    f"{onset}{rhyme}{tail}".encode()
    for onset in ("", "th", "ngh", "đ") for rhyme in ("a", "oan", "ươ", "e")
    for tail in ("", "ng", "nhhhhhhhhhhhh", "nhhhhhhhhhhhhz", "\U0001f600", "-2/3")
})
STEMS = [b"", b"t", b"th", b"thoan", b"\xc4", "đươ".encode(), b"tho\xff", b"\xff", b"thoannhhhhhhh"]


@pytest.fixture
def segment(tmp_path: Path) -> Segment:
    writer = SegmentWriter(tmp_path, "MAIN_abc")
    ones = np.ones(len(WORDS), dtype=np.int64)
    writer.start_field("fold", positions=True)
    for start in range(0, len(WORDS), 7):  # several calls, one dictionary
        part = slice(start, start + 7)
        lists = Postings(WORDS[part], ones[part], np.arange(len(WORDS))[part], ones[part], 4 * ones[part])
        lengths = np.array([len(word) for word in WORDS[part]])
        writer.add_records(b"".join(WORDS[part]), lengths, encode(lists))
    writer.finish_field(length_codes(3 * ones), 3 * len(WORDS))
    writer.start_field("empty", positions=False)
    writer.finish_field()
    writer.add_column("year", np.arange(len(WORDS), dtype=np.uint16))
    writer.blobs("stored").append("đầu".encode() * 100)
    writer.blobs("title").append_compressed(b"as it is")
    writer.finish(len(WORDS))
    return Segment.open(tmp_path, "MAIN_abc")


def test_the_dictionary_finds_exactly_its_terms(segment: Segment) -> None:
    field = segment.fields["fold"]
    assert list(field.terms()) == WORDS
    for ordinal, word in enumerate(WORDS):
        assert field.find(word) == ordinal
        assert field.find(word + b"\0") == -1
        assert field.record(ordinal).docs().tolist() == [ordinal]
    assert field.find(b"") == field.find(b"zzz") == -1
    assert field.find_many([WORDS[3], b"nothing"]).tolist() == [3, -1]
    assert field.cfs.tolist() == field.df.tolist() == [1] * len(WORDS)


@given(st.sampled_from(STEMS))
@settings(deadline=None)
def test_a_prefix_gives_the_range_of_the_terms_that_begin_with_it(stem: bytes) -> None:
    ends = np.cumsum([len(word) for word in WORDS])
    terms = TermDictionary(memoryview(b"".join(WORDS)), ends)
    found = terms.prefix(stem)
    assert list(terms.terms(found.start, found.stop)) == [word for word in WORDS if word.startswith(stem)]


def test_columns_blobs_and_lengths_come_back(segment: Segment) -> None:
    assert segment.columns["year"].tolist() == list(range(len(WORDS)))
    assert segment.blobs("stored").get(0).decode() == "đầu" * 100
    assert segment.blobs("stored").get(5) == b""
    assert segment.blobs("title").raw(0) == b"as it is"
    field = segment.fields["fold"]
    assert field.length_table[field.lengths].tolist() == [3] * len(WORDS)
    assert field.total_length == 3 * len(WORDS)
    assert segment.fields["empty"].term_count == 0
    assert segment.fields["empty"].find(b"a") == -1
    with pytest.raises(ValueError, match=re.escape("read-only")):
        segment.columns["year"][0] = 1


def test_a_discarded_segment_leaves_no_files(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, "MAIN_gone")
    writer.start_field("fold", positions=False)
    writer.discard()
    assert list(tmp_path.iterdir()) == []
