"""A view handed on: by link, by QR code, and inside another website."""

import re
from html import unescape

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_view_is_handed_on_into_another_website_as_a_link_and_as_a_code(atlas, context, other_website, tmp_path):
    atlas.open("/?phase=9&partnership=wolfsburg--puebla-9")
    atlas.expect_arcs(11)
    atlas.page.get_by_role("button", name="Teilen").click()
    code = atlas.page.get_by_role("dialog").locator("code").nth(1)
    expect(code).to_contain_text("iframe")
    snippet = code.inner_text().replace("\n", "")
    address = unescape(re.search(r'src="([^"]+)"', snippet)[1])
    assert address == f"{atlas.url}/?phase=9&partnership=wolfsburg--puebla-9&embed=true"

    # What is pasted into another website shows the view without navigation.
    other = context.new_page()
    other.goto(other_website(snippet))
    embedded = other.frame_locator("iframe")
    expect(embedded.locator(".st-key-summary")).to_contain_text("11 von 80 Partnerschaften")
    expect(embedded.locator(".st-key-filters")).to_be_visible()
    expect(embedded.locator(".st-key-footer")).to_contain_text("Natural Earth")
    expect(embedded.locator(".st-key-navigation")).to_have_count(0)
    expect(embedded.get_by_role("button", name="Teilen")).to_have_count(0)
    whole = embedded.get_by_role("link", name="Im Atlas der Klimapartnerschaften öffnen")
    expect(whole).to_have_attribute("href", f"{atlas.url}/?phase=9&partnership=wolfsburg--puebla-9")
    # A click in it stays in it, and its way to the atlas leads to what it shows now.
    embedded.get_by_role("button", name=re.compile(r"^3 \(")).click()
    expect(embedded.locator(".st-key-summary")).to_contain_text("19 von 80 Partnerschaften")
    expect(embedded.locator(".st-key-navigation")).to_have_count(0)
    with context.expect_page() as opened:
        whole.click()
    expect(opened.value.locator(".st-key-summary")).to_contain_text("19 von 80 Partnerschaften")
    expect(opened.value.locator(".st-key-navigation")).to_be_visible()
    opened.value.close()
    other.close()

    # The dialog gives the link of the view as text and as a code.
    atlas.page.bring_to_front()
    atlas.page.keyboard.press("Escape")
    expect(atlas.page.get_by_role("dialog")).to_have_count(0)
    atlas.page.get_by_role("radio", name="EN").click()
    expect(atlas.page.get_by_role("heading", level=1)).to_have_text("Climate partnerships on the world map")
    atlas.page.get_by_role("button", name="Country", exact=True).click()
    atlas.option("Mexico").click()
    atlas.expect_arcs(1)
    atlas.page.keyboard.press("Escape")
    atlas.wait_until_idle()
    atlas.page.get_by_role("button", name="Share").click()
    dialog = atlas.page.get_by_role("dialog")
    link = f"{atlas.url}/?lang=en&phase=9&country=MX&partnership=wolfsburg--puebla-9"
    expect(dialog.locator("code").first).to_have_text(link)
    expect(dialog).to_contain_text("from others the link does not lead here")
    picture = dialog.get_by_role("img", name="QR code to")
    expect(picture).to_be_visible()
    picture.screenshot(path=tmp_path / "code.png")
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
    assert found.text == link
