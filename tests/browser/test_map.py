"""What the map really shows, and what a click on it does."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ON_ARC, Atlas

pytestmark = pytest.mark.browser


def test_the_world_is_seen_whole_and_its_views_are_the_visitors_own(atlas):
    atlas.open()
    # Every partnership is an arc and every municipality a marker.
    atlas.expect_arcs(80)
    expect(atlas.frame.locator("path.municipality.north")).to_have_count(72)
    expect(atlas.frame.locator("path.municipality.south")).to_have_count(80)
    expect(atlas.summary).to_contain_text(
        "80 von 80 Partnerschaften zwischen 72 deutschen und 80 Kommunen im Globalen Süden in 29 Ländern"
    )
    expect(atlas.rows).to_have_count(80)

    # The map names its sources and has a scale but no flag.
    credit = atlas.frame.locator(".leaflet-control-attribution")
    expect(credit).to_contain_text("Natural Earth")
    expect(credit).to_contain_text("GeoNames (CC BY 4.0)")
    expect(credit).not_to_contain_text(re.compile("Leaflet"))
    expect(atlas.frame.locator(".leaflet-control-scale-line")).to_contain_text("km")
    expect(atlas.page.locator(".st-key-map iframe")).to_have_attribute("title", "Karte der Klimapartnerschaften")

    # The wheel scrolls the page until the map was clicked.
    atlas.wait_until_still()
    world = atlas.map_view()
    box = atlas.page.locator(".st-key-map iframe").bounding_box()
    atlas.page.mouse.move(box["x"] + 400, box["y"] + 400)
    atlas.page.mouse.wheel(0, 300)
    expect(atlas.page.get_by_test_id("stMain")).to_have_js_property("scrollTop", 300)
    assert atlas.map_view() == world
    atlas.page.mouse.wheel(0, -300)
    expect(atlas.page.get_by_test_id("stMain")).to_have_js_property("scrollTop", 0)

    # View buttons move the view.
    atlas.frame.get_by_role("button", name="Globaler Süden", exact=True).click()
    atlas.wait_until_still(other_than=world)
    south = atlas.map_view()
    assert south[1] < world[1]
    atlas.frame.get_by_role("button", name="Deutschland", exact=True).click()
    atlas.wait_until_still(other_than=south)
    germany = atlas.map_view()
    assert germany[0] > 4
    # Zoom and centre survive a filter change.
    with atlas.one_run():
        atlas.option("9").click()
    atlas.expect_arcs(11)
    assert atlas.map_view() == germany
    with atlas.one_run():
        atlas.option("9").click()
    atlas.expect_arcs(80)
    atlas.frame.get_by_role("button", name="Welt", exact=True).click()
    atlas.wait_until_still(other_than=germany)
    assert atlas.map_view() == world

    # Panning and zooming do not run the app.
    atlas.wait_until_idle()
    sent = atlas.count_messages()
    box = atlas.page.locator(".st-key-map iframe").bounding_box()
    x, y = box["x"] + 300, box["y"] + 300
    atlas.page.mouse.move(x, y)
    atlas.page.mouse.down()
    atlas.page.mouse.move(x + 120, y - 40, steps=5)
    atlas.page.mouse.up()
    atlas.frame.get_by_role("button", name="Vergrößern").click()
    atlas.wait_until_still(other_than=world)
    # Anything the moves had set off would come before the answer to this click.
    atlas.option("1").click()
    atlas.expect_arcs(9)
    assert atlas.count_messages() == sent + 1


def test_filters_add_up_can_be_taken_away_and_leave_nothing_behind(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    # A phase leaves its arcs and says so.
    atlas.option("3").click()
    atlas.expect_arcs(8)
    expect(atlas.summary).to_contain_text(
        "8 von 80 Partnerschaften – Phase 3, zwischen 8 deutschen und 8 Kommunen im Globalen Süden in 6 Ländern"
    )
    expect(atlas.rows).to_have_count(8)
    atlas.expect_query(phase="3")

    # Changes leave nothing behind in the browser.
    before = atlas.map_call("() => [Object.keys(map._layers).length, window.feature_group.length]")
    for _ in range(3):
        atlas.option("3").click()
        atlas.expect_arcs(80)
        atlas.option("3").click()
        atlas.expect_arcs(8)
    assert atlas.map_call("() => [Object.keys(map._layers).length, window.feature_group.length]") == before
    atlas.option("3").click()
    atlas.expect_arcs(80)

    atlas.option("9").click()
    atlas.expect_arcs(11)
    atlas.option("2").click()
    atlas.expect_arcs(23)
    atlas.page.get_by_role("button", name="Land", exact=True).click()
    atlas.option("Mexiko").click()
    atlas.expect_arcs(1)
    atlas.page.keyboard.press("Escape")
    atlas.page.get_by_role("button", name="Alle zeigen").click()
    atlas.expect_arcs(80)
    atlas.wait_until_idle()
    atlas.expect_query()
    # What was reset stays reset, also for a filter whose button is closed.
    atlas.option("5").click()
    atlas.expect_arcs(5)
    atlas.expect_query(phase="5")


def test_search_finds_without_accents_and_in_any_language_and_offers_a_way_out_of_nothing(atlas):
    atlas.open("/?q=atlantis")
    expect(atlas.summary).to_contain_text(
        "Keine der 80 Partnerschaften passt zu dieser Auswahl: Suche nach „atlantis“."
    )
    atlas.expect_arcs(0)
    atlas.summary.get_by_role("button").click()
    atlas.expect_arcs(80)
    atlas.wait_until_idle()
    # In an order in which each finds another number than the one before.
    for words, count in [("muenchen", 2), ("thies", 1), ("München", 2), ("Tanzania", 9), ("Tansania Bayern", 2)]:
        with atlas.one_run():
            atlas.page.get_by_role("searchbox").fill(words)
        atlas.expect_arcs(count)


def test_what_is_clicked_on_the_map_or_in_the_table_is_shown_on_its_card(atlas):
    card = atlas.part("detail")
    selected = atlas.frame.locator("path.arc.selected")
    sea = {"x": 420, "y": 480}

    # An uncertain place gets its circle once it is larger than the marker.
    atlas.open("/?partnership=kiel--moshi-district-1")
    atlas.expect_arcs(80)
    expect(selected).to_have_count(1)
    atlas.wait_until_still()
    zoom, *centre = atlas.map_view()
    circles = atlas.frame.locator("path.uncertainty")
    expect(circles).to_have_count(0)
    # In braces: a map that is returned is sent over with all it holds, which takes half a minute.
    atlas.map_call("() => { map.setView([-3.35, 37.3333], 9, {animate: false}); }")
    expect(circles.first).to_be_attached()
    metres_per_pixel = 40075016.686 * 0.99829 / 2 ** (9 + 8)  # cos(3.35°) = 0.99829
    expected = 2 * 15000 / metres_per_pixel
    width = max(circles.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().width)"))
    assert width == pytest.approx(expected, rel=0.05)
    atlas.map_call("([zoom, centre]) => { map.setView(centre, zoom, {animate: false}); }", [zoom, centre])

    # A click on an arc shows its card and fades the others; the card takes the selection away.
    atlas.click_link("wolfsburg--puebla-9")
    expect(card.get_by_role("heading")).to_have_text("Wolfsburg – Puebla")
    for fact in (
        "Niedersachsen, Deutschland",
        "Puebla, Mexiko",
        "Phase 9",
        "2022",
        "9.569 km",
        "2011",
        "Stadtentwicklung",
    ):
        expect(card).to_contain_text(fact)
    expect(selected).to_have_count(1)
    expect(atlas.frame.locator(".has-selection")).to_have_count(1)
    atlas.expect_query(partnership="wolfsburg--puebla-9")
    card.get_by_role("button", name="Auswahl aufheben").click()
    expect(selected).to_have_count(0)
    atlas.expect_query()

    # A marker with several partnerships lists them.
    atlas.click_municipality("de-koeln")
    expect(card.get_by_role("heading")).to_have_text("Köln")
    expect(card).to_contain_text("3 Partnerschaften")
    expect(selected).to_have_count(3)
    atlas.expect_query(municipality="de-koeln")
    card.get_by_role("button", name="Corinto (Nicaragua), Phase 2").click()
    expect(card.get_by_role("heading")).to_have_text("Köln – Corinto")

    # A marker with one partnership selects it, a click on the sea takes the selection away.
    atlas.click_municipality("mx-puebla")
    expect(card.get_by_role("heading")).to_have_text("Wolfsburg – Puebla")
    expect(selected).to_have_count(1)
    atlas.page.locator(".st-key-map iframe").click(position=sea)
    expect(selected).to_have_count(0)
    atlas.expect_query()

    # The same arc can be chosen again.
    for _ in range(2):
        atlas.click_link("bonn--linares-2")
        expect(card.get_by_role("heading")).to_have_text("Bonn – Linares")
        card.get_by_role("button", name="Auswahl aufheben").click()
        expect(card.get_by_role("heading")).to_have_text("Die Projektphasen")

    # A row of the table selects on the map.
    atlas.option("9").click()
    atlas.expect_arcs(11)
    atlas.rows.filter(has_text="Puebla").get_by_role("link", name="Wolfsburg").click()
    expect(selected).to_have_count(1)
    expect(card.get_by_role("heading")).to_have_text("Wolfsburg – Puebla")
    atlas.expect_query(phase="9", partnership="wolfsburg--puebla-9")


def test_the_dark_theme_has_a_dark_map_and_its_first_click_selects_though_partly_off_screen(open_window, server):
    window = open_window(color_scheme="dark", viewport={"width": 1440, "height": 620})
    atlas = Atlas(window.new_page(), server)
    atlas.open()
    atlas.expect_arcs(80)
    # The sea of the dark theme, #14191c.
    expect(atlas.frame.locator("#parent")).to_have_css("background-color", "rgb(20, 25, 28)")
    atlas.wait_until_still()
    atlas.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 150)")
    x, y = atlas.map_call(ON_ARC, "wolfsburg--puebla-9")
    box = atlas.page.locator(".st-key-map iframe").bounding_box()
    atlas.page.mouse.move(box["x"] + x, box["y"] + y)
    atlas.page.mouse.down()
    atlas.page.mouse.up()
    expect(atlas.part("detail").get_by_role("heading")).to_have_text("Wolfsburg – Puebla")
    atlas.check()
