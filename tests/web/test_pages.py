"""The pages, as a browser without JavaScript gets them."""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from web import create_app
from web.options import ServerOptions

WEB = Path(__file__).resolve().parents[2] / "web"
Fetch = Callable[[FlaskClient, str], BeautifulSoup]


def one(page: BeautifulSoup, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def titles(page: BeautifulSoup) -> list[str]:
    return [tag.get_text() for tag in page.select(".hit h2")]


def total(page: BeautifulSoup) -> int:
    return int(re.sub(r"\D", "", one(page, ".total").get_text()))


def test_the_front_page_offers_a_search_box_the_latest_articles_and_ways_to_browse(
    client: FlaskClient, soup: Fetch
) -> None:
    page = soup(client, "/")
    assert one(page, "form[role=search] input[name=q]")["id"] == one(page, "form[role=search] label")["for"]
    assert "45 bài" in one(page, ".dateline").get_text()
    assert len(page.select(".latest .card")) == 8
    assert page.select(".browse .facet a")
    assert page.select(".syntax a")


def test_every_example_of_the_front_page_finds_something_in_the_sample_archive(
    client: FlaskClient, soup: Fetch
) -> None:
    for link in soup(client, "/").select(".syntax a"):
        assert total(soup(client, str(link["href"]))) > 0, link.get_text()


def test_results_carry_marked_titles_and_snippets_dates_and_provinces(client: FlaskClient, soup: Fetch) -> None:
    page = soup(client, "/?q=thanh hoa")
    first = one(page, ".hit")
    assert unicodedata.normalize("NFC", one(page, ".hit h2 mark").get_text()) in ("Thanh Hóa", "Thanh Hoá")
    assert first.select(".snippet mark")
    assert first.select_one("time[datetime]")
    assert "Thanh Hóa" in one(page, ".hit .meta").get_text()


def test_every_facet_line_leads_to_as_many_results_as_it_says(client: FlaskClient, soup: Fetch) -> None:
    page = soup(client, "/?q=sở ngoại vụ")
    links = page.select(".filters .facet li a")
    assert len(links) > 20
    for link in links:
        count = int(re.sub(r"\D", "", link.select(".count")[0].get_text()))
        assert total(soup(client, str(link["href"]))) == count, link.get_text()


def test_every_bar_and_every_tile_leads_to_as_many_results_as_it_says(client: FlaskClient, soup: Fetch) -> None:
    seen, address = 0, "/?q=sở ngoại vụ"
    for step in ("svg.count a[href*='year=2022']", "svg.count a", ""):  # years, months of one, days of one
        page = soup(client, address)
        bars = [(link["href"], one(link, "title").get_text().split(": ")[-1]) for link in page.select("svg.count a")]
        tiles = [(link["href"], one(link, "small").get_text()) for link in page.select(".tiles a")]
        rows = [(one(row, "a")["href"], one(row, "td").get_text()) for row in page.select(".numbers tbody tr")]
        assert [count for _, count in bars] == [count for _, count in reversed(rows)]
        for url, count in {*bars, *tiles, *rows}:
            assert total(soup(client, str(url))) == int(count.replace(".", "")), url
            seen += 1
        address = str(one(page, step)["href"]) if step else ""
    assert seen > 30


def test_a_chosen_facet_is_marked_and_removed_by_the_same_line_and_by_its_chip(
    client: FlaskClient, soup: Fetch
) -> None:
    page = soup(client, "/?q=sở ngoại vụ&province=Thanh Hóa&year=2022")
    chosen = page.select(".lists .facet a[aria-current]")
    assert [link.select(".label")[0].get_text().split(",")[0].strip() for link in chosen] == ["Thanh Hóa"]
    for link in [chosen[0], page.select(".active .chip")[0]]:
        query = parse_qs(urlsplit(str(link["href"])).query)
        assert query == {"q": ["sở ngoại vụ"], "year": ["2022"]}


def test_the_whole_state_is_in_the_address_also_of_the_forms(client: FlaskClient, soup: Fetch) -> None:
    page = soup(client, "/?q=lào&province=Kon Tum&province=Sơn La&year=2018&sort=oldest&lang=en&page=1")
    hidden = [(field["name"], field["value"]) for field in page.select("form[role=search] input[type=hidden]")]
    assert hidden == [
        ("province", "Kon Tum"), ("province", "Sơn La"), ("year", "2018"), ("sort", "oldest"), ("lang", "en"),
    ]  # fmt: skip
    assert one(page, "input[name=q]")["value"] == "lào"


def test_sorting_by_date_orders_the_results(client: FlaskClient, soup: Fetch) -> None:
    newest = [str(tag["datetime"]) for tag in soup(client, "/?sort=newest&size=30").select(".hit time")]
    oldest = [str(tag["datetime"]) for tag in soup(client, "/?sort=oldest&size=30").select(".hit time")]
    assert newest == sorted(newest, reverse=True)
    assert oldest == sorted(oldest)


def test_pages_lead_through_all_results(client: FlaskClient, soup: Fetch) -> None:
    address, seen = "/?sort=newest&size=20", []
    for _ in range(3):
        page = soup(client, address)
        seen += [str(tag["href"]) for tag in page.select(".hit h2 a")]
        following = page.select_one("a[rel=next]")
        address = str(following["href"]) if following else ""
    assert address == ""
    assert len(seen) in (44, 45)  # the two copies of one press release may stand behind one hit


def test_a_page_behind_the_last_one_leads_back(client: FlaskClient, soup: Fetch) -> None:
    page = soup(client, "/?q=lào&page=50")
    assert not page.select(".hit")
    assert one(page, ".empty a")["href"] == "/?q=l%C3%A0o"


def test_no_result_explains_itself_and_offers_ways_out(client: FlaskClient, soup: Fetch) -> None:
    page = soup(client, "/?q=xyzzyq qwwrtp&year=2025")
    assert "Không có bài nào khớp" in one(page, "h1").get_text()
    assert one(page, ".empty a.button")["href"] == "/?q=xyzzyq+qwwrtp"
    assert page.select(".syntax a")


def test_the_language_is_vietnamese_unless_the_address_or_the_browser_says_english(client: FlaskClient) -> None:
    def language(address: str, accept: str = "") -> str:
        response = client.get(address, headers={"Accept-Language": accept} if accept else {})
        assert "Accept-Language" in response.headers["Vary"]
        return str(one(BeautifulSoup(response.data, "lxml"), "html")["lang"])

    assert language("/") == "vi"
    assert language("/", "fr-FR,fr") == "vi"
    assert language("/", "en-GB,en;q=0.9,vi;q=0.1") == "en"
    assert language("/?lang=en", "vi") == "en"
    assert language("/?lang=vi", "en") == "vi"
    assert client.get("/?lang=xx").status_code == 400


def test_the_other_language_keeps_the_search(client: FlaskClient, soup: Fetch) -> None:
    link = one(soup(client, "/?q=lào&year=2018"), "a.language")
    page = soup(client, str(link["href"]))
    assert "results" in one(page, ".total").get_text() or "1 result" in one(page, ".total").get_text()
    assert one(page, "input[name=year]")["value"] == "2018"


def test_an_article_shows_its_clean_text_marked_with_what_is_known_of_it(client: FlaskClient, soup: Fetch) -> None:
    results = soup(client, "/?q=cá ngừ kesennuma")
    page = soup(client, str(one(results, ".hit h2 a")["href"]))
    text = one(page, ".text").get_text()
    assert "Kesennuma" in text
    assert "VĂN BẢN MỚI" not in text
    assert page.select(".text mark")
    assert one(page, ".byline time")["datetime"] == "2019-04-02"
    assert "Thanh Trà" in one(page, ".byline").get_text()
    assert "Tỉnh Phú Yên, nay thuộc tỉnh Đắk Lắk" in one(page, ".about").get_text()
    assert "VĂN BẢN MỚI" in one(page, "details.removed").get_text()
    assert one(page, ".back a")["href"] == one(results, "a.language")["href"].replace("&lang=en", "")  # type: ignore[union-attr]


def test_near_identical_copies_are_one_click_away(client: FlaskClient, soup: Fetch) -> None:
    results = soup(client, "/?q=cửa khẩu cầu treo")
    link = one(results, ".twins a")
    page = soup(client, str(link["href"]).partition("#")[0])
    assert link["href"].endswith("#copies")  # type: ignore[union-attr]
    copies = page.select(".copies .card a")
    assert len(copies) == 1
    assert "Nậm Phao" in one(soup(client, str(copies[0]["href"])), ".text").get_text()


def test_a_day_without_a_year_is_shown_as_one(client: FlaskClient, soup: Fetch) -> None:
    page = soup(client, "/?q=cột mốc kể chuyện sin suối hồ")
    assert "không rõ năm" in one(page, ".hit .meta").get_text()


def test_asking_for_exact_words_is_shown_and_can_be_taken_back(client: FlaskClient, soup: Fetch) -> None:
    chip = one(soup(client, "/?q=lào&strict=1"), ".active .chip")
    assert chip["href"] == "/?q=l%C3%A0o"


def test_a_correction_is_said_and_undone_by_one_click(client: FlaskClient, soup: Fetch) -> None:
    page = soup(client, "/?q=sở ngoaij vụ")
    notice = one(page, ".notices .corrected a")
    assert titles(page)
    assert parse_qs(urlsplit(str(notice["href"])).query) == {"q": ["sở ngoaij vụ"], "strict": ["1"]}


def test_a_wrong_parameter_is_a_page_that_names_it(client: FlaskClient) -> None:
    response = client.get("/?q=lào&page=mười")
    page = BeautifulSoup(response.data, "lxml")
    assert response.status_code == 400
    field = one(page, "main input[name=page]")
    assert (field["value"], field["aria-invalid"]) == ("mười", "true")
    assert "“page”" in one(page, f"#{field['aria-describedby']}").get_text()
    assert one(page, "input[name=q]")["value"] == "lào"
    assert "Traceback" not in response.text


def test_what_can_not_be_answered_is_said_in_the_language_of_the_page(client: FlaskClient, tmp_path: Path) -> None:
    broken = create_app(tmp_path)
    for app, address, status in ((client, f"/?q={'a' * 20_000}", 414), (broken.test_client(), "/?q=lào", 503)):
        html = {"Accept": "text/html"}
        pages = {language: app.get(f"{address}&lang={language}", headers=html) for language in ("vi", "en")}
        assert {page.status_code for page in pages.values()} == {status}
        shown = {language: one(BeautifulSoup(page.data, "lxml"), "main").get_text() for language, page in pages.items()}
        assert "Hãy" in shown["vi"] and "Hãy" not in shown["en"]
    broken.extensions["dau"].close()


def test_an_unknown_article_is_a_page_for_people_and_a_problem_for_programs(client: FlaskClient) -> None:
    page = client.get("/article/none", headers={"Accept": "text/html"})
    data = client.get("/article/none", headers={"Accept": "application/json"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (data.status_code, data.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("address", ["/?q=đoàn công tác", "/article/script?q=đoàn", "/article/quote?q=đoàn", "/"])
def test_markup_in_articles_is_shown_as_text(hostile: FlaskClient, soup: Fetch, address: str) -> None:
    page = soup(hostile, address)
    assert len(page.select("script[src]")) == 1
    data = page.select("script:not([src])")
    assert all(tag["type"] == "application/ld+json" and json.loads(tag.get_text()) for tag in data)
    assert not page.select("img, iframe, [onerror], [style], b")
    assert not page.select("a[href^='javascript']")
    assert "<script>alert(" in page.get_text() or "onerror=" in page.get_text()


@pytest.mark.parametrize("q", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'\"</title>{{7*7}}"])
def test_markup_in_the_query_is_shown_as_text(client: FlaskClient, q: str) -> None:
    for path in ("/", "/api/nothing", "/article/" + q):
        response = client.get(path, query_string={"q": q, "sort": "newest"})
        page = BeautifulSoup(response.data, "lxml")
        if response.mimetype == "text/html":
            assert len(page.select("script")) == 1
            assert not page.select("img")
    field = BeautifulSoup(client.get("/", query_string={"q": q}).data, "lxml").select("input[name=q]")[0]
    assert field["value"] == q


def test_no_page_needs_or_allows_inline_code(client: FlaskClient, soup: Fetch) -> None:
    response = client.get("/?q=lào")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    for address in ("/", "/?q=lào", "/?q=xyzzyq"):
        page = soup(client, address)
        assert not [
            tag for tag in page.find_all() if any(name.startswith("on") or name == "style" for name in tag.attrs)
        ]
        assert all(tag.get("src") and not tag.get_text(strip=True) for tag in page.select("script"))


def test_pages_are_kept_only_as_long_as_they_are_right(client: FlaskClient) -> None:
    first = client.get("/?q=lào")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/?q=lào", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    english = client.get("/?q=lào", headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "en"})
    assert english.status_code == 200


def test_static_files_have_addresses_that_last(client: FlaskClient, soup: Fetch) -> None:
    sheet = one(soup(client, "/"), "link[rel=stylesheet]")["href"]
    response = client.get(str(sheet))
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]


def test_browsers_can_add_the_search_to_their_address_bar(client: FlaskClient, soup: Fetch) -> None:
    address = one(soup(client, "/"), "link[rel=search]")["href"]
    response = client.get(str(address))
    xml = BeautifulSoup(response.data, "xml")
    assert response.mimetype == "application/opensearchdescription+xml"
    assert xml.select("Url[type='text/html']")[0]["template"] == "http://localhost/?q={searchTerms}"


def test_every_page_has_a_title_a_language_one_main_heading_and_a_landmark(client: FlaskClient, soup: Fetch) -> None:
    article = str(one(soup(client, "/?q=lào"), ".hit h2 a")["href"])
    seen = set()
    for address in ("/", "/?q=lào", "/?sort=newest", "/?q=xyzzyq", article):
        page = soup(client, address)
        seen.add(one(page, "title").get_text())
        assert len(page.select("h1")) == 1
        assert len(page.select("main#main")) == 1
        assert one(page, "a.skip")["href"] == "#main"
        assert all(
            field.get("aria-label") or field.get("id") or field.find_parent("label")
            for field in page.select("input:not([type=hidden])")
        )
        assert all(link.get_text(strip=True) or link.get("aria-label") for link in page.select("a"))
    assert len(seen) == 5


def test_behind_a_proxy_every_address_stands_below_the_path_that_the_proxy_gives(sample_index: Path) -> None:
    app = create_app(sample_index, ServerOptions(trust_proxy=True))
    client = app.test_client()
    proxied = {"X-Forwarded-Prefix": "/tin", "X-Forwarded-Host": "bao.example", "X-Forwarded-Proto": "https"}
    article = str(one(BeautifulSoup(client.get("/?q=sở ngoại vụ").data, "lxml"), ".hit h2 a")["href"])
    for address in ("/", "/?q=sở ngoại vụ&province=Thanh Hóa&year=2022", article, "/article/none"):
        page = BeautifulSoup(client.get(address, headers=proxied).data, "lxml")
        named = ("href", "action", "src", "data-suggest")
        places = [str(tag[name]) for name in named for tag in page.find_all(attrs={name: True})]
        inside = [place for place in places if not place.startswith(("http", "#"))]
        assert inside and all(place.startswith("/tin/") for place in inside), inside
    feed = client.get("/feed.atom?q=lào", headers=proxied).text
    assert "https://bao.example/tin/article/" in feed and "bao.example/article" not in feed
    app.extensions["dau"].close()
