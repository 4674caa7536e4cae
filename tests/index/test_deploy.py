"""The example units for systemd and the line for cron do what they say."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import bare_environment
from tests.faults.harness import OLD, write_inputs

DEPLOY = Path(__file__).resolve().parents[2] / "index" / "deploy"


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    for unit in DEPLOY.glob("dau-rebuild.*"):
        # Only the paths that its comment tells to change are changed.
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/dau/.venv/bin/dau", sys.executable))
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    line = ["systemd-analyze", "verify", "--man=no", *units]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    # It may complain about other units of the machine, and can't work at all in some containers.
    assert [line for line in done.stderr.splitlines() if "dau-rebuild" in line] == []
    if done.returncode:
        pytest.skip(f"systemd-analyze can't work here: {done.stderr.strip()[-200:]}")


def test_the_line_for_cron_runs_in_the_bare_environment_of_cron(tmp_path: Path) -> None:
    write_inputs(tmp_path / "articles", OLD)
    [line] = [line for line in (DEPLOY / "crontab").read_text().splitlines() if line[:1].isdigit()]
    command = line.split(maxsplit=5)[5].replace("/srv/dau", str(tmp_path)).replace(
        "/opt/dau/.venv/bin/dau", str(Path(sys.executable).with_name("dau")))
    done = subprocess.run(["/bin/sh", "-c", command], env=bare_environment(), cwd="/", capture_output=True, text=True,
                          check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "index" / "CURRENT").exists()
