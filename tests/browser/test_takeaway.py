"""The file that is taken along, opened as anyone would open it: by double click, with the network off."""

import random

import pandas as pd
import pytest
from playwright.sync_api import expect

from geo.dataset import read_dataset
from geo.filters import Selection
from geo.talk import to_scenes
from tests.browser.conftest import ON_ARC
from tests.taking import describe, take
from tests.test_takeaway import HOSTILE

pytestmark = pytest.mark.browser

PUEBLA = "2023-09-puebla"
WOLFSBURG = "wolfsburg--puebla-9"
# Resets the filters, then clicks options by filter and place; returns the sentence and the ids in table or list.
CHOOSE = """async (clicks) => {
  document.querySelector("#filters .reset").click();
  const facets = document.querySelectorAll("#filters .options");
  for (const [facet, option] of clicks) facets[facet].children[option].click();
  await new Promise((resolve) => setTimeout(resolve));
  const table = document.querySelector("#list > div");
  const links = table.shadowRoot && [...table.shadowRoot.querySelectorAll("tbody th a")];
  const rows = links && links.map((link) => link.dataset.key);
  return [document.getElementById("summary").textContent, rows, table.querySelectorAll("article").length];
}"""


class File:
    """A file in a tab of its own, without a network. It may ask for nothing and complain of nothing."""

    def __init__(self, window, path):
        window.set_offline(True)
        window.route(
            "**/*", lambda route: route.abort() if not route.request.url.startswith("file:") else route.continue_()
        )
        self.page = window.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.address = path.as_uri()
        self.page.goto(self.address)
        expect(self.page.locator("path.land").first).to_be_attached()

    @property
    def arcs(self):
        return self.page.locator("path.arc")

    @property
    def rows(self):
        return self.page.locator("#list tbody tr")

    @property
    def summary(self):
        return self.page.locator("#summary")

    @property
    def detail(self):
        return self.page.locator("#detail")

    def width(self):
        return self.page.evaluate("document.scrollingElement.scrollWidth")


@pytest.fixture
def open_file(open_window, tmp_path):
    opened = []

    def open_one(content, **options):
        path = content
        if isinstance(content, bytes):
            path = tmp_path / f"view-{len(opened)}.html"
            path.write_bytes(content)
        file = File(open_window(own=True, **options), path)
        opened.append(file)
        return file

    yield open_one
    for file in opened:
        assert file.requests == [file.address]
        assert file.complaints == []


def download(atlas, tmp_path, *, button="Ansicht als Datei mitnehmen"):
    with atlas.page.expect_download() as waiting:
        atlas.part("take_along").get_by_role("button", name=button).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def expect_file_like_page(atlas, open_file, tmp_path, *, name, button="Ansicht als Datei mitnehmen"):
    """Take along what is shown: the file shows what the page showed."""
    expect(atlas.rows.first).to_be_attached()
    expect(atlas.arcs.first).to_be_attached()
    atlas.wait_until_idle()
    arcs, rows, sentence = atlas.arcs.count(), atlas.rows.count(), atlas.summary.inner_text()
    saved = download(atlas, tmp_path, button=button)
    assert saved.name.startswith(name)
    file = open_file(saved)
    expect(file.arcs).to_have_count(arcs)
    expect(file.rows).to_have_count(rows)
    assert file.summary.inner_text() == sentence
    assert file.page.locator("h1").inner_text() == atlas.page.get_by_role("heading", level=1).inner_text()


def test_the_file_of_the_network_shows_what_the_page_showed_and_is_built_while_the_button_turns(
    atlas, open_file, tmp_path
):
    atlas.open("/?phase=9&theme=water")
    expect_file_like_page(atlas, open_file, tmp_path, name="klimapartnerschaften-")

    atlas.part("reset").get_by_role("button").click()
    atlas.expect_arcs(80)
    atlas.expect_query()
    atlas.wait_until_idle()
    sent = atlas.count_messages()
    assert download(atlas, tmp_path).stat().st_size <= 2_000_000
    # One message asks for the file; no run of the page is caused by it.
    assert atlas.count_messages() == sent + 1


def test_the_file_of_a_partnership_shows_in_english_what_the_page_showed(atlas, open_file, tmp_path):
    atlas.open(f"/?lang=en&q=phil&until=2017&partnership={WOLFSBURG}")
    button = "Take this view along as a file"
    expect_file_like_page(atlas, open_file, tmp_path, name="climate-partnerships-", button=button)


