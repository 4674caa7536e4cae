"""Facet counts as the page lists them: exact numbers, each with the address that adds or removes it.

Counts are by province as of the article's date; the list rolls them up to the provinces of today, so that
Phú Yên (until June 2025) stands under Đắk Lắk and both can be chosen at once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from search.engines.facets import NAMED_FACETS, FacetCounts
from search.places import province_now
from search.results.rendering import UNKNOWN
from search.text import fold_text
from web.catalogues import Language
from web.dates import month_name, year_name
from web.links import State
from web.provinces import common_name
from web.texts import FACETS, KINDS, say

#: Values shown before the rest folds away, and of the rest the most frequent ones; others are found by their names.
SHOWN: Final = 6
MOST: Final = 60
#: The facets whose values are words of the interface.
TRANSLATED: Final = frozenset({"kind"})
Line = TypeVar("Line")


class Choice(NamedTuple):
    """One line of a facet; `note` is a small remark, `foreign` says that the label is no word of the interface.

    `unknown` is the line of the articles of which nothing is known.
    """

    label: str
    articles: int
    url: str
    chosen: bool = False
    note: str = ""
    foreign: bool = True
    unknown: bool = False
    children: tuple["Choice", ...] = ()


class Facet(NamedTuple):
    """The lines that are always shown, the rest, and how many are in neither."""

    name: str
    shown: Sequence[Choice]
    more: Sequence[Choice] = ()
    beyond: int = 0


class Active(NamedTuple):
    """A filter that is on, and the address without it."""

    label: str
    url: str


def facet_lists(counts: FacetCounts, state: State, language: Language) -> list[Facet]:
    """Return the facets that are lists of names, in the order of the page."""
    return [
        province_facet(values, state, language) if name == "province" else named_facet(name, values, state, language)
        for name, values in counts.named.items()
    ]


def named_facet(name: str, counts: Mapping[str, int], state: State, language: Language) -> Facet:
    """Return the values of a facet by count, of any facet of names; nothing if none is known."""
    slot = state.slot(name)
    listed = {**dict.fromkeys(slot.chosen, 0), **{value or UNKNOWN: count for value, count in counts.items()}}
    if not slot.chosen and listed.keys() <= {UNKNOWN}:
        return Facet(name, ())

    def line(value: str) -> Choice:
        unknown = value == UNKNOWN
        return Choice(label_of(name, value, language), listed[value], slot.toggled([value]), value in slot.chosen,
                      foreign=not unknown and name not in TRANSLATED, unknown=unknown)  # fmt: skip

    ranked = sorted(listed, key=lambda value: (value == UNKNOWN, value not in slot.chosen, -listed[value], value))
    unknown = [ranked.pop()] if UNKNOWN in listed else []
    shown, more, beyond = _folded(ranked, sum(value in slot.chosen for value in ranked))
    return Facet(name, list(map(line, shown + unknown)), list(map(line, more)), beyond)  # the others need no address


def label_of(name: str, value: str, language: Language) -> str:
    """Return a value of a facet in words."""
    if value == UNKNOWN:
        return say(language, "No other country") if name == "country" else say(language, "Unknown")
    if name == "province":
        return common_name(value)
    return say(language, KINDS[value]) if name == "kind" and value in KINDS else value


def province_facet(counts: Mapping[str, int], state: State, language: Language) -> Facet:
    """Return the provinces of today by count, those of former times under them; chosen ones come first."""
    slot = state.slot("province")
    listed = {**dict.fromkeys(slot.chosen, 0), **{name or UNKNOWN: count for name, count in counts.items()}}
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for name, count in listed.items():
        if count or name in slot.chosen:
            groups[province_now(name) or name][name] = count

    def line(name: str, count: int, now: str) -> Choice:
        note = say(language, "now %(now)s", now=common_name(now)) if name != now else ""
        label, chosen = label_of("province", name, language), name in slot.chosen
        return Choice(label, count, slot.toggled([name]), chosen, note, name != UNKNOWN, name == UNKNOWN)

    lines = []
    for now, members in groups.items():
        if len(members) == 1:
            lines.append(line(next(iter(members)), sum(members.values()), now))
            continue
        names = sorted(members, key=lambda name: (name != now, -members[name]))
        lines.append(Choice(
            say(language, "%(now)s (new)", now=common_name(now)),
            sum(members.values()),
            slot.toggled(names),
            all(name in slot.chosen for name in names),
            children=tuple([line(name, members[name], name) for name in names]),
        ))  # fmt: skip
    lines.sort(key=lambda line: (line.unknown, not _any_chosen(line), -line.articles, fold_text(line.label)))
    unknown = [lines.pop()] if lines and lines[-1].unknown else []
    shown, more, beyond = _folded(lines, sum(map(_any_chosen, lines)))
    return Facet("province", shown + unknown, more, beyond)


def _any_chosen(line: Choice) -> bool:
    return line.chosen or any(child.chosen for child in line.children)


def _folded(lines: list[Line], chosen: int) -> tuple[list[Line], list[Line], int]:
    """Return what is always shown of some lines, what folds away, and how many are in neither.

    The chosen ones come first and are shown; a tail of one line is not hidden.
    """
    cut = max(SHOWN, chosen)
    cut = len(lines) if len(lines) <= cut + 1 else cut
    end = cut + MOST
    return lines[:cut], lines[cut:end], len(lines[end:])


def active_filters(state: State, language: Language) -> list[Active]:
    """Return every filter that is on, in the order of the page, each with the name of what it filters."""
    found = [
        Active(f"{say(language, FACETS[name])}: {label_of(name, value, language)}", slot.toggled([value]))
        for name in NAMED_FACETS if (slot := state.slot(name)).chosen for value in slot.chosen
    ]  # fmt: skip
    if year := state.get("year"):
        label = say(language, "Year unknown") if year == UNKNOWN else year_name(int(year), language)
        found.append(Active(label, state.url(year="", month="")))
    if month := state.get("month"):
        label = say(language, "Month unknown") if month == UNKNOWN else month_name(int(month), language)
        found.append(Active(label, state.url(month="")))
    if day := state.get("from"):
        found.append(Active(say(language, "from %(day)s", day=day), state.url(from_="")))
    if day := state.get("to"):
        found.append(Active(say(language, "until %(day)s", day=day), state.url(to="")))
    if state.get("marks"):
        found.append(Active(say(language, "Other marks as well"), state.url(marks="")))
    if state.get("strict"):
        found.append(Active(say(language, "Searching exactly what was typed"), state.url(strict="")))
    return found
