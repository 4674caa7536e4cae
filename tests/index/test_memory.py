"""What repeats on the pages of a site is chrome; the memory of it is a small value."""

from hypothesis import given
from hypothesis import strategies as st

from index.page.blocks import Block
from index.page.sites import SAMPLE, Observation, SiteMemory, key_of

MENU = Block("Trang chủ | Giới thiệu | Liên hệ", linked=30)
SENTENCE = Block("Hội nghị đã thống nhất nội dung về công tác đối ngoại của tỉnh trong năm tới, hai bên cho biết.")


def memory_of(*pages: tuple[int, tuple[Block, ...]]) -> SiteMemory:
    return SiteMemory.from_observations(
        Observation("html:x.vn", digest, tuple(sorted(key_of(block) for block in blocks))) for digest, blocks in pages
    )


def test_one_other_page_is_enough_to_learn_a_menu() -> None:
    known = memory_of((1, (MENU,)), (2, (MENU,))).about("html:x.vn", 1)
    assert known.is_chrome(MENU)


def test_a_page_alone_does_not_make_chrome_of_itself() -> None:
    assert not memory_of((1, (MENU,))).about("html:x.vn", 1).is_chrome(MENU)


def test_a_counter_repeats_whatever_its_number() -> None:
    pages = (1, (Block("Lượt xem: 12"),)), (2, (Block("Lượt xem: 4711"),))
    assert memory_of(*pages).about("html:x.vn", 1).is_chrome(Block("Lượt xem: 12"))


def test_a_lead_that_one_listing_repeats_stays() -> None:
    assert not memory_of((1, (SENTENCE,)), (2, (SENTENCE,))).about("html:x.vn", 1).is_chrome(SENTENCE)


def test_the_entry_of_a_menu_does_not_make_chrome_of_the_title_it_leads_to() -> None:
    entry, title = Block("Quy hoạch phát triển", linked=20), Block("Quy hoạch phát triển")
    known = memory_of((1, (entry, title)), (2, (entry,)), (3, (entry,))).about("html:x.vn", 1)
    assert known.is_chrome(entry)
    assert not known.is_chrome(title)


@given(st.permutations(range(60)))
def test_the_order_of_reading_does_not_matter(order: list[int]) -> None:
    seen = [Observation("s", digest * 37 % 61, (digest, 5)) for digest in range(60)]
    assert SiteMemory.from_observations(seen[index] for index in order) == SiteMemory.from_observations(seen)
    assert len(SiteMemory.from_observations(seen).sites["s"]) == SAMPLE


@given(st.text(max_size=80), st.integers(0, 2**64 - 1), st.lists(st.integers(0, 2**64 - 1)).map(tuple))
def test_an_observation_survives_its_bytes(site: str, digest: int, blocks: tuple[int, ...]) -> None:
    seen = Observation(site.encode("utf-8", "ignore").decode(), digest, blocks)
    assert Observation.from_bytes(seen.to_bytes()) == seen
