"""The file that is taken along: complete, small, and no text from the tables gets out of its place."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pandas as pd
import pytest

from geo.dataset import read_dataset
from geo.filters import Selection
from geo.layers import ShownLinks
from geo.leaflet import keep_near
from geo.takeaway import MODULES, to_file_name, to_script_json
from server.assets import read_asset
from server.documents import read_document
from tests.taking import take

MOST_BYTES = 2_000_000
VIEWS = {
    "network": {"partnership": "wolfsburg--puebla-9"},
    "meetings": {"meeting": "2023-09-puebla"},
    "sites": {"site": "puebla-valsequillo-dam"},
}
HOSTILE = [
    "</script><script>window.hit = 1</script>",
    "<!--<script>",
    "<img src=x onerror='window.hit = 1'>",
    "\"'`${1}{{ 7*7 }}",
    "\u202eüberall\u2066\u200fx",
    "ö" * 10_000,
]


class Page(HTMLParser):
    """The elements of a file, and the text of its scripts."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.attributes, self.scripts = [], [], []
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append(dict(attrs))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "script" and self.scripts:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)

    def script(self, **wanted):
        return next(text for attributes, text in self.scripts if wanted.items() <= attributes.items())

    @property
    def view(self):
        return json.loads(self.script(id="view"))


@pytest.mark.parametrize("code", ["de", "en"])
@pytest.mark.parametrize(("layer", "details"), VIEWS.items())
def test_every_kind_of_view_is_one_small_file_that_is_always_the_same(dataset, languages, layer, details, code):
    language = languages[code]
    content = take(layer, dataset, language=language, **details)
    assert len(content) <= MOST_BYTES
    assert content == take(layer, dataset, language=language, **details)
    page = Page(content)
    assert page.attributes[page.tags.index("html")]["lang"] == code
    text = content.decode()
    assert language.describe_dates(dataset.saved.date().isoformat()) in text
    assert "Natural Earth / visionscarto · GeoNames (CC BY 4.0)" in text
    # Whose software it is goes along.
    assert "Redistributions in binary form must reproduce the above copyright" in text
    name = page.view["shown"]["document"]
    assert json.loads(page.script(**{"data-name": name})) == json.loads(read_document(dataset, name, code))
    assert {key: page.view["shown"][key] for key in details} == details


def test_every_row_brings_its_source(dataset, german):
    network = take("network", dataset, language=german).decode()
    assert {url for url in dataset.links["source_url"] if url not in network} == set()
    meetings = take("meetings", dataset, language=german).decode()
    assert {url for url in dataset.meetings["source_url"] if url not in meetings} == set()


