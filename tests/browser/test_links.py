"""The address is the interface: a link shows the same view to anyone, and filters are never lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Atlas

pytestmark = pytest.mark.browser


def test_a_link_opens_the_same_view_in_any_language_and_back_leads_to_the_page_before(atlas):
    link = "/?phase=9&country=MX&country=BO&theme=forests&partnership=wolfsburg--puebla-9"
    atlas.open(link)
    expect(atlas.summary).to_contain_text("2 von 80 Partnerschaften – Phase 9, Länder Mexiko und Bolivien")
    atlas.expect_arcs(2)
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(1)
    atlas.open(link + "&lang=en")
    expect(atlas.summary).to_contain_text("2 of 80 partnerships – phase 9, countries Mexico and Bolivia")
    atlas.expect_arcs(2)
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(1)

    # Back leads to the page before with its filters.
    atlas.part("detail").get_by_role("button", name="Clear selection").click()
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(0)
    atlas.part("reset").get_by_role("button").click()
    atlas.expect_arcs(80)
    atlas.wait_until_idle()
    atlas.option("5").click()
    atlas.expect_arcs(5)
    atlas.expect_query(lang="en", phase="5")
    atlas.wait_until_idle()
    atlas.part("navigation").get_by_role("link", name="Partnerships").click()
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Directory of climate partnerships")
    expect(atlas.rows).to_have_count(5)
    atlas.page.go_back()
    atlas.expect_arcs(5)
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Climate partnerships on the world map")
    atlas.expect_query(lang="en", phase="5")


def test_the_first_visit_speaks_the_browsers_language_and_back_forward_and_reload_keep_the_view(open_window, server):
    atlas = Atlas(open_window(locale="en-GB").new_page(), server)
    atlas.page.goto(server)
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Climate partnerships on the world map")
    atlas.expect_arcs(80)

    # Back and forward follow the reader.
    atlas.option("1").click()
    atlas.expect_arcs(9)
    atlas.expect_query(phase="1")
    atlas.option("3").click()
    atlas.expect_arcs(17)
    atlas.expect_query(phase="1,3")
    atlas.page.go_back()
    atlas.expect_arcs(9)
    atlas.page.go_forward()
    atlas.expect_arcs(17)
    expect(atlas.option("3")).to_have_attribute("aria-pressed", "true")

    # Reload keeps the view.
    atlas.part("reset").get_by_role("button").click()
    atlas.expect_arcs(80)
    atlas.wait_until_idle()
    atlas.option("7").click()
    atlas.expect_arcs(11)
    atlas.expect_query(phase="7")
    atlas.page.reload()
    atlas.expect_arcs(11)
    expect(atlas.option("7")).to_have_attribute("aria-pressed", "true")
    atlas.check()


def test_filters_survive_a_change_of_page_and_go_along_and_back_when_just_chosen(atlas):
    heading = atlas.page.get_by_role("heading", level=1)
    atlas.open("/?phase=5")
    atlas.expect_arcs(5)
    atlas.part("navigation").get_by_role("link", name="Partnerschaften").click()
    expect(heading).to_have_text("Verzeichnis der Klimapartnerschaften")
    expect(atlas.rows).to_have_count(5)
    atlas.expect_query(phase="5")
    expect(atlas.option("5")).to_have_attribute("aria-pressed", "true")
    atlas.option("7").click()
    expect(atlas.rows).to_have_count(16)
    atlas.option("7").click()
    expect(atlas.rows).to_have_count(5)
    atlas.page.get_by_role("link", name="Über den Atlas").click()
    expect(heading).to_have_text("Über den Atlas")
    atlas.page.get_by_role("link", name="Karte", exact=True).click()
    atlas.expect_arcs(5)
    atlas.expect_query(phase="5")

    # Filters just chosen go along to other pages and back.
    atlas.option("5").click()
    atlas.expect_arcs(80)
    atlas.expect_query()
    atlas.option("5").click()
    expect(atlas.rows).to_have_count(5)
    # On a busy machine the table is drawn a moment before the links above it.
    directory = atlas.part("navigation").get_by_role("link", name="Partnerschaften")
    expect(directory).to_have_attribute("href", re.compile(r"phase=5"))
    directory.click()
    expect(heading).to_have_text("Verzeichnis der Klimapartnerschaften")
    expect(atlas.rows).to_have_count(5)
    atlas.expect_query(phase="5")
    atlas.page.go_back()
    atlas.expect_arcs(5)
    atlas.expect_query(phase="5")


def test_what_a_link_holds_in_error_is_passed_over_quietly(atlas):
    atlas.open(
        "/?phase=99&phase=x&country=XX&until=3000&partnership=nobody--nowhere-1&lang=tlh&state=BY&utm_source=mail"
    )
    atlas.expect_query(state="BY")
    expect(atlas.part("notice")).to_contain_text("phase=x")
    expect(atlas.summary).to_contain_text("Kommunen aus Bayern")
    expect(atlas.page.get_by_test_id("stException")).to_have_count(0)


def test_the_card_leads_to_the_profile_and_the_language_switch_keeps_the_filters(atlas):
    heading = atlas.page.get_by_role("heading", level=1)
    atlas.open("/?phase=9&partnership=wolfsburg--puebla-9")
    atlas.part("detail").get_by_role("link", name="Profil öffnen").click()
    expect(heading).to_have_text("Wolfsburg – Puebla")
    atlas.page.get_by_role("link", name="Auf der Weltkarte zeigen").click()
    atlas.expect_arcs(11)
    expect(atlas.frame.locator("path.arc.selected")).to_have_count(1)
    atlas.expect_query(phase="9", partnership="wolfsburg--puebla-9")
    atlas.wait_until_idle()
    atlas.part("detail").get_by_role("button", name="Auswahl aufheben").click()
    atlas.expect_query(phase="9")

    # A link to another page is one step and back undoes it.
    go_one_step(atlas, "/?phase=9", "Treffen", "/meetings?phase=9")
    atlas.page.go_back()
    expect(atlas.page).to_have_url(atlas.url + "/?phase=9")

    # The language switch changes everything.
    atlas.expect_arcs(11)
    atlas.wait_until_still()
    atlas.wait_until_idle()
    view = atlas.map_view()
    atlas.page.get_by_role("radio", name="EN").or_(atlas.page.get_by_role("button", name="EN", exact=True)).click()
    expect(heading).to_have_text("Climate partnerships on the world map")
    expect(atlas.frame.get_by_role("button", name="Global South", exact=True)).to_be_visible()
    expect(atlas.rows.first).to_contain_text("Source")
    atlas.expect_query(lang="en", phase="9")
    atlas.expect_arcs(11)
    assert atlas.map_view() == view


def test_a_profile_tells_all_and_leads_on_to_the_directory_and_from_there_to_others(atlas):
    heading = atlas.page.get_by_role("heading", level=1)
    atlas.open("/partnerships?partnership=wolfsburg--puebla-9")
    expect(heading).to_have_text("Wolfsburg – Puebla")
    atlas.expect_arcs(1)
    expect(atlas.page.get_by_text("27.–29. September 2023")).to_be_visible()
    # The navigation leads from a profile to the directory.
    atlas.part("navigation").get_by_role("link", name="Partnerschaften").click()
    expect(atlas.rows).to_have_count(80)
    atlas.expect_query()

    # The table sorts by any column.
    atlas.part("table").get_by_role("button", name="Entfernung").click()
    expect(atlas.rows.first).to_contain_text("Menzel Bourguiba")
    header = atlas.part("table").get_by_role("columnheader", name="Entfernung")
    expect(header).to_have_attribute("aria-sort", "ascending")
    atlas.part("table").get_by_role("button", name="Entfernung").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(atlas.rows.last).to_contain_text("Menzel Bourguiba")

    # A row of the directory opens the profile.
    atlas.page.get_by_role("searchbox").fill("puebla")
    expect(atlas.rows).to_have_count(1)
    atlas.expect_query(q="puebla")
    atlas.wait_until_idle()
    atlas.rows.get_by_role("link", name="Wolfsburg").click()
    expect(heading).to_have_text("Wolfsburg – Puebla")
    atlas.expect_arcs(1)
    atlas.wait_until_idle()
    atlas.page.get_by_role("link", name="Alle Partnerschaften").click()
    expect(atlas.rows).to_have_count(1)
    atlas.expect_query(q="puebla")
    atlas.part("reset").get_by_role("button").click()
    expect(atlas.rows).to_have_count(80)
    atlas.wait_until_idle()

    # A profile leads to related ones.
    atlas.rows.filter(has_text="Puebla").get_by_role("link", name="Wolfsburg").click()
    expect(heading).to_have_text("Wolfsburg – Puebla")
    atlas.expect_arcs(1)
    atlas.part("related_theme").get_by_role("link").first.click()
    expect(heading).not_to_have_text("Wolfsburg – Puebla")
    atlas.expect_arcs(1)
    atlas.page.get_by_role("link", name="Alle Partnerschaften").click()
    expect(atlas.rows).to_have_count(80)
    atlas.expect_query()


def go_one_step(atlas, start, link, there):
    """Follow a link to another page: one step back leads to where it was, one forward there again.

    `history.length` is no witness: on a busy machine Chromium counts a step after the address has changed.
    """
    expect(atlas.page).to_have_url(atlas.url + start)
    with atlas.one_run():
        atlas.page.get_by_role("link", name=link).first.click()
    expect(atlas.page).to_have_url(atlas.url + there)
    with atlas.one_run():
        atlas.page.go_back()
    expect(atlas.page).to_have_url(atlas.url + start)
    with atlas.one_run():
        atlas.page.go_forward()
    expect(atlas.page).to_have_url(atlas.url + there)


def test_a_link_from_a_meeting_is_one_step_to_a_table_that_downloads_in_the_readers_language(atlas):
    start = "/meetings?country=MX&meeting=2023-09-puebla"
    atlas.open(start)
    go_one_step(atlas, start, "Partnerschaften der Phase 9", "/?phase=9&country=MX")
    expect(atlas.rows).to_have_count(1)
    with atlas.page.expect_download() as download:
        atlas.part("download").get_by_role("button").click()
    assert download.value.suggested_filename == "klimapartnerschaften.csv"
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbfDeutsche Kommune;")
    assert "Wolfsburg;Niedersachsen;Puebla;Puebla;Mexiko;9;2022;2011;9569;" in content.decode("utf-8-sig")
    # Back undoes the step.
    atlas.page.go_back()
    expect(atlas.page).to_have_url(atlas.url + start)
