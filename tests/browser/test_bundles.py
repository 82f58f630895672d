"""Many links on the map: bundled by country or Bundesland, with numbers, and dissolved by filters."""

import re

import pytest
from playwright.sync_api import expect

from benchmarks.generated import make_tables, write_folder
from tests.browser.conftest import Atlas
from tests.serving import serve

pytestmark = pytest.mark.browser
# Phase 9 of these has fewer than 300, all together have more.
MANY = 1_500


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    folder = write_folder(tmp_path_factory.mktemp("many") / "data", make_tables(MANY))
    with serve(environment={"ATLAS_DATA": str(folder)}) as url:
        yield url


def badge(atlas, name):
    return atlas.frame.get_by_role("button", name=re.compile(f"^{name}, "))


def test_by_country_and_back_by_click_and_by_keyboard(atlas):
    atlas.open("/?by=country")
    # 80 partnerships in 29 countries.
    atlas.expect_arcs(29)
    expect(badge(atlas, "Südafrika")).to_have_accessible_name("Südafrika, 7 Partnerschaften")
    expect(badge(atlas, "Mexiko")).to_have_accessible_name("Mexiko, 1 Partnerschaft")
    choice = atlas.frame.get_by_role("button", name="Nach Ländern", exact=True)
    expect(choice).to_have_attribute("aria-pressed", "true")
    # The widest bundle is that of the country with the most.
    widths = atlas.map_call(
        "() => Object.fromEntries([...document.querySelectorAll('path.arc')].map((path) => "
        "[path.previousSibling?.dataset?.id ?? '', parseFloat(getComputedStyle(path).strokeWidth)]))"
    )
    assert max(widths.values()) == 14
    assert min(widths.values()) == pytest.approx(14 * (1 / 9) ** 0.5, abs=0.1)

    # A filter changes the numbers; the bundles stay.
    atlas.option("1").click()
    atlas.expect_query(phase="1", by="country")
    atlas.expect_arcs(3)
    expect(badge(atlas, "Tansania")).to_have_accessible_name("Tansania, 6 Partnerschaften")
    atlas.wait_until_idle()

    # A click opens the country: its partnerships one by one.
    badge(atlas, "Tansania").click()
    atlas.expect_query(phase="1", country="TZ")
    atlas.expect_arcs(6)
    expect(atlas.frame.locator("path.municipality.south").first).to_be_visible()
    expect(choice).to_have_attribute("aria-pressed", "false")
    atlas.page.go_back()
    atlas.expect_query(phase="1", by="country")
    expect(badge(atlas, "Tansania")).to_be_visible()

    # The same by keyboard, and the way back to single links by the button.
    atlas.wait_until_idle()
    badge(atlas, "Ghana").press("Enter")
    atlas.expect_query(phase="1", country="GH")
    atlas.wait_until_idle()
    choice.click()
    atlas.expect_query(phase="1", country="GH", by="country")
    # Of one country the bundles are those of the Bundesländer.
    expect(atlas.frame.locator("#legend")).to_contain_text("nach Bundesland")
    expect(atlas.frame.locator(".bundle-count").first).to_be_visible()
    atlas.wait_until_idle()
    choice.click()
    atlas.expect_query(phase="1", country="GH")
    expect(atlas.frame.locator("path.municipality.north").first).to_be_visible()


def test_whoever_looks_at_germany_sees_its_bundeslaender(atlas):
    atlas.open("/?by=country")
    atlas.expect_arcs(29)
    atlas.frame.get_by_role("button", name="Deutschland", exact=True).click()
    expect(badge(atlas, "Nordrhein-Westfalen")).to_be_visible()
    atlas.expect_arcs(0)
    atlas.wait_until_still()
    badge(atlas, "Bremen").click()
    atlas.expect_query(state="HB")
    expect(atlas.summary).to_contain_text("Kommunen aus Bremen")
    # The view stays where it was, whatever the map shows it with.
    assert atlas.map_view()[0] > 4


def test_of_very_many_links_bundles_are_a_must_and_filters_dissolve_them(open_window, many):
    atlas = Atlas(open_window().new_page(), many)
    atlas.open("/")
    expect(atlas.summary).to_contain_text("1.500 von 1.500")
    expect(atlas.frame.locator("path.arc.bundle").first).to_be_attached()
    choice = atlas.frame.get_by_role("button", name="Nach Ländern", exact=True)
    expect(choice).to_be_disabled()
    assert atlas.arcs.count() < 300
    # The table shows the first ones and says so.
    expect(atlas.rows).to_have_count(100)
    expect(atlas.page.get_by_text("Die Tabelle zeigt die ersten 100 von 1.500 Partnerschaften.")).to_be_visible()
    expect(atlas.page.get_by_text("Als Datei gibt es die Ansicht, solange")).to_be_visible()

    atlas.option("9").click()
    expect(atlas.frame.locator("path.municipality.north").first).to_be_attached()
    # The map is drawn before the words around it.
    expect(atlas.summary).to_have_text(re.compile(r"^\s*\d+ von 1\.500"))
    shown = int(re.match(r"(\d+) von 1\.500", atlas.summary.inner_text().strip())[1])
    assert 100 < shown <= 300
    atlas.expect_arcs(shown)
    expect(atlas.rows).to_have_count(shown)
    expect(choice).to_be_enabled()
    atlas.wait_until_idle()
    atlas.option("9").click()
    expect(atlas.frame.locator("path.arc.bundle").first).to_be_attached()
    expect(choice).to_be_disabled()
    atlas.wait_until_idle()

    # A profile, the directory, meetings and the talk have their maps too.
    atlas.rows.get_by_role("link").first.click()
    atlas.part("detail").get_by_role("link", name="Profil öffnen").click()
    atlas.expect_arcs(1)
    atlas.page.goto(many + "/partnerships")
    expect(atlas.rows).to_have_count(100)
    atlas.page.goto(many + "/talk")
    expect(atlas.frame.locator("path.arc.bundle").first).to_be_attached()
    atlas.check()
