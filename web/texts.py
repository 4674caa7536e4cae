"""Words and numbers of the interface in the language of the page.

What `say` and `count` are given, and what is marked by `_` in tables, stands in the catalogues (`catalogues.py`).
"""

import json
from functools import cache, lru_cache
from typing import Final

from babel.numbers import format_decimal, format_percent

from web.catalogues import Language, locale, messages

#: Marks a message of a table, which `say` translates when it is shown; `pybabel extract` finds it by this name.
_ = str

FACETS: Final = {
    "province": _("Province"), "country": _("Country"), "source": _("Source"), "section": _("Section"),
    "kind": _("Kind of page"), "author": _("Author"),
}  # fmt: skip
KINDS: Final = {"article": _("Article"), "notice": _("Short notice"), "listing": _("Listing page")}
SORTS: Final = {"relevance": _("Relevance"), "newest": _("Newest"), "oldest": _("Oldest")}
GRADES: Final = {
    "unmarked": _("Matches without marks"),
    "partial": _("Marks match in part"),
    "other": _("Same letters, other marks"),
}
MAPS: Final = {"34": _("34 provinces"), "63": _("63 before July 2025")}
DATE_SOURCES: Final = {
    "published": _("the publication date shown on the page"),
    "stated": _("the date stated at the head of the article"),
    "inferred": _("inferred from the text"),
    "crawl": _("the day the page was collected"),
    "given": _("given with the record"),
    "file": _("from the file's name, address or properties"),
}
RUN_COUNTS: Final = {
    "documents": _("Documents read"),
    "indexed": _("New or changed"),
    "unchanged": _("Unchanged"),
    "duplicate": _("Duplicates"),
    "rejected": _("Rejected"),
    "unreadable": _("Could not be read"),
    "removed": _("Removed"),
}
#: Why a block was taken for page frame: the codes of `search.article.Removed.reason`; others are shown as they are.
REASONS: Final = {
    "cue": _("a phrase that page frames use"),
    "repeated": _("repeats on other pages of the source"),
    "below the article": _("below the article"),
    "outside the body": _("outside the text"),
    "links": _("nothing but links"),
    "codes": _("codes, not text"),
    "alternative text": _("alternative text of a picture"),
    "by-line": _("the author's line"),
}
#: What can be typed, with what it does; shown on the front page and where nothing was found.
SYNTAX: Final[tuple[tuple[str, str], ...]] = (
    ("so ngoai vu", _("finds the marked words too")),
    ("hòa bình", _("a marked word means that word")),
    ("“hợp tác quốc tế”", _("exactly this phrase")),
    ("biên giới -khẩu trang", _("without this word")),
    ("lào OR campuchia", _("either of the two")),
    ("title:viện trợ", _("in the title only")),
)
_SUGGESTIONS: Final = {
    "title": _("article"), "name": _("name"), "province": _("province"), "phrase": _("phrase"),
}  # fmt: skip


def say(language: Language, message: str, /, **values: object) -> str:
    """Return a message in a language, filled with `values`; whole numbers are written as the language writes them."""
    text = messages(language).gettext(message)
    return text % _shown(language, values) if values else text


def count(language: Language, one: str, many: str, /, *, n: int, **values: object) -> str:
    """Return a message in the form that a language has for `n` of something."""
    return messages(language).ngettext(one, many, n) % _shown(language, {"n": n, **values})


def _shown(language: Language, values: dict[str, object]) -> dict[str, object]:
    return {name: number(language, value) if isinstance(value, int) else value for name, value in values.items()}


def told(language: Language, vi: str, en: str) -> str:
    """Return a sentence that search has in Vietnamese and English."""
    return vi if language == "vi" else say(language, en)


@lru_cache(maxsize=5_000)
def number(language: Language, value: float) -> str:
    """Return a number as a language writes it: `12.345`, `12,345`."""
    return format_decimal(value, locale=locale(language))


@lru_cache(maxsize=2_000)
def percent(language: Language, part: float) -> str:
    """Return a part of a whole in percent, with a decimal where it is small: `42%`, `0,3%`."""
    return format_percent(round(part, 2 if part >= 0.1 else 3), locale=locale(language), decimal_quantization=False)


@cache
def suggest_words(language: Language) -> str:
    """Return the words that the script needs for suggestions, as JSON."""
    words = {kind: say(language, message) for kind, message in _SUGGESTIONS.items()}
    found = say(language, "Suggestions: %(n)s. Choose with the arrow keys.", n="{n}")
    return json.dumps(words | {"found": found}, ensure_ascii=False)
