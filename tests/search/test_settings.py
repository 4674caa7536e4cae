"""Options come from flags, then the environment, then dau.toml, then defaults; unknown ones are errors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from search import settings
from search.errors import SettingsError

OPTIONS = {
    "serve": {"index": "index", "port": "port"},
    "rebuild": {"index": "index", "max_rejects": "max_rejects", "json": "as_json"},
}


def toml(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "dau.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_key_at_the_top_reaches_every_command_that_has_it(tmp_path: Path) -> None:
    found = settings.read_file(toml(tmp_path, 'index = "here"\nport = 1\n'), OPTIONS)
    assert found == {"serve": {"index": "here", "port": 1}, "rebuild": {"index": "here"}}


def test_a_setting_is_called_as_its_flag_whatever_the_parameter_is_called(tmp_path: Path) -> None:
    found = settings.read_file(toml(tmp_path, "json = true\n[rebuild]\nmax-rejects = 3\n"), OPTIONS)
    assert found == {"serve": {}, "rebuild": {"as_json": True, "max_rejects": 3}}


def test_a_table_of_one_command_wins_over_the_top(tmp_path: Path) -> None:
    found = settings.read_file(toml(tmp_path, 'index = "here"\n[serve]\nindex = "there"\n'), OPTIONS)
    assert found["serve"]["index"] == "there"
    assert found["rebuild"]["index"] == "here"


@pytest.mark.parametrize("text", ["indx = 1", "[serve]\nmax-rejects = 1", "[serv]\nport = 1"])
def test_a_key_that_no_command_knows_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"Unknown setting '(indx|serve\.max-rejects|serv)'"):
        settings.read_file(toml(tmp_path, text), OPTIONS)


def test_a_broken_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"dau\.toml is not valid TOML"):
        settings.read_file(toml(tmp_path, "index ="), OPTIONS)


def test_a_missing_settings_file_is_an_error_only_when_it_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read"):
        settings.read_file(tmp_path / "none.toml", OPTIONS)


def test_an_unknown_variable_is_an_error_with_a_hint() -> None:
    settings.check_environment({"DAU_INDEX": "x", "DAU_SERVE_PORT": "1", "HOME": "/"}, OPTIONS)
    with pytest.raises(SettingsError, match="Did you mean 'DAU_INDEX'"):
        settings.check_environment({"DAU_INDX": "x"}, OPTIONS)


def dau(*words: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("dau")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAU_")}
    environ = {**clean, **environ}
    return subprocess.run([command, *words], cwd=cwd, env=environ, capture_output=True, text=True, timeout=300)


def test_flags_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    toml(tmp_path, 'index = "from-file"\n')
    assert "from-file" in dau("search", "x", cwd=tmp_path).stderr
    assert "from-env" in dau("search", "x", cwd=tmp_path, DAU_INDEX="from-env").stderr
    assert "from-flag" in dau("search", "x", "--index", "from-flag", cwd=tmp_path, DAU_INDEX="from-env").stderr


def test_every_flag_can_be_set_in_the_environment_by_its_own_name(tmp_path: Path) -> None:
    article = tmp_path / "tin.txt"
    article.write_text("Hội nghị đối ngoại nhân dân tỉnh Thanh Hóa\n\nĐoàn công tác đã thăm tỉnh.", encoding="utf-8")
    report = dau("rebuild", str(article), cwd=tmp_path, DAU_REBUILD_JSON="1", DAU_MAX_REJECTS="20%")
    assert json.loads(report.stdout)["articles"] == 1
    assert dau("search", "đoàn", cwd=tmp_path, DAU_SEARCH_FROM="không").returncode == 2


def test_the_command_exits_2_on_an_unknown_setting(tmp_path: Path) -> None:
    toml(tmp_path, "colour = 1\n")
    result = dau("search", "x", cwd=tmp_path)
    assert result.returncode == 2
    assert "'colour'" in result.stderr
    assert "Traceback" not in result.stderr


def test_help_is_given_whatever_the_settings_are_but_a_query_that_looks_like_it_is_a_query(tmp_path: Path) -> None:
    toml(tmp_path, 'index = "from-file"\n')
    assert "from-file" in dau("search", "--", "-h", cwd=tmp_path).stderr
    toml(tmp_path, "colour = 1\n")
    assert dau("search", "-h", cwd=tmp_path).returncode == 0
    assert dau("search", "--", "-h", cwd=tmp_path).returncode == 2


def test_the_settings_of_the_demo_are_followed(tmp_path: Path) -> None:
    done = dau("demo", "--build-only", cwd=tmp_path, DAU_DEMO_INDEX="elsewhere")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "elsewhere" / "CURRENT").is_file()
