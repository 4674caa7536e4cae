"""The lines about Whoosh in the README run as they stand there, on the index that the demo builds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import without_settings

ROOT = Path(__file__).resolve().parents[3]
DAU = [sys.executable, "-c", "from search.cli import main; main()"]


def test_the_readmes_whoosh_example_prints_dated_highlighted_hits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [*DAU, "demo", "--build-only", "--index", str(tmp_path / "demo-index")]
    subprocess.run(made, check=True, capture_output=True, env=without_settings())
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Whoosh\n")[2]
    (lines,) = re.findall(r"```python\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(lines, names)
    printed = capsys.readouterr().out.splitlines()
    dates = re.findall(r"^(20[\d-]+) ", "\n".join(printed), re.MULTILINE)
    assert len(dates) >= 3 and dates == sorted(dates)
    assert any('<b class="match' in line for line in printed)
    assert len(names["found"].groups()) > 1  # type: ignore[attr-defined]
