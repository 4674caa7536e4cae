"""What is shipped is what runs: the built wheel in a clean environment, without the packages of development."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str | Path, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DAU_", "PYTHON"))}
    done = subprocess.run(words, cwd=cwd, env=clean, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_built_wheel_does_the_main_job_without_development_packages(tmp_path: Path) -> None:
    made = shutil.ignore_patterns(".*", "demo-index", "*.egg-info", "__pycache__")
    source = shutil.copytree(ROOT, tmp_path / "source", ignore=made)
    shutil.rmtree(source / "build", ignore_errors=True)  # of the top level only: a room of the engine has that name
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, source, cwd=tmp_path)
    run(sys.executable, "-m", "venv", tmp_path / "clean", cwd=tmp_path)
    python = tmp_path / "clean" / "bin" / "python"
    locked = ROOT / "requirements.txt"
    run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", locked, cwd=tmp_path)
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", next(tmp_path.glob("dau-*.whl")), cwd=tmp_path)
    dau = python.with_name("dau")
    run(dau, "demo", "--build-only", "--index", tmp_path / "index", cwd=tmp_path)
    assert "Thanh Hóa" in run(dau, "search", "thanh hoa", "--index", tmp_path / "index", cwd=tmp_path)
