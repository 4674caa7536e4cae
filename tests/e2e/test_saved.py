"""Searches that a reader keeps in the own browser, in a real one."""

from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.xdist_group("browser")
KEPT = "Object.keys(localStorage).length"


def keep(page: Page, address: str) -> None:
    page.goto(address)
    page.click(".save")
    expect(page.locator(".save")).to_have_attribute("aria-pressed", "true")


def test_nothing_is_kept_that_was_not_asked_for(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=lào")
    expect(page.locator(".save")).to_be_visible()
    page.goto(f"{address}/saved")
    expect(page.locator("[data-none]")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_a_kept_search_leads_back_to_its_results_and_to_its_feed(page: Page, address: str) -> None:
    keep(page, f"{address}/?q=sở+ngoại+vụ&year=2025&page=2&lang=vi")
    page.click(".colophon a[href^='/saved']")
    link = page.locator(".saved .address")
    expect(link).to_have_text("sở ngoại vụ · Năm 2025")
    feed = page.locator(".saved .feed").get_attribute("href")
    with urlopen(address + str(feed)) as answer:  # our own server
        assert b"<feed" in answer.read(200)
    link.click()
    expect(page.locator("#q")).to_have_value("sở ngoại vụ")
    assert "page=" not in page.url
    expect(page.locator(".save")).to_have_attribute("aria-pressed", "true")
    page.click(".save")
    expect(page.locator(".save")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(KEPT) == 0


def test_the_list_loses_one_search_or_all_of_them_by_the_keyboard(page: Page, address: str) -> None:
    for query in ("lào", "biên giới", "thanh hoa"):
        keep(page, f"{address}/?q={query}")
    page.goto(f"{address}/saved")
    expect(page.locator(".saved li")).to_have_count(3)
    page.locator(".saved button").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".saved .address")).to_have_text(["thanh hoa", "lào"])
    page.locator("[data-empty]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-none]")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_what_else_stands_in_the_browsers_store_is_no_link(page: Page, address: str) -> None:
    page.goto(f"{address}/saved")
    hostile = '{"url": "javascript:alert(1)", "feed": "/"}, {"url": "//evil.example/", "feed": "/"}'
    own = '{"url": "/?q=a", "feed": "/feed.atom"}'
    cases = {"{": [], '{"url": 1}': [], "[null, 1]": [], f"[{hostile}]": [],
             f"[{hostile}, {own}]": ["/?q=a", "/feed.atom"]}  # fmt: skip
    for stored, shown in cases.items():
        page.evaluate("text => localStorage.setItem('dau.saved /', text)", stored)
        page.reload()
        hrefs = "links => links.map((link) => link.getAttribute('href'))"
        assert page.eval_on_selector_all(".saved a", hrefs) == shown, stored


def test_without_a_script_the_page_says_what_to_do_instead(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{address}/?q=lào")
    expect(page.locator(".save")).to_be_hidden()
    page.goto(f"{address}/saved")
    expect(page.locator("noscript strong")).to_be_visible()
    context.close()
