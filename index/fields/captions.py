"""Captions: short paragraphs that tell what a picture shows, and who took it."""

import re
from collections.abc import Container, Sequence
from typing import Final

from search.article import Span

#: Median 17 words, 90 % under 30 among 71,701 captions of news; the longest here name people with all titles.
MAX_SYLLABLES: Final = 48
_CREDIT: Final = re.compile(
    r"(?:[.\-–—,;|(]|^|\s)\s*\(?(?:Ảnh|ẢNH|Nguồn ảnh|Hình|Photo|Ảnh chụp)\s*(?:minh họa|minh hoạ|tư liệu|internet)?\s*[:\-–]\s*"
    r"(?P<who>[^.:;()]{2,60})\)?\s*\.?$"
)
_ILLUSTRATION: Final = re.compile(r"\(?(?:Ảnh|Hình(?: ảnh)?)\s+(?:minh họa|minh hoạ|tư liệu|internet|chụp)\b.{0,40}$", re.IGNORECASE)
_SCENE: Final = re.compile(
    r"(?:Quang cảnh|Toàn cảnh|Khung cảnh|Một số hình ảnh|Hình ảnh|Các đại biểu|Đại biểu|Các đồng chí|Các đơn vị|Lễ "
    r"|Nghi thức|Tiết mục|Một tiết mục|Đông đảo|Chụp ảnh|Đoàn (?:đại biểu|công tác)|Đại diện|Lãnh đạo|Các thành viên|Tập thể)",
)
_PERSON: Final = re.compile(
    r"(?:Đồng chí|Đ/c|Đ/C|Ông|Bà|Anh|Chị|TS\.?|PGS|GS|Thượng tướng|Trung tướng|Thiếu tướng|Đại tá|Thượng tá|Trung tá|Thiếu tá|Linh mục"
    r"|Phó |Quyền |Nguyên |Giám đốc|Chủ tịch|Bí thư|Trưởng|Cục trưởng|Thứ trưởng|Bộ trưởng|Thủ tướng|Tổng|Đại sứ|Cụm [Tt]rưởng)"
)
_SHOWN: Final = re.compile(
    r"(?:phát biểu|chủ trì|báo cáo|điều hành|khai mạc|bế mạc|kết luận|chụp ảnh|lưu niệm|trao (?:quà|tặng|bằng|giấy|cờ|quyết|hoa|đổi|kỷ)"
    r"|tặng (?:quà|hoa|bằng|giấy)|chúc mừng|ký kết|trình bày|thảo luận|tham luận|tham quan|kiểm tra|tiếp (?:và|đoàn|xã giao)|đón tiếp"
    r"|cắt băng|dâng hương|thăm hỏi|bỏ phiếu|tham dự|dự (?:hội|buổi|lễ|đại)|làm việc|giới thiệu|công bố|chia sẻ tại|tại (?:hội|buổi|lễ|đại))"
)
#: Words of reporting, which captions do without, and openings of sentences of the running text.
_REPORTS: Final = re.compile(r"(?:^|\s)(?:đã|sẽ|nhằm|cũng|đồng thời|qua đó|cho biết|khẳng định|nhấn mạnh|đề nghị)(?:\s|,)")
_OPENS_TEXT: Final = re.compile(r"(?:Ngày|Sáng|Chiều|Tối|Tại|Theo|Trong|Sau|Phát biểu|Kết luận|Dự|Tham dự|Cùng|Về phía|Tiếp|Ngoài|Để|Với|Hội nghị)\s")
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
