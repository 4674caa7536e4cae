"""What the query language says when it can't do what was typed, in Vietnamese and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the searcher should know, in both languages; `action` is a query string that undoes or follows it.

    `code` is stable for programs, e.g. `corrected`, `ignored-operator`, `limit`, `dropped-word`, `merged-province`.
    """

    code: str
    vi: str
    en: str
    action: Mapping[str, str] = field(default_factory=dict)


def ignored(operator: str, why_vi: str, why_en: str) -> Notice:
    """Return the notice for an operator that was left out of the search."""
    return Notice("ignored-operator", f"Đã bỏ qua {operator}: {why_vi}.", f"{operator} was ignored: {why_en}.")


def too_long(most: int) -> Notice:
    """Return the notice for a query that was cut after so many characters."""
    return Notice("limit", f"Câu tìm dài quá {most:,} ký tự nên đã được cắt bớt.".replace(",", "."),
                  f"The query is longer than {most:,} characters and was cut.")  # fmt: skip


def too_deep(most: int) -> Notice:
    """Return the notice for brackets inside of so many others, which were left out."""
    return Notice("limit", f"Ngoặc lồng quá {most} tầng nên đã bỏ qua ngoặc trong cùng.",
                  f"Brackets deeper than {most} were ignored.")  # fmt: skip


def too_many(most: int) -> Notice:
    """Return the notice for a query of which only so many words are searched."""
    return Notice("limit", f"Chỉ tìm {most} từ đầu tiên.", f"Only the first {most} words are searched.")


def too_many_words(most: int) -> Notice:
    """Return the notice of `word*` that so many words begin with that only the most frequent are searched."""
    return Notice("limit", f"Quá nhiều từ bắt đầu như vậy; chỉ tìm {most:,} từ gặp nhiều nhất.".replace(",", "."),
                  f"Too many words begin like this; the {most:,} most frequent are searched.")  # fmt: skip


def read_as(reading: str) -> Notice:
    """Return the notice that tells what an operator was taken to bind, where it might be less."""
    return Notice("read-as", f"Đã hiểu là: {reading}", f"Read as: {reading}")


NOTHING = Notice("nothing", "Câu tìm không có từ nào để tìm; hãy gõ một từ, một tên hoặc một con số.",
                 "The query has no word to search for; type a word, a name or a number.")  # fmt: skip
NO_WORD = ("không có chữ hay số", "it has neither letters nor digits")
NO_OPERAND = ("thiếu từ đi kèm", "no word goes with it")
OPEN_QUOTE = ("ngoặc kép chưa đóng", "the quotation mark is not closed")
BRACKETS = ("ngoặc đơn không khớp", "the brackets do not match")
SHORT_STEM = ("cần ít nhất 3 chữ cái trước dấu sao", "at least 3 letters must stand before the asterisk")
MID_STAR = ("dấu sao chỉ dùng ở cuối từ", "an asterisk works at the end of a word only")
BAD_DATE = ("không đọc được ngày; viết 2025, 2025-06 hoặc 2025-06-30", "no date; write 2025, 2025-06 or 2025-06-30")
BAD_PROVINCE = ("không có tỉnh, thành phố tên này", "no province has this name")
