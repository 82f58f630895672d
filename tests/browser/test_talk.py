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
    assert talk.page_errors == []


def test_the_whole_talk_by_keyboard_alone(talk, titles):
    talk.open_scene()
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


def test_the_map_stays_the_same_and_goes_where_the_scene_is(talk):
    talk.open_scene()
    talk.expect_arcs(80)
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


def test_a_click_on_the_map_leaves_the_keys_to_the_talk(talk, titles):
    talk.open_scene()
    talk.expect_arcs(80)
    talk.page.mouse.click(900, 400)
    talk.press("PageDown")
    talk.expect_scene(titles[1], 2)


def test_keys_for_full_screen_and_a_black_picture(talk, titles):
    talk.open_scene()
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


def test_buttons_for_touch_and_the_line_that_names_the_next_scene(talk, titles):
    talk.open_scene("/talk?scene=4")
    talk.expect_scene(titles[3], 4)
    expect(talk.panel).to_contain_text("4 / 11")
    expect(talk.panel).to_contain_text(f"Als Nächstes: {titles[4]}")
    talk.panel.get_by_role("button", name="Weiter").click()
    talk.expect_scene(titles[4], 5)
    talk.panel.get_by_role("button", name="Zurück").click()
    talk.expect_scene(titles[3], 4)
    talk.panel.get_by_role("link", name="Vortrag beenden").click()
    expect(talk.summary).to_contain_text("80 von 80 Partnerschaften")
    expect(talk.page).to_have_url(re.compile(r"/(\?lang=de)?$"))


def test_the_scene_and_the_language_survive_a_reload(talk):
    talk.open_scene("/talk?lang=en")
    talk.press("PageDown", "PageDown", "PageDown")
    talk.expect_scene("Phase 9: Africa and Latin America", 4)
    talk.page.reload()
    talk.expect_scene("Phase 9: Africa and Latin America", 4)
    talk.expect_arcs(11)


def test_a_scene_that_is_none_opens_the_first(talk, titles):
    talk.open_scene("/talk?scene=99&auto=1")
    talk.expect_scene(titles[0], 1)


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
    talk.page.clock.fast_forward(1_000_000)
    talk.expect_scene(titles[0], 1)


def test_the_talk_goes_on_when_the_server_is_gone(context, titles):
    with serve() as url:
        talk = Talk(context.new_page(), url)
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


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_scene_fits_every_projector(open_window, server, dataset, languages, width, height, language):
    talk = Talk(open_window(viewport={"width": width, "height": height}).new_page(), server)
    talk.open_scene(f"/talk?lang={language}")
    for number, scene in enumerate(to_scenes(dataset, language=languages[language]), start=1):
        talk.expect_scene(scene.title, number)
        assert talk.panel.evaluate(OVERFLOWING) == []
        sizes = talk.panel.evaluate(TEXT_SIZES)
        assert min(sizes) >= (28 if width == 1920 else 18)
        talk.press("PageDown")


def test_a_long_text_is_shown_smaller_and_whole(context, folder):
    path = folder / "talk.csv"
    words = "Klimaanpassungsmaßnahmenkatalog " * 40
    text = path.read_text(encoding="utf-8").replace("Ein Netz für das Klima", f"{'Wort' * 30} {words[:200]}", 1)
    path.write_text(text.replace("Jeder Bogen ist eine Partnerschaft.", words, 1), encoding="utf-8")
    with serve(environment={"ATLAS_DATA_FOLDER": str(folder)}) as url:
        talk = Talk(context.new_page(), url)
        talk.open_scene()
        expect(talk.panel).to_contain_text("Klimaanpassungsmaßnahmenkatalog")
        assert talk.panel.evaluate(OVERFLOWING) == []


def test_names_in_the_talk_are_text(context, folder):
    path = folder / "talk.csv"
    text = path.read_text(encoding="utf-8").replace("Ein Netz für das Klima", "<img src=x onerror=alert(1)>", 1)
    path.write_text(text, encoding="utf-8")
    with serve(environment={"ATLAS_DATA_FOLDER": str(folder)}) as url:
        talk = Talk(context.new_page(), url)
        talk.open_scene()
        expect(talk.heading).to_have_text("<img src=x onerror=alert(1)>")
        assert talk.heading.locator("img").count() == 0


def test_the_code_in_the_last_scene_leads_to_the_talk(talk, tmp_path):
    talk.open_scene("/talk?lang=de&scene=11")
    picture = talk.panel.get_by_role("img")
    expect(picture).to_be_visible()
    picture.screenshot(path=tmp_path / "code.png")
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
    assert found.text == f"{talk.url}/talk?lang=de"
    expect(talk.panel).to_contain_text(f"{talk.url}/talk?lang=de")


def test_the_code_leads_to_the_public_address_where_one_is_set(context, tmp_path):
    with serve(environment={"ATLAS_PUBLIC_ADDRESS": "https://atlas.example.org/karte/"}) as url:
        talk = Talk(context.new_page(), url)
        talk.open_scene("/talk?scene=11")
        expect(talk.panel).to_contain_text("https://atlas.example.org/karte/talk")
        talk.panel.get_by_role("img").screenshot(path=tmp_path / "code.png")
        (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
        assert found.text == "https://atlas.example.org/karte/talk"


def test_text_and_marks_are_clear_of_each_other_on_a_telephone(open_window, server):
    talk = Talk(open_window(viewport={"width": 390, "height": 844}).new_page(), server)
    talk.open_scene()
    talk.wait_until_still()
    top = talk.panel.bounding_box()["y"]
    assert top > 300
    lowest = talk.map_call(LOWEST_MARK)
    assert lowest <= top
    assert talk.page.evaluate("document.documentElement.scrollWidth") <= 390
