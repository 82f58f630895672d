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


def test_the_link_of_a_site_shows_it_with_the_precision_of_its_place(atlas):
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


def test_at_town_scale_names_and_rings_give_the_sheet_a_scale(atlas):
    atlas.open("/sites?site=puebla-ecoparque-metropolitano")
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


def test_names_of_towns_are_loaded_only_when_they_are_needed(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.wait_until_still()
    assert not any("/places." in url for url in atlas.requests)
    expect(atlas.frame.locator(".place.town")).to_have_count(0)
    world = atlas.map_view()
    atlas.frame.get_by_role("button", name="Deutschland").click()
    atlas.wait_until_still(other_than=world)
    for _ in range(2):
        zoom = atlas.map_view()
        atlas.frame.locator(".leaflet-control-zoom-in").click()
        atlas.wait_until_still(other_than=zoom)
    expect(atlas.frame.locator(".place.town").first).to_be_attached()
    assert sum("/places." in url for url in atlas.requests) == 1


def test_sites_seen_from_afar_are_gathered_and_a_click_goes_there(atlas):
    atlas.open("/sites")
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
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Centennial Park „Laguna de Chapulco“")


def test_two_sites_in_one_place_can_both_be_clicked(atlas):
    atlas.open("/sites?meeting=2022-10-pforzheim")
    expect(atlas.summary).to_contain_text("2 von 8 Exkursionsorten – Pforzheim, Oktober 2022")
    for site in ("pforzheim-enzauenpark", "pforzheim-gasometer"):
        expect(atlas.frame.locator(f"path.site[data-id='{site}']")).to_be_attached()
        atlas.click_municipality(site)
        atlas.expect_query(meeting="2022-10-pforzheim", site=site)


def test_a_card_shows_its_site_on_the_map_and_the_page_begins_at_its_top(atlas):
    atlas.open("/sites")
    card = atlas.part("site_essen-zeche-zollverein")
    card.get_by_role("link", name="Auf der Karte zeigen").click()
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Zeche Zollverein")
    expect(atlas.frame.locator("path.site.selected")).to_have_attribute("data-id", "essen-zeche-zollverein")
    expect(atlas.page.get_by_test_id("stMain")).to_have_js_property("scrollTop", 0)
    expect(atlas.part("site_essen-zeche-zollverein")).to_have_count(0)


def test_sites_are_filtered_by_theme_country_and_meeting(atlas):
    atlas.open("/sites?theme=water")
    expect(atlas.summary).to_contain_text("5 von 8 Exkursionsorten – Thema Wasser, besucht bei 3 Treffen")
    atlas.part("open_meeting").get_by_role("button").first.click()
    atlas.page.get_by_text("Windhoek, November 2018 (1)").click()
    expect(atlas.summary).to_contain_text("1 von 8 Exkursionsorten")
    atlas.expect_query(theme="water", meeting="2018-11-windhoek")
    expect(atlas.page.get_by_role("heading", name="Wasseraufbereitungsanlage Goreangab").first).to_be_visible()


def test_turning_from_sites_to_meetings_and_back_draws_the_right_map(atlas):
    atlas.open("/sites?site=windhoek-goreangab")
    expect(atlas.frame.locator("path.site.selected")).to_be_attached()
    atlas.part("navigation").get_by_role("link", name="Treffen").click()
    expect(atlas.frame.locator("path.meeting")).to_have_count(27)
    expect(atlas.frame.locator("path.site")).to_have_count(0)
    atlas.part("navigation").get_by_role("link", name="Karte").click()
    atlas.expect_arcs(80)
    expect(atlas.frame.locator("path.meeting")).to_have_count(0)
    atlas.page.go_back()
    expect(atlas.frame.locator("path.meeting")).to_have_count(27)
    atlas.expect_arcs(0)
