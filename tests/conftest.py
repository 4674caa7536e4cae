"""Shared fixtures: the development data beside the project, where it is there; and no skip unseen in CI."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.folders import ROOT, SHARED

# A slow or busy machine is no failure: no deadlines.  In CI equal commits try equal examples; elsewhere new ones.
settings.register_profile(
    "dau", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI")),
    print_blob=True,
)
settings.load_profile("dau")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real articles and gold labels; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the development data is not at {SHARED}: it is not part of the project")
    return SHARED


def without_settings() -> dict[str, str]:
    """Return the environment without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DAU_")}


def bare_environment() -> dict[str, str]:
    """Return what cron gives to a command, and where its Python finds its own libraries."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "HOME": "/", **kept}


def run_dau(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `dau` as its own process, away from the settings of whoever runs the tests."""
    line = [sys.executable, "-c", "from search.cli import main; main()", *map(str, words)]
    return subprocess.run(line, env=without_settings(), capture_output=True, text=True, timeout=300, check=False)


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


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: a made archive holds the time of day, and every worker must collect equal names."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for the development data, so that none of them can skip unseen."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, where the development data is there, a skip of a test that needs it is a failure.

    What a machine can't do (mount a small disk, start a browser) is skipped with its reason and may be.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and SHARED.is_dir() and reporter:
        hidden = [report.nodeid for report in reporter.stats.get("skipped", []) if "shared" in report.keywords]
        if hidden:
            reporter.write_line(f"CI: skipped although the development data is there: {hidden}", red=True)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
