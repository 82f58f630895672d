"""Timeline, map, table and card of the meetings, as a visitor uses them."""

import pytest
import vobject
from playwright.sync_api import expect

from tests.browser.conftest import Atlas

pytestmark = pytest.mark.browser

PUEBLA = "2023-09-puebla"
TITLE = "Netzwerktreffen der Südpartner der 9. Projektphase"


def ids_on_timeline(atlas):
    return set(atlas.marks.evaluate_all("marks => marks.map((mark) => mark.dataset.id)"))


def ids_in_table(atlas):
    return atlas.rows.locator("th a").evaluate_all("links => links.map((link) => link.dataset.key)")


def expect_table_like_timeline(atlas, count):
    """The table holds everything the timeline shows."""
    expect(atlas.rows).to_have_count(count)
    expect(atlas.marks.first).to_be_attached()
    assert ids_on_timeline(atlas) == set(ids_in_table(atlas))
    assert len(ids_in_table(atlas)) == count


def test_the_table_holds_everything_the_timeline_shows_and_every_mark_can_be_hit(atlas):
    atlas.open("/meetings")
    expect_table_like_timeline(atlas, 30)

    # A meeting of several phases stands in each lane.
    expect(atlas.mark("2018-05-lahr")).to_have_count(2)
    expect(atlas.rows.filter(has_text="2. Netzwerktreffen")).to_have_count(1)

    # What is known to the year or month is drawn as a span.
    ticks = atlas.part("timeline").locator(".tick line")
    year = ticks.nth(1).bounding_box()["x"] - ticks.nth(0).bounding_box()["x"]
    assert atlas.mark("2012-la-fortuna").locator(".span").bounding_box()["width"] == pytest.approx(year, abs=4)
    assert atlas.mark("2015-03-managua").locator(".span").bounding_box()["width"] == pytest.approx(year / 12, abs=4)
    expect(atlas.mark(PUEBLA).locator(".span")).to_have_count(0)
    expect(atlas.part("timeline")).to_contain_text("Nur Monat oder Jahr bekannt")

    # Filters stand in the address and back undoes them.
    atlas.part("open_kind").get_by_role("button").first.click()
    atlas.option("Netzwerktreffen der Südpartner").click()
    expect(atlas.summary).to_contain_text("3 von 30 Treffen – Netzwerktreffen der Südpartner")
    atlas.expect_query(kind="southern_network_meeting")
    expect(atlas.marks).to_have_count(3)
    expect_table_like_timeline(atlas, 3)
    atlas.page.keyboard.press("Escape")
    atlas.page.go_back()
    expect(atlas.rows).to_have_count(30)
    expect(atlas.frame.locator("path.meeting")).to_have_count(27)

    # Of two marks that touch the nearer one is meant.
    for meeting in ("2018-11-windhoek", "2018-12-viernheim", "2011-10-bonn"):
        atlas.wait_until_idle()
        box = atlas.settled_box(atlas.mark(meeting).locator("polygon"))
        atlas.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        atlas.expect_query(meeting=meeting)
    # The end of a year's span belongs to its meeting, though the centre of another may be nearer.
    atlas.wait_until_idle()
    box = atlas.settled_box(atlas.mark("2014-berlin").locator(".span"))
    atlas.page.mouse.click(box["x"] + 4, box["y"] + box["height"] / 2)
    atlas.expect_query(meeting="2014-berlin")


