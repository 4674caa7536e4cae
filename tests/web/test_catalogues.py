"""The catalogues of messages: whole, in step with the code, and all that a further language needs."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from tests.folders import ROOT
from web.catalogues import FOLDER, LANGUAGES, SOURCE

HEADER = 'msgid ""\nmsgstr ""\n"Language: {0}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
#: What a page shows, asked of the web room in the working folder.
ASK = """
import json, sys
from web import create_app
app = create_app(sys.argv[1])
pages = {address: app.test_client().get(address, headers={"Accept": "text/html"}).text for address in sys.argv[2:]}
app.extensions["dau"].close()
print(json.dumps(pages))
"""


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make catalogues` finds in the code."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    command = shlex.split(next(line for line in lines if "pybabel -q extract" in line))
    found = tmp_path_factory.mktemp("messages") / "messages.pot"
    command[command.index("-o") + 1] = str(found)
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        CommandLineInterface().run(["pybabel", *command[1:]])
    finally:
        os.chdir(here)
    with found.open("rb") as file:
        return read_po(file)


def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != SOURCE])
def test_a_catalogue_has_every_message_of_the_code_and_no_other(messages: Catalog, language: str) -> None:
    found = catalogue(language)
    assert len(messages) > 200
    assert {message.id for message in found} == {message.id for message in messages}
    assert [message.id for message in found if message.id and not all(forms(message.string))] == []
    assert [message.id for message in found if message.fuzzy and message.id] == []
    assert [(message.id, wrong) for message, wrong in found.check() if wrong] == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != SOURCE])
def test_every_form_of_a_message_has_the_placeholders_of_the_code(language: str) -> None:
    for message in catalogue(language):
        wanted = {name for form in forms(message.id) for name in placeholders(form)}
        for form in forms(message.string):
            assert placeholders(form) == wanted, message.id


def forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (str(text),)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def asked(index: Path, room: Path, *addresses: str) -> dict[str, str]:
    """Return pages of the web room in the folder `room`, by a process of its own."""
    line = [sys.executable, "-c", ASK, str(index), *addresses]
    done = subprocess.run(line, cwd=room, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(room)})
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_third_language_is_a_catalogue_and_no_code(sample_index: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "web", tmp_path / "web", ignore=shutil.ignore_patterns("__pycache__", "screens"))
    folder = tmp_path / "web" / "translations" / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(HEADER.format("pl") + """
msgid "%(n)s result"
msgid_plural "%(n)s results"
msgstr[0] "%(n)s wynik"
msgstr[1] "%(n)s wyniki"
msgstr[2] "%(n)s wyników"

msgid "Search the archive"
msgstr "Szukaj w archiwum"

msgid "Not found"
msgstr "Nie znaleziono"

msgid "archive of %(day)s"
msgstr "archiwum z %(dzień)s"
""", encoding="utf-8")  # fmt: skip
    shutil.copytree(folder, tmp_path / "web" / "translations" / "nolanguage" / "LC_MESSAGES")
    most = "/?lang=pl&sort=newest"
    many, few = "/?lang=pl&q=s%E1%BB%9F+ngo%E1%BA%A1i+v%E1%BB%A5", "/?lang=pl&q=cá+ngừ+kesennuma"
    pages = asked(sample_index, tmp_path, many, few, most, "/x?lang=pl", "/openapi.json", "/?lang=vi")
    assert '<html lang="pl">' in pages[many] and ">Szukaj w archiwum<" in pages[many]
    for address in (many, few, most):
        n, word = re.search(r">(\d+) (wynik\w*)<", pages[address]).groups()  # type: ignore[union-attr]
        assert word == {"one": "wynik", "few": "wyniki", "many": "wyników"}[Locale("pl").plural_form(int(n))]
    assert "Favour recent articles" in pages[many]  # what is not translated is in English
    assert "archive of" in pages[many]  # and so is what has other placeholders than the code
    assert "Nie znaleziono" in pages["/x?lang=pl"]
    assert '"pl"' in pages["/openapi.json"] and "nolanguage" not in pages["/openapi.json"]
    assert 'hreflang="pl"' in pages["/?lang=vi"] and ">Polski<" in pages["/?lang=vi"]
