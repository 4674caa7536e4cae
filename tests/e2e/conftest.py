"""A real server process and a real browser."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.conftest import without_settings

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


@pytest.fixture(scope="session")
def serve() -> Callable[..., object]:
    """Start `dau serve` for the time of a with block."""
    return serving


@pytest.fixture(scope="session")
def address(sample_index: Path) -> Iterator[str]:
    """The address of a server of the sample archive."""
    with serving(sample_index, "--workers", "1") as (found, _):
        yield found


def chromium() -> str:
    """Return the path of chromium; in CI it is installed where we may; else skip with the reason."""
    found = _on_path()
    if found:
        return found
    if not os.environ.get("CI") or os.geteuid() != 0 or not shutil.which("apt-get"):
        pytest.skip("there is no chromium for the browser tests; on Debian: apt-get install chromium")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["-q", "-o", "Acquire::http::Timeout=30", "-o", "Acquire::Retries=2", "-o", "DPkg::Lock::Timeout=120"]
    for words, seconds in ((["update"], 120), (["install", "-y", "--no-install-recommends", "chromium"], 420)):
        try:
            line = ["apt-get", *patient, *words]
            done = subprocess.run(line, env=quiet, capture_output=True, text=True, check=False, timeout=seconds)
        except subprocess.TimeoutExpired:
            pytest.skip(f"chromium can't be installed: apt-get {words[0]} takes too long")
        if done.returncode:
            pytest.skip(f"chromium can't be installed: apt-get {words[0]}: {done.stderr.strip()[-200:]}")
    return _on_path() or pytest.skip("apt-get installed no chromium")


def _on_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=120_000)
        except Error as error:
            pytest.skip(f"{path} does not start here: {error.message[:300]}")
        yield browser
        browser.close()
