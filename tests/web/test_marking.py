"""Texts with marks as HTML."""

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from search.article import Article, Span
from search.results.answer import Snippet
from web.marking import excerpt, marked, paragraphs


def test_what_matched_stands_in_mark_and_everything_is_escaped() -> None:
    assert marked("a <b> & c", [(2, 5)]) == "a <mark>&lt;b&gt;</mark> &amp; c"


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")))
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)))


@given(TEXTS, SPANS)
def test_the_text_of_any_marked_text_is_the_text_itself(text: str, spans: list[tuple[int, int]]) -> None:
    html = str(marked(text, sorted(spans)))
    assert BeautifulSoup(f"<p>{html}</p>", "html.parser").get_text() == text
    assert {tag.name for tag in BeautifulSoup(html, "html.parser").find_all()} <= {"mark"}


def test_cuts_of_one_text_are_parted_by_one_ellipsis_whether_or_not_they_bring_their_own() -> None:
    cuts = (Snippet("một hai …", ((0, 3),)), Snippet("… ba & bốn", ((2, 4),)), Snippet("năm."), Snippet("sáu."))
    assert excerpt(cuts) == "<mark>một</mark> hai … <mark>ba</mark> &amp; bốn … năm. … sáu."
    assert excerpt(cuts[1:2]) == "… <mark>ba</mark> &amp; bốn"
    assert excerpt(()) == ""


def test_marks_of_a_body_fall_into_their_paragraphs() -> None:
    body = "một hai\n\nba bốn"
    found = paragraphs(Article("1", "p", "t", body, spans=(Span(9, 15, "caption"),)), [(4, 7), (9, 11)])
    assert [(part.html, part.kind) for part in found] == [
        ('một <mark id="match">hai</mark>', "text"),
        ("<mark>ba</mark> bốn", "caption"),
    ]
