"""Find the countries that a text names, each with what shows it: `Tổng thống Mỹ`, `Viêng Chăn`, `tỉnh Hủa Phăn`.

Names are matched with their capitals and marks, hyphens and blanks inside them are all one.  A short name that is
also a person's or a common word (`Anh`, `Đức`, `Nga`) counts behind a word that makes it a country, or where the
article has such a place; inside a longer name (`Mỹ Tho`, `Phú Mỹ`) it never does.
"""

import re
import tomllib
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, islice
from typing import Any, Final, NamedTuple

from index.decode.syllables import is_syllable
from index.places.gazetteer import any_name, tone_styles
from search.article import PlaceEvidence
from search.places import CountryKind, country_spellings
from search.text import fold_text

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_WORD_BEFORE: Final = re.compile(r"(?<!\w)[^\W\d_]+\Z")
_NEXT_WORD: Final = re.compile(r"[ \u00a0–,.&-]{0,3}([^\W\d_]+(?:['’][^\W\d_]+)*)")
_HYPHENS: Final = frozenset("-–")
_INSIDE: Final = frozenset((" ", "-", "\u00a0", "–", "", " - ", " – ", ", ", ". ", " & "))
_PAIRED: Final = re.compile(r"\s?[-–]\s?")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?…:\n\"“‘'(•])\s*$|[-–]\s$")
#: What stands between the countries of a row.
_ROW: Final = re.compile(r"\s?(?:,|/|và|hoặc|hay|cùng|với|–|-)\s(?:cả\s)?")
#: `tiếng Anh`, `sáu thứ tiếng: Anh, Pháp, Nga`: languages, be they named like countries.
_LANGUAGES: Final = re.compile(
    r"(?<!\w)(?:tiếng|ngôn ngữ)\s*:?\s(?:[^\W\d_]+(?:\s[^\W\d_]+)?(?:,|\svà|\shoặc|/)\s?(?:tiếng\s)?){0,8}$",
    re.IGNORECASE,
)
LIST_REACH: Final = 60
#: Words of the longest cue.
LONGEST_CUE: Final = 4
#: How far before a name its cue may begin.
REACH: Final = 24
#: Letters of a place next door that need no marks to be told.
LOOSE_LETTERS: Final = 6
#: A score of so many mentions is shown as one half.
HALF: Final = 2.0


@dataclass(frozen=True, slots=True)
class CountryMention:
    """A country named in a text at code points `start` to `end`; `sign` is the name with the word that shows it."""

    country: str
    kind: CountryKind
    start: int
    end: int
    sign: str
    sure: bool = True


class _Token(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


@cache
def _cues() -> dict[str, Any]:
    return tomllib.loads((files("index.places") / "country_cues.toml").read_text(encoding="utf-8"))


@cache
def _words(name: str) -> frozenset[str]:
    table = _cues()
    return frozenset(table["words"][name] if name in table["words"] else table[name])


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text)).lower()


@cache
def _table() -> tuple[dict[str, tuple[str, CountryKind]], dict[str, tuple[str, CountryKind]]]:
    """Return names by their letters, and places next door by folded letters."""
    exact: dict[str, tuple[str, CountryKind]] = {}
    loose: dict[str, tuple[str, CountryKind]] = {}
    for row in country_spellings():
        for style in tone_styles(row.spelling):
            exact.setdefault(_letters(style), (row.country, row.kind))
        key = fold_text(_letters(row.spelling))
        if row.kind == "province" and len(key) >= LOOSE_LETTERS:
            loose.setdefault(key, (row.country, row.kind))
    return exact, loose


@cache
def _beginnings() -> dict[str, tuple[frozenset[str], int]]:
    """Map the first words of names, folded, to their second words and the number of words of the longest.

    `""` stands for a name of one word.
    """
    seconds: dict[str, set[str]] = defaultdict(set)
    longest: dict[str, int] = defaultdict(int)
    for row in country_spellings():
        first, *rest = [fold_text(word.lower()) for word in _WORD.findall(row.spelling)]
        seconds[first].add(rest[0] if rest else "")
        longest[first] = max(longest[first], len(rest) + 1)
    return {first: (frozenset(words), longest[first]) for first, words in seconds.items()}