def test_the_file_of_a_meeting_shows_what_the_page_showed_and_that_of_the_sites_their_cards_and_marks(
    atlas, open_file, tmp_path
):
    atlas.open(f"/meetings?phase=9&meeting={PUEBLA}")
    expect_file_like_page(atlas, open_file, tmp_path, name="treffen-")

    # On to one of the sites, among those of its country.
    atlas.part("reset").get_by_role("button").click()
    atlas.expect_query(meeting=PUEBLA)
    atlas.wait_until_idle()
    atlas.part("programme").get_by_role("link", name="Zum Exkursionsort: Talsperre Valsequillo").click()
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Talsperre Valsequillo")
    atlas.expect_query(site="puebla-valsequillo-dam")
    atlas.wait_until_idle()
    atlas.part("open_country").get_by_role("button").first.click()
    atlas.option("Mexiko").click()
    atlas.expect_query(country="MX", site="puebla-valsequillo-dam")
    atlas.page.keyboard.press("Escape")
    marks = atlas.frame.locator("path.site")
    expect(marks.first).to_be_attached()
    atlas.wait_until_idle()
    cards, sites = atlas.page.locator("[class*='st-key-site_']").count(), marks.count()
    file = open_file(download(atlas, tmp_path))
    expect(file.page.locator("#list article")).to_have_count(cards)
    expect(file.page.locator("path.site")).to_have_count(sites)
    expect(file.detail).to_contain_text("Lage auf ± 9 km genau")
    # The names of towns near by have come along.
    expect(file.page.locator(".place.town").get_by_text("San Andrés Cholula")).to_be_attached()
    file.page.locator("#list article").first.get_by_role("button").click()
    expect(file.page.locator("h1")).not_to_have_text("Talsperre Valsequillo")
    file.page.get_by_role("button", name="Alle Exkursionsorte").click()
    expect(file.page.locator("#list article")).to_have_count(cards + 1)


def test_filters_inside_the_file_narrow_and_widen(dataset, german, open_file):
    file = open_file(take("network", dataset, language=german, selection=Selection(phase=(9,), q="mexiko")))
    expect(file.arcs).to_have_count(1)
    # What the file has no control for can be lifted.
    file.page.get_by_role("button", name="Diese Einschränkung aufheben: Suche nach „mexiko“").click()
    expect(file.arcs).to_have_count(11)
    expect(file.rows).to_have_count(11)
    file.page.get_by_role("button", name="8 (7)", exact=True).click()
    expect(file.arcs).to_have_count(18)
    expect(file.summary).to_contain_text("18 von 80 Partnerschaften – Phasen 8 und 9, zwischen")
    file.page.get_by_text("Land", exact=True).click()
    file.page.get_by_role("button", name="Mexiko (1)", exact=True).click()
    expect(file.arcs).to_have_count(1)
    expect(file.page.locator(".filter.set summary")).to_have_text("Land: Mexiko")
    file.page.keyboard.press("Escape")
    expect(file.page.locator("details[open]")).to_have_count(0)
    file.page.get_by_role("button", name="Alle zeigen").click()
    expect(file.arcs).to_have_count(80)
    expect(file.rows).to_have_count(80)
    expect(file.page.get_by_role("button", name="Alle zeigen")).to_be_disabled()


@pytest.mark.parametrize("code", ["de", "en"])
@pytest.mark.parametrize("layer", ["network", "meetings", "sites"])
def test_every_choice_of_filters_keeps_and_says_the_same_as_a_page(dataset, languages, open_file, layer, code):
    language = languages[code]
    file = open_file(take(layer, dataset, language=language))
    facets = file.page.evaluate("JSON.parse(document.getElementById('view').textContent).facets")
    ids = {"network": dataset.links, "meetings": dataset.meetings, "sites": dataset.sites}[layer].index
    codes = to_codes(dataset, layer, language)
    luck = random.Random(5)
    empty = 0
    for _ in range(40):
        chosen = [
            (number, luck.sample(range(len(facet["options"])), luck.choice([0, 1, 1, 2, 3])))
            for number, facet in enumerate(facets)
        ]
        chosen = luck.sample(chosen, luck.choice([1, 1, 2]))
        selection = Selection(
            **{
                facets[number]["name"]: tuple(
                    codes[facets[number]["name"]][facets[number]["options"][one]] for one in options
                )
                for number, options in chosen
            }
        )
        positions, sentence = describe(layer, selection, dataset, language=language)
        clicks = [[number, one] for number, options in chosen for one in options]
        said, keys, cards = file.page.evaluate(CHOOSE, clicks)
        assert said == sentence
        assert (keys == [ids[row] for row in positions]) if keys is not None else cards == len(positions)
        empty += not positions
    assert empty < 40


