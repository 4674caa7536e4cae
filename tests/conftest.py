"""Shared fixtures: the development data beside the project, where it is there; and no skip unseen in CI."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("DAU_TEST_SHARED", ROOT.parent / "shared")) / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real articles and gold labels; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the development data is not at {SHARED}: it is not part of the project")
    return SHARED


def run_dau(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `dau` as its own process, away from the settings of whoever runs the tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DAU_")}
    line = [sys.executable, "-c", "from search.cli import main; main()", *map(str, words)]
    return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="session")
def dau() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command `dau`: call it with its words, get the finished process."""
    return run_dau


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample archive, built by `dau rebuild`; not to be changed."""
    index = tmp_path_factory.mktemp("sample") / "index"
    done = run_dau("rebuild", ROOT / "search" / "sample" / "articles", "--index", index)
    assert done.returncode == 0, done.stderr
    return index


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, where the development data is there, a skipped test is a failure: nothing may hide behind it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and SHARED.is_dir() and reporter and reporter.stats.get("skipped"):
        reporter.write_line("CI: tests were skipped although the development data is there", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
