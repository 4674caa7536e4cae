"""Markup bombs end as an article or a reject, within seconds."""

import gzip
import time
from collections.abc import Callable

import pytest

from index.extract.extracting import extract
from index.read.records import RawDocument, Rejected
from search.article import Article

SENTENCE = "Hội nghị đã nghe báo cáo về kết quả công tác đối ngoại và kế hoạch hợp tác với các địa phương kết nghĩa."
TEXT = f"<p>{SENTENCE}</p>" * 4
#: Seconds that one page may take on a busy machine; nothing here takes a tenth when it is idle.
LIMIT = 120


def within(body: str) -> bytes:
    return f"<html><body><h1>Hội nghị đối ngoại cuối năm</h1>{body}</body></html>".encode()


BOMBS: dict[str, Callable[[], bytes]] = {
    "100,000 attributes on a tag": lambda: within(f"<div {' '.join(f'a{n}=1' for n in range(100_000))}>{TEXT}</div>"),
    "10,000 levels": lambda: within("<div>" * 10_000 + TEXT + "</div>" * 10_000),
    "2,000 nested tables": lambda: within("<table><tr><td>" * 2_000 + TEXT),
    "20,000 nested bold": lambda: within("<b>" * 20_000 + TEXT),
    "an attribute of 5 MB": lambda: within('<div a="' + "x" * 5_000_000 + f'">{TEXT}</div>'),
    "300,000 empty tags": lambda: within("<i></i>" * 300_000 + TEXT),
    "100,000 options": lambda: within("<select>" + "<option>x" * 100_000 + f"</select>{TEXT}"),
    "an unclosed comment": lambda: within(TEXT + "<!-- " + "x " * 100_000),
    "an unclosed script": lambda: within(TEXT + "<script>" + "x " * 100_000),
    "nested JSON-LD": lambda: within('<script type="application/ld+json">' + "[" * 100_000 + f"</script>{TEXT}"),
    "entities": lambda: b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + within(TEXT + "&b;"),
    "references to no character": lambda: within(TEXT + "&#xD800;&#0;&#x110000;"),
    "a page of gzip": lambda: gzip.compress(within(TEXT)),
    "a picture in the page": lambda: within(f'<img src="data:image/png;base64,{"A" * 12_000_000}">{TEXT}'),
}


@pytest.mark.parametrize("name", BOMBS)
def test_the_text_of_a_hostile_page_is_found(name: str) -> None:
    data = BOMBS[name]()
    start = time.monotonic()
    found = extract(RawDocument("a.html", "a.html", data))
    assert time.monotonic() - start < LIMIT
    assert isinstance(found, Article), found
    assert SENTENCE in found.body


REFUSED: dict[str, Callable[[], bytes]] = {
    "tags that never close": lambda: b"<a " * 300_000,
    "a gzip bomb": lambda: gzip.compress(b"a" * 120_000_000),
    "a gzip file cut off": lambda: gzip.compress(within(TEXT))[:-30],
    "a frameset": lambda: b'<html><frameset><frame src="a"></frameset></html>',
    "a page of 12 MB": lambda: within(TEXT * 25_000 + "<p>hết</p>"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_read_is_rejected(name: str) -> None:
    found = extract(RawDocument("a.html", "a.html", REFUSED[name]()))
    assert isinstance(found, Rejected), found
    assert found.reason
