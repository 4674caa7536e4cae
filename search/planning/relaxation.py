"""What is said where not everything that was typed is asked for, and how to search for exactly that."""

from collections.abc import Iterable, Sequence
from typing import Final

from search.planning.query import Unit
from search.query.notices import Notice

EXACTLY: Final = {"strict": "1"}
OTHER_SPELLINGS: Final = Notice(
    "other-spellings", "Không có kết quả khớp dấu; hiển thị kết quả với các cách viết dấu khác.",
    "Nothing matches the marks; showing other spellings.", EXACTLY)  # fmt: skip


def apart(units: Iterable[Unit]) -> Notice:
    """Return the notice of units that no article has, whose words are searched one by one."""
    texts = ", ".join(unit.text for unit in units)
    return Notice("split", f"Không có bài nào có cụm “{texts}”; hiển thị bài có các từ riêng lẻ.",
                  f"No article has “{texts}” as a whole; showing those with its words.", EXACTLY)  # fmt: skip


def left_out(units: Sequence[Unit]) -> Notice:
    """Return the notice of units that members need not have, since too few articles have all."""
    texts = ", ".join(unit.text for unit in units)
    return Notice("dropped-word", f"Không có bài nào có đủ các từ; đã bỏ: {texts}.",
                  f"Nothing has all the words; left out: {texts}.", EXACTLY)  # fmt: skip


def other_marks(count: int) -> Notice:
    """Return the notice that tells how many more articles have the words with other marks."""
    shown = f"{count:,}"
    return Notice("other-marks", f"Còn {shown.replace(',', '.')} bài có các từ này với dấu khác.",
                  f"Also with other marks: {shown}.", {"marks": "any"})  # fmt: skip


def appeared_then(period: str) -> Notice:
    """Return the notice of a period that articles need not name, if they appeared in it."""
    return Notice("dated", f"Gồm cả những bài đăng trong {period} — chỉ tìm bài có những chữ này.",
                  f"With articles that appeared in {period} — only those with these words.", EXACTLY)  # fmt: skip