@lru_cache(maxsize=10_000)
def _begun(word: str) -> tuple[frozenset[str], int]:
    """Return what `_beginnings` has for a word as it is written."""
    return _beginnings().get(fold_text(word).lower(), (frozenset(), 0))


@cache
def _pairs() -> dict[str, str]:
    return dict(_cues()["pairs"])


@cache
def _first_words() -> re.Pattern[str]:
    """Return the pattern of the words that names begin with, as they are written."""
    words = set(_cues()["pairs"])
    for row in country_spellings():
        for style in tone_styles(row.spelling):
            first = _WORD.search(style)
            if first and first.group()[0].isupper():
                words.add(first.group())
                words |= {fold_text(first.group()).capitalize()} if row.kind == "province" else set()
    return any_name(words)


def _may_begin(text: str, match: re.Match[str]) -> bool:
    """Say, fast, whether a name may begin with a capitalised word."""
    word = match.group()
    seconds, _ = _begun(word)
    if seconds and ("" in seconds or ((after := _NEXT_WORD.match(text, match.end())) and
                                      fold_text(after.group(1)).lower() in seconds)):
        return True
    if word not in _pairs():
        return False
    return text[match.end() : match.end() + 2].strip()[:1] in _HYPHENS or (
        text[max(0, match.start() - 2) : match.start()].strip()[-1:] in _HYPHENS or _strong(text, match.start())
    )


def find_countries(text: str) -> list[CountryMention]:
    """Return the countries named in NFC `text`, in order; Viet Nam is none of them."""
    found: list[CountryMention] = []
    end = 0
    for match in _first_words().finditer(text):
        if match.start() < end or not _may_begin(text, match):
            continue
        tokens = _around(text, match)
        index = 0 if tokens[0].start == match.start() else 1
        count, mention = _at(tokens, index, text)
        if count:
            end = tokens[index + count - 1].end
        if mention:
            found.append(mention)
    return _believed(found, text) if any(not mention.sure for mention in found) else found


def _around(text: str, first: re.Match[str]) -> list[_Token]:
    """Return the word before the first of a name, those that the name may have, and two more."""
    start = first.start()
    before = deque(_WORD.finditer(text, max(0, start - REACH), start), 1)
    longest = max(_begun(first.group())[1], 1)
    after = islice(_WORD.finditer(text, start), longest + 2)
    return [_Token(match.group(), match.start(), match.end()) for match in (*before, *after)]


def _at(tokens: Sequence[_Token], index: int, text: str) -> tuple[int, CountryMention | None]:
    """Return how many tokens a name takes that begins here, and its mention if it is a country; (0, None) if none."""
    exact, loose = _table()
    last = index + _run(tokens, index, text)
    letters = list(accumulate(token.text.lower() for token in tokens[index:last]))
    for count in range(len(letters), 0, -1):
        entry = exact.get(letters[count - 1]) or loose.get(fold_text(letters[count - 1]))
        if entry:
            return count, _judged(tokens, index, count, letters[count - 1], text, *entry)
    return 0, _paired(tokens, index, text)


def _run(tokens: Sequence[_Token], index: int, text: str) -> int:
    """Return how many tokens follow one another with a blank, a hyphen or what else names hold between."""
    count = 1
    while index + count < len(tokens):
        gap = text[tokens[index + count - 1].end : tokens[index + count].start]
        if gap not in _INSIDE:
            break
        count += 1
    return count


def _paired(tokens: Sequence[_Token], index: int, text: str) -> CountryMention | None:
    """Return the country of a short name in a pair or behind an office: `Việt - Trung`, `tổng thống Hàn`."""
    token = tokens[index]
    country = _pairs().get(token.text)
    if not country:
        return None
    alone = token.text.lower() in _words("pair_only") and _strong(text, token.start)
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    joined = after is not None and _touches(token, after, text) and is_syllable(after.text)
    if not _in_pair(tokens, index, text) and not (alone and not joined):
        return None
    return CountryMention(country, "name", token.start, token.end, _sign(text, token.start, token.end))


@cache
def _pair_names() -> frozenset[str]:
    return frozenset({*_cues()["pairs"], "Việt", "Asean", "ASEAN"})


