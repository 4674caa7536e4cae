"""The endpoint used from a page of another site, in a real browser; and the pages about the archive."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import serving
from tests.e2e.test_browser import CONTRASTS
from tests.folders import ROOT

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """The origin of another site, which holds what is put into `tmp_path`."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_example_shows_hits_on_a_page_of_a_site_that_is_allowed_and_on_no_other(
    browser: Browser, sample_index: Path, tmp_path: Path, elsewhere: str
) -> None:
    example = (ROOT / "web" / "examples" / "elsewhere.html").read_text(encoding="utf-8")
    assert len(example.splitlines()) <= 25
    with serving(sample_index, "--workers", "1", "--cors", elsewhere) as (address, _):
        (tmp_path / "page.html").write_text(example.replace("http://127.0.0.1:8000", address), encoding="utf-8")
        page = browser.new_page()
        page.goto(f"{elsewhere}/page.html")
        with urlopen(f"{address}/api/search?q=thanh+hoa&sort=newest&size=5") as answer:
            told = len(json.load(answer)["hits"])
        assert told >= 3
        expect(page.locator("#news a")).to_have_count(told, timeout=60_000)
        expect(page.locator("#problem")).to_contain_text("bài")
        page.locator("#news a").first.click()
        page.wait_for_selector(".reading .text")
        page.goto(f"{elsewhere.replace('127.0.0.1', 'localhost')}/page.html")  # another site to the browser
        page.wait_for_load_state("networkidle")
        expect(page.locator("#news a")).to_have_count(0)
        page.close()


def test_the_search_box_of_the_help_page_works_on_another_site_with_suggestions_where_it_is_allowed(
    browser: Browser, sample_index: Path, tmp_path: Path, elsewhere: str
) -> None:
    with serving(sample_index, "--workers", "1", "--cors", elsewhere) as (address, _):
        page = browser.new_page(locale="vi-VN")
        page.goto(f"{address}/help")
        box = page.locator("pre code").inner_text()
        (tmp_path / "box.html").write_text(f"<!doctype html><meta charset=utf-8><p>Sở</p>{box}", encoding="utf-8")
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{elsewhere}/box.html")
        field = page.locator("input[name=q]")
        field.press_sequentially("thanh ho", delay=20)
        row = page.locator("#suggestions li").first
        expect(row).to_be_visible(timeout=60_000)
        page.wait_for_load_state("networkidle")  # each key asks anew, and an answer replaces the rows of the one before
        page.wait_for_function("""() => document.querySelector("#suggestions li").getBoundingClientRect().top >=
            document.querySelector("input[name=q]").getBoundingClientRect().bottom - 1""")
        field.press("ArrowDown")
        expect(field).to_have_value(str(row.get_attribute("data-text")))
        field.press("Enter")
        page.wait_for_url(f"{address}/?q=*")
        page.wait_for_selector(".hit")
        page.goto(f"{elsewhere.replace('127.0.0.1', 'localhost')}/box.html")  # a site that is not allowed
        field.press_sequentially("thanh hoa", delay=20)
        page.wait_for_load_state("networkidle")
        expect(page.locator("#suggestions")).to_be_hidden()
        page.keyboard.press("/")  # no keys of ours on pages of others
        expect(field).to_have_value("thanh hoa/")
        page.click("form button")
        page.wait_for_url(f"{address}/?q=*")
        assert errors == []
        page.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_about_the_archive_fit_and_can_be_read(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    for path in ("/api", "/help", "/coverage", "/coverage?year=2025", "/status", "/saved"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(CONTRASTS) == [], path
    page.close()
