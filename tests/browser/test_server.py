"""What the server does from its first answer on: nothing foreign, nothing blank, nothing broken."""

import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Atlas
from tests.serving import serve

pytestmark = pytest.mark.browser

WITH_MAP = ["/", "/?lang=en&phase=9", "/partnerships?partnership=wolfsburg--puebla-9", "/talk", "/talk?scene=6"]
WITHOUT_MAP = ["/partnerships", "/meetings", "/meetings?meeting=2023-09-puebla", "/sites", "/upkeep", "/about"]


@pytest.mark.parametrize("path", WITH_MAP + WITHOUT_MAP)
def test_no_page_asks_a_foreign_host_for_anything(atlas, path):
    violations = []
    atlas.page.on(
        "console", lambda message: "Content Security Policy" in message.text and violations.append(message.text)
    )
    atlas.open(path)
    if path in WITH_MAP:
        expect(atlas.arcs.first).to_be_attached()
    atlas.wait_until_idle()
    own = urlsplit(atlas.url).netloc
    foreign = [
        url for url in atlas.requests if urlsplit(url).scheme in ("http", "https", "ws") and urlsplit(url).netloc != own
    ]
    assert foreign == []
    assert violations == []


@pytest.mark.parametrize("path", ["/", "/partnerships", "/assets/nothing.js", "/documents/network.de.0000000000.json"])
def test_every_answer_carries_the_security_headers(server, path):
    try:
        answer = urllib.request.urlopen(server + path)
    except urllib.error.HTTPError as error:
        answer = error
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    # The one host beside our own is that of the detailed map, for images, which a visitor must agree to.
    assert re.findall(r"[^ ;]*(?:https?://|\*)[^ ;]*", policy) == ["https://sgx.geodatenzentrum.de"]


def test_assets_are_kept_for_a_year_under_names_that_change_with_their_content(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    for kind in ("/assets/scripts.", "/assets/base-map.", "/documents/network.de."):
        url = next(url for url in atlas.requests if kind in url)
        with urllib.request.urlopen(url) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(re.sub(r"\.[0-9a-f]{10}(?=[./])", ".0000000000", url))


@pytest.mark.parametrize("path", ["/", "/partnerships?partnership=wolfsburg--puebla-9"])
def test_the_very_first_visit_after_the_start_shows_the_map(context, path):
    with serve() as url:
        atlas = Atlas(context.new_page(), url)
        atlas.page.goto(url + path)
        expect(atlas.arcs.first).to_be_attached()
        expect(atlas.page.get_by_text("Page not found")).to_have_count(0)


def test_the_map_works_below_a_base_path(context):
    with serve(options=("--server.baseUrlPath", "atlas")) as url:
        atlas = Atlas(context.new_page(), url)
        atlas.open("/?phase=9")
        atlas.expect_arcs(11)
        expect(atlas.rows).to_have_count(11)


def test_faulty_tables_show_what_to_mend_and_mended_ones_the_map(context, folder):
    table = folder / "partnerships.csv"
    good = table.read_text(encoding="utf-8")
    table.write_text(good.replace("de-bremen,za-durban,1,2011", "de-bremen,za-durbn,1,zweitausend"), encoding="utf-8")
    with serve(environment={"ATLAS_DATA_FOLDER": str(folder)}) as url:
        atlas = Atlas(context.new_page(), url)
        atlas.page.goto(url)
        report = atlas.part("faults")
        expect(report.get_by_role("heading")).to_have_text("Die Tabellen lassen sich so nicht zeigen")
        rows = report.locator("tbody tr")
        expect(rows).to_have_count(2)
        expect(rows.nth(0)).to_contain_text("zweitausend")
        expect(rows.nth(0)).to_contain_text("Hier wird eine ganze Zahl erwartet.")
        expect(rows.nth(1)).to_contain_text("za-durbn")
        expect(rows.nth(1)).to_contain_text("Meinten Sie „za-durban“?")
        expect(rows.nth(1)).to_contain_text("Diese Kennung gibt es in der Tabelle „Kommunen“ nicht.")
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"{url}/documents/network.de.0000000000.json")
        table.write_text(good, encoding="utf-8")
        atlas.page.reload()
        atlas.expect_arcs(80)


@pytest.fixture
def drop_once(atlas):
    """Lose the first request of a kind, as hotel Wi-Fi does; returns the list of those lost."""

    def prepare(pattern):
        dropped = []

        def handle(route):
            if dropped:
                route.continue_()
            else:
                dropped.append(route.request.url)
                route.abort()

        atlas.page.route(pattern, handle)
        return dropped

    return prepare


def test_a_dropped_request_is_tried_again(atlas, drop_once):
    dropped = drop_once("**/documents/**")
    atlas.open()
    atlas.expect_arcs(80)
    assert len(dropped) == 1


@pytest.mark.parametrize("pattern", ["**/documents/meetings.**", "**/d3.min.js"])
def test_the_timeline_survives_a_dropped_request(atlas, drop_once, pattern):
    dropped = drop_once(pattern)
    atlas.open("/meetings")
    expect(atlas.mark("2023-09-puebla")).to_be_attached()
    expect(atlas.rows).to_have_count(30)
    assert len(dropped) == 1


def test_a_timeline_and_a_table_that_cannot_be_loaded_say_so(atlas):
    atlas.page.route("**/documents/**", lambda route: route.abort())
    atlas.open("/meetings")
    for part, name in (("timeline", "Die Zeitachse"), ("table", "Die Tabelle")):
        expect(atlas.part(part).get_by_role("alert")).to_have_text(
            f"{name} konnte nicht geladen werden. Bitte laden Sie die Seite neu."
        )
    atlas.page_errors.clear()


def test_empty_tables_draw_empty_maps(context, folder):
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    with serve(environment={"ATLAS_DATA_FOLDER": str(folder)}) as url:
        atlas = Atlas(context.new_page(), url)
        for path in ("/", "/meetings", "/sites"):
            atlas.open(path)
            expect(atlas.frame.locator("#legend")).to_be_attached()
            expect(atlas.frame.locator("path.land").first).to_be_attached()
            atlas.page.set_viewport_size({"width": 1300, "height": 800})
            atlas.wait_until_idle()
            expect(atlas.frame.locator("#years")).to_be_hidden()
        atlas.open("/talk")
        expect(atlas.page.get_by_text("In den Tabellen steht noch keine Szene für den Vortrag.")).to_be_visible()
        assert atlas.page_errors == []


def test_a_map_that_cannot_be_loaded_says_so(atlas):
    atlas.page.route("**/base-map.*", lambda route: route.abort())
    atlas.open()
    expect(atlas.frame.get_by_role("alert")).to_have_text(
        "Die Karte konnte nicht geladen werden. Bitte laden Sie die Seite neu."
    )
    atlas.page_errors.clear()
