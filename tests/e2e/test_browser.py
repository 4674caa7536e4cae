"""The pages in a real browser."""

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect

pytestmark = pytest.mark.xdist_group("browser")
expect.set_options(timeout=60_000)
WIDE, PHONE = (1280, 900), (390, 844)
PAGES = ("/", "/?q=so+ngoai+vu", "/?q=lào&province=Kon+Tum&year=2020", "/?q=xyzzyq+qwwrtp", "/?page=x")

#: Every text on the page with the colours it is drawn in; the background is the first one behind it that is not clear.
CONTRASTS = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), node = walker.currentNode.parentElement;
    if (!text || !node.checkVisibility() || node.closest(".visually-hidden, script")) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${node.tagName}.${node.className} ${text.slice(0, 40)}`);
  }
  return found;
}"""


def article_of(page: Page, address: str) -> str:
    page.goto(f"{address}/?q=cá+ngừ")
    return str(page.locator(".hit h2 a").first.get_attribute("href"))


@pytest.mark.parametrize("size", [WIDE, PHONE, (320, 640)])
def test_no_page_scrolls_sideways(page: Page, address: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in (*PAGES, article_of(page, address)):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in (*PAGES, article_of(page, address)):
        page.goto(address + path)
        assert page.evaluate(CONTRASTS) == [], path


def test_dark_really_is_dark(page: Page, address: str) -> None:
    def paper() -> int:
        page.goto(address)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour[4:-1].split(","))

    page.emulate_media(color_scheme="light")
    light = paper()
    page.emulate_media(color_scheme="dark")
    assert paper() < 150 < 700 < light


def test_a_search_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(address)
    page.fill("input[name=q]", "biên giới")
    page.click("form[role=search] button")
    page.locator(".hit").nth(3).wait_for()
    page.locator(".filters .facet li a").first.click()
    expect(page.locator(".active .chip")).to_have_count(1)
    page.locator(".active .chip").click()
    expect(page.locator(".active .chip")).to_have_count(0)
    page.locator(".hit h2 a").first.click()
    page.locator(".text p").nth(2).wait_for()
    page.locator(".back a").first.click()
    page.wait_for_selector(".hit")
    expect(page.locator("#q")).to_have_value("biên giới")
    context.close()


def test_the_search_can_be_used_by_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    while page.evaluate("document.activeElement.name") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("thanh hoa", delay=5)
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    page.wait_for_load_state()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.hit h2') !== null"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector(".reading .text")


def test_the_skip_link_leads_to_the_content(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=lào")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")


def test_suggestions_can_be_chosen_by_arrow_keys_and_are_announced(page: Page, address: str) -> None:
    page.goto(address)
    field = page.locator("input[name=q]")
    field.press_sequentially("thanh ho", delay=20)
    page.wait_for_selector("#suggestions li")
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    chosen = page.locator("#suggestions li[aria-selected=true]")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert page.input_value("input[name=q]") == chosen.get_attribute("data-text")
    field.press("Escape")
    assert page.input_value("input[name=q]") == "thanh ho"
    expect(page.locator("#suggestions")).to_be_hidden()


def test_suggestions_come_while_a_word_is_composed_with_what_they_are(page: Page, address: str) -> None:
    page.goto(address)
    page.focus("#q")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "thanh hó", "selectionStart": 8, "selectionEnd": 8})
    first = page.locator("#suggestions li").first
    expect(first).to_contain_text("tỉnh, thành phố")
    assert first.get_attribute("data-text") == "Thanh Hóa"
    expect(page.locator("form [role=status]")).to_contain_text("gợi ý")
    page.keyboard.press("Escape")


def test_the_arrow_opens_suggestions_again_and_a_right_click_sends_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=thanh+hoas")  # raw Telex
    page.focus("#q")
    page.keyboard.press("ArrowDown")
    row = page.locator("#suggestions li[data-text='Thanh Hóa']")
    row.click(button="right")
    expect(page.locator("#q")).to_have_value("thanh hoas")
    row.click()
    page.wait_for_url("**/?q=Thanh+H%C3%B3a*")


def test_an_answer_that_comes_late_does_not_undo_a_choice(page: Page, address: str) -> None:
    page.goto(address)
    field = page.locator("input[name=q]")
    field.press_sequentially("thanh", delay=20)
    page.wait_for_selector("#suggestions li")
    late: list[Route] = []
    page.route("**/api/suggest*", lambda route: late.append(route))
    field.press_sequentially(" h")
    page.wait_for_timeout(300)  # the page waits a little before it asks
    assert page.locator("#suggestions li").count() > 0
    field.press("ArrowDown")
    chosen = page.locator("#suggestions li").first.get_attribute("data-text")
    for route in late:
        with suppress(Error):  # the page may have given the question up
            route.fulfill(json={"suggestions": [{"text": "khác"}]})
    page.wait_for_timeout(300)
    assert page.locator("#suggestions li").first.get_attribute("data-text") == chosen
    assert page.input_value("input[name=q]") == chosen


def test_a_phone_reaches_the_filters_by_one_tap(page: Page, address: str) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/?q=sở+ngoại+vụ")
    page.click(".tofilters")
    page.wait_for_function("document.querySelector('#filters').getBoundingClientRect().top < innerHeight / 2")


def test_markup_that_is_searched_for_does_not_run(page: Page, address: str) -> None:
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    for text in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)"):
        page.goto(address)
        page.fill("input[name=q]", text)
        page.press("input[name=q]", "Enter")
        page.wait_for_selector(".results")
        expect(page.locator("#q")).to_have_value(text)
        page.wait_for_load_state()
        assert ran == []


def test_a_printed_article_is_the_article(page: Page, address: str) -> None:
    path = article_of(page, address)
    page.goto(address + path)
    page.emulate_media(media="print")
    expect(page.locator(".text")).to_be_visible()
    assert not page.locator(".masthead .search").is_visible()
    assert not page.locator(".back").is_visible()
