"""What the query language says when it can't do what was typed, in Vietnamese and English."""

from search.answer import Notice


def ignored(operator: str, why_vi: str, why_en: str) -> Notice:
    """Return the notice for an operator that was left out of the search."""
    return Notice("ignored-operator", f"Đã bỏ qua {operator}: {why_vi}.", f"{operator} was ignored: {why_en}.")


def limit(vi: str, en: str) -> Notice:
    """Return the notice for a query that was cut at a documented limit."""
    return Notice("limit", vi, en)


NO_OPERAND = ("thiếu từ đi kèm", "no word goes with it")
OPEN_QUOTE = ("ngoặc kép chưa đóng", "the quotation mark is not closed")
BRACKETS = ("ngoặc đơn không khớp", "the brackets do not match")
SHORT_STEM = ("cần ít nhất 3 chữ cái trước dấu sao", "at least 3 letters must stand before the asterisk")
MID_STAR = ("dấu sao chỉ dùng ở cuối từ", "an asterisk works at the end of a word only")
BAD_DATE = ("không đọc được ngày; viết 2025, 2025-06 hoặc 2025-06-30", "no date; write 2025, 2025-06 or 2025-06-30")
BAD_PROVINCE = ("không có tỉnh, thành phố tên này", "no province has this name")
