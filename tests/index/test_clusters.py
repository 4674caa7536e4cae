"""Near-duplicates: the same release on several portals is one cluster, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from index.clusters.near_duplicates import cluster, signature
from search.article import Article

RELEASE = " ".join(
    f"Đoàn công tác số {number} của tỉnh làm việc với đối tác tại thành phố thứ {number * 7} về chương trình hợp tác."
    for number in range(1, 12)
)
OTHER = " ".join(
    f"Trận đấu thứ {number} của giải bóng chuyền nữ khép lại với tỷ số sát nút trước khán giả nhà thi đấu {number}."
    for number in range(1, 12)
)


def sign(body: str) -> bytes:
    return signature(Article("a", "a.txt", "", body))


def test_an_edited_copy_joins_the_first_publisher() -> None:
    copy = "Theo cổng thông tin, " + RELEASE.replace("đối tác", "bạn bè", 1)
    items = [("late", "2025-06-02", sign(copy)), ("first", "2025-06-01", sign(RELEASE)), ("x", "", sign(OTHER))]
    found = cluster(items)
    assert found == {"late": "first", "first": "first"}


def test_marks_capitals_and_tone_style_do_not_part_twins() -> None:
    found = cluster([("a", "2025", sign(RELEASE)), ("b", "2026", sign(RELEASE.upper().replace("HÒA", "HOÀ")))])
    assert found == {"a": "a", "b": "a"}


def test_an_undated_copy_does_not_lead() -> None:
    found = cluster([("a", "", sign(RELEASE)), ("b", "--06-25", sign(RELEASE)), ("c", "2025-06", sign(RELEASE))])
    assert set(found.values()) == {"c"}


def test_short_notices_are_never_twins() -> None:
    assert sign("Xem chi tiết tại đây.") == b""
    assert cluster([("a", "2025", b""), ("b", "2025", b"")]) == {}


@given(st.permutations(range(6)))
def test_the_order_of_reading_does_not_matter(order: list[int]) -> None:
    items = [(f"a{number}", f"2025-01-0{number + 1}", sign(RELEASE if number % 2 else OTHER)) for number in range(6)]
    assert cluster([items[index] for index in order]) == cluster(items)
