"""Synonyms of one's own are followed while serving."""

import shutil
import time
from pathlib import Path

from web import create_app


def test_a_changed_synonyms_file_changes_answers_and_entity_tags_while_serving(
    sample_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    app = create_app(index)
    client, address = app.test_client(), "/api/search?q=xyzzyx"
    before = client.get(address)
    assert before.json and before.json["total"] == 0
    (index / "synonyms.txt").write_text("xyzzyx = Sở Ngoại vụ\n", encoding="utf-8")
    until = time.monotonic() + 30
    while (now := client.get(address)).json["total"] == 0 and time.monotonic() < until:  # type: ignore[index]
        time.sleep(0.1)
    assert now.json and now.json["total"] > 0
    assert now.headers["ETag"] != before.headers["ETag"]
    app.extensions["dau"].close()
