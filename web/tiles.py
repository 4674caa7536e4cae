"""The provinces as a map of tiles: one square each, about where it lies, shaded by the number of articles."""

from collections.abc import Mapping
from functools import cache
from math import isqrt
from pathlib import Path
from typing import Final, NamedTuple

from search.places import name_as_of, province_now
from web.links import State
from web.provinces import common_name, short_name

#: The maps by the number of their provinces, and the day whose provinces each shows; "" is today.
MAPS: Final = {"34": "", "63": "2025-06-30"}
#: Shades from none to darkest.
SHADES: Final = 5


class Tile(NamedTuple):
    """One province: `column` and `row` count from 1, `shade` from 0; no address where there are no articles."""

    name: str
    short: str
    column: int
    row: int
    articles: int
    shade: int
    url: str
    chosen: bool


class TileMap(NamedTuple):
    """The tiles of one map, and the articles with a province that it does not show."""

    key: str
    tiles: list[Tile]
    elsewhere: int


@cache
def places(key: str) -> dict[str, tuple[int, int]]:
    """Return the column and the row of each province of a map."""
    lines = (Path(__file__).parent / "maps" / f"{key}.txt").read_text(encoding="utf-8").splitlines()
    return {
        cell.strip(): (column, row)
        for row, line in enumerate(lines, 1) for column, cell in enumerate(line.split("|"), 1) if cell.strip()
    }  # fmt: skip


def tile_maps(counts: Mapping[str, int], state: State) -> list[TileMap]:
    """Return the maps of today's provinces and of those before the mergers of July 2025."""
    return [_tile_map(key, counts, state) for key in MAPS]


def _tile_map(key: str, counts: Mapping[str, int], state: State) -> TileMap:
    members: dict[str, list[str]] = {}
    elsewhere = 0
    for name, count in counts.items():
        then = name_as_of(name, MAPS[key]) if MAPS[key] else province_now(name)
        if then in places(key):
            members.setdefault(then, []).append(name)
        elif name:
            elsewhere += count
    sums = {name: sum(counts[one] for one in names) for name, names in members.items()}
    greatest = max(sums.values(), default=0)
    slot = state.slot("province")
    tiles = []
    for name, (column, row) in places(key).items():
        names, count = sorted(members.get(name, ())), sums.get(name, 0)
        chosen = bool(names) and all(one in slot.chosen for one in names)
        url = slot.toggled(names) if count else ""
        tiles.append(Tile(
            common_name(name), short_name(name), column, row, count, shade(count, greatest), url, chosen
        ))  # fmt: skip
    return TileMap(key, tiles, elsewhere)


def shade(count: int, greatest: int) -> int:
    """Return how dark a tile is: by the root of its count, so that one large city does not pale all others."""
    return 1 + min(SHADES - 1, isqrt(count * SHADES * SHADES // greatest)) if count else 0
