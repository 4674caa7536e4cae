"""Pages about the archive itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

Soup = Callable[[FlaskClient, str], BeautifulSoup]


def counted(client: FlaskClient, address: str) -> int:
    return int(client.get(address.replace("/?", "/api/search?", 1)).json["total"])  # type: ignore[index]


@pytest.mark.parametrize("year", [None, 2025])
def test_every_number_of_the_coverage_is_what_its_link_finds_and_they_add_up(
    client: FlaskClient, soup: Soup, year: int | None
) -> None:
    page = soup(client, "/coverage")
    if year:
        page = soup(client, str(page.select(f'thead a[href$="year={year}"]')[0]["href"]))
    cells = page.select("td a")
    assert len(cells) > 5
    for cell in cells:
        assert counted(client, str(cell["href"])) == int(cell.get_text()), cell
    rows = page.select("tbody tr")
    assert sum(int(row.select("td")[-1].get_text()) for row in rows) == counted(client, f"/?year={year or ''}")


def test_a_year_that_is_none_is_named_on_the_page_of_coverage(client: FlaskClient) -> None:
    answer = client.get("/coverage?year=x", headers={"Accept": "text/html"})
    assert answer.status_code == 400 and "“year”" in answer.text


def test_the_state_tells_articles_sources_and_the_last_update_and_no_path(
    client: FlaskClient, soup: Soup, sample_index: Path
) -> None:
    page = soup(client, "/status?lang=en")
    text = page.get_text(" ", strip=True)
    assert "Articles 45" in text and "Last update" in text and "good" in text and "Rejected 0" in text
    assert str(sample_index) not in page.decode()
    numbers = page.select("td.number")
    assert sum(int(each.get_text()) for each in numbers) == 45


def test_every_example_of_the_help_finds_something_to_show(client: FlaskClient, soup: Soup) -> None:
    links = [str(link["href"]) for link in soup(client, "/help").select("tbody a")]
    text = soup(client, "/help").get_text()
    assert all(f"{name}:" in text for name in ("title", "province", "source", "author", "year", "from", "to", "day"))
    found = [counted(client, link) for link in links]
    assert sum(1 for count in found if count) >= len(links) - 2  # an archive need not have every phrase


@pytest.mark.parametrize("path", ["/help", "/coverage", "/status", "/api"])
def test_pages_about_the_archive_are_in_both_languages_and_reachable_from_the_front(
    client: FlaskClient, soup: Soup, path: str
) -> None:
    titles = {str(soup(client, f"{path}?lang={language}").select_one("h1")) for language in ("vi", "en")}
    assert len(titles) == 2
    assert soup(client, "/").select(f'footer a[href="{path}"]')