def to_codes(dataset, layer, language):
    from geo.filter_words import to_option_names
    from geo.indexes import build_indexes
    from tests.taking import to_index

    index = to_index(build_indexes(dataset), layer)
    names = to_option_names(index, Selection(), dataset, language=language)
    return {
        name: {names[name][str(code)] if name in names else str(code): code for code in facet.options}
        for name, facet in index.facets.items()
    }


def test_an_arc_a_municipality_and_a_row_bring_up_their_card(dataset, german, open_file):
    file = open_file(take("network", dataset, language=german, selection=Selection(phase=(9,))))
    expect(file.detail).to_contain_text("Die Projektphasen")
    expect(file.arcs).to_have_count(11)
    x, y = file.page.evaluate(ON_ARC, WOLFSBURG)
    file.page.mouse.click(x, y)
    expect(file.detail.get_by_role("heading")).to_have_text("Wolfsburg – Puebla")
    expect(file.detail.get_by_role("link", name="Quelle öffnen")).to_have_attribute(
        "href", dataset.links.at[WOLFSBURG, "source_url"]
    )
    expect(file.page.locator("#list tr.selected")).to_contain_text("Wolfsburg")
    file.detail.get_by_role("button", name="Auswahl aufheben").click()
    expect(file.detail).to_contain_text("Die Projektphasen")
    # The same by keyboard, from the table.
    row = file.rows.get_by_role("link", name="Stuttgart")
    row.focus()
    file.page.keyboard.press("Enter")
    expect(file.detail.get_by_role("heading")).to_have_text("Stuttgart – Menzel Bourguiba")
    # What the filters take away is no longer looked at, and this is said.
    file.page.get_by_role("button", name="9 (11)", exact=True).click()
    file.page.get_by_role("button", name="8 (7)", exact=True).click()
    expect(file.page.get_by_text("Was Sie ausgewählt haben, ist bei diesen Filtern nicht zu sehen.")).to_be_visible()


def test_a_municipality_lists_its_partnerships(dataset, german, open_file):
    links = dataset.links
    several = links["north"].value_counts().index[0]
    count = int((links["north"] == several).sum())
    file = open_file(take("network", dataset, language=german, municipality=several))
    expect(file.detail.locator(".eyebrow")).to_have_text(f"{count} Partnerschaften")
    expect(file.detail.locator(".choices button")).to_have_count(count)
    file.detail.locator(".choices button").first.click()
    expect(file.detail.get_by_text("Klimapartnerschaft seit")).to_be_visible()


def test_the_table_sorts_and_the_years_play(dataset, german, open_file):
    file = open_file(take("network", dataset, language=german))
    file.page.locator("#list").get_by_role("button", name="Entfernung").click()
    distances = file.rows.locator("td.distance_km").all_inner_texts()
    numbers = [int(text.removesuffix(" km").replace(".", "")) for text in distances]
    assert numbers == sorted(numbers)
    years = file.page.locator("#years input")
    years.focus()
    file.page.keyboard.press("Home")
    first = int((dataset.links["since"] == dataset.links["since"].min()).sum())
    expect(file.arcs).to_have_count(first)
    expect(file.rows).to_have_count(first)
    expect(file.summary).to_contain_text("begonnen bis 2011")
    expect(file.page.locator("#years output")).to_have_text(f"2011 · {first} neu")
    file.page.keyboard.press("End")
    expect(file.arcs).to_have_count(80)


def test_a_meeting_brings_its_programme_and_the_timeline_the_next(dataset, languages, open_file):
    file = open_file(take("meetings", dataset, language=languages["en"], meeting=PUEBLA))
    expect(file.arcs).to_have_count(10)
    expect(file.page.locator("#subtitle")).to_have_text("27–29 September 2023 · Puebla, Mexico")
    expect(file.page.locator("#programme .item")).to_have_count(8)
    expect(file.detail).to_contain_text("7 delegations")
    file.page.locator("#timeline a.mark[data-id='2022-11-essen'] polygon").click()
    expect(file.arcs).to_have_count(22)
    file.page.get_by_role("button", name="All meetings").click()
    expect(file.arcs).to_have_count(0)
    expect(file.page.locator("path.meeting")).to_have_count(27)
    expect(file.page.locator("h1")).to_have_text("Meetings of the network")
    expect(file.page.locator("#programme")).to_be_hidden()


