"""The network grows on the map: a control that plays the years, without reloading anything."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Atlas

pytestmark = pytest.mark.browser


# Notes every text that the control shows, however short.
RECORD = """() => {
  const output = document.querySelector("#years output");
  window.told = [];
  new MutationObserver(() => window.told.push(output.textContent)).observe(output, { childList: true });
}"""
HAS_TOLD = """(text) => new Promise((resolve) => {
  const look = () => (window.told.includes(text) ? resolve(true) : requestAnimationFrame(look));
  look();
})"""


def test_playing_goes_from_year_to_year_on_the_map_that_stays_and_stops_when_the_page_is_left(atlas):
    play = atlas.frame.get_by_role("button", name="Wachstum abspielen")
    atlas.open()
    atlas.expect_arcs(80)
    meetings = atlas.part("navigation").get_by_role("link", name="Treffen")
    for left in ("before the first answer", "after an answer", "a moment before playing begins"):
        atlas.map_call(RECORD)
        playing = atlas.page.locator(".st-key-map iframe").element_handle().content_frame()
        if left == "a moment before playing begins":
            meetings.evaluate("(link, button) => { link.click(); button.click(); }", play.element_handle())
        else:
            play.click()
            if left == "after an answer":
                atlas.map_call(HAS_TOLD, "2011 · 8 neu")
            meetings.click()
        expect(atlas.frame.locator("path.meeting").first).to_be_attached()
        expect(atlas.frame.locator("#years")).to_be_hidden()
        # The control is gone with its frame, and with the frame its clock.
        assert playing.is_detached()
        atlas.wait_until_idle()
        atlas.page.go_back()
        atlas.expect_arcs(80)
        atlas.expect_query()
        atlas.wait_until_idle()

    atlas.map_call(RECORD)
    play.click()
    # 8 partnerships began in 2011 and 11 more by the end of 2012.
    atlas.map_call(HAS_TOLD, "2012 · 11 neu")
    # While it plays the address waits: nobody wants to go back through every year.
    atlas.expect_query()
    atlas.frame.get_by_role("button", name="Anhalten").click()
    expect(atlas.page).to_have_url(re.compile(r"\?until=201\d$"))
    # Were it another map, it would have forgotten.
    told = atlas.map_call("() => window.told")
    assert told.index("2011 · 8 neu") < told.index("2012 · 11 neu")
    atlas.wait_until_idle()
    shown = atlas.arcs.count()
    expect(atlas.rows).to_have_count(shown)
    expect(atlas.summary).to_contain_text(f"{shown} von 80 Partnerschaften – begonnen bis 201")
    atlas.page.reload()
    atlas.expect_arcs(shown)


def test_the_year_is_set_by_link_by_keyboard_and_by_dragging_and_played_to_its_end(atlas):
    years = atlas.frame.get_by_role("slider", name="Begonnen bis zum Jahr")
    told = atlas.frame.locator("#years output")
    atlas.open("/?until=2012")
    atlas.expect_arcs(19)
    expect(atlas.summary).to_contain_text("begonnen bis 2012")
    # What began in the year stands out.
    expect(atlas.frame.locator("path.arc.new")).to_have_count(11)
    expect(told).to_have_text("2012 · 11 neu")
    old, new = (
        atlas.frame.locator(selector).first.evaluate("arc => getComputedStyle(arc)['stroke-width']")
        for selector in ("path.arc:not(.new)", "path.arc.new")
    )
    assert float(new.removesuffix("px")) > float(old.removesuffix("px"))

    # Many steps at once end where the control stands.
    years.focus()
    for _ in range(8):
        atlas.page.keyboard.press("ArrowRight")
    atlas.expect_query(until="2020")
    expect(years).to_have_value("2020")
    atlas.wait_until_idle()
    for _ in range(8):
        atlas.page.keyboard.press("ArrowLeft")
    atlas.expect_arcs(19)
    atlas.expect_query(until="2012")
    expect(years).to_have_value("2012")

    # By single steps, to the last one that shows everything.
    atlas.page.keyboard.press("ArrowRight")
    atlas.expect_arcs(23)
    atlas.expect_query(until="2013")
    atlas.page.keyboard.press("ArrowLeft")
    atlas.expect_arcs(19)
    atlas.expect_query(until="2012")
    atlas.page.keyboard.press("End")
    atlas.expect_arcs(80)
    atlas.expect_query()
    expect(told).to_have_text("Alle Jahre")

    # Dragging is one step to go back.
    atlas.wait_until_idle()
    box = atlas.frame.get_by_role("slider").bounding_box()
    middle = box["y"] + box["height"] / 2
    atlas.page.mouse.move(box["x"] + box["width"] - 4, middle)
    atlas.page.mouse.down()
    atlas.page.mouse.move(box["x"] + box["width"] / 2, middle, steps=6)
    atlas.page.mouse.move(box["x"] + 2, middle, steps=6)
    atlas.page.mouse.up()
    atlas.expect_arcs(8)
    atlas.expect_query(until="2011")
    atlas.wait_until_idle()
    atlas.page.go_back()
    atlas.expect_query()
    atlas.expect_arcs(80)
    atlas.wait_until_idle()
    atlas.page.go_forward()
    atlas.expect_query(until="2011")
    atlas.expect_arcs(8)

    # Playing from a year on ends with everything.
    atlas.wait_until_idle()
    for _ in range(10):
        atlas.page.keyboard.press("ArrowRight")
    atlas.expect_query(until="2021")
    expect(told).to_contain_text("2021")
    atlas.wait_until_idle()
    atlas.frame.get_by_role("button", name="Wachstum abspielen").click()
    expect(told).to_have_text("Alle Jahre")
    expect(atlas.frame.get_by_role("button", name="Wachstum abspielen")).to_be_visible()
    atlas.expect_query()
    atlas.expect_arcs(80)


def test_the_control_follows_filters_and_has_no_play_button_where_motion_is_reduced(open_window, server):
    atlas = Atlas(open_window(reduced_motion="reduce").new_page(), server)
    atlas.open("/?until=2012&phase=1")
    atlas.expect_arcs(9)
    expect(atlas.frame.locator("#years output")).to_have_text("2012 · 1 neu")
    atlas.part("reset").get_by_role("button").click()
    atlas.expect_arcs(80)
    expect(atlas.frame.locator("#years output")).to_have_text("Alle Jahre")
    expect(atlas.frame.get_by_role("slider")).to_be_visible()
    expect(atlas.frame.locator("#years button")).to_be_hidden()
    atlas.check()
