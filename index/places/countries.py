"""Find the countries that a text names, each with what shows it: `Tổng thống Mỹ`, `Viêng Chăn`, `tỉnh Hủa Phăn`.

Names are matched with their capitals and marks, hyphens and blanks inside them are all one.  A short name that is
also a person's or a common word (`Anh`, `Đức`, `Nga`) counts behind a word that makes it a country, or where the
article has such a place; inside a longer name (`Mỹ Tho`, `Phú Mỹ`) it never does.
"""

import re
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import Final, NamedTuple

from index.decode.syllables import is_syllable
from index.places.country_context import (
    REACH,
    is_called,
    is_called_before,
    is_language,
    is_strong,
    phrase_before,
    sign_of,
)
from index.places.country_names import (
    WORD,
    first_words,
    known_names,
    longer_names,
    names_begun_by,
    paired_names,
    short_names,
    stop_words,
    word_list,
)
from search.article import PlaceEvidence
from search.places import CountryKind
from search.text import fold_text

_NEXT_WORD: Final = re.compile(r"[ \u00a0–,.&-]{0,3}([^\W\d_]+(?:['’][^\W\d_]+)*)")
_HYPHENS: Final = frozenset("-–")
_INSIDE: Final = frozenset((" ", "-", "\u00a0", "–", "", " - ", " – ", ", ", ". ", " & "))
_PAIRED: Final = re.compile(r"\s?[-–]\s?")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?…:\n\"“‘'(•])\s*$|[-–]\s$")
#: What stands between the countries of a row.
_ROW: Final = re.compile(r"\s?(?:,|/|và|hoặc|hay|cùng|với|–|-)\s(?:cả\s)?")
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


def _may_begin(text: str, match: re.Match[str]) -> bool:
    """Say, fast, whether a name may begin with a capitalised word."""
    word = match.group()
    seconds, _ = names_begun_by(word)
    if seconds and ("" in seconds or ((after := _NEXT_WORD.match(text, match.end())) and
                                      fold_text(after.group(1)).lower() in seconds)):
        return True
    if word not in short_names():
        return False
    return text[match.end() : match.end() + 2].strip()[:1] in _HYPHENS or (
        text[max(0, match.start() - 2) : match.start()].strip()[-1:] in _HYPHENS or is_strong(text, match.start())
    )


def find_countries(text: str) -> list[CountryMention]:
    """Return the countries named in NFC `text`, in order; Viet Nam is none of them."""
    found: list[CountryMention] = []
    end = 0
    for match in first_words().finditer(text):
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
    before = deque(WORD.finditer(text, max(0, start - REACH), start), 1)
    longest = max(names_begun_by(first.group())[1], 1)
    after = islice(WORD.finditer(text, start), longest + 2)
    return [_Token(match[0], *match.span()) for match in (*before, *after)]


def _at(tokens: Sequence[_Token], index: int, text: str) -> tuple[int, CountryMention | None]:
    """Return how many tokens a name takes that begins here, and its mention if it is a country; (0, None) if none."""
    exact, loose = known_names()
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
    country = short_names().get(token.text)
    if not country:
        return None
    alone = token.text.lower() in word_list("pair_only") and is_strong(text, token.start)
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    joined = after is not None and _touches(token, after, text) and is_syllable(after.text)
    if not _in_pair(tokens, index, text) and not (alone and not joined):
        return None
    return CountryMention(country, "name", token.start, token.end, sign_of(text, token.start, token.end))


def _in_pair(tokens: Sequence[_Token], index: int, text: str) -> bool:
    """Say whether a hyphen joins a name to another short name of a country, and nothing else touches the two."""
    names = paired_names()
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
    if _stopped(text, first.start, last.end) or is_language(text, first.start):
        return None
    mention = CountryMention(country, kind, first.start, last.end, sign_of(text, first.start, last.end))
    if name in word_list("people"):
        return None if _capital(before) or _capital(after) else mention
    if kind == "capital" and after and after.capital and not is_syllable(after.text):  # Washington Post
        return None
    short = name in word_list("short")
    if not short and name not in word_list("ambiguous"):
        return mention
    if count == 1 and _in_pair(tokens, index, text):
        return mention
    if after and f"{name} {after.text.lower()}" in word_list("compounds"):
        return None
    if is_called_before(text, first.start):
        return None
    if _part_of_name(text, first, before, after):
        return None
    return _short(mention, name, text, before, after) if short else mention


def _stopped(text: str, start: int, end: int) -> bool:
    """Say whether a name is part of a longer one that means something else, or of a car: `458 Italia`."""
    if text[start:end] not in stop_words():
        return False
    if text.startswith("Italia", start) and text[max(0, start - 2) : start - 1].isdigit():
        return True
    return text.startswith(longer_names(), start) or text.endswith(longer_names(), 0, end)


def _short(mention: CountryMention, name: str, text: str, before: _Token | None, after: _Token | None
           ) -> CountryMention | None:
    """Return the mention of a short name: sure behind a strong cue or in brackets, else if the article has one."""
    strong = is_strong(text, mention.start)
    if name in word_list("pair_only") and not strong:
        return None
    if strong or name not in word_list("doubtful") or text[mention.start - 1 : mention.end + 1] == f"({mention.sign})":
        return mention
    opens = before is None and bool(_SENTENCE_START.search(text[: mention.start][-4:]))
    if opens and name in ("anh", "ý", "áo"):
        return None
    return replace(mention, sure=False)


def _capital(token: _Token | None) -> bool:
    return token is not None and token.capital


def _part_of_name(text: str, first: _Token, before: _Token | None, after: _Token | None) -> bool:
    """Say whether a capitalised word that touches a name makes it part of another: `Phú Mỹ`, `Mỹ Tho`, `Nga Sơn`."""
    strong = is_strong(text, first.start)
    if before and before.capital and not before.text.isupper() and not strong:
        return True
    if after and after.capital and is_syllable(after.text) and len(after.text) > 1:
        return not phrase_before(text, first.start, "offices") or not after.text.isascii()
    return False


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
    called = {mention.sign for mention in found if not mention.sure and is_called(text, mention.sign)}
    return [
        mention for mention in found
        if mention.sure or (mention.sign not in called and (mention.country in sure
                                                            or phrase_before(text, mention.start, "weak")))
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
