"""Provinces in words: what one was then and is part of today, and the names that people use."""

from functools import cache
from typing import Final

from search.article import Article
from search.places import kind_at
from web.catalogues import Language
from web.texts import _, say

#: What people write where the official name is also a man's.
_COMMON: Final = {"Hồ Chí Minh": "TP.HCM"}
#: Kinds of provinces, with their names.
_KINDS: Final = {
    "tỉnh": _("%(name)s province"), "thành phố": _("%(name)s city"), "đặc khu": _("%(name)s special zone"),
}  # fmt: skip
#: Letters that a tile of the map has room for.
_TILE: Final = 7


def common_name(name: str) -> str:
    """Return the name of a province as lists show it."""
    return _COMMON.get(name, name)


@cache
def short_name(name: str) -> str:
    """Return a name that fits into a tile: `T.Nguyên` for Thái Nguyên, as headlines write it."""
    shown = common_name(name)
    first, *rest = shown.replace(" - ", " ").split()
    if len(shown) <= _TILE or not rest:
        return shown
    initials = ".".join(word[0] for word in (first, *rest[:-1]))
    return f"{initials}.{rest[-1]}"


def province(article: Article, language: Language) -> str:
    """Return an article's own province: `Tỉnh Phú Yên, nay thuộc tỉnh Đắk Lắk`, `Huế city`; `""` if unknown."""
    then, now = article.province, article.province_now
    text = _named(then, article.date.value, language)
    if now and now != then:
        text = say(language, "%(then)s, today part of %(now)s", then=text, now=_named(now, "", language))
    return text[:1].upper() + text[1:]


def _named(name: str, when: str, language: Language) -> str:
    """Return a name with its kind as of a date, today's without one."""
    kind = _KINDS.get(kind_at(name, when))
    return say(language, kind, name=name) if kind else name
