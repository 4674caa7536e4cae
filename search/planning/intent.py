"""What the words of a query ask for beyond being in the text: a person, a province, a time.

- Of title and office before a person's name no member needs to have any; they only score.
- A province's own articles score somewhat more than those that mention it.
- A year, or a month or day of one, is in the text, or is when the article appeared; what appeared then scores more.
"""

from dataclasses import dataclass

from search.engines.port import Lift
from search.planning.named_provinces import named_provinces
from search.planning.weights import Weights
from search.query.periods import period
from search.query.persons import offices
from search.query.syntax import Parsed, is_plain
from search.query.tree import Filtered
from search.reading.blanks import Names


@dataclass(frozen=True, slots=True)
class Intent:
    """Places in the query where words begin that no member needs; what scores more; where a period is, and which."""

    offices: frozenset[int] = frozenset()
    lifts: tuple[Lift, ...] = ()
    time: tuple[int, int, Filtered] | None = None


NONE = Intent()


def intent(parsed: Parsed, names: Names, weights: Weights) -> Intent:
    """Return what a query asks for; one with operators asks for nothing but what it says."""
    if not is_plain(parsed):
        return NONE
    words, text = parsed.words, parsed.text
    typed = [text[word.start : word.end] for word in words]
    titles = frozenset(words[place].start for place in offices([word.key for word in words], typed))
    lifts = [Lift(Filtered((province.name,)), weights.own_province) for province in named_provinces(parsed, names)]
    found, time = period(words, text), None
    if found and found.last - found.first < len(words):
        dates = Filtered(date_from=found.days[0], date_to=found.days[1])
        time = words[found.first].start, words[found.last - 1].end, dates
        lifts.append(Lift(dates, weights.own_time))
    return Intent(titles, tuple(lifts), time)
