"""The page about the open data leads to the files, with the filters that a visitor has set."""

import json
import urllib.request
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def fetch(atlas, name):
    address = urljoin(atlas.page.url, atlas.page.get_by_role("link", name=name, exact=True).get_attribute("href"))
    with urllib.request.urlopen(address) as answer:
        return answer.read()


def test_whoever_filters_the_map_finds_the_same_rows_as_files(atlas):
    atlas.open("/?phase=9")
    atlas.expect_arcs(11)
    atlas.part("navigation").get_by_role("link", name="Über den Atlas").click()
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Über den Atlas")
    atlas.page.get_by_role("link", name="Offene Daten").first.click()
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Offene Daten")
    expect(atlas.page.get_by_text("Ihre Filter gelten auch für die Dateien, die sich filtern lassen.")).to_be_visible()
    assert len(json.loads(fetch(atlas, "partnerships.geojson"))["features"]) == 11
    assert fetch(atlas, "partnerships.csv").count(b"\n") == 12
    assert fetch(atlas, "themes.csv").count(b"\n") == 14
    assert json.loads(fetch(atlas, "datapackage.json"))["name"] == "klimapartnerschaften"
    # The example is an address that works.
    example = atlas.page.locator("code", has_text="partnerships.geojson?").inner_text()
    with urllib.request.urlopen(example) as answer:
        assert len(json.load(answer)["features"]) == 1
