"""The province of an article in words: what it was then, and what it is part of today."""

from search.article import Article
from search.places import kind_at
from web.language import Language
from web.texts import TEXTS, say


def province(article: Article, language: Language) -> str:
    """Return an article's own province: `Tỉnh Phú Yên, nay thuộc tỉnh Đắk Lắk`, `Huế city`; `""` if unknown."""
    then, now = article.province, article.province_now
    text = _named(then, article.date.value, language)
    if now and now != then:
        text = say(language, "province_then", then=text, now=_named(now, "", language))
    return text[:1].upper() + text[1:]


def _named(name: str, when: str, language: Language) -> str:
    """Return a name with its kind as of a date, today's without one."""
    key = f"place.{kind_at(name, when)}"
    return say(language, key, name=name) if key in TEXTS else name
