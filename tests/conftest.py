"""Shared fixtures: the development data beside the project, where it is there; and no skip unseen in CI."""

import os
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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, where the development data is there, a skipped test is a failure: nothing may hide behind it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and SHARED.is_dir() and reporter and reporter.stats.get("skipped"):
        reporter.write_line("CI: tests were skipped although the development data is there", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
