"""What repeats on the pages of a site in the same place is chrome; the memory of it is a small value."""

from hypothesis import given
from hypothesis import strategies as st

from index.page.blocks import Block
from index.page.sites import SAMPLE, Observation, SiteKnowledge, SiteMemory

MENU = Block("Trang chủ | Giới thiệu | Liên hệ", linked=30)
FOOT = Block("Cổng thông tin điện tử huyện Mẫu")
SENTENCE = Block("Hội nghị đã thống nhất nội dung về công tác đối ngoại của tỉnh trong năm tới, hai bên cho biết.")
FRAME = (MENU, FOOT)


def known_from(*pages: tuple[Block, ...]) -> SiteKnowledge:
    """Return what all pages but the first tell about the first."""
    seen = [Observation.of("html:x.vn", digest, (*FRAME, *blocks)) for digest, blocks in enumerate(pages)]
    return SiteMemory.from_observations(seen).about(seen[0])


def place(text: str, names: str) -> Block:
    return Block(text, names=names)


def test_one_other_page_is_enough_to_learn_a_menu() -> None:
    assert known_from((), ()).is_chrome(MENU)


def test_a_page_alone_does_not_make_chrome_of_itself() -> None:
    assert not known_from(()).is_chrome(MENU)


def test_a_counter_repeats_whatever_its_number() -> None:
    assert known_from((Block("Lượt xem: 12"),), (Block("Lượt xem: 4711"),)).is_chrome(Block("Lượt xem: 12"))


def test_titles_that_differ_by_a_number_are_no_repetition() -> None:
    titles = [Block(f"Lịch tiếp công dân tuần {week}", names="div > h1 title") for week in (1, 2, 3)]
    assert not known_from(*((title,) for title in titles)).is_chrome(titles[0])


def test_a_lead_that_one_listing_repeats_stays() -> None:
    assert not known_from((SENTENCE,), (SENTENCE,)).is_chrome(SENTENCE)


def test_a_lead_that_many_listings_show_in_another_place_stays() -> None:
    lead, teaser = place(SENTENCE.text, "div article > p sapo"), place(SENTENCE.text, "div list > p sapo")
    assert not known_from((lead,), *[(teaser,)] * 6).is_chrome(lead)


def test_the_entry_of_a_menu_does_not_make_chrome_of_the_title_it_leads_to() -> None:
    entry, title = Block("Quy hoạch phát triển", linked=20), Block("Quy hoạch phát triển")
    known = known_from((entry, title), (entry,), (entry,))
    assert known.is_chrome(entry)
    assert not known.is_chrome(title)


def test_an_author_of_several_articles_is_no_chrome() -> None:
    signed = [place(name, "div meta > p author") for name in ("Mai Nga", "Lê Hồng", "Mai Nga", "An Bình", "Mai Nga")]
    assert not known_from(*((block,) for block in signed)).is_chrome(signed[0])


def test_what_stands_in_one_place_of_every_page_is_chrome() -> None:
    slogan = place("Chào mừng ngày hội của huyện", "div > p slogan")
    assert known_from(*[(slogan,)] * 5).is_chrome(slogan)


def test_pages_of_another_site_in_the_same_folder_are_not_asked() -> None:
    other = [Observation.of("text:dumps", digest, (Block("Báo khác"), Block("Tòa soạn: 12 phố Mới"), Block("Xem tin")))
             for digest in range(2, 6)]
    own = Observation.of("text:dumps", 1, (Block("Báo này"), Block("Xem tin"), SENTENCE))
    known = SiteMemory.from_observations([own, *other]).about(own)
    assert known.pages == 0
    assert not known.is_chrome(Block("Xem tin"))


numbers = st.integers(0, 2**64 - 1)


@given(st.permutations(range(60)))
def test_the_order_of_reading_does_not_matter(order: list[int]) -> None:
    seen = [Observation("s", digest * 37 % 61, ((digest, 0), (5, 7))) for digest in range(60)]
    assert SiteMemory.from_observations(seen[index] for index in order) == SiteMemory.from_observations(seen)
    assert len(SiteMemory.from_observations(seen).sites["s"]) == SAMPLE


@given(st.text(max_size=80), numbers, st.lists(st.tuples(numbers, numbers)).map(tuple))
def test_an_observation_survives_its_bytes(site: str, digest: int, blocks: tuple[tuple[int, int], ...]) -> None:
    seen = Observation(site.encode("utf-8", "ignore").decode(), digest, blocks)
    assert Observation.from_bytes(seen.to_bytes()) == seen
