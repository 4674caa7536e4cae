"""A real server process and a real browser."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.conftest import without_settings
from tests.installing import installed

FLAGS = [
    "--headless",
    "--disable-dev-shm-usage",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
]


@contextmanager
def serving(index: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `dau serve` on a free port; give its address and process; it must end by SIGTERM with code 0."""
    line = [sys.executable, "-c", "from search.cli import main; main()", "serve", "--index", str(index), "--port", "0"]
    process = subprocess.Popen([*line, *options], stderr=subprocess.PIPE, text=True, env=without_settings())
    assert process.stderr is not None
    try:
        said: list[str] = []
        found = None
        while not found:
            said.append(process.stderr.readline())
            assert said[-1], said  # it ended
            found = re.search(r"http://[\w.:]+", said[-1])
        yield found[0], process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
    assert process.returncode == 0


def eventually(happened: Callable[[], bool], seconds: float = 120) -> bool:
    """Wait until something has happened; a busy machine may take long, and that is no failure."""
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.05)
    return happened()


@pytest.fixture(scope="session")
def serve() -> Callable[..., object]:
    """Start `dau serve` for the time of a with block."""
    return serving


@pytest.fixture(scope="session")
def address(sample_index: Path) -> Iterator[str]:
    """The address of a server of the sample archive."""
    with serving(sample_index, "--workers", "1") as (found, _):
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = installed("chromium", "chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=120_000)
        except Error as error:
            pytest.skip(f"{path} does not start here: {error.message[:300]}")
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on a laptop's screen; nothing may go wrong in it, and no rule of the content policy be broken."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert [error for error in errors if "status of 400" not in error] == []
