"""What the server does from its first answer on: nothing foreign, nothing blank, nothing broken."""

import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_talk import OVERFLOWING, Talk
from tests.serving import serve

pytestmark = pytest.mark.browser


def test_no_page_asks_a_foreign_host_for_anything_and_assets_are_kept_for_a_year(atlas):
    navigation = atlas.part("navigation")
    heading = atlas.page.get_by_role("heading", level=1)
    atlas.open("/?lang=en&phase=9")
    atlas.expect_arcs(11)
    atlas.page.get_by_role("radio", name="DE").click()
    expect(heading).to_have_text("Klimapartnerschaften auf der Weltkarte")
    atlas.expect_arcs(11)
    navigation.get_by_role("link", name="Partnerschaften").click()
    expect(heading).to_have_text("Verzeichnis der Klimapartnerschaften")
    atlas.rows.get_by_role("link", name="Wolfsburg").click()
    expect(heading).to_have_text("Wolfsburg – Puebla")
    atlas.expect_arcs(1)
    navigation.get_by_role("link", name="Treffen").click()
    atlas.mark("2023-09-puebla").click()
    expect(heading).to_have_text("Netzwerktreffen der Südpartner der 9. Projektphase")
    atlas.expect_arcs(10)
    navigation.get_by_role("link", name="Exkursionsorte").click()
    expect(atlas.part("site_essen-zeche-zollverein")).to_be_visible()
    expect(atlas.frame.locator(".gathering").first).to_be_attached()
    navigation.get_by_role("link", name="Tabellen").click()
    expect(atlas.part("upkeep")).to_be_visible()
    expect(atlas.page.get_by_test_id("stDataFrame")).to_be_visible()
    navigation.get_by_role("link", name="Über den Atlas").click()
    expect(heading).to_have_text("Über den Atlas")
    # No other test opens this page by its address.
    atlas.page.reload()
    expect(heading).to_have_text("Über den Atlas")
    expect(atlas.part("footer")).to_be_attached()
    navigation.get_by_role("link", name="Karte").click()
    atlas.expect_arcs(11)
    navigation.get_by_role("link", name="Vortrag").click()
    expect(atlas.part("scenes").get_by_role("heading", level=1)).to_be_visible()
    atlas.expect_arcs(80)
    for _ in range(5):
        atlas.page.keyboard.press("PageDown")
    atlas.expect_arcs(10)
    atlas.wait_until_idle()
    # The page has waited for the map to be drawn, and not longer.
    assert any("/drawn/" in url for url in atlas.requests)
    own = urlsplit(atlas.url).netloc
    foreign = [
        url for url in atlas.requests if urlsplit(url).scheme in ("http", "https", "ws") and urlsplit(url).netloc != own
    ]
    assert foreign == []
    assert atlas.violations == []

    # Assets have names that change with their content.
    for kind in ("/assets/scripts.", "/assets/base-map.", "/documents/network.de."):
        url = next(url for url in atlas.requests if kind in url)
        with urllib.request.urlopen(url) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(re.sub(r"\.[0-9a-f]{10}(?=[./])", ".0000000000", url))


