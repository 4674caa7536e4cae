"""Programs that tests drive from outside: found, or in CI installed where we may."""

import os
import shutil
import subprocess

import pytest


def installed(package: str, *names: str) -> str:
    """Return the path of a program by the first of its names that is there; else install it or skip with the reason."""
    found = _on_path(names)
    if found:
        return found
    if not os.environ.get("CI") or os.geteuid() != 0 or not shutil.which("apt-get"):
        pytest.skip(f"there is no {names[0]} for these tests; on Debian: apt-get install {package}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["-q", "-o", "Acquire::http::Timeout=30", "-o", "Acquire::Retries=2", "-o", "DPkg::Lock::Timeout=120"]
    for words, seconds in ((["update"], 120), (["install", "-y", "--no-install-recommends", package], 420)):
        try:
            line = ["apt-get", *patient, *words]
            done = subprocess.run(line, env=quiet, capture_output=True, text=True, check=False, timeout=seconds)
        except subprocess.TimeoutExpired:
            pytest.skip(f"{package} can't be installed: apt-get {words[0]} takes too long")
        if done.returncode:
            pytest.skip(f"{package} can't be installed: apt-get {words[0]}: {done.stderr.strip()[-200:]}")
    return _on_path(names) or pytest.skip(f"apt-get installed no {names[0]}")


def _on_path(names: tuple[str, ...]) -> str | None:
    places = os.environ.get("PATH", os.defpath) + os.pathsep + "/usr/sbin"
    return next((found for name in names if (found := shutil.which(name, path=places))), None)
