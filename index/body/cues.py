"""Which lines are cue phrases of boilerplate; the phrases are in `cues.toml`.

A line that starts with a cue is often good text (`Theo ...` starts 52,258 body lines of 60,000 articles); a
line that is nothing but the cue is boilerplate in all but 50 of 1.14 million.  So kinds match differently.
"""

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Final, Literal

from search.text import fold_text

CueKind = Literal["cut", "line", "foot", "head"]

_TABLE: Final = tomllib.loads(resources.files("index.body").joinpath("cues.toml").read_text(encoding="utf-8"))
#: Longest line that a cue can be the whole or the start of, in code points.
MAX_LINE: Final = 60
_FOOT_LINE: Final = 400
#: The buttons beside an article, two of them at least.
_BUTTONS: Final = re.compile(
    r"(?:(?:chia se|share|facebook|fb|zalo|twitter|tweet|linkedin|pinterest|telegram|messenger|viber|whatsapp|instagram"
    r"|e-?mail|gmail|print|in (?:bai(?: viet)?|trang)|sao chep(?: lien ket)?|copy(?: link)?|luu(?: bai(?: viet)?)?|like"
    r"|thich|gui(?: e?mail)?|nghe bai|co chu|binh luan|in|x)(?:[\s,|·•/+-]+|$)){2,}"
)
_EDGE: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def _phrases(kind: str) -> tuple[str, ...]:
    phrases = tuple(fold_text(phrase) for phrase in _TABLE[kind]["phrases"])
    if not phrases:
        raise ValueError(f"the table of cue phrases has no {kind!r} phrases")
    return phrases


_WHOLE: Final[dict[CueKind, frozenset[str]]] = {
    "cut": frozenset(_phrases("cut")), "line": frozenset(_phrases("line")), "head": frozenset(_phrases("head")),
}
_STARTS: Final = _phrases("start")
_CUT_STARTS: Final = _phrases("cut_start")
_FOOT: Final = _phrases("foot")


@lru_cache(maxsize=20_000)
def cue(line: str) -> CueKind | None:
    """Return the kind of cue that a line is, None if it is none.

    `cut` ends an article if it stands below one; `line`, `head` and `foot` concern the line alone.
    """
    if len(line) > _FOOT_LINE:
        return None
    folded = fold_text(line[: MAX_LINE + 1]).strip()
    if len(folded) <= MAX_LINE:
        core = _EDGE.sub("", folded)
        for kind, phrases in _WHOLE.items():
            if core in phrases:
                return kind
        if _BUTTONS.fullmatch(core):
            return "line"
        if not line.rstrip().endswith((".", ";", ",")):
            if folded.startswith(_CUT_STARTS):
                return "cut"
            if folded.startswith(_STARTS):
                return "line"
    return "foot" if folded.startswith(_FOOT) else None
