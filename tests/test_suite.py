"""The suite itself runs as it is meant to: groups stay together, and a skip hides no lack of data in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_run(folder: Path, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run a suite of its own in `folder`, as a process that does not know of the suite around it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DAU_", "CI"))}
    line = [sys.executable, "-m", "pytest", "-c", str(folder / "pytest.ini"), "-p", "no:cacheprovider", *words]
    return subprocess.run(line, cwd=folder, env={**clean, "PYTHONPATH": str(ROOT), **environ}, capture_output=True,
                          text=True, timeout=300, check=False)  # fmt: skip


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = shared\n")
    return tmp_path


def test_tests_of_one_group_run_in_one_process(suite: Path) -> None:
    (suite / "test_a.py").write_text(
        "import os, pytest, pathlib\n"
        "@pytest.mark.parametrize('number', range(8))\n"
        "@pytest.mark.xdist_group('together')\n"
        "def test_one(number):\n"
        "    (pathlib.Path(__file__).parent / f'ran-{number}').write_text(os.environ['PYTEST_XDIST_WORKER'])\n"
    )
    done = pytest_run(suite, "-n", "2", "--dist", "loadgroup", str(suite / "test_a.py"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len({path.read_text() for path in suite.glob("ran-*")}) == 1


SKIPPING = """
import pytest
from tests.conftest import pytest_collection_modifyitems, pytest_sessionfinish, shared_data

@pytest.fixture
def nothing(): pytest.skip("this machine can't")
"""


@pytest.mark.parametrize(
    ("asks", "data", "code"),
    [("shared_data, nothing", True, 1), ("nothing", True, 0), ("shared_data", False, 0)],
    ids=["data is there and not used", "the machine lacks something", "data is absent"],
)
def test_in_ci_only_a_skip_of_a_test_that_has_its_data_is_a_failure(
    suite: Path, asks: str, data: bool, code: int
) -> None:
    (suite / "conftest.py").write_text(SKIPPING)
    (suite / "test_a.py").write_text(f"def test_one({asks}): pass\ndef test_two(): pass\n")
    if data:
        (suite / "data").mkdir()
    done = pytest_run(suite, str(suite / "test_a.py"), CI="true", TEST_SHARED=str(suite))
    assert "1 passed, 1 skipped" in done.stdout
    assert done.returncode == code, done.stdout
