"""Pictures of what is seen, taken along."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MAKING_MS = 90_000


def take(atlas, file_format):
    atlas.wait_until_idle()
    atlas.part("figure").get_by_role("button").click()
    atlas.part("figure_format").locator("button", has_text=file_format).click()
    with atlas.page.expect_download(timeout=MAKING_MS) as download:
        atlas.part("figure_make").get_by_role("button").click()
        expect(atlas.page.get_by_role("progressbar")).to_be_visible()
    expect(atlas.page.get_by_text("Die Datei ist fertig.")).to_be_visible()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_the_map_with_a_filter_is_a_picture(atlas):
    atlas.open("/?phase=9")
    atlas.expect_arcs(11)
    name, content = take(atlas, "PNG")
    assert name.startswith("klimapartnerschaften-")
    assert name.endswith(".png")
    image = Image.open(io.BytesIO(content))
    assert image.size == (3508, 2480)
    assert "Phase 9" in image.info["Description"]
    assert "11 von 80" in image.info["Description"]


def test_a_meeting_is_a_document(atlas):
    atlas.open("/meetings?meeting=2023-09-puebla")
    name, content = take(atlas, "PDF")
    assert name.startswith("treffen-2023-09-puebla-")
    assert content.startswith(b"%PDF")