def test_a_click_on_the_timeline_shows_the_meeting_on_the_map_that_stays_and_its_programme_leads_on(atlas):
    heading = atlas.page.get_by_role("heading", level=1)
    atlas.open("/meetings")
    expect(atlas.frame.locator("path.meeting")).to_have_count(27)
    atlas.map_call("() => { window.untouched = true; }")
    atlas.mark(PUEBLA).click()
    atlas.expect_arcs(10)
    expect(heading).to_have_text(TITLE)
    expect(atlas.part("detail")).to_contain_text("27.–29. September 2023")
    expect(atlas.part("detail")).to_contain_text("7 Delegationen")
    atlas.expect_query(meeting=PUEBLA)
    expect(atlas.page).to_have_title(f"Puebla, September 2023 · {TITLE} · Atlas der Klimapartnerschaften")
    expect(atlas.mark(PUEBLA)).to_have_attribute("aria-current", "true")
    assert atlas.map_call("() => window.untouched")
    # The map shows where they came from, Tunisia to Argentina.
    expect(atlas.frame.locator("path.origin")).to_have_count(10)
    expect(atlas.frame.locator("path.arc.approximate")).to_have_count(0)

    # From the programme to the site.
    programme = atlas.part("programme")
    expect(programme.locator(".item")).to_have_count(8)
    expect(programme.locator(".item").first).to_contain_text("Begrüßung durch die gastgebende Kommune")
    programme.get_by_role("link", name="Zum Exkursionsort: Talsperre Valsequillo").click()
    expect(heading).to_have_text("Talsperre Valsequillo")
    atlas.expect_query(site="puebla-valsequillo-dam")
    expect(atlas.part("detail")).to_contain_text("Lage auf ± 9 km genau")

    # And back to the meeting, which is one step that going back undoes.
    atlas.wait_until_idle()
    atlas.part("detail").get_by_role("link", name="27.–29. September 2023").click()
    expect(atlas.page).to_have_url(f"{atlas.url}/meetings?meeting={PUEBLA}")
    expect(heading).to_have_text(TITLE)
    atlas.expect_arcs(10)
    atlas.wait_until_idle()
    atlas.page.go_back()
    expect(atlas.page).to_have_url(f"{atlas.url}/sites?site=puebla-valsequillo-dam")


def test_the_arrow_keys_go_through_time_enter_opens_and_what_is_shown_goes_into_the_calendar(atlas):
    atlas.open("/meetings?phase=9")
    expect_table_like_timeline(atlas, 4)
    expect(atlas.marks).to_have_count(4)
    # National meeting: square; kick-off: triangle; southern network: round; results: diamond.
    shapes = atlas.marks.locator("polygon").evaluate_all("shapes => shapes.map((shape) => shape.points.numberOfItems)")
    assert shapes == [4, 3, 32, 4]

    expect(atlas.marks.locator("xpath=self::*[@tabindex='0']")).to_have_count(1)
    atlas.marks.first.focus()
    for _ in range(2):
        atlas.page.keyboard.press("ArrowRight")
    expect(atlas.mark(PUEBLA)).to_be_focused()
    atlas.page.keyboard.press("Enter")
    atlas.expect_arcs(10)
    atlas.expect_query(phase="9", meeting=PUEBLA)
    # Focus stays where it was, so that the next meeting is one key away.
    expect(atlas.mark(PUEBLA)).to_be_focused()
    atlas.page.keyboard.press("End")
    atlas.page.keyboard.press("Enter")
    atlas.expect_query(phase="9", meeting="2024-09-dresden")

    # One meeting and all shown go into the calendar.
    atlas.page.go_back()
    atlas.expect_query(phase="9", meeting=PUEBLA)
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    atlas.wait_until_idle()
    with atlas.page.expect_download() as download:
        atlas.part("detail").get_by_role("button", name="In den Kalender (ICS)").click()
    assert download.value.suggested_filename == f"{PUEBLA}.ics"
    assert vobject.readOne(download.value.path().read_text(encoding="utf-8")).vevent.summary.value == TITLE
    with atlas.page.expect_download() as download:
        atlas.page.get_by_role("button", name="Alle gezeigten Treffen in den Kalender (ICS)").click()
    assert download.value.suggested_filename == "treffen.ics"
    events = vobject.readOne(download.value.path().read_text(encoding="utf-8")).contents["vevent"]
    assert len(events) == 4


def test_an_online_meeting_has_a_lane_and_no_point(atlas):
    # Of this one no delegations are known either.
    atlas.open("/meetings?meeting=2020-11-online")
    expect(atlas.part("detail")).to_contain_text("24.–25. November 2020")
    expect(atlas.frame.locator("#legend")).to_be_attached()
    expect(atlas.frame.locator("path.origin")).to_have_count(0)
    atlas.mark("2020-05-online").click()
    atlas.expect_query(meeting="2020-05-online")
    expect(atlas.frame.locator("path.origin")).to_have_count(11)
    expect(atlas.part("detail")).to_contain_text("Online, deshalb ohne Punkt auf der Karte.")
    expect(atlas.mark("2020-05-online")).to_have_count(1)
    atlas.expect_arcs(0)
    expect(atlas.frame.locator("path.meeting")).to_have_count(0)


