"""What kind of line a block is, by its look alone: pure predicates that HTML and plain text share."""

import re
from functools import lru_cache
from typing import Final

from index.body.cues import cue
from index.dates import is_dateline
from index.dates.labels import MAX_COMPANY, MAX_LINE, PUBLISHED, UPDATED
from index.page.blocks import Block

#: A block of this many characters that is not mostly links counts as running text.
LONG: Final = 60
#: Less running text than this is a notice or a listing, not an article.
SHORT: Final = 150
#: Above this share of link text a block is navigation.
MOSTLY_LINKS: Final = 0.5

_DATE: Final = re.compile(r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)\d\d\b|"
                         r"\b(?:19|20)\d\d-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?\b")
_WORDY_DATE: Final = re.compile(r"\b\d{1,2}\s+(?:tháng\s+)?\d{1,2},?\s+(?:năm\s+)?(?:19|20)\d\d\b", re.I)
_DATE_WORDS: Final = re.compile(
    r"thứ\s+\w+|chủ\s+nhật|gmt|\d{1,2}\s*[:h]\s*\d{1,2}(?::\d\d)?|ngày|tháng|năm|đăng|lúc|cập\s+nhật|xuất\s+bản|am|pm"
    r"|sáng|chiều|tối|lượt|xem|view|views|giờ|phút|tạo|bởi",
    re.I,
)
#: All but letters, of which a text has fewer runs than letters.
_NO_LETTERS: Final = re.compile(r"[\W\d_]+")


def is_long(block: Block) -> bool:
    """Say whether a block is running text."""
    return len(block.text) >= LONG and block.link_share < MOSTLY_LINKS and not is_date_line(block.text)


@lru_cache(maxsize=20_000)
def is_date_line(text: str) -> bool:
    """Say whether a line is nothing but a date with its labels, times and counters, or a labelled date."""
    if len(text) > MAX_LINE or not any(char.isdigit() for char in text):
        return False
    return dated_by_label(text) or _only_date(text) or is_dateline(text)


def _only_date(text: str) -> bool:
    if len(text) > 90 or not any(char.isdigit() for char in text):
        return False
    return has_date(text) and letters(undated(text)) <= 2


def undated(text: str) -> str:
    """Return a line without its dates, times, and the words of datelines."""
    return _DATE_WORDS.sub(" ", _WORDY_DATE.sub(" ", _DATE.sub(" ", text)))


def dated_by_label(text: str) -> bool:
    """Say whether a line is `Hoạt động Sở - Đăng ngày: 31/12/2023`: a label of publication, then a date."""
    label = PUBLISHED.search(text) or UPDATED.search(text)
    return bool(label and label.start() <= MAX_COMPANY and _DATE.search(text, label.end(), label.end() + 40))


def has_date(text: str) -> bool:
    """Say whether a line holds a full date."""
    return bool(_DATE.search(text) or _WORDY_DATE.search(text))


@lru_cache(maxsize=20_000)
def letters(text: str) -> int:
    """Return the number of letters."""
    return len(text) - sum(map(len, _NO_LETTERS.findall(text)))


def is_cut(block: Block) -> bool:
    """Say whether a block is a heading under which other content begins."""
    return cue(block.text) == "cut"