def test_the_first_visit_shows_the_map_also_below_a_base_path_at_a_public_address_and_without_tiles(
    context, other_website, tmp_path
):
    public = "https://atlas.example.org/karte/"
    environment = {"ATLAS_PUBLIC_ADDRESS": public, "ATLAS_TILES": "off"}
    with serve(options=("--server.baseUrlPath", "atlas"), environment=environment) as url:
        talk = Talk(context.new_page(), url)
        # The very first visit after the start shows the map; where tiles are off, the policy names no foreign host.
        with talk.page.expect_response(url + "/") as answer, talk.page.expect_request(f"{url}/drawn/*") as drawn:
            talk.page.goto(url + "/")
        assert urllib.request.urlopen(drawn.value.url, data=b"").status == 204
        assert "http" not in answer.value.headers["content-security-policy"]
        expect(talk.arcs.first).to_be_attached()
        expect(talk.page.get_by_role("dialog")).to_have_count(0)

        # No other website was named that may show it in a frame.
        other = context.new_page()
        other.goto(other_website(f'<iframe src="{url}/?embed=true"></iframe>'))
        other.wait_for_function("window.frames.length === 1")
        expect(other.frame_locator("iframe").locator(".st-key-summary")).to_have_count(0)
        assert other.frames[1].url.startswith("chrome-error:")
        other.close()

        # The map works below a base path.
        talk.expect_arcs(80)
        talk.option("9").click()
        talk.expect_arcs(11)
        expect(talk.rows).to_have_count(11)
        talk.option("9").click()
        talk.expect_arcs(80)
        talk.expect_query()

        # Without tiles a town has no button for them.
        talk.wait_until_idle()
        talk.part("navigation").get_by_role("link", name="Exkursionsorte").click()
        talk.part("site_essen-zeche-zollverein").get_by_role("link", name="Auf der Karte zeigen").click()
        expect(talk.frame.locator("path.site.selected")).to_be_visible()
        talk.wait_until_still()
        expect(talk.frame.get_by_role("button", name="Detailkarte laden")).to_have_count(0)

        # The code in the last scene of the talk leads to the public address.
        talk.part("navigation").get_by_role("link", name="Vortrag").click()
        expect(talk.heading).to_be_visible()
        talk.press("End")
        expect(talk.panel).to_contain_text("https://atlas.example.org/karte/talk")
        talk.panel.get_by_role("img").screenshot(path=tmp_path / "code.png")
        (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
        assert found.text == "https://atlas.example.org/karte/talk"
        talk.check()


def test_tables_that_are_faulty_then_mended_then_empty_are_shown_as_they_are(context, folder):
    table = folder / "partnerships.csv"
    good = table.read_text(encoding="utf-8")
    table.write_text(good.replace("de-bremen,za-durban,1,2011", "de-bremen,za-durbn,1,zweitausend"), encoding="utf-8")
    with serve(environment={"ATLAS_DATA": str(folder)}) as url:
        talk = Talk(context.new_page(), url)
        # Faulty tables show what to mend.
        talk.page.goto(url)
        report = talk.part("faults")
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

        # Mended ones show the map.
        table.write_text(good, encoding="utf-8")
        write_odd_talk(folder / "talk.csv")
        talk.page.reload()
        talk.expect_arcs(80)

        # In the talk a long text is shown smaller and whole, and names are text.
        talk.wait_until_idle()
        talk.part("navigation").get_by_role("link", name="Vortrag").click()
        expect(talk.heading).to_be_visible()
        talk.expect_arcs(80)
        expect(talk.panel).to_contain_text("Klimaanpassungsmaßnahmenkatalog")
        assert talk.panel.evaluate(OVERFLOWING) == []
        talk.press("PageDown")
        expect(talk.heading).to_have_text("<img src=x onerror=alert(1)>")
        assert talk.heading.locator("img").count() == 0

        # Empty tables draw empty maps.
        for path in folder.glob("*.csv"):
            path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
        talk.open()
        expect_empty_map(talk, width=1300)
        for page, width in (("Treffen", 1440), ("Exkursionsorte", 1300)):
            with talk.one_run():
                talk.part("navigation").get_by_role("link", name=page).click()
            expect_empty_map(talk, width=width)
        talk.part("navigation").get_by_role("link", name="Vortrag").click()
        expect(talk.page.get_by_text("In den Tabellen steht noch keine Szene für den Vortrag.")).to_be_visible()
        talk.check()


def write_odd_talk(path):
    """Give the first scene a long title and text, and the second a title that looks like an element."""
    words = "Klimaanpassungsmaßnahmenkatalog " * 40
    text = path.read_text(encoding="utf-8").replace("Ein Netz für das Klima", f"{'Wort' * 30} {words[:200]}", 1)
    text = text.replace("Jeder Bogen ist eine Partnerschaft.", words, 1)
    path.write_text(text.replace("So fing es an", "<img src=x onerror=alert(1)>", 1), encoding="utf-8")


def expect_empty_map(atlas, *, width):
    """Wait for a map of nothing but land, and resize it."""
    expect(atlas.frame.locator("#legend")).to_be_attached()
    expect(atlas.frame.locator("path.land").first).to_be_attached()
    atlas.page.set_viewport_size({"width": width, "height": 800})
    atlas.wait_until_idle()
    expect(atlas.frame.locator("#years")).to_be_hidden()


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

    # The timeline survives it too, be it of its content or of the library that draws it.
    atlas.wait_until_idle()
    content, library = drop_once("**/documents/meetings.**"), drop_once("**/d3.min.js")
    atlas.part("navigation").get_by_role("link", name="Treffen").click()
    expect(atlas.mark("2023-09-puebla")).to_be_attached()
    expect(atlas.rows).to_have_count(30)
    assert len(content) == 1
    assert len(library) == 1


def test_a_map_a_timeline_and_a_table_that_cannot_be_loaded_say_so(atlas):
    atlas.page.route("**/base-map.*", lambda route: route.abort())
    atlas.open()
    expect(atlas.frame.get_by_role("alert")).to_have_text(
        "Die Karte konnte nicht geladen werden. Bitte laden Sie die Seite neu."
    )
    atlas.page.route("**/documents/**", lambda route: route.abort())
    atlas.part("navigation").get_by_role("link", name="Treffen").click()
    for part, name in (("timeline", "Die Zeitachse"), ("table", "Die Tabelle")):
        expect(atlas.part(part).get_by_role("alert")).to_have_text(
            f"{name} konnte nicht geladen werden. Bitte laden Sie die Seite neu."
        )
    atlas.page_errors.clear()
