"""The talk as a presenter holds it: by keyboard, on any projector, with or without a network."""

import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from geo.talk import to_scenes
from tests.browser.conftest import Atlas
from tests.serving import serve

pytestmark = pytest.mark.browser

SCREENS = [(1920, 1080), (1280, 720), (1024, 768)]
OVERFLOWING = """(panel) => [panel, ...panel.querySelectorAll("*")].filter((one) => {
  const box = one.getBoundingClientRect(), frame = panel.getBoundingClientRect();
  const seen = box.width > 0 && getComputedStyle(one).position !== "fixed";
  const sideways = box.right > frame.right + 1 || box.left < -1;
  const beyond = sideways || box.bottom > Math.min(frame.bottom, innerHeight) + 1 || box.top < -1;
  return seen && (beyond || (one.matches(".scene, .foot, .head") && one.scrollHeight > one.clientHeight + 1));
}).map((one) => one.className || one.tagName)"""
TEXT_SIZES = """(panel) => [...panel.querySelectorAll(".text, .facts li")].map((one) =>
  parseFloat(getComputedStyle(one).fontSize))"""
LOWEST_MARK = """() => Math.max(...[...document.querySelectorAll("path.municipality")].map((one) =>
  one.getBoundingClientRect().bottom))"""


class Talk(Atlas):
    def open_scene(self, address: str = "/talk") -> None:
        self.page.goto(self.url + address)
        expect(self.heading).to_be_visible()
        expect(self.frame.locator("path.arc, path.site").first).to_be_attached()

    @property
    def panel(self):
        return self.part("scenes").locator(".panel")

    @property
    def heading(self):
        return self.part("scenes").get_by_role("heading", level=1)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def expect_scene(self, title: str, number: int) -> None:
        expect(self.heading).to_have_text(title)
        expect(self.page).to_have_url(re.compile(rf"[?&]scene={number}(&|$)"))


@pytest.fixture
def titles(dataset, german):
    return [scene.title for scene in to_scenes(dataset, language=german)]


@pytest.fixture
def talk(context, server):
    talk = Talk(context.new_page(), server)
    yield talk
    talk.check()


def test_the_whole_talk_by_buttons_and_by_keyboard_alone_to_the_code_that_leads_to_it(talk, titles, tmp_path):
    # Buttons for touch, and the line that names the next scene.
    talk.open_scene("/talk?lang=de&scene=4")
    talk.expect_scene(titles[3], 4)
    expect(talk.panel).to_contain_text("4 / 11")
    expect(talk.panel).to_contain_text(f"Als Nächstes: {titles[4]}")
    talk.panel.get_by_role("button", name="Weiter").click()
    talk.expect_scene(titles[4], 5)
    talk.panel.get_by_role("button", name="Zurück").click()
    talk.expect_scene(titles[3], 4)

    talk.press("Home")
    talk.expect_scene(titles[0], 1)
    talk.expect_arcs(80)
    for number, title in enumerate(titles[1:], start=2):
        talk.press("PageDown" if number % 2 else "ArrowRight")
        talk.expect_scene(title, number)
        if number == 2:
            talk.expect_arcs(23)
        if number == 4:
            talk.expect_arcs(11)
        if number == 6:
            talk.expect_arcs(10)
    talk.press("ArrowRight")  # there is nothing after the last one
    talk.expect_scene(titles[-1], 11)
    talk.press("PageUp", "ArrowLeft")
    talk.expect_scene(titles[8], 9)
    talk.press("Home")
    talk.expect_scene(titles[0], 1)
    talk.expect_arcs(80)
    talk.press("End")
    talk.expect_scene(titles[-1], 11)

    # The code in the last scene leads to the talk.
    picture = talk.panel.get_by_role("img")
    expect(picture).to_be_visible()
    picture.screenshot(path=tmp_path / "code.png")
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
    assert found.text == f"{talk.url}/talk?lang=de"
    expect(talk.panel).to_contain_text(f"{talk.url}/talk?lang=de")

    talk.panel.get_by_role("link", name="Vortrag beenden").click()
    expect(talk.summary).to_contain_text("80 von 80 Partnerschaften")
    expect(talk.page).to_have_url(re.compile(r"/(\?lang=de)?$"))


def test_the_map_stays_the_same_and_leaves_the_keys_to_the_talk(talk, titles):
    # A scene that is none opens the first.
    talk.open_scene("/talk?scene=99&auto=1")
    talk.expect_scene(titles[0], 1)
    talk.expect_arcs(80)

    # The map goes where the scene is.
    talk.wait_until_still()
    talk.map_call("() => { window.sameMap = map; }")
    world = talk.map_view()
    messages = talk.count_messages()
    talk.press("PageDown", "PageDown", "PageDown", "PageDown")
    talk.wait_until_still(world)
    assert talk.map_view()[0] > 8
    assert talk.map_call("() => window.sameMap === map")
    talk.press("PageDown")
    talk.expect_arcs(10)
    # All of it happens in the browser.
    assert talk.count_messages() == messages

    # Keys for full screen and a black picture.
    talk.press("Home")
    talk.expect_scene(titles[0], 1)
    black = talk.part("scenes").locator(".black")
    expect(black).to_be_hidden()
    talk.press("b")
    expect(black).to_be_visible()
    talk.press("b")
    expect(black).to_be_hidden()
    talk.press("b", "PageDown")
    expect(black).to_be_hidden()
    talk.expect_scene(titles[1], 2)
    talk.press("f")
    talk.page.wait_for_function("document.fullscreenElement !== null")
    talk.press("f")
    talk.page.wait_for_function("document.fullscreenElement === null")

    # A click on the map leaves them where they are.
    talk.press("Home")
    talk.expect_scene(titles[0], 1)
    talk.expect_arcs(80)
    talk.page.mouse.click(900, 400)
    talk.press("PageDown")
    talk.expect_scene(titles[1], 2)


