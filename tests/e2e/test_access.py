"""The pages for everybody: what axe finds, forced colours, and what is reached without a mouse or a script."""

import json
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.xdist_group("browser")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations"],
}
PATHS = (
    "/", "/?q=so+ngoai+vu", "/?q=lào&province=Kon+Tum&province=Sơn+La&year=2018", "/?q=sở+ngoại+vụ#filters",
    "/?q=xyzzyq+qwwrtp&year=2020", "/?page=x&year=2020", "/article/{id}?q=cá+ngừ&at=1", "/coverage",
    "/coverage?year=2025", "/status", "/help", "/saved",
)  # fmt: skip


@pytest.fixture(scope="module")
def article(address: str) -> str:
    with urlopen(f"{address}/api/search?q=c%C3%A1+ng%E1%BB%AB") as answer:  # our own server
        return str(json.load(answer)["hits"][0]["id"])


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("width", "scheme", "language"), [
    (1280, "light", "vi"), (1280, "dark", "en"), (390, "light", "en"), (390, "dark", "vi"),
])  # fmt: skip
def test_axe_finds_nothing_in_any_state(
    page: Page, address: str, article: str, width: int, scheme: str, language: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    found = []
    for path in PATHS:
        before, hash_, name = path.format(id=article).partition("#")
        page.goto(f"{address}{before}{'&' if '?' in before else '?'}lang={language}{hash_}{name}")
        for violation in Axe().run(page, options=RULES).response["violations"]:
            found += [f"{path}: {violation['id']} {node['html'][:120]}" for node in violation["nodes"]]
    assert not found, "\n".join(found)


def test_in_forced_colours_the_name_keeps_its_marks_and_the_pictures_are_drawn(page: Page, address: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{address}/?q=sở+ngoại+vụ")
    assert page.evaluate("getComputedStyle(document.querySelector('.letter'), '::after').content") == "none"
    bar, paper = page.evaluate("""() => [getComputedStyle(document.querySelector('.chart .bar')).fill,
                                         getComputedStyle(document.body).backgroundColor]""")
    assert bar != paper


def test_filters_are_a_sheet_that_opens_and_closes_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{address}/?q=sở+ngoại+vụ&province=Thanh+Hóa")
    first = page.locator(".hit h2").first.bounding_box()
    assert first and first["y"] + first["height"] < 844
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator(".tofilters")).to_contain_text("1")
    page.click(".tofilters")
    expect(page.locator("#filters")).to_be_visible()
    page.click(".sheet-head a")
    expect(page.locator("#filters")).to_be_hidden()
    page.click(".tofilters")
    page.locator("svg.count a").first.click()
    expect(page.locator(".active .chip")).to_have_count(2)
    expect(page.locator("#filters")).to_be_hidden()
    context.close()


def test_four_hits_are_seen_at_once_on_a_laptop(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=sở+ngoại+vụ")
    seen = "[...document.querySelectorAll('.hit')].filter(e => e.getBoundingClientRect().bottom <= innerHeight).length"
    assert page.evaluate(seen) >= 4


def test_keys_lead_to_the_box_and_through_the_hits_but_not_while_typing(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=sở+ngoại+vụ")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("1/2")
    expect(page.locator("#q")).to_have_value("1/2")
    page.locator(".hit h2 a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("[...document.querySelectorAll('.hit h2 a')].indexOf(document.activeElement)") == 1


def test_the_second_skip_link_leads_to_the_filters(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=lào")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'filters'")


def test_a_page_twice_as_large_does_not_scroll_sideways(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 640, "height": 450})  # 1280 x 900 at 200 %
    for path in ("/", "/?q=sở+ngoại+vụ", "/coverage"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path
