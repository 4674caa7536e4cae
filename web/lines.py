"""Facet lines, tiles and bars as HTML, joined here and not by a template: a page has more than a hundred of them.

Addresses are percent-encoded and hold nothing but `&` that HTML minds; every other text is escaped.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from web.catalogues import Language
from web.facets import Choice
from web.texts import count, number, percent
from web.tiles import Tile
from web.timeline import Column, Drawing

_CHOSEN = ' class="chosen" aria-current="true"'


class Words(NamedTuple):
    """What the lines of a page share: its language, and the attributes of Vietnamese and of its own words."""

    language: Language
    vietnamese: Markup
    own: Markup

    @staticmethod
    def of(language: Language) -> "Words":
        """Return the words of a language; Vietnamese is marked as such on pages of another one."""
        foreign = language != "vi"
        return Words(
            language,
            Markup(' lang="vi"') if foreign else Markup(),
            Markup(' lang="{}"').format(language) if foreign else Markup(),
        )


@lru_cache(maxsize=4_000)
def _safe(text: str) -> str:
    return str(escape(text))


@lru_cache(maxsize=5_000)
def _articles(language: Language, n: int) -> str:
    """Return a number of articles in words, escaped."""
    return str(escape(count(language, "%(n)s article", "%(n)s articles", n=n)))


@lru_cache(maxsize=5_000)
def _counted(language: Language, n: int) -> str:
    """Return a number of articles of which only the number is seen."""
    shown = number(language, n)
    parts = _articles(language, n).partition(shown)
    hidden = [f'<span class="visually-hidden">{part}</span>' if part else "" for part in parts]
    return f'<span class="count">{hidden[0]}{parts[1]}{hidden[2]}</span>'


def facet_lines(choices: Iterable[Choice], words: Words) -> Markup:
    """Return the lines of a facet as items of a list, those below a line as a list in it."""
    html = []
    for choice in choices:
        below = "".join([f"<li>{_line(child, words)}</li>" for child in choice.children])
        html.append(f"<li>{_line(choice, words)}{f'<ul>{below}</ul>' if below else ''}</li>\n")
    return Markup("".join(html))


def _line(choice: Choice, words: Words) -> str:
    note = f" <small{words.own}>{_safe(choice.note)}</small>" if choice.note else ""
    return (
        f'<a href="{choice.url.replace("&", "&amp;")}"{_CHOSEN if choice.chosen else ""} rel="nofollow">'
        f'<span class="label"{words.vietnamese if choice.foreign else ""}>{_safe(choice.label)}{note}</span> '
        f"{_counted(words.language, choice.articles)}</a>"
    )


def tile_items(tiles: Iterable[Tile], words: Words) -> Markup:
    """Return the tiles of a map as items of a list; the ones of no article are no links."""
    return Markup("".join([_tile(tile, words) for tile in tiles]))


def _tile(tile: Tile, words: Words) -> str:
    seen = number(words.language, tile.articles)
    name, short = _safe(tile.name), _safe(tile.short)
    if short == name:
        shown = f"<span{words.vietnamese}>{name}</span>"
    else:
        shown = f'<span aria-hidden="true">{short}</span><span class="visually-hidden"{words.vietnamese}>{name}</span>'
    place = f'<li class="c{tile.column} r{tile.row} t{tile.shade}">'
    if not tile.url:
        return f'{place}<span class="none" title="{name}: 0">{shown}</span></li>\n'
    chosen = ' aria-current="true"' if tile.chosen else ""
    url = tile.url.replace("&", "&amp;")
    link = f'<a href="{url}" rel="nofollow" title="{name}: {seen}"{chosen}>{shown} <small>{seen}</small></a>'
    return f"{place}{link}</li>\n"


def columns(drawing: Drawing, words: Words) -> Markup:
    """Return the bars of a drawing as links, and the labels below them, as parts of an SVG."""
    return Markup("".join([_column(column, words, share=drawing.name == "share") for column in drawing.columns]))


def _column(column: Column, words: Words, *, share: bool) -> str:
    bar, x, width = column.bar, column.x, column.width
    tick = ""
    if column.tick:
        middle = f'x="{x + width / 2:.1f}" text-anchor="middle"' if bar.undated else f'x="{x}"'
        tick = f'<text {middle} y="76" aria-hidden="true">{_safe(column.tick)}</text>\n'
    if not (bar.url and (bar.articles or bar.chosen)):
        return tick
    label = _safe(bar.label)
    said = f"{label}: {_articles(words.language, bar.articles)}"
    title = f"{label}: {number(words.language, bar.articles)}"
    if share:
        said += f", {percent(words.language, bar.articles / bar.whole if bar.whole else 0)}"
        title += f" / {number(words.language, bar.whole)}"
    chosen = ' aria-current="true"' if bar.chosen else ""
    inner = f"{width - 1:.1f}"
    return (
        f'<a href="{bar.url.replace("&", "&amp;")}" rel="nofollow" aria-label="{said}"{chosen}><title>{title}</title>'
        f'<path class="area" d="M{x} -12h{width}v92h-{width}z"/>'
        f'<path class="bar{" undated" if bar.undated else ""}" d="M{x + 0.5:.1f} {column.y}h{inner}v{column.height}'
        f'h-{inner}z"/></a>\n{tick}'
    )
