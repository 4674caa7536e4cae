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
from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--headless",
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
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DAU_")}
    line = [sys.executable, "-c", "from search.cli import main; main()", "serve", "--index", str(index), "--port", "0"]
    process = subprocess.Popen([*line, *options], stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    try:
        announced = process.stderr.readline()
        found = re.search(r"http://[\w.:]+", announced)
        assert found, announced + process.stderr.read()
        yield found[0], process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=20)
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
    """Return the path of Debian's chromium, installed if it is missing and we may; else skip with the reason."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found:
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        pytest.skip("there is no chromium, and only root on Debian can install it: apt-get install chromium")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", "-q", *words], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"chromium can't be installed: apt-get {words[0]}: {done.stderr.strip()[-200:]}")
    return shutil.which("chromium") or pytest.skip("apt-get installed no chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