@pytest.mark.parametrize("layer", VIEWS)
def test_nothing_in_the_file_is_loaded_from_elsewhere(dataset, german, layer):
    page = Page(take(layer, dataset, language=german))
    assert {"link", "img", "iframe", "object", "base"} & set(page.tags) == set()
    assert all("src" not in attributes for attributes in page.attributes)
    policy = next(one["content"] for one in page.attributes if one.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert re.findall(r"https?:|\*|'self'", policy) == []
    text = take(layer, dataset, language=german).decode()
    assert re.findall(r"url\((?!data:)[^)]*\)", "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))) == []
    assert "sourceMappingURL" not in text


def test_every_module_of_the_file_finds_its_neighbours(dataset, german):
    imports = json.loads(Page(take("network", dataset, language=german)).script(type="importmap"))["imports"]
    assert set(imports) == {f"atlas/{name}" for name in MODULES}
    for address in imports.values():
        kind, _, source = address.partition(",")
        assert kind == "data:text/javascript;charset=utf-8"
        assert "#" not in source
        assert set(re.findall(r'from "([^"]+)"', unquote(source))) <= set(imports)
        assert re.findall(r'import\("', unquote(source)) == []
    assert unquote(imports["atlas/make"].partition(",")[2]) == read_asset("scripts/make.js")


def test_a_value_in_a_script_cannot_end_it():
    value = {"text": "</script><!-- <SCRIPT"}
    assert "<" not in to_script_json(value)
    assert json.loads(to_script_json(value)) == value


def test_filters_come_with_options_rows_and_words(dataset, german):
    view = Page(take("network", dataset, language=german, selection=Selection(phase=(9,), country=("MX",)))).view
    facets = {facet["name"]: facet for facet in view["facets"]}
    assert list(facets) == ["phase", "country", "theme", "state"]
    country = facets["country"]
    assert [country["options"][number] for number in country["chosen"]] == ["Mexiko"]
    assert [country["options"][number] for number in country["unoffered"]] == ["Deutschland"]
    wolfsburg = dataset.links.index.get_loc("wolfsburg--puebla-9")
    assert [country["options"][number] for number in country["rows"][wolfsburg]] == ["Deutschland", "Mexiko"]
    assert country["says"] == {"one": "Land {countries}", "other": "Länder {countries}"}
    assert view["restrictions"] == []
    assert view["until"] is None


def test_what_has_no_control_is_a_restriction_that_can_be_lifted(dataset, german):
    view = Page(take("network", dataset, language=german, selection=Selection(q="puebla", until=2023))).view
    row = dataset.links.index.get_loc("wolfsburg--puebla-9")
    assert view["restrictions"] == [{"name": "q", "words": "Suche nach „puebla“", "rows": [row]}]
    assert view["until"] == 2023
    years = Selection(year_from=2016, year_to=2018)
    [restriction] = Page(take("meetings", dataset, language=german, selection=years)).view["restrictions"]
    assert (restriction["name"], restriction["words"]) == ("year_from", "von 2016 bis 2018")
    assert restriction["rows"] == view_rows(dataset, 2016, 2018)


def view_rows(dataset, first, last):
    years = [(int(start[:4]), int(start[:4] if pd.isna(end) else end[:4])) for start, end in meeting_dates(dataset)]
    return [row for row, (begin, end) in enumerate(years) if end >= first and begin <= last]


def meeting_dates(dataset):
    return zip(dataset.meetings["start"], dataset.meetings["end"], strict=True)


def test_a_country_from_another_page_is_chosen_and_kept_by_no_row(dataset, german):
    view = Page(take("sites", dataset, language=german, selection=Selection(country=("GH",)))).view
    country = next(facet for facet in view["facets"] if facet["name"] == "country")
    [number] = country["chosen"]
    assert country["options"][number] == "Ghana"
    assert all(number not in row for row in country["rows"])
    assert view["shown"]["sites"] == []


def test_no_text_from_the_tables_is_html(folder, german):
    path = folder / "municipalities.csv"
    table = pd.read_csv(path, dtype="string", keep_default_na=False)
    clean = Page(take("network", read_dataset(folder), language=german))
    for row, name in enumerate(HOSTILE):
        table.loc[table.index[table["id"] == "mx-puebla"][0] - row, "name"] = name
    table.to_csv(path, index=False)
    dataset = read_dataset(folder)
    hostile = take("network", dataset, language=german, title=HOSTILE[0])
    page = Page(hostile)
    assert page.tags == clean.tags
    names = {entry["name"] for entry in json.loads(page.script(**{"data-name": "network"}))["municipalities"]}
    # The reader of the tables has cleared away invisible marks; what it kept has come along as it is.
    assert names == set(dataset.municipalities["name"])
    assert {name for name in HOSTILE if name.isprintable()} <= names


def test_the_file_is_named_in_the_readers_language_and_dated(dataset, languages):
    day = dataset.saved.date().isoformat()
    assert to_file_name("network", dataset, language=languages["de"]) == f"klimapartnerschaften-{day}.html"
    assert to_file_name("meetings", dataset, language=languages["de"]) == f"treffen-{day}.html"
    assert to_file_name("sites", dataset, language=languages["en"]) == f"excursion-sites-{day}.html"
    assert ShownLinks.layer == "network"


def test_only_towns_near_by_go_along(dataset):
    places = {"names": ["Puebla", "Cholula", "Bonn"], "at": [19.04, -98.2, 19.06, -98.3, 50.73, 7.1]}
    near = keep_near(places, [dataset.municipalities.geometry["mx-puebla"]], degrees=0.5)
    assert near == {"names": ["Puebla", "Cholula"], "at": [19.04, -98.2, 19.06, -98.3]}
    assert keep_near(places, [], degrees=0.5) == {"names": [], "at": []}
