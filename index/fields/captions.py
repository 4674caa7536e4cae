"""Captions: short paragraphs that tell what a picture shows, and who took it."""

import re
from collections.abc import Container, Sequence
from typing import Final

from index.fields.cues import OPENS_TEXT, PERSONS, REPORTS, SCENES, SHOWN, any_of
from search.article import Span

#: Median 17 words, 90 % under 30 among 71,701 captions of news; the longest here name people with all titles.
MAX_SYLLABLES: Final = 48
#: Captions behind the text may be longer.
MAX_BEHIND: Final = 80
MAX_CAPTION: Final = 400
#: Running text of one paragraph has at least so many characters and sentences.
MIN_JOINED: Final = 600
MIN_SENTENCES: Final = 4
_SENTENCE: Final = re.compile(r"[.!?…][\"”’)]?\s")
_CREDIT: Final = re.compile(
    r"(?:[.\-–—,;|(]|^|\s)\s*\(?(?:Ảnh|ẢNH|Nguồn ảnh|Hình|Photo|Ảnh chụp)\s*(?:minh họa|minh hoạ|tư liệu|internet)?"
    r"\s*[:\-–]\s*(?P<who>[^.:;()]{2,60})\)?\s*\.?$"
)
_ILLUSTRATION: Final = re.compile(
    r"\(?(?:Ảnh|Hình(?: ảnh)?)\s+(?:minh họa|minh hoạ|tư liệu|internet|chụp)\b.{0,40}$", re.IGNORECASE
)
_SCENE: Final = re.compile(rf"{any_of(SCENES)}(?!\w)")
_PERSON: Final = re.compile(rf"{any_of(PERSONS)}(?!\w)(?!\scon\s)")
_SHOWN: Final = re.compile(any_of(SHOWN))
_REPORTS: Final = re.compile(rf"(?:^|\s){any_of(REPORTS)}(?:\s|,)")
_OPENS_TEXT: Final = re.compile(rf"{any_of(OPENS_TEXT)}\s")
_ENDS_INSIDE: Final = re.compile(r"[^\W\d]{2,}[.!?…]\s+\w")


def find_captions(
    paragraphs: Sequence[str], marked: Container[int] = (), signed_at: int | None = None
) -> tuple[int, ...]:
    """Return the indexes of the paragraphs that are captions; `marked` ones are known from the markup.

    What stands behind the by-line (from `signed_at` on), or behind running text that is one long paragraph, is
    captions as far as it is short.
    """
    last = _captions_at_end(paragraphs, signed_at)
    return tuple(
        index
        for index, paragraph in enumerate(paragraphs)
        if index in marked or index >= last or _has_credit(paragraph) or (index > 0 and _describes_picture(paragraph))
    )


def _captions_at_end(paragraphs: Sequence[str], signed_at: int | None) -> int:
    """Return from which paragraph on all are captions that a crawler put behind the text; their number if none.

    Crawlers that join the running text into one paragraph put the captions behind it: the text is long, and none
    of what follows is more than a caption.
    """
    count = len(paragraphs)
    if signed_at is None:
        signed_at = next((index + 1 for index in range(count) if _is_whole_text(paragraphs, index)), count)
    behind = paragraphs[signed_at:]
    fits = all(len(text) <= MAX_CAPTION and len(text.split()) <= MAX_BEHIND for text in behind)
    told = sum(map(len, paragraphs[:signed_at]))
    return signed_at if fits and told > sum(map(len, behind)) else count


def _is_whole_text(paragraphs: Sequence[str], index: int) -> bool:
    """Say whether a paragraph is the running text, joined: the second or first, several sentences, most of it all."""
    text = paragraphs[index]
    if index > 1 or len(text) < MIN_JOINED or len(_SENTENCE.findall(text)) < MIN_SENTENCES:
        return False
    return all(len(other) < len(text) / 2 and len(other) <= MAX_CAPTION for other in paragraphs[index + 1 :])


def _has_credit(paragraph: str) -> bool:
    if len(paragraph) > 500 or not ("nh" in paragraph or "ình" in paragraph or "Photo" in paragraph):
        return False
    lowered = paragraph.lower()
    if not ("ảnh" in lowered or "hình" in lowered or "photo" in lowered):  # both patterns need one of them
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
