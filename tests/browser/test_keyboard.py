"""The atlas without a mouse: from the map to the card, to the profile and to the table."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# Says the name of what has the focus, in the map's frame and in the table as well.
FOCUSED = """() => {
  let one = document.activeElement;
  for (let inner = one; inner; inner = one.contentDocument?.activeElement ?? one.shadowRoot?.activeElement) one = inner;
  return one.getAttribute("aria-label") ?? (one.matches("main, body") ? "" : one.textContent.trim());
}"""


def focus_name(atlas):
    return atlas.page.evaluate(FOCUSED)


def tab_to(atlas, name, *, most=60):
    """Press the tab key until something of this name has the focus."""
    for _ in range(most):
        atlas.page.keyboard.press("Tab")
        if name in focus_name(atlas):
            return
    raise AssertionError(f"{name} is not reached by keyboard; last was {focus_name(atlas)}")


def test_an_arc_is_found_selected_and_left_by_keyboard(atlas):
    atlas.open("/?phase=9")
    atlas.expect_arcs(11)
    atlas.wait_until_still()
    group = atlas.frame.get_by_role("group", name="Partnerschaften: Pfeiltasten")
    buttons = group.get_by_role("button")
    expect(buttons).to_have_count(11)
    # The arcs are one stop, the municipalities another.
    assert buttons.evaluate_all("all => all.filter((one) => one.tabIndex === 0).length") == 1
    tab_to(atlas, buttons.first.get_attribute("aria-label"))
    names = buttons.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert len(set(names)) == 11
    assert "Wolfsburg – Puebla, Mexiko, Phase 9" in names
    atlas.page.keyboard.press("End")
    atlas.page.keyboard.press("Home")
    for _ in range(11):
        if focus_name(atlas).startswith("Wolfsburg"):
            break
        atlas.page.keyboard.press("ArrowRight")
    arc = atlas.frame.get_by_role("button", name="Wolfsburg – Puebla, Mexiko, Phase 9")
    expect(arc).to_be_focused()
    # Its name is shown to those who see it.
    expect(atlas.frame.locator(".leaflet-tooltip")).to_contain_text("Wolfsburg – Puebla")
    atlas.page.keyboard.press("Enter")
    heading = atlas.part("detail").get_by_role("heading", name="Wolfsburg – Puebla")
    expect(heading).to_be_focused()
    atlas.expect_query(phase="9", partnership="wolfsburg--puebla-9")
    expect(arc).to_have_attribute("aria-pressed", "true")
    # The buttons of the card are drawn after its heading.
    atlas.wait_until_idle()
    tab_to(atlas, "Auswahl aufheben", most=6)
    atlas.page.keyboard.press("Enter")
    atlas.expect_query(phase="9")
    # Back on the map, where one was.
    expect(arc).to_be_focused()
    expect(arc).to_have_attribute("aria-pressed", "false")
    atlas.page.keyboard.press(" ")
    expect(heading).to_be_focused()
    atlas.wait_until_idle()
    arc.focus()
    atlas.page.keyboard.press("Escape")
    atlas.expect_query(phase="9")
    expect(arc).to_be_focused()
    atlas.wait_until_idle()
    # The next stop are the municipalities, by name.
    atlas.page.keyboard.press("Tab")
    expect(atlas.frame.get_by_role("group", name="Kommunen: Pfeiltasten").locator(":focus")).to_have_count(1)
    first = focus_name(atlas)
    atlas.page.keyboard.press("ArrowDown")
    assert focus_name(atlas) > first
    zoom = atlas.map_view()
    atlas.page.keyboard.press("+")
    atlas.wait_until_still(other_than=zoom)
    assert atlas.map_view()[0] == zoom[0] + 1
    # Nothing holds the focus: the table comes later on the same way.
    tab_to(atlas, "Deutsche Kommune", most=30)


def arrow_to(atlas, name, *, most=15):
    """Press the arrow key until something of this name has the focus."""
    for _ in range(most):
        if name in focus_name(atlas):
            return
        atlas.page.keyboard.press("ArrowRight")
    raise AssertionError(f"{name} is not reached by arrow keys; last was {focus_name(atlas)}")


def test_filter_arc_card_profile_language_and_file_without_a_mouse(atlas):
    atlas.open()
    atlas.expect_arcs(80)
    # The map is there first; what stands before it is passed by otherwise.
    expect(atlas.option("1")).to_be_visible()
    tab_to(atlas, "1 (9)")
    arrow_to(atlas, "9 (11)")
    atlas.page.keyboard.press("Enter")
    atlas.expect_arcs(11)
    atlas.expect_query(phase="9")
    atlas.wait_until_idle()
    atlas.wait_until_still()
    tab_to(atlas, ", Phase 9")
    arrow_to(atlas, "Wolfsburg – Puebla, Mexiko, Phase 9")
    atlas.page.keyboard.press("Enter")
    card = atlas.part("detail")
    expect(card.get_by_role("heading", name="Wolfsburg – Puebla")).to_be_focused()
    atlas.wait_until_idle()
    tab_to(atlas, "Profil öffnen", most=6)
    atlas.page.keyboard.press("Enter")
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Wolfsburg – Puebla")
    atlas.page.go_back()
    expect(atlas.rows).to_have_count(11)
    atlas.wait_until_idle()
    tab_to(atlas, "DE")
    arrow_to(atlas, "EN")
    atlas.page.keyboard.press("Enter")
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Climate partnerships on the world map")
    atlas.wait_until_idle()
    # Past the map, and on to the file.
    tab_to(atlas, "Skip the map")
    atlas.page.keyboard.press("Enter")
    expect(card.get_by_role("heading").first).to_be_focused()
    tab_to(atlas, "Download as a CSV file", most=60)
    with atlas.page.expect_download() as download:
        atlas.page.keyboard.press("Enter")
    assert "Wolfsburg" in download.value.path().read_text(encoding="utf-8-sig")


def test_a_meeting_and_a_site_are_found_on_their_maps_by_keyboard(atlas):
    atlas.open("/meetings?phase=9")
    expect(atlas.marks).to_have_count(4)
    atlas.wait_until_still()
    group = atlas.frame.get_by_role("group", name="Treffen und Orte: Pfeiltasten")
    expect(group.get_by_role("button")).to_have_count(4)
    names = group.get_by_role("button").evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    puebla = next(name for name in names if "27.–29. September 2023, Puebla" in name)
    # The timeline above has stops of the same names.
    group.get_by_role("button").first.focus()
    arrow_to(atlas, puebla)
    atlas.page.keyboard.press("Enter")
    atlas.expect_query(phase="9", meeting="2023-09-puebla")
    title = atlas.page.get_by_role("heading", level=1)
    expect(title).to_be_focused()
    expect(title).to_have_text("Netzwerktreffen der Südpartner der 9. Projektphase")

    atlas.open("/sites?meeting=2023-09-puebla")
    atlas.wait_until_still()
    group = atlas.frame.get_by_role("group", name="Exkursionsorte: Pfeiltasten")
    expect(group.get_by_role("button")).to_have_count(3)
    names = group.get_by_role("button").evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    tab_to(atlas, names[0])
    arrow_to(atlas, "Valsequillo")
    atlas.page.keyboard.press(" ")
    atlas.expect_query(meeting="2023-09-puebla", site="puebla-valsequillo-dam")
    heading = atlas.part("detail").get_by_role("heading").first
    expect(heading).to_be_focused()
    expect(heading).to_contain_text("Valsequillo")
