"""What stands around a country's name: words before it that make it one, or a person's name, a street, a language."""

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import Final

from index.decode.syllables import is_syllable
from index.places.country_names import word_list

_WORD_BEFORE: Final = re.compile(r"(?<!\w)[^\W\d_]+\Z")
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


def phrase_before(text: str, start: int, *cues: str) -> str:
    """Return the phrase that stands right before a name, of the first table of cues that has one, or `""`."""
    if text[start - 1 : start] not in (" ", "\u00a0"):
        return ""
    phrases = _phrases(text[max(0, start - REACH) : start])
    return next((phrases[table] for table in cues if table in phrases), "") if phrases else ""


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
        for phrase in word_list(table):
            found[phrase].append(table)
    return found


def is_strong(text: str, start: int) -> bool:
    """Say whether the word right before makes a name a country."""
    return bool(phrase_before(text, start, "strong", "offices"))


def is_called_before(text: str, start: int) -> bool:
    """Say whether the word before a name makes it a person's or a street's; `đàn ông` and `nước bạn` do not."""
    phrase = phrase_before(text, start, "not_before")
    if not phrase or len(phrase_before(text, start, "strong")) > len(phrase):
        return False
    earlier = text[max(0, start - REACH) : start - 1 - len(phrase)].lower().split()
    return not earlier or earlier[-1] not in word_list("unless")


def is_called(text: str, name: str) -> bool:
    """Say whether somebody in the text is called so: `chị Nga`, `Phương Nga`."""
    for found in re.finditer(rf" {re.escape(name)}(?!\w)", text):
        before = _WORD_BEFORE.search(text, max(0, found.start() - REACH), found.start())
        word = before.group() if before else ""
        if word.lower() in ("ông", "bà", "anh", "chị", "em", "cô", "bé", "cháu"):
            return True
        if word[:1].isupper() and not word.isupper() and is_syllable(word) and word.lower() not in word_list("strong"):
            return True
    return False


def is_language(text: str, start: int) -> bool:
    """Say whether a language is named: `tiếng Anh`."""
    before = text[max(0, start - LIST_REACH) : start].lower()
    return ("tiếng" in before or "ngôn ngữ" in before) and _LANGUAGES.search(before) is not None


def sign_of(text: str, start: int, end: int) -> str:
    """Return a name with the word that shows it: `Tổng thống Mỹ`."""
    cue = phrase_before(text, start, "offices", "strong")
    return text[start - len(cue) - 1 if cue else start : end]
