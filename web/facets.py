"""Facet counts as the page lists them: exact numbers, each with the address that adds or removes it.

Counts are by province as of the article's date; the list rolls them up to the provinces of today, so that
Phú Yên (until June 2025) stands under Đắk Lắk and both can be chosen at once.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from search.engines.port import FacetCounts
from search.places import province_now
from search.results.rendering import UNKNOWN
from search.text import fold_text
from web.dates import month_name
from web.language import Language
from web.links import State
from web.texts import TEXTS, say

#: Values shown before the rest folds away.
SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a facet: `share` is its percentage of the facet's greatest count, `note` a small remark."""

    label: str
    count: int
    url: str
    chosen: bool = False
    share: int = 0
    note: str = ""
    children: tuple["Choice", ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """The lines that are always shown, and the rest."""

    shown: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Active:
    """A filter that is on, and the address without it."""

    label: str
    url: str


def date_facet(counts: FacetCounts, state: State, language: Language) -> Facet:
    """Return the years, newest first; a chosen year has its months under it."""
    chosen = state.get("year")
    listed = {**({_number(chosen): 0} if chosen else {}), **counts.years}
    greatest = max(counts.years.values(), default=1)
    years = []
    for year, count in sorted(listed.items(), reverse=True):
        value = str(year or UNKNOWN)
        if count or value == chosen:
            years.append(
                Choice(
                    label=say(language, "unknown_date") if value == UNKNOWN else value,
                    count=count,
                    url=state.url(year="" if value == chosen else value, month=""),
                    chosen=value == chosen,
                    share=_share(count, greatest),
                    children=_months(counts, year, state, language) if value == chosen else (),
                )
            )
    return _folded(years)


def _number(value: str) -> int:
    """Return a year or month as the counts have it: 0 for `unknown`."""
    return 0 if value == UNKNOWN else int(value)


def _months(counts: FacetCounts, year: int, state: State, language: Language) -> tuple[Choice, ...]:
    chosen = state.get("month")
    found = {month: count for (of, month), count in counts.months.items() if of == year and count}
    greatest = max(found.values(), default=1)
    lines = []
    for month, count in sorted(found.items(), key=lambda entry: entry[0] or 99):
        value = str(month or UNKNOWN)
        lines.append(
            Choice(
                label=_month(value, language),
                count=count,
                url=state.url(month="" if value == chosen else value),
                chosen=value == chosen,
                share=_share(count, greatest),
            )
        )
    return tuple(lines)


def _month(value: str, language: Language) -> str:
    return say(language, "unknown_month") if value == UNKNOWN else month_name(int(value), language)


def named_facet(name: str, counts: Mapping[str, int], state: State, language: Language) -> Facet:
    """Return the values of a facet by count: `source`, `section`, `kind` or `author`; nothing if none is known."""
    chosen = state.all(name)
    listed = {**dict.fromkeys(chosen, 0), **{value or UNKNOWN: count for value, count in counts.items()}}
    if not chosen and listed.keys() <= {UNKNOWN}:
        return Facet(())
    greatest = max(counts.values(), default=1)
    lines = [
        Choice(
            _label(name, value, language), count, state.toggled(name, [value]), value in chosen, _share(count, greatest)
        )
        for value, count in listed.items()
        if count or value in chosen
    ]
    return _folded(sorted(lines, key=lambda line: (not line.chosen, -line.count, fold_text(line.label))))


def _label(name: str, value: str, language: Language) -> str:
    """Return a value of a facet in words."""
    if value == UNKNOWN:
        return say(language, "unknown")
    return say(language, f"kind.{value}") if name == "kind" and f"kind.{value}" in TEXTS else value


def province_facet(counts: Mapping[str, int], state: State, language: Language) -> Facet:
    """Return the provinces of today by count, those of former times under them; chosen ones come first."""
    listed = {**dict.fromkeys(state.all("province"), 0), **{name or UNKNOWN: count for name, count in counts.items()}}
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for name, count in listed.items():
        if count or name in state.all("province"):
            groups[province_now(name) or name][name] = count
    greatest = max((sum(members.values()) for members in groups.values()), default=1)
    lines = [_province(now, members, state, language, greatest) for now, members in groups.items()]
    return _folded(sorted(lines, key=lambda line: (not _any_chosen(line), -line.count, fold_text(line.label))))


def _province(now: str, members: Mapping[str, int], state: State, language: Language, greatest: int) -> Choice:
    total = sum(members.values())
    if len(members) == 1:
        name = next(iter(members))
        note = say(language, "part_of", now=now) if name != now else ""
        return _named(_label("province", name, language), name, total, state, greatest, note)
    chosen = state.all("province")
    names = sorted(members, key=lambda name: (name != now, -members[name]))
    return Choice(
        label=say(language, "with_former", now=now),
        count=total,
        url=state.toggled("province", names),
        chosen=all(name in chosen for name in names),
        share=_share(total, greatest),
        children=tuple(_named(name, name, members[name], state, greatest) for name in names),
    )


def _named(label: str, name: str, count: int, state: State, greatest: int, note: str = "") -> Choice:
    return Choice(
        label, count, state.toggled("province", [name]), name in state.all("province"), _share(count, greatest), note
    )


def _any_chosen(line: Choice) -> bool:
    return line.chosen or any(child.chosen for child in line.children)


def _folded(lines: list[Choice]) -> Facet:
    """Fold the tail away, unless that hides one line only or a chosen one."""
    last_chosen = max((i for i, line in enumerate(lines) if _any_chosen(line)), default=-1)
    cut = max(SHOWN, last_chosen + 1)
    if len(lines) <= cut + 1:
        return Facet(tuple(lines))
    return Facet(tuple(lines[:cut]), tuple(lines[cut:]))


def _share(count: int, greatest: int) -> int:
    return max(1, round(100 * count / greatest)) if count and greatest else 0


def _active_label(name: str, value: str, language: Language) -> str:
    label = _label(name, value, language)
    return f"{say(language, f'facet.{name}')}: {label}" if value == UNKNOWN else label


def active_filters(state: State, language: Language) -> list[Active]:
    """Return every filter that is on, in the order of the page."""
    found = [
        Active(_active_label(name, value, language), state.toggled(name, [value]))
        for name in ("province", "source", "section", "kind", "author")
        for value in state.all(name)
    ]
    if year := state.get("year"):
        label = say(language, "unknown_date") if year == UNKNOWN else say(language, "year", n=year)
        found.append(Active(label, state.url(year="", month="")))
    if month := state.get("month"):
        found.append(Active(_month(month, language), state.url(month="")))
    if state.get("from"):
        found.append(Active(say(language, "since", day=state.get("from")), state.url(from_="")))
    if state.get("to"):
        found.append(Active(say(language, "until", day=state.get("to")), state.url(to="")))
    if state.get("marks"):
        found.append(Active(say(language, "marks_any"), state.url(marks="")))
    if state.get("strict"):
        found.append(Active(say(language, "strict_on"), state.url(strict="")))
    return found

