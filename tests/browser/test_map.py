"""What the map really shows, and what a click on it does."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ON_ARC

pytestmark = pytest.mark.browser


def test_every_partnership_is_an_arc_and_every_municipality_a_marker(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    expect(atlas.frame.locator("path.municipality.north")).to_have_count(72)
    expect(atlas.frame.locator("path.municipality.south")).to_have_count(80)
    expect(atlas.summary).to_contain_text(
        "80 von 80 Partnerschaften zwischen 72 deutschen und 80 südlichen Kommunen in 29 Ländern"
    )
    expect(atlas.rows).to_have_count(80)


def test_a_phase_leaves_its_arcs_and_says_so(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.option("3").click()
    atlas.expect_arcs(8)
    expect(atlas.summary).to_contain_text(
        "8 von 80 Partnerschaften – Phase 3, zwischen 8 deutschen und 8 südlichen Kommunen in 6 Ländern"
    )
    expect(atlas.rows).to_have_count(8)
    atlas.expect_query(phase="3")


def test_filters_add_up_and_can_be_taken_away(atlas):
    atlas.open()
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
    atlas.expect_query()
    # What was reset stays reset, also for a filter whose button is closed.
    atlas.option("5").click()
    atlas.expect_arcs(5)
    atlas.expect_query(phase="5")


@pytest.mark.parametrize(
    ("words", "count"), [("thies", 1), ("muenchen", 2), ("München", 2), ("Tanzania", 9), ("Tansania Bayern", 2)]
)
def test_search_finds_without_accents_and_in_any_language(atlas, words, count):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.page.get_by_role("searchbox").fill(words)
    atlas.expect_arcs(count)


def test_an_empty_result_says_so_and_offers_the_way_out(atlas):
    atlas.open("/?q=atlantis")
    expect(atlas.summary).to_contain_text(
        "Keine der 80 Partnerschaften passt zu dieser Auswahl: Suche nach „atlantis“."
    )
    atlas.expect_arcs(0)
    atlas.summary.get_by_role("button").click()
    atlas.expect_arcs(80)


def test_until_a_year(atlas):
    atlas.open("/?until=2012")
    atlas.expect_arcs(19)
    expect(atlas.summary).to_contain_text("begonnen bis 2012")


def test_clicking_an_arc_shows_its_card_and_fades_the_others(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.click_link("wolfsburg--puebla-9")
    card = atlas.part("detail")
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
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(1)
    expect(atlas.frame.locator(".has-selection")).to_have_count(1)
    atlas.expect_query(partnership="wolfsburg--puebla-9")
    card.get_by_role("button", name="Auswahl aufheben").click()
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(0)
    atlas.expect_query()


def test_a_marker_with_several_partnerships_lists_them(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.click_municipality("de-koeln")
    card = atlas.part("detail")
    expect(card.get_by_role("heading")).to_have_text("Köln")
    expect(card).to_contain_text("3 Partnerschaften")
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(3)
    atlas.expect_query(municipality="de-koeln")
    card.get_by_role("button", name="Corinto (Nicaragua), Phase 2").click()
    expect(card.get_by_role("heading")).to_have_text("Köln – Corinto")


def test_a_marker_with_one_partnership_selects_it(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.click_municipality("mx-puebla")
    expect(atlas.part("detail").get_by_role("heading")).to_have_text("Wolfsburg – Puebla")


def test_a_click_on_the_sea_takes_the_selection_away(atlas):
    atlas.open("/?partnership=wolfsburg--puebla-9")
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(1)
    atlas.page.locator(".st-key-map iframe").click(position={"x": 420, "y": 480})
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(0)
    atlas.expect_query()


def test_the_same_arc_can_be_chosen_again(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    for _ in range(2):
        atlas.click_link("bonn--linares-2")
        expect(atlas.part("detail").get_by_role("heading")).to_have_text("Bonn – Linares")
        atlas.part("detail").get_by_role("button", name="Auswahl aufheben").click()
        expect(atlas.part("detail").get_by_role("heading")).to_have_text("Die Projektphasen")


def test_a_table_row_selects_on_the_map(atlas):
    atlas.open("/?phase=9")
    atlas.expect_arcs(11)
    atlas.rows.filter(has_text="Puebla").get_by_role("link", name="Wolfsburg").click()
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(1)
    expect(atlas.part("detail").get_by_role("heading")).to_have_text("Wolfsburg – Puebla")
    atlas.expect_query(phase="9", partnership="wolfsburg--puebla-9")


def test_zoom_and_centre_survive_a_filter_change(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.wait_until_still()
    world = atlas.map_view()
    atlas.frame.get_by_role("button", name="Deutschland").click()
    atlas.wait_until_still(other_than=world)
    before = atlas.map_view()
    atlas.option("9").click()
    atlas.expect_arcs(11)
    assert atlas.map_view() == before


def test_the_first_click_on_a_map_that_is_partly_off_screen_selects(atlas):
    atlas.page.set_viewport_size({"width": 1440, "height": 620})
    atlas.open()
    atlas.expect_arcs(80)
    atlas.wait_until_still()
    atlas.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 150)")
    x, y = atlas.map_call(ON_ARC, "wolfsburg--puebla-9")
    box = atlas.page.locator(".st-key-map iframe").bounding_box()
    atlas.page.mouse.move(box["x"] + x, box["y"] + y)
    atlas.page.mouse.down()
    atlas.page.mouse.up()
    expect(atlas.part("detail").get_by_role("heading")).to_have_text("Wolfsburg – Puebla")


def test_the_wheel_scrolls_the_page_until_the_map_was_clicked(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.wait_until_still()
    view = atlas.map_view()
    box = atlas.page.locator(".st-key-map iframe").bounding_box()
    atlas.page.mouse.move(box["x"] + 400, box["y"] + 400)
    atlas.page.mouse.wheel(0, 300)
    expect(atlas.page.get_by_test_id("stMain")).to_have_js_property("scrollTop", 300)
    assert atlas.map_view() == view


def test_view_buttons_move_the_view(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.wait_until_still()
    world = atlas.map_view()
    atlas.frame.get_by_role("button", name="Globaler Süden").click()
    atlas.wait_until_still(other_than=world)
    south = atlas.map_view()
    assert south[1] < world[1]
    atlas.frame.get_by_role("button", name="Deutschland").click()
    atlas.wait_until_still(other_than=south)
    assert atlas.map_view()[0] > 4
    germany = atlas.map_view()
    atlas.frame.get_by_role("button", name="Welt").click()
    atlas.wait_until_still(other_than=germany)
    assert atlas.map_view() == world


def test_panning_and_zooming_do_not_run_the_app(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.wait_until_idle()
    sent = atlas.count_messages()
    box = atlas.page.locator(".st-key-map iframe").bounding_box()
    x, y = box["x"] + 300, box["y"] + 300
    atlas.page.mouse.move(x, y)
    atlas.page.mouse.down()
    atlas.page.mouse.move(x + 120, y - 40, steps=5)
    atlas.page.mouse.up()
    atlas.frame.get_by_role("button", name="Vergrößern").click()
    atlas.wait_until_still()
    # Anything the moves had set off would come before the answer to this click.
    atlas.option("1").click()
    atlas.expect_arcs(9)
    assert atlas.count_messages() == sent + 1


def test_an_uncertain_place_gets_its_circle_once_it_is_larger_than_the_marker(atlas):
    atlas.open("/?partnership=kiel--moshi-district-1")
    atlas.expect_arcs(80)
    circles = atlas.frame.locator("path.uncertainty")
    expect(circles).to_have_count(0)
    # In braces: a map that is returned is sent over with all it holds, which takes half a minute.
    atlas.map_call("() => { map.setView([-3.35, 37.3333], 9, {animate: false}); }")
    expect(circles.first).to_be_attached()
    metres_per_pixel = 40075016.686 * 0.99829 / 2 ** (9 + 8)  # cos(3.35°) = 0.99829
    expected = 2 * 15000 / metres_per_pixel
    width = max(circles.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().width)"))
    assert width == pytest.approx(expected, rel=0.05)


def test_the_map_names_its_sources_and_has_a_scale_but_no_flag(atlas):
    atlas.open()
    credit = atlas.frame.locator(".leaflet-control-attribution")
    expect(credit).to_contain_text("Natural Earth")
    expect(credit).to_contain_text("GeoNames (CC BY 4.0)")
    expect(credit).not_to_contain_text(re.compile("Leaflet"))
    expect(atlas.frame.locator(".leaflet-control-scale-line")).to_contain_text("km")
    expect(atlas.page.locator(".st-key-map iframe")).to_have_attribute("title", "Karte der Klimapartnerschaften")


def test_filter_changes_leave_nothing_behind_in_the_browser(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    atlas.option("3").click()
    atlas.expect_arcs(8)
    before = atlas.map_call("() => [Object.keys(map._layers).length, window.feature_group.length]")
    for _ in range(3):
        atlas.option("3").click()
        atlas.expect_arcs(80)
        atlas.option("3").click()
        atlas.expect_arcs(8)
    assert atlas.map_call("() => [Object.keys(map._layers).length, window.feature_group.length]") == before


def test_the_dark_theme_has_a_dark_map(open_window, server):
    page = open_window(color_scheme="dark").new_page()
    page.goto(server)
    frame = page.frame_locator(".st-key-map iframe")
    expect(frame.locator("path.arc")).to_have_count(80)
    # The sea of the dark theme, #14191c.
    expect(frame.locator("#parent")).to_have_css("background-color", "rgb(20, 25, 28)")
