"""Every page in every language, light and dark, under the rules of axe-core (WCAG 2.2 AA and good practice)."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Atlas
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

AXE = ROOT / "tests" / "vendor" / "axe" / "axe.min.js"
LANGUAGES = ("de", "en", "es", "fr", "pt")
ALL_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What a theme can change.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
BACKGROUNDS = {"dark": "rgb(20, 25, 28)", "light": "rgb(255, 255, 255)"}
CHECK = """(runOnly) => axe.run(document, { runOnly, resultTypes: ["violations"] }).then(({ violations, passes }) => {
  if (!passes.length) throw new Error("nothing was checked");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
})"""
PAGES = {
    "map": "/",
    "a partnership on the map": "/?phase=9&partnership=wolfsburg--puebla-9",
    "bundled by country": "/?by=country",
    "a municipality on the map": "/?municipality=de-koeln",
    "nothing found": "/?q=atlantis",
    "directory": "/partnerships?phase=9",
    "profile": "/partnerships?partnership=wolfsburg--puebla-9",
    "meetings": "/meetings?phase=9",
    "a meeting": "/meetings?meeting=2023-09-puebla",
    "no meeting found": "/meetings?phase=9&kind=anniversary",
    "sites": "/sites",
    "a site": "/sites?site=puebla-valsequillo-dam",
    "tables": "/upkeep?table=phases",
    "about": "/about",
    "guide": "/guide",
    "open data": "/data?phase=9",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
    "imprint": "/imprint",
}


@pytest.fixture
def checked(open_window, server):
    atlas = Atlas(open_window().new_page(), server)
    atlas.page.add_init_script(path=AXE)
    yield atlas
    atlas.check()


def check(atlas, scheme, *, rules=ALL_RULES):
    """Look in a theme; the page follows the system's choice at once."""
    atlas.page.emulate_media(color_scheme=scheme)
    expect(atlas.page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUNDS[scheme])
    return [f"{scheme}: {violation}" for violation in atlas.page.evaluate(CHECK, rules)]


def check_both(atlas):
    """Look in the dark theme for what a theme can change, and in the light one for all."""
    return check(atlas, "dark", rules=COLOUR_RULES) + check(atlas, "light")


def expect_narrow_enough(atlas):
    """Nothing has to be scrolled sideways on a screen of 320 pixels, which is 400 % on one of 1280."""
    size = atlas.page.viewport_size
    atlas.page.set_viewport_size({"width": 320, "height": 640})
    atlas.page.wait_for_function("document.querySelector('.stMain').scrollWidth <= 320")
    assert atlas.page.evaluate("document.scrollingElement.scrollWidth") <= 320
    atlas.page.set_viewport_size(size)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_no_rule_is_broken_on_any_page_and_each_fits_a_narrow_screen(checked, path):
    checked.open(path)
    found = []
    # Every language under all rules, every other one in the dark: the colours are the same in each.
    for number, language in enumerate(LANGUAGES):
        if language != "de":
            checked.page.get_by_role("radio", name=language.upper(), exact=True).click()
        expect(checked.page.locator("html")).to_have_attribute("lang", language)
        checked.wait_until_idle()
        # On a busy machine the script has ended before the browser has drawn what it sent.
        expect(checked.part("navigation").get_by_role("link").first).to_be_visible()
        if checked.part("map").count():
            expect(checked.frame.locator("html")).to_have_attribute("lang", language)
            checked.wait_until_still()
        here = check_both(checked) if language == "de" else check(checked, "dark" if number % 2 else "light")
        found += [f"{language} {violation}" for violation in here]
        expect_narrow_enough(checked)
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_is_broken_in_a_talk(checked, language):
    checked.page.goto(f"{checked.url}/talk?lang={language}&scene=4")
    expect(checked.part("scenes").get_by_role("heading", level=1)).to_be_visible()
    checked.expect_arcs(11)
    checked.wait_until_still()
    assert check_both(checked) == []


def test_with_a_visitors_own_colours_what_is_chosen_and_the_legend_can_still_be_told(open_window, server):
    atlas = Atlas(open_window(forced_colors="active").new_page(), server)
    atlas.open("/?phase=9")
    atlas.expect_arcs(11)
    outline = "(one) => getComputedStyle(one).outlineStyle"
    assert atlas.option("9").evaluate(outline) == "solid"
    assert atlas.option("8").evaluate(outline) == "none"
    # Nine different lines, not nine times the colour of the page.
    signs = atlas.frame.locator("#legend .sign.phase")
    assert len(set(signs.evaluate_all("all => all.map((one) => getComputedStyle(one).backgroundColor)"))) == 9
    atlas.check()


def test_pages_and_languages_take_two_lines_at_most_and_large_type_finds_room(atlas):
    atlas.open("/about")
    header = atlas.part("header")
    atlas.page.set_viewport_size({"width": 1440, "height": 900})
    for language in LANGUAGES:
        atlas.page.get_by_role("radio", name=language.upper(), exact=True).click()
        expect(atlas.page.locator("html")).to_have_attribute("lang", language)
        atlas.wait_until_idle()
        for width, most in ((1440, 50), (1280, 95), (1024, 95)):
            atlas.page.set_viewport_size({"width": width, "height": 800})
            assert header.bounding_box()["height"] < most, (language, width)
    # Type of twice the size: the pages stand beside each other, not in a column.
    atlas.page.add_style_tag(content="html { font-size: 32px !important; }")
    atlas.page.set_viewport_size({"width": 1440, "height": 800})
    assert atlas.part("navigation").bounding_box()["height"] < 180
    assert atlas.page.evaluate("document.querySelector('.stMain').scrollWidth") <= 1440
