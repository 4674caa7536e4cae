"""What every engine must do: the same documents, scores, totals, facets and pages as loops give.

A test class of an engine is a `PortContract` with a fixture `make`.
"""

import dataclasses
import random
import threading
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from whoosh.util.numeric import byte_to_length, length_to_byte

from search.article import Article, ArticleDate, PlaceEvidence, Removed
from search.engines.facets import Filters
from search.engines.port import Coverage, Lead, Pair, Plan, Reader, Rescore, Scoring, Sought, open_reader
from search.query.tree import And, AndMaybe, AndNot, AtLeast, Best, Every, Node, Or, Phrase, Prefix, Relaxed, Term, Word
from search.text import PIPELINE
from search.text.spelling import unmarked
from tests.folders import SHARED
from tests.search.engines.model import GAP, TITLE, Model
from tests.search.engines.oracle import corpus

#: Builds an index in a directory from articles, on top of an older one, without the articles of some ids.
Make = Callable[..., None]
PROVINCES = ("", "Thanh Hóa", "Phú Yên", "Nghệ An")
COUNTRIES = ((), ("Lào",), ("Nga", "Lào"))
DATES = (
    ArticleDate("2025-12-26", "day"), ArticleDate("2025-06", "month"), ArticleDate("2024", "year"), ArticleDate(),
    ArticleDate("2023-Q2", "quarter"), ArticleDate("--12-26", "daymonth"), ArticleDate("2025-06-15", "day"),
)  # fmt: skip


def _articles() -> list[Article]:
    samples = corpus.articles(SHARED, 240)
    return [
        Article(f"a{place:04}", "p", PIPELINE.normalize(each.title), PIPELINE.normalize(each.body), author=each.author,
                date=DATES[place % len(DATES)], province=PROVINCES[place % 4],
                cluster="twins" if place in (3, 4, 5) else "", removed=(Removed("Tin khác", "CUT"),),
                countries=tuple(PlaceEvidence(name, 1.0, name) for name in COUNTRIES[place % 3]))
        for place, each in enumerate(samples)
    ]  # fmt: skip


ARTICLES = _articles()


class Trees:
    """Random query trees over the words that occur."""

    def __init__(self, model: Model, seed: int) -> None:
        self._random = random.Random(seed)
        df = Counter(term for document in model.documents for term in document.places)
        self._terms = sorted(df, key=lambda term: (-df[term], term))
        self._bodies = [list(PIPELINE.tokens(article.body)) for article in ARTICLES]

    def word(self) -> Word:
        def term() -> Term:
            form, text = self._terms[int(len(self._terms) ** self._random.random()) - 1]
            return Term("fold" if form == "fold" else "key", text, self._random.choice((1.0, 0.5, 0.1)))

        return Word(tuple({(t := term()).text: t for _ in range(self._random.choice((1, 1, 2, 4)))}.values()),
                    boost=self._random.choice((1.0, 0.4)))  # fmt: skip

    def phrase(self) -> Phrase:
        tokens = [token for token in self._random.choice(self._bodies) if not token.whole]
        start = self._random.randrange(max(len(tokens) - 4, 1))
        marked = self._random.choice((True, False))
        words = [Word((Term("fold", token.fold), *([Term("key", token.key)] if marked else [])))
                 for token in tokens[start : start + 4]]  # fmt: skip
        return Phrase(tuple(words[: self._random.choice((2, 3, 4))]), self._random.choice((1, 1, 3)))

    def tree(self, depth: int = 3) -> Node:
        kind = self._random.choice("wwwpxaaobnmt" if depth else "wwp")
        inner = [self.tree(depth - 1) for _ in range(self._random.choice((2, 3)))] if kind in "aobnm" else []
        if kind == "a":
            return And(tuple(inner))
        if kind in "ob":
            return (Or if kind == "o" else Best)(tuple(inner))
        if kind in "nm":
            return (AndNot if kind == "n" else AndMaybe)(inner[0], inner[1])
        if kind == "t":
            words = tuple(self.word() for _ in range(self._random.choice((3, 5))))
            return AtLeast(words, self._random.choice((0.3, 0.6, 0.9)), self._random.choice((0, 5, 30)), 0.2)
        if kind == "x":
            return Prefix(self._random.choice(("th", "nha", "khon", "d")))
        return self.phrase() if kind == "p" else self.word()


