"""Captions: short paragraphs that tell what a picture shows, and who took it."""

import re
from collections.abc import Container, Sequence
from typing import Final

from index.fields.cues import OPENS_TEXT, PERSONS, REPORTS, SCENES, SHOWN, any_of
from search.article import Span

#: Median 17 words, 90 % under 30 among 71,701 captions of news; the longest here name people with all titles.
MAX_SYLLABLES: Final = 48
_CREDIT: Final = re.compile(
    r"(?:[.\-–—,;|(]|^|\s)\s*\(?(?:Ảnh|ẢNH|Nguồn ảnh|Hình|Photo|Ảnh chụp)\s*(?:minh họa|minh hoạ|tư liệu|internet)?"
    r"\s*[:\-–]\s*(?P<who>[^.:;()]{2,60})\)?\s*\.?$"
)
_ILLUSTRATION: Final = re.compile(
    r"\(?(?:Ảnh|Hình(?: ảnh)?)\s+(?:minh họa|minh hoạ|tư liệu|internet|chụp)\b.{0,40}$", re.IGNORECASE
)
_SCENE: Final = re.compile(rf"{any_of(SCENES)}(?!\w)")
_PERSON: Final = re.compile(rf"{any_of(PERSONS)}(?!\w)")
_SHOWN: Final = re.compile(any_of(SHOWN))
_REPORTS: Final = re.compile(rf"(?:^|\s){any_of(REPORTS)}(?:\s|,)")
_OPENS_TEXT: Final = re.compile(rf"{any_of(OPENS_TEXT)}\s")
_ENDS_INSIDE: Final = re.compile(r"[^\W\d]{2,}[.!?…]\s+\w")


def find_captions(paragraphs: Sequence[str], marked: Container[int] = ()) -> tuple[int, ...]:
    """Return the indexes of the paragraphs that are captions; `marked` ones are known from the markup."""
    return tuple(
        index
        for index, paragraph in enumerate(paragraphs)
        if index in marked or _has_credit(paragraph) or (index > 0 and _describes_picture(paragraph))
    )


def _has_credit(paragraph: str) -> bool:
    if len(paragraph) > 500 or not ("nh" in paragraph or "ình" in paragraph or "Photo" in paragraph):
        return False
    return bool(_CREDIT.search(paragraph) or _ILLUSTRATION.search(paragraph))


def _describes_picture(paragraph: str) -> bool:
    """Say whether a paragraph without a credit is a caption: one sentence, a scene or a person in action."""
    if len(paragraph) > 400 or ":" in paragraph or len(paragraph.split()) > MAX_SYLLABLES:
        return False
    if _OPENS_TEXT.match(paragraph) or _REPORTS.search(paragraph) or _ENDS_INSIDE.search(_unabbreviated(paragraph)):
        return False
    if _SCENE.match(paragraph):
        return not paragraph.endswith(";") and len(paragraph.split()) <= 30
    return bool(_PERSON.match(paragraph) and _SHOWN.search(paragraph))


def _unabbreviated(paragraph: str) -> str:
    return re.sub(r"\b(?:TP|Tp|TS|ThS|PGS|GS|Th|Đ/c|BS|St|Mr|Ms)\.\s?", " ", paragraph)


def find_photographer(paragraphs: Sequence[str], captions: Sequence[int]) -> str:
    """Return who took the pictures, as the credits name it; the most frequent name, the first of equals."""
    names: dict[str, int] = {}
    for index in captions:
        credit = _CREDIT.search(paragraphs[index])
        name = credit["who"].strip(" .-–") if credit else ""
        if name and name[:1].isupper() and len(name.split()) <= 6:
            names[name] = names.get(name, 0) + 1
    return max(names, key=lambda name: names[name]) if names else ""


def compose_body(
    paragraphs: Sequence[str], captions: Sequence[int], lead: bool | int | None = None
) -> tuple[str, tuple[Span, ...]]:
    """Join paragraphs by blank lines; return (body, spans of lead and captions in code points).

    `lead` is the index of the lead paragraph, True for the first that is no caption, None or False for none.
    """
    if lead is True:
        lead = next((index for index in range(len(paragraphs)) if index not in captions), None)
    elif lead is False:
        lead = None
    spans, start = [], 0
    for index, paragraph in enumerate(paragraphs):
        end = start + len(paragraph)
        if index in captions:
            spans.append(Span(start, end, "caption"))
        elif index == lead:
            spans.append(Span(start, end, "lead"))
        start = end + 2
    return "\n\n".join(paragraphs), tuple(spans)
