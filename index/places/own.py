"""Say which province an article is from, which others it names, and why.

A score is a sum of signs: an office of the province (`Sở Ngoại vụ tỉnh Phú Yên`), the header of the page,
title, lead, counts.  A province that only stands in lists of four and more is a mention, never the own one.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from index.places.gazetteer import is_former
from index.places.mentions import Mention, find_mentions
from search.article import ArticleDate, PlaceEvidence
from search.places import all_names, name_as_of, period, province_named, province_now, units_named
from search.text import fold_text

#: Weights, set on the seeds and on 60 pages and articles read by hand (tests/quality/own_province.jsonl).
HEADER, HOST, PUBLISHER, TITLE, LEAD, OFFICE, MENTION = 4.0, 4.0, 4.0, 3.0, 1.5, 1.5, 1.0
#: Repeated mentions count less and less: the n-th of a kind adds weight / n.
LEAD_PARAGRAPHS: Final = 2
#: Below this a province is named in passing: one mention in the running text.
ENOUGH: Final = 2.5
#: The seats of ministries and newspapers are named in articles from everywhere.
CAPITALS: Final = frozenset({"Hà Nội", "Hồ Chí Minh"})
CAPITAL_ENOUGH: Final = 3.5
#: Longer lines are no headers.
MAX_HEADER: Final = 120
#: Parts of host names that name no place.
_SUFFIXES: Final = frozenset({"vn", "gov", "com", "org", "net", "edu", "www"})
#: A score of this sum is shown as one half.
HALF: Final = 3.0


@dataclass(frozen=True, slots=True)
class PlaceInput:
    """What may tell where an article is from; all texts normalised, lines without breaks.

    `head` are header lines of the page and lines beside the article, `captions` indexes into `body`, `host`
    the host name or URL of the page, `given` the province of the input record.
    """

    title: str = ""
    head: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    captions: tuple[int, ...] = ()
    host: str = ""
    publisher: str = ""
    given: str = ""
    date: ArticleDate = ArticleDate()


@dataclass(frozen=True, slots=True)
class Places:
    """The own province as of the article's date, its name of today, all names (own one first), evidence."""

    own: str = ""
    own_now: str = ""
    names: tuple[str, ...] = ()
    evidence: tuple[PlaceEvidence, ...] = ()


@dataclass(slots=True)
class _Case:
    """What speaks for one province, while it is being collected."""

    weight: float = 0.0
    count: int = 0
    signs: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, weight: float, sign: str = "") -> None:
        """Add a sign; the n-th sign of its kind weighs the n-th part."""
        self.counts[kind] += 1
        self.weight += weight / self.counts[kind]
        if sign and sign not in self.signs:
            self.signs.append(sign)


def find_places(article: PlaceInput) -> Places:
    """Return the own province and the mentions of an article; empty where nothing speaks for any."""
    when = article.date.value
    cases: dict[str, _Case] = {}
    named: dict[str, None] = {}
    for kind, weight, name, sign in _surroundings(article):
        _case(cases, name, when).add(kind, weight, sign)
    for place, text in _texts(article):
        for mention in find_mentions(text):
            named.setdefault(_mention_name(mention.name, when))
            _weigh(_case(cases, mention.name, when), mention, place, text)
    given = province_named(article.given) if article.given else None
    own = given or _own(cases)
    names = tuple(dict.fromkeys([own, *named] if own else named))
    if "Thừa Thiên Huế" in names and own != "Huế":
        names = tuple(name for name in names if name != "Huế")
    return Places(own, province_now(own), names, _evidence(cases, names, given, when))


def _case(cases: dict[str, _Case], name: str, when: str) -> _Case:
    return cases.setdefault(name_as_of(name, when), _Case())


def _mention_name(name: str, when: str) -> str:
    """Return a name as the article writes it, but for one that did not exist yet (`Huế` in 2020)."""
    days = period(when)
    return name_as_of(name, when) if days and units_named(name)[0].valid_from > days[1] else name


def _texts(article: PlaceInput) -> Iterator[tuple[str, str]]:
    yield "title", article.title
    leads = 0
    for index, paragraph in enumerate(article.body):
        if index in article.captions:
            yield "caption", paragraph
        else:
            yield ("lead" if leads < LEAD_PARAGRAPHS else "body"), paragraph
            leads += 1


def _surroundings(article: PlaceInput) -> Iterator[tuple[str, float, str, str]]:
    """Yield (kind, weight, name, sign) for what the page around the article says of its home."""
    for line in article.head:
        if len(line) <= MAX_HEADER:
            yield from (("header", HEADER, mention.name, line) for mention in find_mentions(line) if not mention.listed)
    for mention in find_mentions(article.publisher):
        yield "publisher", PUBLISHER, mention.name, article.publisher
    home = host_province(article.host)
    if home:
        yield "host", HOST, home, article.host


def _weigh(case: _Case, mention: Mention, place: str, text: str) -> None:
    """Add what one mention says for its province."""
    case.count += 1
    if mention.listed:
        return
    sign = text[mention.start - len(mention.office) - 1 : mention.end] if mention.office else ""
    if place == "title":
        case.add("title", TITLE, "tiêu đề: " + text[mention.start : mention.end])
    elif place == "lead":
        case.add("lead", LEAD)
    if mention.office:
        case.add("office", OFFICE, sign.strip())
    case.add("mention", MENTION)


@lru_cache(maxsize=5_000)
def host_province(host: str) -> str:
    """Return the province that a Vietnamese host name names (`ngoaivu.phuyen.gov.vn`, `baonghean.vn`), or `""`."""
    host = host.split("//")[-1].split("/")[0].split(":")[0].lower()
    if not host.endswith(".vn"):
        return ""
    for label in reversed(host.split(".")[:-1]):
        if label in _SUFFIXES:
            continue
        bare = (label, label.removeprefix("bao"), label.removesuffix("tv"))
        name = next(filter(None, map(province_named, bare)), None)
        if name is None and host.endswith(".gov.vn"):
            name = next((home for letters, home in _long_hosts() if label.endswith(letters)), None)
        if name:
            return name
    return ""


@cache
def _long_hosts() -> tuple[tuple[str, str], ...]:
    """Return (letters, name) of the names long enough to be found at the end of `sngvthanhhoa`."""
    letters = ((fold_text(name).replace(" ", "").replace("-", ""), name) for name in all_names() if not is_former(name))
    return tuple((key, name) for key, name in letters if len(key) >= 6)


def _own(cases: dict[str, _Case]) -> str:
    """Return the province with the most weight, if that is enough to be more than named in passing."""
    if not cases:
        return ""
    name = max(cases, key=lambda key: cases[key].weight)
    return name if cases[name].weight >= (CAPITAL_ENOUGH if name in CAPITALS else ENOUGH) else ""


def _evidence(
    cases: dict[str, _Case], names: tuple[str, ...], given: str | None, when: str
) -> tuple[PlaceEvidence, ...]:
    """Return a score in 0..1 and the signs for each name, the best first."""
    found = []
    for name in names:
        case = cases.get(name_as_of(name, when), _Case())
        signs = [*case.signs[:3], *([f"{case.count}×"] if case.count else [])]
        if name == given:
            found.append(PlaceEvidence(name, 1.0, " · ".join(["given", *signs])))
        else:
            found.append(PlaceEvidence(name, round(case.weight / (case.weight + HALF), 3), " · ".join(signs)))
    return tuple(sorted(found, key=lambda item: -item.score))