def test_nothing_found_leaves_an_empty_timeline_and_a_way_out_to_meetings_that_table_and_map_open(atlas):
    atlas.open("/meetings?phase=9&kind=anniversary")
    expect(atlas.summary).to_contain_text("Keines der 30 Treffen passt zu dieser Auswahl: Phase 9, Jubiläum.")
    expect(atlas.rows).to_have_count(0)
    expect(atlas.part("timeline").locator(".lane")).to_have_count(11)
    expect(atlas.marks).to_have_count(0)
    atlas.summary.get_by_role("button").click()
    expect(atlas.rows).to_have_count(30)
    atlas.wait_until_idle()
    atlas.expect_query()

    atlas.wait_until_idle()
    atlas.rows.get_by_role("link", name="Internationaler Auftaktworkshop der 9. Projektphase").click()
    atlas.expect_query(meeting="2022-11-essen")
    # 11 German partners of phase 9, and 11 southern ones in the eight countries that came.
    atlas.expect_arcs(22)
    atlas.page.get_by_role("link", name="Alle Treffen").click()
    atlas.expect_query()
    expect(atlas.frame.locator("path.meeting")).to_have_count(27)
    atlas.click_municipality("2016-07-munoz")
    atlas.expect_query(meeting="2016-07-munoz")
    # Nepal has no partnership of phase 5 in the tables: its arc begins in the middle of the country.
    expect(atlas.frame.locator("path.arc.approximate")).to_have_count(1)
    expect(atlas.frame.locator("#legend")).to_contain_text("Bogen von einem Land, ohne Partnerkommune der Phase")


def test_neighbours_follow_the_order_of_time_and_the_language_changes_dates_and_titles(atlas):
    kind = "southern_network_meeting"
    atlas.open(f"/meetings?kind={kind}&meeting={PUEBLA}")
    atlas.part("neighbours").get_by_role("link", name="Vorheriges: Windhoek, November 2018").click()
    atlas.expect_query(kind=kind, meeting="2018-11-windhoek")
    # Of Rwanda only the country is known: 2 Burkina Faso, 1 Ecuador, 2 Namibia, 2 South Africa, 1 Zimbabwe, 1 Rwanda.
    atlas.expect_arcs(9)
    atlas.page.go_back()
    atlas.expect_arcs(10)

    # The language changes dates and titles and keeps the meeting.
    atlas.wait_until_idle()
    atlas.page.get_by_role("radio", name="EN").click()
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text(
        "Network meeting of the southern partners of phase 9"
    )
    expect(atlas.part("detail")).to_contain_text("27–29 September 2023")
    atlas.expect_query(lang="en", kind=kind, meeting=PUEBLA)
    expect(atlas.frame.locator("#legend")).to_contain_text("Meeting place")
    atlas.page.get_by_role("link", name="All meetings").click()
    atlas.expect_query(lang="en", kind=kind)
    expect_table_like_timeline(atlas, 3)


def test_the_timeline_fits_a_phone(open_window, server):
    window = open_window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    atlas = Atlas(window.new_page(), server)
    atlas.open("/meetings")
    expect(atlas.marks.first).to_be_attached()
    atlas.wait_until_idle()
    # The table becomes cards as soon as it stands in the page's own style.
    rows = atlas.part("table").locator("tbody").element_handle()
    atlas.page.wait_for_function("(rows) => rows.offsetWidth <= 390", arg=rows)
    assert atlas.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    box = atlas.part("timeline").locator("svg").first.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    atlas.mark(PUEBLA).locator("polygon").tap()
    atlas.expect_arcs(10)
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    # With one meeting in view its facts come first, then its map.
    facts, map_box = atlas.part("detail").bounding_box(), atlas.part("map").bounding_box()
    assert facts["y"] < map_box["y"]
    atlas.check()
