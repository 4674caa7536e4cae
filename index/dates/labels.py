"""Lines that tell when an article was published: `Đăng ngày: 31/12/2023`, `Thứ Sáu, 29/12/2023, 14:05`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from index.dates.parse import DateMention, full_days, parse_dates
from index.dates.patterns import WEEKDAY

#: Labels of a publication date, as NukeViet, Liferay, SharePoint and the newspapers print them.
PUBLISHED: Final = re.compile(
    r"(?:(?:đăng|phát\s+hành|gửi|viết|tạo)\s+(?:ngày|lúc|vào|tin)|được\s+(?:đăng|viết|gửi|tạo)|submitted|created(?:\s+on)?"
    r"|ngày\s+(?:đăng(?:\s+tin)?|xuất\s+bản|phát\s+hành|đưa\s+tin|tạo|viết)"
    r"|xuất\s+bản(?:\s+(?:ngày|lúc))?|thời\s+gian\s+đăng|đăng\s+bởi|post(?:ed)?(?:\s+on)?|publish(?:ed)?(?:\s+on)?)"
    r"\s*(?:tin|lúc|ngày|vào)?\s*[:\-–]?",
    re.IGNORECASE,
)
UPDATED: Final = re.compile(
    r"(?:(?:lần\s+)?cập\s+nhật(?:\s+(?:lần\s+cuối|cuối(?:\s+cùng)?|lúc|ngày|mới\s+nhất))?|ngày\s+cập\s+nhật|sửa\s+lần\s+cuối|last\s+updated?)\s*[:\-–]?",
    re.IGNORECASE,
)
#: Labels of dates that are not the article's: when a licence was granted, what day the page was opened.
FOREIGN: Final = re.compile(
    r"giấy\s+phép|thời\s+gian|gp\s+số|hiệu\s+lực|ban\s+hành|hôm\s+nay\s+là|truy\s+cập|hết\s+hạn|thành\s+lập|copyright|©|bản\s+quyền|sinh\s+ngày",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    r"\d{1,2}\s?(?::|h|giờ)\s?\d{1,2}(?:\s?(?::|phút|')\s?\d{0,2})?(?:\s?[ap]\.?m\.?|\s?sa|\s?ch)?(?!\w)", re.IGNORECASE
)
_WORDS: Final = (
    rf"{WEEKDAY}|\(?(?:GMT|UTC)\s?[+-]?\s?\d{{0,2}}(?::?00)?\)?|(?<!\w)(?:ngày|lúc|vào|giờ|phút|date|[ap]m)(?!\w)"
    r"|(?:số\s+)?lượt\s+(?:xem|đọc)|đã\s+xem"
)
#: Who put the text there: `bởi admin`, `by Thu Hà`.
_BY: Final = re.compile(
    r"(?<!\w)(?:(?:(?:được\s+)?(?:viết|đăng|gửi)\s+)?bởi|by)\s+[^|,\d]{2,40}?(?=\s[-–|]|\son\s|\svào\s|\slúc\s|,|$)",
    re.IGNORECASE,
)
_CALENDAR_WORDS: Final = re.compile(_WORDS, re.IGNORECASE)
_DECORATION: Final = re.compile(rf"{_WORDS}|\W|\d|_", re.IGNORECASE)
#: `Bến Tre, ngày 30/4/2022`: where and when a text was signed.
_PLACE_AND_DAY: Final = re.compile(r"[^\W\d_]\w+\.?(?:[ -]{1,3}[^\W\d_][\w.]*){0,4}\s*,\s*(?:ngày\s*)?", re.IGNORECASE)
_WEEKDAY: Final = re.compile(WEEKDAY, re.IGNORECASE)
#: A section or a source may share the line with the date; a sentence may not.
MAX_COMPANY, MAX_LINE = 45, 120


@dataclass(frozen=True, slots=True)
class Dateline:
    """A line that shows a date of publication; the higher `rank`, the surer it is the article's own.

    4 a publication label, 3 a clock beside it, 2 nothing but the date, 1 in company of a few words
    or labelled as an update.
    """

    mention: DateMention
    rank: int
    line: str

    @property
    def labelled(self) -> bool:
        """Say whether the line itself says that this is when the article was published."""
        return self.rank >= 3

    @property
    def weekday(self) -> bool:
        """Say whether the line names the weekday and has no label: in a banner it is the day of the visit."""
        return self.rank <= 3 and bool(_WEEKDAY.search(self.line))

    @property
    def calendar(self) -> bool:
        """Say whether the line may be the calendar of a banner: weekday and day, no clock."""
        return self.rank <= 2 and bool(_WEEKDAY.search(self.line))


def find_dateline(lines: Sequence[str]) -> Dateline | None:
    """Return the best dateline among short `lines`; of equal ones the latest day.

    The days of documents that an article brings (signed, in force) are not after its own.
    """
    found = [shown for line in lines if (shown := dateline(line))]
    return max(found, key=lambda shown: (shown.rank, not shown.calendar, shown.mention.value), default=None)


def is_dateline(line: str, repeated: bool = False) -> bool:
    """Say whether a block is a line that dates an article.

    A site repeats such lines (digits folded) on every page; but a weekday and day without a clock that
    repeats is the calendar of the site's banner.
    """
    found = dateline(line)
    return found is not None and not (repeated and found.calendar)


def company(line: str) -> str:
    """Return what a dateline holds beside its date, clock and labels: a name, a section; `""` if nothing or none."""
    found = dateline(line)
    if found is None:
        return ""
    before, after = line[: found.mention.start], line[found.mention.end :]
    rest = " ".join(_CLOCK.sub(" ", UPDATED.sub(" ", PUBLISHED.sub(" ", part))) for part in (before, after))
    return re.sub(r"\s+", " ", _CALENDAR_WORDS.sub(" ", rest)).strip(" -–|·•,:")


def dateline(line: str) -> Dateline | None:
    """Return the publication date that a line shows; None for sentences and for other kinds of date."""
    if len(line) > MAX_LINE:
        return None
    for label, rank in ((PUBLISHED, 4), (UPDATED, 1)):
        match = label.search(line)
        mention = next(full_days(line[match.end() :]), None) if match else None
        if mention and _only_decoration(_BY.sub(" ", line[match.end() :][: mention.start]) if match else ""):
            shift = match.end() if match else 0
            return Dateline(replace(mention, start=mention.start + shift, end=mention.end + shift), rank, line)
    if FOREIGN.search(line):
        return None
    mentions = parse_dates(line)
    if len(mentions) != 1 or mentions[0].precision != "day" or mentions[0].law or mentions[0].until:
        return None
    return _bare_dateline(line, mentions[0])


def _bare_dateline(line: str, mention: DateMention) -> Dateline | None:
    before, after = (_BY.sub(" ", part) for part in (line[: mention.start], line[mention.end :]))
    clock = bool(_CLOCK.search(before) or _CLOCK.search(after))
    rest = f"{_strip(before)} {_strip(after)}".strip()
    if not rest:
        return Dateline(mention, 3 if clock else 2, line)
    if not _strip(after) and _PLACE_AND_DAY.fullmatch(before):
        return Dateline(mention, 3 if clock else 2, line)
    alone_at_an_end = not _strip(before) or not _strip(after)
    signs = _CALENDAR_WORDS.sub("", before).rstrip(" ,")[-1:] + after.lstrip()[:1]
    parted = clock or any(sign in "|-–•·" for sign in signs)
    if alone_at_an_end and parted and len(rest) <= MAX_COMPANY and not line.rstrip().endswith((".", ";", ":")):
        return Dateline(mention, 3 if clock else 1, line)
    return None


def _only_decoration(between: str) -> bool:
    return len(_strip(between)) <= 1


def _strip(text: str) -> str:
    """Return what is left of a part of a dateline without weekday, clock, zone, counters and signs."""
    return re.sub(r"\s+", " ", _DECORATION.sub(" ", _CLOCK.sub(" ", text))).strip()
