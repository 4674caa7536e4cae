"""The institution's own name, colours, logo and language."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from search import settings
from search.errors import SettingsError
from web import create_app
from web.options import ServerOptions
from web.site import CONTRAST, PAPERS, Site, contrast, read

COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: "#{:02x}{:02x}{:02x}".format(*parts))


def test_pages_bear_the_name_colours_logo_and_texts_of_the_institution(sample_index: Path, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    site = read({"name": "Thư viện <A>", "logo": str(logo), "accent": "#0b4a6f", "front": "Báo cũ", "footer": "Số 1",
                 "language": "en"})  # fmt: skip
    app = create_app(sample_index, ServerOptions(site=site))
    client = app.test_client()
    page = BeautifulSoup(client.get("/").data, "lxml")
    assert page.html and page.html["lang"] == "en"
    assert page.title and page.title.get_text().startswith("Thư viện <A>")
    assert "Báo cũ" in page.get_text() and "Số 1" in page.get_text()
    (sheet,), (picture,) = page.select("link[rel=stylesheet]"), page.select("img.logo")
    assert "--accent:#0b4a6f" in client.get(str(sheet["href"])).text
    assert client.get(str(picture["src"])).mimetype == "image/svg+xml"
    assert client.get("/site.logo").data == logo.read_bytes()
    app.extensions["dau"].close()


@given(COLOURS)
def test_a_colour_is_taken_if_text_in_it_can_be_read(colour: str) -> None:
    if contrast(colour, PAPERS["accent"]) >= CONTRAST:
        assert read({"accent": colour}).accent == colour
    else:
        with pytest.raises(SettingsError, match="contrast"):
            read({"accent": colour})


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("table", "said"), [
    ({"nmae": "x"}, "Did you mean 'name'"), ({"accent": "red"}, "#7a1319"), ({"language": "fr"}, "one of: en, vi"),
    ({"logo": "none.svg"}, "can't be read"), ({"name": 3}, "is a text"), ("name =", "no table"),
])  # fmt: skip
def test_what_is_wrong_is_named(table: object, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read(table)


def test_the_table_reaches_the_server_from_the_settings_file_and_from_a_flag(tmp_path: Path) -> None:


    path = tmp_path / "dau.toml"
    path.write_text('[site]\nname = "A"\n', encoding="utf-8")
    found = settings.read_file(path, {"serve": {"site": "site"}, "search": {}})
    assert read(found["serve"]["site"]) == read('name = "A"') == Site(name="A")