def test_a_screen_in_a_foyer_plays_by_itself_and_begins_again(talk, titles):
    talk.page.clock.install()
    talk.open_scene("/talk?scene=10&auto=600")
    talk.expect_scene(titles[9], 10)
    # The clock goes on by itself as well, but not for minutes.
    talk.page.clock.fast_forward(300_000)
    talk.expect_scene(titles[9], 10)
    talk.page.clock.fast_forward(301_000)
    talk.expect_scene(titles[10], 11)
    talk.page.clock.fast_forward(601_000)
    talk.expect_scene(titles[0], 1)
    talk.panel.get_by_role("button", name="Anhalten").click()
    # Drawn anew, it stays so.
    talk.page.emulate_media(color_scheme="dark")
    expect(talk.page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(20, 25, 28)")
    talk.wait_until_idle()
    talk.page.clock.fast_forward(1_000_000)
    talk.expect_scene(titles[0], 1)


def test_it_stays_black_when_the_system_turns_dark_and_ends_when_the_page_is_left(talk, titles):
    talk.open("/?phase=9")
    talk.expect_arcs(11)
    talk.part("navigation").get_by_role("link", name="Vortrag").click()
    expect(talk.heading).to_have_text(titles[0])
    talk.press("PageDown", "b")
    talk.expect_scene(titles[1], 2)
    black = talk.part("scenes").locator("button.black")
    expect(black).to_be_visible()
    talk.page.emulate_media(color_scheme="dark")
    expect(talk.page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(20, 25, 28)")
    talk.wait_until_idle()
    expect(black).to_be_visible()
    expect(talk.heading).to_have_text(titles[1])
    talk.page.go_back()
    talk.expect_arcs(11)
    talk.expect_query(phase="9")
    talk.wait_until_idle()
    talk.press("PageDown", "End", "f")
    talk.expect_query(phase="9")
    talk.expect_arcs(11)
    assert not talk.page.evaluate("Boolean(document.fullscreenElement)")
    assert not talk.map_call("() => document.documentElement.classList.contains('stage')")


def test_the_first_visit_after_the_start_finds_a_profile_and_the_talk_goes_on_when_the_server_is_gone(context, titles):
    with serve() as url:
        talk = Talk(context.new_page(), url)
        talk.page.goto(url + "/partnerships?partnership=wolfsburg--puebla-9")
        expect(talk.arcs.first).to_be_attached()
        expect(talk.page.get_by_role("dialog")).to_have_count(0)
        talk.open_scene()
        talk.expect_arcs(80)
        talk.page.wait_for_load_state("networkidle")
    talk.page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testConnectionState !== 'CONNECTED'"
    )
    for number in range(2, 12):
        talk.press("PageDown")
        talk.expect_scene(titles[number - 1], number)
    talk.press("Home", "PageDown", "PageDown", "PageDown", "PageDown", "PageDown")
    talk.expect_arcs(10)
    expect(talk.page.get_by_role("dialog")).to_have_count(0)
    assert talk.page.evaluate("document.elementFromPoint(innerWidth * 0.7, innerHeight * 0.4).tagName") == "IFRAME"
    assert talk.violations == []


@pytest.mark.parametrize("code", ["de", "en"])
def test_every_scene_fits_every_projector_and_survives_a_reload(open_window, server, dataset, languages, code):
    talk = Talk(open_window().new_page(), server)
    scenes = to_scenes(dataset, language=languages[code])
    talk.open_scene(f"/talk?lang={code}")
    for width, height in SCREENS:
        talk.page.set_viewport_size({"width": width, "height": height})
        talk.page.wait_for_function("(width) => innerWidth === width", arg=width)
        talk.press("Home")
        for number, scene in enumerate(scenes, start=1):
            talk.expect_scene(scene.title, number)
            assert talk.panel.evaluate(OVERFLOWING) == []
            sizes = talk.panel.evaluate(TEXT_SIZES)
            assert min(sizes) >= (28 if width == 1920 else 18)
            talk.press("PageDown")
    talk.press("Home", "PageDown", "PageDown", "PageDown")
    talk.expect_scene(scenes[3].title, 4)
    talk.page.reload()
    talk.expect_scene(scenes[3].title, 4)
    talk.expect_arcs(11)
    talk.check()


def test_text_and_marks_are_clear_of_each_other_on_a_telephone(open_window, server):
    talk = Talk(open_window(viewport={"width": 390, "height": 844}).new_page(), server)
    talk.open_scene()
    talk.wait_until_still()
    top = talk.panel.bounding_box()["y"]
    assert top > 300
    lowest = talk.map_call(LOWEST_MARK)
    assert lowest <= top
    assert talk.page.evaluate("document.documentElement.scrollWidth") <= 390
    talk.check()
