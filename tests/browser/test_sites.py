"""Excursion sites on the map: honest circles, names of towns, rings of distance."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# Pixels that so many metres measure at the map's centre, now.
METRES = """(metres) => {
  const centre = map.getCenter();
  const perPixel = (40075016.686 * Math.cos((centre.lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
  return metres / perPixel;
}"""


def test_the_link_of_a_site_shows_it_with_the_precision_of_its_place_among_towns(atlas):
    atlas.open("/sites?site=puebla-valsequillo-dam")
    marker = atlas.frame.locator("path.site[data-id='puebla-valsequillo-dam']")
    expect(marker).to_have_class(re.compile(r"\bselected\b"))
    atlas.wait_until_still()
    # Each of the eight sites has its circle; the largest measures 2 x 9 km.
    circles = atlas.frame.locator("path.uncertainty")
    expect(circles).to_have_count(8)
    widths = circles.evaluate_all("circles => circles.map((one) => one.getBBox().width)")
    assert max(widths) == pytest.approx(2 * atlas.map_call(METRES, 9000), rel=0.02)
    assert circles.first.evaluate("one => getComputedStyle(one).strokeDasharray") != "none"
    expect(atlas.part("detail")).to_contain_text("Lage auf ± 9 km genau")
    expect(atlas.part("detail")).to_contain_text("Presa Manuel Ávila Camacho (Presa de Valsequillo)")

    # At town scale names and rings give the sheet a scale.
    atlas.click_municipality("puebla-ecoparque-metropolitano")
    atlas.expect_query(site="puebla-ecoparque-metropolitano")
    atlas.wait_until_idle()
    names = atlas.frame.locator(".place.town")
    expect(names.first).to_be_attached()
    expect(atlas.frame.locator(".place.town").get_by_text("San Andrés Cholula")).to_be_visible()
    expect(atlas.frame.locator(".place.own").get_by_text("Puebla", exact=True)).to_be_visible()
    expect(atlas.frame.locator(".ring-label").get_by_text("5 km", exact=True)).to_be_visible()
    atlas.wait_until_still()
    boxes = names.evaluate_all("names => names.map((name) => name.firstChild.getBoundingClientRect().toJSON())")
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = (
                one["right"] <= other["left"]
                or other["right"] <= one["left"]
                or one["bottom"] <= other["top"]
                or other["bottom"] <= one["top"]
            )
            assert apart, (one, other)


def test_sites_seen_from_afar_are_gathered_and_a_click_or_a_card_goes_there(atlas):
    heading = atlas.page.get_by_role("heading", level=1)
    # Names of towns are loaded only when they are needed.
    atlas.open()
    atlas.expect_arcs(80)
    atlas.wait_until_still()
    assert not any("/places." in url for url in atlas.requests)
    expect(atlas.frame.locator(".place.town")).to_have_count(0)
    world = atlas.map_view()
    atlas.frame.get_by_role("button", name="Deutschland", exact=True).click()
    atlas.wait_until_still(other_than=world)
    for _ in range(2):
        zoom = atlas.map_view()
        atlas.frame.locator(".leaflet-control-zoom-in").click()
        atlas.wait_until_still(other_than=zoom)
    expect(atlas.frame.locator(".place.town").first).to_be_attached()
    assert sum("/places." in url for url in atlas.requests) == 1

    atlas.part("navigation").get_by_role("link", name="Exkursionsorte").click()
    numbers = atlas.frame.locator(".gathering")
    expect(numbers.get_by_text("3", exact=True)).to_be_visible()
    counts = numbers.all_inner_texts()
    assert sum(map(int, counts)) == 8
    atlas.wait_until_still()
    numbers.get_by_text("3", exact=True).click()
    expect(atlas.frame.locator("path.site")).to_have_count(8)
    atlas.wait_until_still()
    atlas.click_municipality("puebla-laguna-de-chapulco")
    atlas.expect_query(site="puebla-laguna-de-chapulco")
    expect(heading).to_have_text("Centennial Park „Laguna de Chapulco“")

    # A card shows its site on the map and the page begins at its top.
    atlas.wait_until_idle()
    # Until the app has run, the cards before it stand there as well.
    with atlas.one_run():
        atlas.page.get_by_role("link", name="Alle Exkursionsorte").click()
    atlas.expect_query()
    card = atlas.part("site_essen-zeche-zollverein")
    expect(card).to_have_count(1)
    card.get_by_role("link", name="Auf der Karte zeigen").click()
    expect(heading).to_have_text("Zeche Zollverein")
    expect(atlas.frame.locator("path.site.selected")).to_have_attribute("data-id", "essen-zeche-zollverein")
    expect(atlas.page.get_by_test_id("stMain")).to_have_js_property("scrollTop", 0)
    expect(card).to_have_count(0)

    # Turning from sites to meetings and back draws the right map.
    atlas.wait_until_idle()
    atlas.part("navigation").get_by_role("link", name="Treffen").click()
    expect(atlas.frame.locator("path.meeting")).to_have_count(27)
    expect(atlas.frame.locator("path.site")).to_have_count(0)
    atlas.part("navigation").get_by_role("link", name="Karte").click()
    atlas.expect_arcs(80)
    expect(atlas.frame.locator("path.meeting")).to_have_count(0)
    atlas.page.go_back()
    expect(atlas.frame.locator("path.meeting")).to_have_count(27)
    atlas.expect_arcs(0)


def test_sites_are_filtered_by_theme_country_and_meeting(atlas):
    # Two sites in one place can both be clicked.
    atlas.open("/sites?meeting=2022-10-pforzheim")
    expect(atlas.summary).to_contain_text("2 von 8 Exkursionsorten – Pforzheim, Oktober 2022")
    for site in ("pforzheim-enzauenpark", "pforzheim-gasometer"):
        expect(atlas.frame.locator(f"path.site[data-id='{site}']")).to_be_attached()
        atlas.click_municipality(site)
        atlas.expect_query(meeting="2022-10-pforzheim", site=site)

    atlas.wait_until_idle()
    atlas.page.get_by_role("link", name="Alle Exkursionsorte").click()
    atlas.expect_query()
    atlas.wait_until_idle()
    atlas.part("open_theme").get_by_role("button").first.click()
    atlas.option("Wasser").click()
    atlas.expect_query(theme="water")
    atlas.page.keyboard.press("Escape")
    expect(atlas.summary).to_contain_text("5 von 8 Exkursionsorten – Thema Wasser, besucht bei 3 Treffen")
    atlas.part("open_meeting").get_by_role("button").first.click()
    atlas.page.get_by_text("Windhoek, November 2018 (1)").click()
    expect(atlas.summary).to_contain_text("1 von 8 Exkursionsorten")
    atlas.expect_query(theme="water", meeting="2018-11-windhoek")
    expect(atlas.page.get_by_role("heading", name="Wasseraufbereitungsanlage Goreangab").first).to_be_visible()
