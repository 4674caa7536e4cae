"""Read the provinces that a record gives: a name, several, or an address that ends in one."""

import re
from typing import Final

from index.places.mentions import find_mentions
from search.places import province_named

_PARTS: Final = re.compile(r"[\n;,|/]|\s[-–>]\s|\s→\s")
#: A part that begins so is a smaller unit, even where it bears the name of a province (`thị xã Sơn Tây`).
_SMALLER: Final = re.compile(
    r"(?:huyện|quận|thị xã|thị trấn|xã|phường|thôn|ấp|khu phố|đường|phố|số|h\.|q\.|tx\.?|tt\.?|p\.)\s", re.IGNORECASE)
#: English words around a name.
_ENGLISH: Final = re.compile(r"\s+(?:province|city)$|^(?:province of|city of)\s+", re.IGNORECASE)
#: A longer line is no address.
_MAX_LINE: Final = 200


def given_provinces(text: str) -> tuple[str, ...]:
    """Return the provinces that the field names, the article's own first.

    `Hà Nội, Thanh Hóa` and the lines of a list are several; in an address (`Huyện Hướng Hóa, tỉnh Quảng Trị`, `Quảng
    Trị, Việt Nam`) the last part that is a province is the one.
    """
    found: dict[str, None] = {}
    for line in text.split("\n"):
        found.update(dict.fromkeys(_of_line(line)))
    return tuple(found)


def _of_line(line: str) -> tuple[str, ...]:
    whole = _named(line)
    if whole:
        return (whole,)
    parts = [part.strip() for part in _PARTS.split(line) if part.strip()]
    names = [None if _SMALLER.match(part) else _named(part) for part in parts]
    others = [part for part, name in zip(parts, names, strict=True) if not name and not _is_country(part)]
    known = [name for name in names if name]
    if not known and len(line) <= _MAX_LINE:
        known = [mention.name for mention in find_mentions(line) if not mention.listed]
    return tuple(known) if not others else tuple(known[-1:])


def _named(part: str) -> str | None:
    return province_named(_ENGLISH.sub("", part.strip(" .")))


def _is_country(part: str) -> bool:
    return "".join(part.lower().split()).strip(".") in ("việtnam", "vietnam", "viếtnam", "vn")
