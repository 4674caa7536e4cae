"""What a province was called at a date, what became of it, what it was made of.

Dates are values as in `ArticleDate.value`: `2023-12-29`, `2023-12`, `2023-Q4`, `2023`, `--12-29` or `""`;
what has no year says nothing about the era.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from search.places.units import Unit, all_units, units_named


@dataclass(frozen=True, slots=True)
class Merger:
    """What became of a unit that is no more: the units it is part of now, the last change and its day."""

    name: str
    into: tuple[str, ...]
    since: date


def period(value: str) -> tuple[date, date] | None:
    """Return the first and last day that a date value may mean, None if it names no year."""
    if not value or value.startswith("--"):
        return None
    year, _, rest = value.partition("-")
    if not rest:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if rest.startswith("Q"):
        first_month = 3 * int(rest[1]) - 2
        return date(int(year), first_month, 1), _month_end(int(year), first_month + 2)
    month, _, day = rest.partition("-")
    if not day:
        return date(int(year), int(month), 1), _month_end(int(year), int(month))
    exact = date(int(year), int(month), int(day[:2]))
    return exact, exact


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@lru_cache(maxsize=5_000)
def name_as_of(name: str, when: str) -> str:
    """Return the name at a date of the unit that holds the area of `name`.

    `Phú Yên` in 2023 is itself, in 2026 `Đắk Lắk`; `Huế` in 2020 is `Thừa Thiên Huế`.  In the year of a
    change known by the year only, the name as given stands.  Where no single unit held the area at the date
    (or the date has no year, or the name is not in the table), the name is returned as it is.
    """
    days = period(when)
    units = units_named(name)
    if days is None or not units or any(unit.in_force(*days) for unit in units):
        return name
    area = min(units, key=lambda unit: _distance(unit, days[0])).area
    holders = {unit.name for unit in all_units() if unit.in_force(*days) and unit.area >= area}
    return holders.pop() if len(holders) == 1 else name


def _distance(unit: Unit, day: date) -> timedelta:
    return max(unit.valid_from - day, day - unit.valid_to, timedelta(0))


@lru_cache(maxsize=1_000)
def provinces_now(name: str) -> tuple[str, ...]:
    """Return those of the 34 units that hold the area of the last unit of this name; empty if unknown."""
    units = units_named(name)
    if not units:
        return ()
    area = units[-1].area
    return tuple(dict.fromkeys(unit.name for unit in all_units() if unit.valid_to == date.max and unit.area & area))


def province_now(name: str) -> str:
    """Return the one of the 34 units that a name belongs to today.

    `Phú Yên` gives `Đắk Lắk`; `""` for a name not in the table or an area that is parted today (`Nghệ Tĩnh`).
    """
    now = provinces_now(name)
    return now[0] if len(now) == 1 else ""


def merged_into(name: str) -> Merger | None:
    """Return what became of a province that no longer exists, None for one of the 34 and unknown names.

    For the sentence 'Phú Yên is part of Đắk Lắk since July 2025': `since` is the first day without it.
    """
    units = units_named(name)
    if not units or units[-1].valid_to == date.max:
        return None
    return Merger(name, provinces_now(name), units[-1].valid_to + timedelta(days=1))


def kind_at(name: str, when: str) -> str:
    """Return `tỉnh`, `thành phố` or `đặc khu` as of a date (the latest kind without a date), `""` if unknown."""
    units, days = units_named(name), period(when)
    in_force = [unit for unit in units if days is None or unit.in_force(*days)]
    return in_force[-1].kind if in_force else ""
