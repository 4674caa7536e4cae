"""Say which province an article is from, which others it names, and why.

A score is a sum of signs: an office of the province (`Sở Ngoại vụ tỉnh Phú Yên`), the header of the page,
title, lead, counts.  A province that only stands in lists of four and more is a mention, never the own one.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from math import inf
from typing import Final

from index.places.districts import find_districts
from index.places.gazetteer import is_former
from index.places.given import given_provinces
from index.places.mentions import Mention, find_mentions
from search.article import ArticleDate, PlaceEvidence
from search.places import all_names, name_as_of, period, province_named, province_now, units_named
from search.text import fold_text

#: Weights, set on the seeds and on 60 pages and articles read by hand (tests/quality/own_province.jsonl).
HEADER: Final = 4.0
HOST: Final = 4.0
PUBLISHER: Final = 4.0
TITLE: Final = 3.0
FIRST: Final = 1.5
LEAD: Final = 0.5
LOCATED: Final = 0.75
OFFICE: Final = 1.5
#: An office that is named in passing, outside title and first sentence: an example, a reply.
PASSING_OFFICE: Final = 0.5
MENTION: Final = 1.0
DISTRICT: Final = 0.5
ORIGIN: Final = 0.3
#: What stands in the first lines of the running text; crawled articles often have a single long paragraph.
LEAD_CHARS: Final = 700
#: The first sentence is at least so long: a dateline's full stop is none.
LEAST_SENTENCE: Final = 40
_SENTENCE_END: Final = re.compile(r"(?<!TP)(?<!Tp)(?<!TX)(?<!H)(?<!Q)[.!?…]\s")
#: Below this a province is named in passing, be it in the lead.
ENOUGH: Final = 2.25
#: ... and so it is with more, if it is named twice at most and not where the story begins.
OFTEN: Final = 3
ENOUGH_IN_PASSING: Final = 3.25
#: A story about the whole country, or from abroad, has an own province only if much speaks for it.
NATIONAL: Final = 1.5
NATIONAL_CUES: Final = re.compile(
    r"(?<!\w)(?:Quốc hội|Chính phủ|Thủ tướng|Phó Thủ tướng|Chủ tịch nước|Bộ trưởng|Thứ trưởng|Người phát ngôn"
    r"|Bộ Ngoại giao|[Cc]ả nước|[Tt]oàn quốc|Tổng thống|Ngoại trưởng|Liên Hợp Quốc|Liên hợp quốc|ASEAN|APEC)(?!\w)"
)
#: In the name of an office: it is none of the province, wherever it meets.
_NATIONAL_OFFICE: Final = re.compile(
    r"(?<!\w)(?:Chính phủ|Quốc hội|Trung ương|Quốc gia|Nhà nước|Việt Nam)(?!\w)", re.IGNORECASE
)
#: A header that is the bare name of a province is an entry of a menu.
NAMES_PUBLISHER: Final = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|tp|sở|ubnd|ủy ban|uỷ ban|báo|đài|cổng|trang|ban|hội|liên|cục|công an|trường)(?!\w)",
    re.IGNORECASE,
)
#: Longer lines are no headers, no imprint.
MAX_HEADER: Final = 120
MAX_IMPRINT: Final = 200
IMPRINT_WEIGHT: Final = 3.0
#: Lines at the foot of a portal that name whose it is.
IMPRINT: Final = re.compile(
    r"trang\s+(?:thông\s+tin|tin)\s+điện\s+tử|cổng\s+thông\s+tin|cơ\s+quan\s+chủ\s+quản|đơn\s+vị\s+chủ\s+quản|bản\s+quyền"
    r"|giấy\s+phép|gp\s+số|©|copyright|chịu\s+trách\s+nhiệm",
    re.IGNORECASE,
)
#: National papers have their licence and their seat here, so an imprint says nothing of their articles.
PRESS_TOWNS: Final = frozenset({"Hà Nội", "Hồ Chí Minh"})
#: Parts of host names that name no place.
_SUFFIXES: Final = frozenset({"vn", "gov", "com", "org", "net", "edu", "www"})
#: A score of this sum is shown as one half.
HALF: Final = 3.0


@dataclass(frozen=True, slots=True)
class PlaceInput:
    """What may tell where an article is from; all texts normalised, lines without breaks.

    `head` are header lines of the page and lines beside the article, `captions` indexes into `body`, `imprint`
    lines of the page that are not the article's (of which only those that name the publisher count), `host` the
    host name or URL of the page, `given` the province of the input record.
    """

    title: str = ""
    head: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    captions: tuple[int, ...] = ()
    imprint: tuple[str, ...] = ()
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
    """What speaks for one province, while it is being collected; the n-th sign of a kind weighs its n-th part."""

    weight: float = 0.0
    count: int = 0
    signs: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def needed(self) -> float:
        """Return the weight that makes the province the own one.

        It takes more if nothing but the running text names it, twice at most and not where the story begins, and it
        takes two mentions unless title, first sentence or page name it.
        """
        if self.counts.keys() & {"title", "header", "imprint", "publisher", "host"}:
            return ENOUGH
        mentions = self.counts["mention"] + self.counts["district"] / 2
        if "first" in self.counts or (mentions > 1 and "located" in self.counts) or mentions >= OFTEN:
            return ENOUGH
        return ENOUGH_IN_PASSING if mentions > 1 else inf

    def add(self, kind: str, weight: float, sign: str = "") -> None:
        """Add a sign of a kind (`lead`, `office`), with the words that show it."""
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
    for place, text, first, lead in _texts(article):
        for mention in find_mentions(text):
            named.setdefault(_mention_name(mention.name, when))
            _weigh(_case(cases, mention.name, when), mention, _place(mention, place, first, lead), text)
        for mention in find_districts(text):
            _weigh(_case(cases, mention.name, when), mention, _place(mention, place, first, lead), text, district=True)
    stated = given_provinces(article.given)
    given = stated[0] if stated else None
    own = given or _own(cases, _is_national(article))
    names = tuple(dict.fromkeys([own, *stated, *named] if own else named))
    if "Thừa Thiên Huế" in names and own != "Huế":
        names = tuple(name for name in names if name != "Huế")
    return Places(own, province_now(own), names, _evidence(cases, names, given, when))


def _case(cases: dict[str, _Case], name: str, when: str) -> _Case:
    name = name_as_of(name, when)
    if name not in cases:
        cases[name] = _Case()
    return cases[name]


def _mention_name(name: str, when: str) -> str:
    """Return a name as the article writes it, but for one that did not exist yet (`Huế` in 2020)."""
    days = period(when)
    return name_as_of(name, when) if days and units_named(name)[0].valid_from > days[1] else name


def _texts(article: PlaceInput) -> Iterator[tuple[str, str, int, int]]:
    """Yield (place, text, ends of its first sentence and of the lead) for title, captions and paragraphs."""
    yield "title", article.title, 0, 0
    left, first = LEAD_CHARS, True
    for index, paragraph in enumerate(article.body):
        if index in article.captions:
            yield "caption", paragraph, 0, 0
        else:
            end = _SENTENCE_END.search(paragraph, LEAST_SENTENCE) if first else None
            yield "body", paragraph, (end.start() if end else len(paragraph)) if first else 0, left
            left, first = max(0, left - len(paragraph)), False


def _place(mention: Mention, place: str, first: int, lead: int) -> str:
    return "first" if mention.start < first else "lead" if mention.start < lead else place


def _surroundings(article: PlaceInput) -> Iterator[tuple[str, float, str, str]]:
    """Yield (kind, weight, name, sign) for what the page around the article says of its home."""
    for line in article.head:
        if len(line) <= MAX_HEADER:
            for mention in find_mentions(line):
                if not mention.listed and (mention.office or NAMES_PUBLISHER.search(line[: mention.start])):
                    yield "header", HEADER, mention.name, line
    for line in article.imprint:
        if len(line) <= MAX_IMPRINT and IMPRINT.search(line):
            for mention in find_mentions(line):
                if not mention.listed and mention.name not in PRESS_TOWNS:
                    yield "imprint", IMPRINT_WEIGHT, mention.name, line
    for mention in find_mentions(article.publisher):
        yield "publisher", PUBLISHER, mention.name, article.publisher
    home = host_province(article.host)
    if home:
        yield "host", HOST, home, article.host


def _weigh(case: _Case, mention: Mention, place: str, text: str, district: bool = False) -> None:
    """Add what one mention, or the mention of one of its districts, says for a province."""
    case.count += not district
    if mention.listed or mention.within:
        return
    office = "" if _NATIONAL_OFFICE.search(mention.office) else mention.office
    if mention.origin and not office:
        case.add("origin", ORIGIN)
        return
    words = text[mention.start : mention.end]
    if place == "title":
        case.add("title", TITLE, "tiêu đề: " + words)
    elif place == "first":
        case.add("first", FIRST, "câu đầu: " + words)
    elif place == "lead":
        case.add("lead", LEAD)
    if mention.located and place in ("first", "lead"):
        case.add("located", LOCATED)
    if office:
        sign = text[mention.start - len(office) - 1 : mention.end].strip()
        case.add("office", OFFICE if place in ("title", "first") else PASSING_OFFICE, sign)
    if district:
        case.add("district", MENTION if place in ("title", "first", "lead") else DISTRICT, words)
    else:
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


def _is_national(article: PlaceInput) -> bool:
    """Say whether title or first sentence are about the whole country, its government, or other countries."""
    beginning = next((text[:first] for place, text, first, _ in _texts(article) if place == "body"), "")
    return bool(NATIONAL_CUES.search(article.title) or NATIONAL_CUES.search(beginning))


def _own(cases: dict[str, _Case], national: bool) -> str:
    """Return the province with the most weight, if that is enough to be more than named in passing."""
    if not cases:
        return ""
    name = max(cases, key=lambda key: cases[key].weight)
    return name if cases[name].weight >= cases[name].needed + (NATIONAL if national else 0) else ""


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