def word(text: str) -> Word:
    return Word((Term("fold", text),))


PHRASE = Phrase((word("co"), word("the")))


def common(model: Model, count: int) -> tuple[str, ...]:
    """The folded words that most documents of this collection have, whichever collection it is."""
    df = Counter(text for each in model.documents for form, text in each.places if form == "fold" and text.isalpha())
    return tuple(text for text, _ in df.most_common(count))


def _shown(reader: Reader, plan: Plan) -> object:
    """Return an answer with articles instead of document numbers."""
    found = reader.search(plan)
    hits = zip(reader.articles([hit.doc for hit in found.hits]), found.hits, strict=True)
    return [(article, dataclasses.replace(hit, doc=0)) for article, hit in hits], dataclasses.replace(found, hits=())


class PortContract:
    """The tests of every engine; `make` is the engine's own."""

    @pytest.fixture(scope="class")
    @classmethod
    def model(cls) -> Model:
        return Model(ARTICLES)

    @pytest.fixture(scope="class")
    @classmethod
    def reader(cls, make: Make, tmp_path_factory: pytest.TempPathFactory) -> Reader:
        directory = tmp_path_factory.mktemp("port")
        make(directory, ARTICLES)
        return open_reader(directory)

    def test_random_trees_give_the_documents_and_scores_of_the_model(self, reader: Reader, model: Model) -> None:
        trees = Trees(model, 5)
        matched = 0
        for _ in range(400):  # frequent words are kept in steps of 0.00003: hence the absolute tolerance
            node = trees.tree()
            wanted = model.scores(node)
            found = reader.search(Plan(node, limit=1000, collapse=False))
            assert found.total == len(wanted), node
            assert {hit.doc: hit.score for hit in found.hits} == pytest.approx(wanted, rel=1e-4, abs=5e-4), node
            scores = [hit.score for hit in found.hits]
            assert scores == sorted(scores, reverse=True)
            matched += bool(wanted)
        assert matched > 250

    @pytest.mark.parametrize("filters", [
        Filters(), Filters(("Thanh Hóa",)), Filters(("Thanh Hóa", "Phú Yên")), Filters(year=2025),
        Filters(year=2025, month=6), Filters(("Nghệ An",), year=2025),
        Filters(date_from=20250610, date_to=20250620), Filters(("Hà Giang",)),
        Filters(countries=("Lào",)), Filters(("Nghệ An",), countries=("", "Nga")),
    ])  # fmt: skip
    def test_each_facet_is_counted_without_its_own_filter(self, reader: Reader, model: Model, filters: Filters) -> None:
        def of_country(article: Article) -> bool:
            return not filters.countries or article.country in filters.countries

        def in_place(article: Article) -> bool:
            return not filters.provinces or article.province in filters.provinces

        def in_time(article: Article) -> bool:
            date, month = article.date, filters.month
            if filters.date_from:
                return date.value in ("2025-06-15", "2025-06")
            return filters.year in (None, date.year) and month in (None, date.month)

        found = reader.search(Plan(word("co"), filters, limit=0))
        matching = [ARTICLES[doc] for doc in model.scores(word("co"))]
        years = Counter(article.date.year or 0 for article in matching if in_place(article) and of_country(article))
        provinces = Counter(article.province for article in matching if in_time(article) and of_country(article))
        countries = Counter(article.country for article in matching if in_time(article) and in_place(article))
        assert found.facets.years == years
        assert found.facets.provinces == provinces
        assert found.facets.countries == countries
        chosen = [
            article.date for article in matching if in_place(article) and in_time(article) and of_country(article)
        ]
        days = Counter(int(date.value[8:]) if date.precision == "day" else 0 for date in chosen)
        assert found.facets.days == (days if filters.year and filters.month else {})
        assert found.total == len(chosen)

    def test_others_are_those_beside_the_members_that_pass_the_filters_where_nothing_is_left_out(
        self, reader: Reader, model: Model
    ) -> None:
        filters, rare, both = Filters(year=2025), word("bao"), Or((word("bao"), word("co")))
        members = model.scores(rare)
        inside = [doc for doc in model.scores(both) if ARTICLES[doc].date.year == 2025 and doc not in members]
        assert inside
        for limit in (0, 10):
            found = reader.search(Plan(rare, filters, limit=limit, members=Relaxed((rare,)), others=both))
            assert found.others == len(inside)
        nowhere = reader.search(Plan(rare, filters, members=Relaxed((rare, word("qwertz"))), others=both))
        assert (nowhere.left_out, nowhere.others) == ((1,), 0)

    @pytest.mark.parametrize("other", [
        PHRASE, Best((PHRASE, word("qwertz"))), Or((PHRASE, word("qwertz"))), AndNot(PHRASE, word("bao")),
        AndMaybe(PHRASE, word("co")), And((PHRASE, word("co"))),
    ])  # fmt: skip
    def test_what_too_few_articles_have_together_is_looked_for_in_all_of_them(
        self, reader: Reader, model: Model, other: Node
    ) -> None:
        both = AtLeast((word("bao"), other), 1.0, 1000, 0.001)
        expected = {*model.scores(word("bao")), *model.scores(other)}
        assert len(expected) > len(model.scores(word("bao")))
        assert {hit.doc for hit in reader.search(Plan(both, limit=1000, collapse=False)).hits} == expected

    @pytest.mark.parametrize("sort", ["newest", "oldest"])
    def test_dates_sort_with_unknown_days_behind_their_month_and_unknown_years_last(self, reader: Reader, sort: str
    ) -> None:
        hits = reader.search(Plan(Every(), sort=sort, limit=1000, collapse=False)).hits  # type: ignore[arg-type]
        order = list(dict.fromkeys(ARTICLES[hit.doc].date.value for hit in hits))
        newest = ["2025-12-26", "2025-06-15", "2025-06", "2024", "2023-Q2"]
        oldest = ["2023-Q2", "2024", "2025-06-15", "2025-06", "2025-12-26"]
        assert order[:5] == (newest if sort == "newest" else oldest)
        assert set(order[5:]) == {"", "--12-26"}

    def test_pages_follow_each_other_and_twins_are_shown_once(self, reader: Reader) -> None:
        node = AndMaybe(Every(), word("co"))
        whole = reader.search(Plan(node, limit=1000))
        paged = [hit for start in range(0, 300, 7) for hit in reader.search(Plan(node, offset=start, limit=7)).hits]
        assert [hit.doc for hit in paged] == [hit.doc for hit in whole.hits]
        assert len(whole.hits) == whole.groups == whole.total - 2
        assert {hit.twins for hit in whole.hits if hit.doc in (3, 4, 5)} == {2}
        assert sorted(reader.twins(3)) == [4, 5] and reader.twins(0) == []

    def test_pairs_raise_documents_where_the_words_stand_side_by_side(self, reader: Reader, model: Model) -> None:
        left, right = common(model, 2)
        pair = And((word(left), word(right)))
        rescore = Rescore(depth=500, pairs=(Pair(left, right, 0.3, 2),))
        plain = {hit.doc: hit.score for hit in reader.search(Plan(pair, limit=500)).hits}
        side = model.scores(Phrase(pair.children))
        assert side
        for hit in reader.search(Plan(pair, limit=500, rescore=rescore)).hits:
            assert (hit.score > plain[hit.doc] + 1e-6) == (hit.doc in side)

    def test_the_tightest_window_with_all_words_of_a_document_is_scored(self, reader: Reader, model: Model) -> None:
        words = common(model, 4)
        node = Or(tuple(Word((Term("fold", word),)) for word in words))
        rescore = Rescore(depth=500, words=tuple(Sought(word, 1, 1) for word in words), window=0.5)
        hits = reader.search(Plan(node, limit=500, rescore=rescore, collapse=False)).hits
        df = {word: sum(("fold", word) in each.places for each in model.documents) for word in words}
        assert len(hits) > 50
        for hit in hits:
            places = {word: found for word in words if (found := model.documents[hit.doc].places.get(("fold", word)))}
            starts = sorted(start for each in places.values() for start in each)
            whole = [start for start in starts if all(each[-1] >= start for each in map(sorted, places.values()))]
            widths = [
                max(min(at for at in each if at >= start) for each in places.values()) - start + 1 for start in whole
            ]
            expected = 0.5 * sum(model.idf(df[word]) for word in places) * len(places) / min(widths)
            assert hit.parts["window"] == pytest.approx(expected if len(places) > 1 else 0.0, rel=1e-4)

    @pytest.mark.parametrize("count", [2, 3, 5])
    @pytest.mark.parametrize("collapse", [True, False])
    def test_windows_off_the_page_are_not_looked_for_and_no_page_tells(
        self, reader: Reader, model: Model, count: int, collapse: bool
    ) -> None:
        words = common(model, count)
        node = Or(tuple(Word((Term("fold", word),)) for word in words))
        pairs = tuple(Pair(left, right, 0.3, 20) for left, right in pairwise(words))
        sought = tuple(Sought(word, 1, 9) for word in words)
        rescore = Rescore(300, pairs, sought, 2.0, Lead(1.0, 0.15, 70), Coverage(0.4, 4.0, 40))
        whole = reader.search(Plan(node, limit=300, rescore=rescore, collapse=collapse)).hits
        assert len(whole) > 50
        for offset, limit in ((0, 1), (0, 10), (10, 10), (40, 3)):
            page = reader.search(Plan(node, offset=offset, limit=limit, rescore=rescore, collapse=collapse)).hits
            assert list(page) == list(whole[offset : offset + limit])

    @pytest.mark.parametrize("lead", [Lead(2.0, 0.3, 20), Lead(1.0, 1.0, 3)])
    def test_words_in_the_lead_count_more_often(self, reader: Reader, model: Model, lead: Lead) -> None:
        words = [Sought(*each) for each in zip(common(model, 3), (1, 0.4, 1), (5, 20, 60), strict=True)]
        node = Or(tuple(Word((Term("fold", word.text),)) for word in words))
        hits = reader.search(Plan(node, limit=500, rescore=Rescore(500, words=tuple(words), lead=lead))).hits
        assert len(hits) > 50
        for hit in hits:
            document, expected = model.documents[hit.doc], 0.0
            first, last = document.title_words + GAP, max(max(places) for places in document.places.values())
            until = first + min((last + 1 - first) * lead.share, lead.most)
            for word in words:
                places = document.places.get(("fold", word.text), ())
                tf = len(places) + (TITLE - 1) * document.titles["fold", word.text]
                more = tf + lead.times * sum(first <= place < until for place in places)
                gain = model.saturated(more, document) - model.saturated(tf, document) if more > tf else 0.0
                expected += word.weight * model.idf(word.df) * gain
            assert hit.parts["lead"] == pytest.approx(expected, rel=1e-4, abs=1e-5)
        assert any(hit.parts["lead"] > 0 for hit in hits)

    @pytest.mark.parametrize(("count", "width"), [(2, 5), (4, 5), (4, 60)])
    def test_the_best_passage_counts_by_the_share_of_the_query_in_it(
        self, reader: Reader, model: Model, count: int, width: int
    ) -> None:
        words = [Sought(text, 1 / place, 7 * place) for place, text in enumerate(common(model, count), 1)]
        node = Or(tuple(Word((Term("fold", word.text),)) for word in words))
        rescore = Rescore(500, words=tuple(words), passage=Coverage(0.4, 4.0, width))
        hits = reader.search(Plan(node, limit=500, rescore=rescore, collapse=False)).hits
        masses = {word.text: word.weight * model.idf(word.df) for word in words}
        assert len(hits) > 50
        for hit in hits:
            places = {text: model.documents[hit.doc].places.get(("fold", text), []) for text in masses}
            best = max(
                sum(mass for text, mass in masses.items() if any(last - width < at <= last for at in places[text]))
                for each in places.values() for last in each
            )  # fmt: skip
            whole = sum(masses.values())
            assert hit.parts["passage"] == pytest.approx(0.4 * whole * (best / whole) ** 4, rel=1e-4)

    def test_the_title_counts_by_the_share_of_the_query_in_it_with_its_marks(
        self, reader: Reader, model: Model
    ) -> None:
        keys = [key for key, _ in Counter(
            text for each in model.documents for form, text in each.titles.elements() if form == "key" and "^" in text
        ).most_common(3)]  # fmt: skip
        words = [Sought(unmarked(key), 1, 9, (key, "nowhere")) for key in keys]
        node = Or(tuple(Word((Term("fold", word.text),)) for word in words))
        rescore = Rescore(500, words=tuple(words), title=Coverage(0.3, 8.0))
        hits = reader.search(Plan(node, limit=500, rescore=rescore, collapse=False)).hits
        mass = model.idf(9)
        for hit in hits:
            inside = sum(bool(model.documents[hit.doc].titles["key", key]) for key in keys)
            assert hit.parts["title"] == pytest.approx(0.3 * len(keys) * mass * (inside / len(keys)) ** 8, rel=1e-4)
        assert {round(hit.parts["title"], 3) > 0 for hit in hits} == {True, False}

    def test_stored_articles_come_back_whole_and_cards_without_what_was_removed(self, reader: Reader) -> None:
        assert reader.articles([7, 0]) == [ARTICLES[7], ARTICLES[0]]
        assert reader.cards([7])[0].removed == ()
        assert reader.titles([7]) == [ARTICLES[7].title]
        assert reader.find(ARTICLES[9].id) == 9 and reader.find("no such id") is None

    def test_threads_share_one_reader(self, reader: Reader) -> None:
        plans = [Plan(And((word("co"), word(text)))) for text in ("mot", "nguoi", "khong", "trong", "nam", "duoc")]
        wanted = [reader.search(plan) for plan in plans]
        reader.bound_cache(1)
        failed: list[int] = []

        def work() -> None:
            for _ in range(20):
                failed.extend(n for n, plan in enumerate(plans) if reader.search(plan) != wanted[n])

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed

    def test_an_increment_answers_as_a_full_build(self, tmp_path: Path, make: Make) -> None:
        old = [article for place, article in enumerate(ARTICLES) if place % 5]
        changed = Article(old[0].id, old[0].path, "Mới", "Bài viết đã đổi.")
        gone = {old[3].id, old[50].id}
        more = [changed, *(article for place, article in enumerate(ARTICLES) if not place % 5)]
        expected = {article.id: article for article in ARTICLES if article.id not in gone} | {changed.id: changed}
        make(tmp_path / "old", old)
        make(tmp_path / "new", more, tmp_path / "old", {*gone, changed.id, "not there"})
        make(tmp_path / "full", [expected[key] for key in sorted(expected)])
        new, full = open_reader(tmp_path / "new"), open_reader(tmp_path / "full")
        assert new.count == full.count == len(expected)
        assert list(new.terms("fold")) == list(full.terms("fold")) and list(new.terms("key")) == list(full.terms("key"))
        ids = [new.find(key) for key in sorted(expected)]
        assert new.articles([doc for doc in ids if doc is not None]) == [expected[key] for key in sorted(expected)]
        assert all(new.find(key) is None for key in gone)
        for text in ("co", "viet", "doi", "moi"):
            for sort in ("relevance", "newest"):
                plan = Plan(Or((word(text), Phrase((word("viet"), word("nam"))))), sort=sort, limit=300)
                assert _shown(new, plan) == _shown(full, plan)

    @pytest.mark.parametrize("title", [1.0, 3.5, 20.0])
    def test_the_weights_of_the_plan_are_those_that_score(self, reader: Reader, model: Model, title: float) -> None:
        (text,) = common(model, 1)
        plan = Plan(word(text), limit=500, collapse=False, scoring=Scoring(0.9, 0.4, title))
        scores = {hit.doc: hit.score for hit in reader.search(plan).hits}
        docs = [document for document in model.documents if ("fold", text) in document.places]
        assert len(scores) == len(docs) > 100
        for doc, score in scores.items():
            document = model.documents[doc]
            tf = len(document.places["fold", text]) + (title - 1) * document.titles["fold", text]
            length = byte_to_length(length_to_byte(document.length))
            norm = 0.9 * (1 - 0.4 + 0.4 * length / model.mean)
            assert score == pytest.approx(model.idf(len(docs)) * tf * 1.9 / (tf + norm), rel=1e-4)

    def test_an_empty_archive_can_be_built_and_asked(self, tmp_path: Path, make: Make) -> None:
        make(tmp_path, [])
        reader = open_reader(tmp_path)
        for node in (word("a"), Phrase((word("a"), word("b"))), Prefix("abc"), Every(), And(()), AtLeast((), 0.5)):
            assert reader.search(Plan(node, rescore=Rescore(pairs=(Pair("a", "b", 1.0, 0),)))).total == 0