def _in_pair(tokens: Sequence[_Token], index: int, text: str) -> bool:
    """Say whether a hyphen joins a name to another short name of a country, and nothing else touches the two."""
    names = _pair_names()
    for other in (index - 1, index + 1):
        if 0 <= other < len(tokens) and tokens[other].text in names:
            left, right = sorted((index, other))
            if _PAIRED.fullmatch(text[tokens[left].end : tokens[right].start]):
                return not (right + 1 < len(tokens) and _touches(tokens[right], tokens[right + 1], text))
    return False


def _touches(left: _Token, right: _Token, text: str) -> bool:
    return right.capital and text[left.end : right.start] in (" ", "\u00a0")


def _judged(
    tokens: Sequence[_Token], index: int, count: int, name: str, text: str, country: str, kind: CountryKind
) -> CountryMention | None:
    """Return the mention of a name unless what stands around it makes it something else."""
    first, last = tokens[index], tokens[index + count - 1]
    before = tokens[index - 1] if index and text[tokens[index - 1].end : first.start] in (" ", "\u00a0") else None
    after = tokens[index + count] if index + count < len(tokens) else None
    after = after if after and text[last.end : after.start] in (" ", "\u00a0") else None
    if _stopped(text, first.start, last.end) or _is_language(text, first.start):
        return None
    mention = CountryMention(country, kind, first.start, last.end, _sign(text, first.start, last.end))
    if name in _words("people"):
        return None if _capital(before) or _capital(after) else mention
    if kind == "capital" and after and after.capital and not is_syllable(after.text):  # Washington Post
        return None
    short = name in _words("short")
    if not short and name not in _words("ambiguous"):
        return mention
    if count == 1 and _in_pair(tokens, index, text):
        return mention
    if after and f"{name} {after.text.lower()}" in _words("compounds"):
        return None
    if _is_called_before(text, first.start):
        return None
    if _part_of_name(text, first, before, after):
        return None
    return _short(mention, name, text, before, after) if short else mention


def _is_language(text: str, start: int) -> bool:
    before = text[max(0, start - LIST_REACH) : start].lower()
    return ("tiếng" in before or "ngôn ngữ" in before) and _LANGUAGES.search(before) is not None


@cache
def _stop_words() -> frozenset[str]:
    """Return the names that some longer name holds."""
    exact, _ = _table()
    words = {word for stop in _cues()["stop"] for word in (*_WORD.findall(stop), stop.removesuffix(" Dương"))}
    return frozenset(word for word in words if _letters(word) in exact) | {"Italia"}


def _stopped(text: str, start: int, end: int) -> bool:
    """Say whether a name is part of a longer one that means something else, or of a car: `458 Italia`."""
    if text[start:end] not in _stop_words():
        return False
    if text.startswith("Italia", start) and text[max(0, start - 2) : start - 1].isdigit():
        return True
    return any(
        text.startswith(stop, max(0, end - len(stop))) or text.startswith(stop, start) for stop in _cues()["stop"]
    )


def _short(mention: CountryMention, name: str, text: str, before: _Token | None, after: _Token | None
           ) -> CountryMention | None:
    """Return the mention of a short name: sure behind a strong cue or in brackets, else if the article has one."""
    strong = _strong(text, mention.start)
    if name in _words("pair_only") and not strong:
        return None
    if strong or name not in _words("doubtful") or text[mention.start - 1 : mention.end + 1] == f"({mention.sign})":
        return mention
    opens = before is None and bool(_SENTENCE_START.search(text[: mention.start][-4:]))
    if opens and name in ("anh", "ý", "áo"):
        return None
    return replace(mention, sure=False)


def _capital(token: _Token | None) -> bool:
    return token is not None and token.capital


def _part_of_name(text: str, first: _Token, before: _Token | None, after: _Token | None) -> bool:
    """Say whether a capitalised word that touches a name makes it part of another: `Phú Mỹ`, `Mỹ Tho`, `Nga Sơn`."""
    strong = _strong(text, first.start)
    if before and before.capital and not before.text.isupper() and not strong:
        return True
    if after and after.capital and is_syllable(after.text) and len(after.text) > 1:
        return not _phrase_before(text, first.start, "offices") or not after.text.isascii()
    return False


