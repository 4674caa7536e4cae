"""Read a search from named parameters: one reading for page, endpoint, feed and command.

Every parameter is checked before any work starts; the first wrong one raises `ParameterError`, which names it
and says in both languages what would be right.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn, cast

from search.archive.parameter_table import MAX_EXPORT, MAX_PREFIX, MAX_VALUES, PARAMETERS
from search.engines.facets import Filters
from search.engines.port import Sort
from search.errors import BadRequest
from search.places import all_names, country_named, country_names, province_named
from search.query.date_ranges import date_range
from search.results.answer import DEEPEST, Request
from search.results.rendering import UNKNOWN
from search.text import PIPELINE

#: Parameters by name, each with the values given for it: `request.args.to_dict(flat=False)`.
Values = Mapping[str, Sequence[str]]

_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"", "0", "false", "no", "off"})
_DIGITS: Final = re.compile(r"[0-9]{1,9}")


class ParameterError(BadRequest):
    """A wrong parameter; `vi` says it in Vietnamese, `str(error)` in English."""

    def __init__(self, parameter: str, vi: str, en: str) -> None:
        super().__init__(parameter, en)
        self.vi = vi


def parse_search(values: Values) -> Request:
    """Return the search that `values` asks for.  Raises ParameterError."""
    page = _number(values, "page") or 1
    size = _number(values, "size") or 10
    if page * size > DEEPEST:
        raise ParameterError(
            "page",
            f"Chỉ lật được đến kết quả thứ {DEEPEST}; trang {page} × {size} vượt quá. Dùng “after” (giá trị “next” của "
            "câu trả lời JSON) để đi hết.",
            f"Pages end at result {DEEPEST}, and page {page} of {size} lies behind it; the cursor 'after' (the value "
            "of 'next' in a JSON answer) walks on to the end.",
        )
    return Request(
        q=_single(values, "q"),
        filters=_filters(values),
        sort=cast("Sort", _choice(values, "sort") or "relevance"),
        page=page,
        size=size,
        after=_single(values, "after").strip(),
        strict=_flag(values, "strict"),
        loose=_choice(values, "marks") == "any",
        explain=_flag(values, "explain"),
        recency=_flag(values, "recency"),
    )


@dataclass(frozen=True, slots=True)
class Export:
    """What an export asks for: a search or one article, in which format, at most how many."""

    request: Request
    format: str
    id: str
    limit: int


def parse_export(values: Values) -> Export:
    """Return the export that `values` asks for.  Raises ParameterError."""
    limit = _number(values, "most") or MAX_EXPORT
    return Export(parse_search(values), _choice(values, "format") or "csv", _single(values, "id"), limit)


def parse_prefix(values: Values) -> tuple[str, int]:
    """Return the typed text and the number of suggestions wanted.  Raises ParameterError."""
    return _single(values, "q")[:MAX_PREFIX], _number(values, "limit") or 8


def check_names(values: Values, known: Sequence[str]) -> None:
    """Raise ParameterError for a name that is not in `known`: a misspelt filter must not look like no filter."""
    for name in values:
        if name not in known:
            listed = ", ".join(known)
            raise ParameterError(
                name,
                f"Không có tham số “{name}”. Các tham số hợp lệ: {listed}.",
                f"There is no parameter {name!r}; known are: {listed}.",
            )


def _filters(values: Values) -> Filters:
    date_from, date_to = _bound(values, "from", last=False), _bound(values, "to", last=True)
    if date_from and date_to and date_from > date_to:
        raise ParameterError(
            "from",
            "“from” phải là một ngày không muộn hơn “to”.",
            "'from' must not be later than 'to'.",
        )
    return Filters(
        provinces=_values(values, "province", _province),
        year=_or_unknown(values, "year"),
        month=_or_unknown(values, "month"),
        date_from=date_from,
        date_to=date_to,
        sources=_values(values, "source"),
        sections=_values(values, "section"),
        kinds=_values(values, "kind"),
        authors=_values(values, "author"),
        countries=_values(values, "country", _country),
    )


def _or_unknown(values: Values, name: str) -> int | None:
    return 0 if _single(values, name).strip() == UNKNOWN else _number(values, name)


def _values(values: Values, name: str, read: Callable[[str], str] = PIPELINE.normalize) -> tuple[str, ...]:
    """Return the values of a filter of which several are alternatives, `""` for the unknown."""
    given = [text.strip() for text in values.get(name, ()) if text.strip()]
    if len(given) > MAX_VALUES:
        raise ParameterError(
            name,
            f"Chọn nhiều nhất {MAX_VALUES} giá trị của “{name}” một lần.",
            f"Choose at most {MAX_VALUES} values of {name!r} at once.",
        )
    return tuple(dict.fromkeys("" if text == UNKNOWN else read(text) for text in given))


def _province(text: str) -> str:
    """Return the canonical name for whatever spelling was given: `thanh hoa`, `Đăk Lăk`, `TP.HCM`."""
    return province_named(text[:100]) or _unknown_name("province", text, all_names(), "tỉnh, thành phố", "province")


def _country(text: str) -> str:
    """Return the name that is shown for whatever spelling was given: `lao`, `USA`, `Hoa Kỳ`."""
    return country_named(text[:100]) or _unknown_name("country", text, country_names(), "nước", "country")


def _unknown_name(name: str, text: str, known: Sequence[str], vi: str, en: str) -> NoReturn:
    near = difflib.get_close_matches(text[:100], known, n=1)
    raise ParameterError(
        name,
        f"Không có {vi} nào tên “{text[:40]}”." + (f" Có phải “{near[0]}”?" if near else ""),
        f"There is no {en} {text[:40]!r}." + (f" Did you mean {near[0]!r}?" if near else ""),
    )


def _single(values: Values, name: str) -> str:
    given = values.get(name, ())
    if len(given) > 1:
        raise ParameterError(
            name,
            f"Tham số “{name}” chỉ được có một lần, ở đây có {len(given)} lần.",
            f"The parameter {name!r} may be given once, here it is given {len(given)} times.",
        )
    return given[0] if given else ""


def _number(values: Values, name: str) -> int | None:
    text, low, high = _single(values, name).strip(), PARAMETERS[name].low, PARAMETERS[name].high
    if not text:
        return PARAMETERS[name].default
    if not _DIGITS.fullmatch(text) or not low <= int(text) <= high:
        raise ParameterError(
            name,
            f"Tham số “{name}” phải là một số từ {low} đến {high}, không phải “{text[:40]}”.",
            f"The parameter {name!r} must be a number from {low} to {high}, not {text[:40]!r}.",
        )
    return int(text)


def _flag(values: Values, name: str) -> bool:
    text = _single(values, name).strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ParameterError(
        name,
        f"Tham số “{name}” là 1 hoặc 0, không phải “{text[:40]}”.",
        f"The parameter {name!r} is 1 or 0, not {text[:40]!r}.",
    )


def _choice(values: Values, name: str) -> str:
    """Return one of the choices of a parameter, `""` if it is not given."""
    text, known = _single(values, name).strip(), PARAMETERS[name].choices
    if text and text not in known:
        listed = ", ".join(known)
        raise ParameterError(
            name,
            f"Tham số “{name}” là một trong: {listed}; không phải “{text[:40]}”.",
            f"The parameter {name!r} is one of: {listed}; not {text[:40]!r}.",
        )
    return text


def _bound(values: Values, name: str, *, last: bool) -> int | None:
    text = _single(values, name).strip()
    if not text:
        return None
    days = date_range(text)
    if days is None:
        raise ParameterError(
            name,
            f"Tham số “{name}” phải là ngày như 2025-06-30, 30/6/2025, 2025-06 hoặc 2025, không phải “{text[:40]}”.",
            f"The parameter {name!r} must be a date such as 2025-06-30, 30/6/2025, 2025-06 or 2025, not {text[:40]!r}.",
        )
    return days[last]