def test_hostile_names_are_shown_as_they_are(folder, german, open_file):
    path = folder / "municipalities.csv"
    table = pd.read_csv(path, dtype="string", keep_default_na=False)
    south = table.index[table["id"] == "mx-puebla"][0]
    for row, name in enumerate(HOSTILE):
        table.loc[south - row, "name"] = name
    table.to_csv(path, index=False)
    for width in (1440, 390):
        file = open_file(
            take("network", read_dataset(folder), language=german, partnership=WOLFSBURG, title=HOSTILE[0]),
            viewport={"width": width, "height": 844},
        )
        expect(file.page.locator("h1")).to_have_text(HOSTILE[0])
        expect(file.detail.get_by_role("heading")).to_have_text(f"Wolfsburg – {HOSTILE[0]}")
        expect(file.rows).to_have_count(80)
        assert file.page.evaluate("window.hit") is None
        assert file.width() <= width


@pytest.mark.parametrize(("layer", "details"), [("network", {}), ("meetings", {"meeting": PUEBLA}), ("sites", {})])
def test_it_fits_every_screen(dataset, german, open_file, layer, details):
    content = take(layer, dataset, language=german, **details)
    phone = open_file(content, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    expect_fit(phone, 390)
    desk = open_file(content)
    expect_fit(desk, 1440)
    desk.page.set_viewport_size({"width": 1920, "height": 1080})
    desk.page.wait_for_function("innerWidth === 1920")
    expect_fit(desk, 1920)


def expect_fit(file, width):
    expect(file.page.locator("#legend")).to_be_attached()
    assert file.width() <= width
    box = file.page.locator("#map_div").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["height"] > 200


def test_on_a_phone_the_card_comes_into_view(dataset, german, open_file):
    file = open_file(
        take("network", dataset, language=german, selection=Selection(phase=(9,))),
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
    )
    expect(file.arcs).to_have_count(11)
    x, y = file.page.evaluate(ON_ARC, WOLFSBURG)
    file.page.mouse.click(x, y)
    expect(file.detail.get_by_role("heading")).to_be_in_viewport()


def test_it_is_dark_where_the_reader_is_and_can_be_turned(dataset, german, open_file):
    file = open_file(take("network", dataset, language=german), color_scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    assert file.page.evaluate(colour) == "rgb(20, 25, 28)"
    land = file.page.locator("path.land").first
    expect(land).to_have_css("fill", "rgb(42, 50, 54)")
    file.page.get_by_role("button", name="Hell oder dunkel").click()
    expect(land).to_have_css("fill", "rgb(225, 231, 227)")
    assert file.page.evaluate(colour) == "rgb(255, 255, 255)"


def test_the_file_works_without_a_table_row_or_an_arc(folder, german, open_file):
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    dataset = read_dataset(folder)
    for layer in ("network", "meetings", "sites"):
        file = open_file(take(layer, dataset, language=german))
        expect(file.page.locator("#legend")).to_be_attached()
        assert file.summary.inner_text().startswith("In den Tabellen steht noch kein")


def test_the_talk_travels_in_the_file_and_the_network_behind_it(open_window, atlas, dataset, german, tmp_path):
    scenes = to_scenes(dataset, language=german)
    atlas.page.goto(f"{atlas.url}/talk?scene=3")
    expect(atlas.part("scenes").get_by_role("heading", level=1)).to_have_text(scenes[2].title)
    atlas.page.get_by_role("button", name="Herunterladen").click()
    with atlas.page.expect_download() as waiting:
        atlas.page.get_by_role("button", name="Ansicht als Datei mitnehmen").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name.startswith("vortrag-")
    assert path.stat().st_size <= 2_000_000

    file = File(open_window(own=True), path)
    heading = file.page.locator("#talk").get_by_role("heading", level=1)
    for scene in scenes:
        expect(heading).to_have_text(scene.title)
        file.page.keyboard.press("PageDown")
    expect(file.page.locator("#talk").get_by_role("img")).to_be_visible()
    file.page.keyboard.press("Home")
    for _ in range(5):
        file.page.keyboard.press("ArrowRight")
    expect(file.arcs).to_have_count(10)
    file.page.locator("#talk").get_by_role("button", name="Vortrag beenden").click()
    expect(file.arcs).to_have_count(80)
    expect(file.rows).to_have_count(80)
    expect(file.summary).to_contain_text("80 von 80 Partnerschaften")
    file.page.get_by_role("button", name="Vortrag zeigen").click()
    expect(heading).to_have_text(scenes[0].title)
    assert file.requests == [file.address]
    assert file.complaints == []
