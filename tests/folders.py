"""Where the project and its development data are: not in conftest, since benchmarks measure memory without pytest."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Real articles, gold labels and queries, which are not part of the project.
SHARED = Path(os.environ.get("TEST_SHARED", ROOT.parent / "shared")) / "data"