def _phrase_before(text: str, start: int, cues: str) -> str:
    """Return the phrase of a table of cues that stands right before a name, `""` if none does."""
    if text[start - 1 : start] not in (" ", "\u00a0"):
        return ""
    return _phrases(text[max(0, start - REACH) : start]).get(cues, "")


@lru_cache(maxsize=20_000)
def _phrases(before: str) -> dict[str, str]:
    """Return the longest phrase of each table of cues that ends a piece of text."""
    words, found = before.lower().split()[-LONGEST_CUE:], dict[str, str]()
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[-count:]).lstrip("(\"“‘'")
        for table in _tables_of().get(phrase, ()):
            found.setdefault(table, phrase)
    return found


@cache
def _tables_of() -> dict[str, list[str]]:
    """Map each phrase of the cues that stand before names to its tables."""
    found: dict[str, list[str]] = defaultdict(list)
    for table in ("strong", "offices", "not_before", "weak"):
        for phrase in _words(table):
            found[phrase].append(table)
    return found


def _is_called_before(text: str, start: int) -> bool:
    """Say whether the word before a name makes it a person's or a street's; `đàn ông` and `nước bạn` do not."""
    phrase = _phrase_before(text, start, "not_before")
    if not phrase or len(_phrase_before(text, start, "strong")) > len(phrase):
        return False
    earlier = text[max(0, start - REACH) : start - 1 - len(phrase)].lower().split()
    return not earlier or earlier[-1] not in _words("unless")


def _strong(text: str, start: int) -> bool:
    """Say whether the word right before makes a name a country."""
    return bool(_phrase_before(text, start, "strong") or _phrase_before(text, start, "offices"))


def _is_called(text: str, name: str) -> bool:
    """Say whether somebody in the text is called so: `chị Nga`, `Phương Nga`."""
    for found in re.finditer(rf" {re.escape(name)}(?!\w)", text):
        before = _WORD_BEFORE.search(text, max(0, found.start() - REACH), found.start())
        word = before.group() if before else ""
        if word.lower() in ("ông", "bà", "anh", "chị", "em", "cô", "bé", "cháu"):
            return True
        if word[:1].isupper() and not word.isupper() and is_syllable(word) and word.lower() not in _words("strong"):
            return True
    return False


def _sign(text: str, start: int, end: int) -> str:
    """Return a name with the word that shows it: `Tổng thống Mỹ`."""
    cue = _phrase_before(text, start, "offices") or _phrase_before(text, start, "strong")
    return text[start - len(cue) - 1 if cue else start : end]


def _believed(found: list[CountryMention], text: str) -> list[CountryMention]:
    """Drop the doubtful mentions of a country that the text names nowhere for sure, or that people are called.

    One in a row of countries is sure: `Trung Quốc và Nga`.
    """
    forth = range(1, len(found))
    for index, step in (*((index, -1) for index in forth), *((index - 1, 1) for index in reversed(forth))):
        doubtful, beside = found[index], found[index + step]
        left, right = (beside, doubtful) if step < 0 else (doubtful, beside)
        if beside.sure and not doubtful.sure and _ROW.fullmatch(text[left.end : right.start]):
            found[index] = replace(doubtful, sure=True)
    sure = {mention.country for mention in found if mention.sure}
    called = {mention.sign for mention in found if not mention.sure and _is_called(text, mention.sign)}
    return [
        mention for mention in found
        if mention.sure or (mention.sign not in called and (mention.country in sure
                                                            or _phrase_before(text, mention.start, "weak")))
    ]  # fmt: skip


def name_countries(title: str, body: Sequence[str]) -> tuple[PlaceEvidence, ...]:
    """Return the countries that an article names, the most frequent first, with a score in 0..1 and their signs."""
    texts = (title, *body)
    found = find_countries("\n".join(texts))
    counts: dict[str, int] = defaultdict(int)
    signs: dict[str, dict[str, None]] = defaultdict(dict)
    for mention in found:
        counts[mention.country] += 1
        signs[mention.country].setdefault(mention.sign)
    ranked = sorted(counts, key=lambda country: -counts[country])
    return tuple(
        PlaceEvidence(country, round(counts[country] / (counts[country] + HALF), 3),
                      " · ".join([*list(signs[country])[:3], f"{counts[country]}×"]))
        for country in ranked
    )  # fmt: skip
