"""Shared fixtures: the development data beside the project, where it is there."""

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
