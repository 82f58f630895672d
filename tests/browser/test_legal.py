"""The pages that the law asks for, and that what they say is true."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_every_page_leads_to_the_legal_pages_and_they_say_what_is_true(atlas):
    atlas.open("/?phase=9")
    atlas.expect_arcs(11)
    legal = atlas.part("legal")
    for label, title in (
        ("So lesen Sie den Atlas", "So lesen Sie den Atlas"),
        ("Barrierefreiheit", "Erklärung zur Barrierefreiheit"),
        ("Impressum", "Impressum"),
        ("Datenschutz", "Datenschutz"),
    ):
        legal.get_by_role("link", name=label).click()
        expect(atlas.page.get_by_role("heading", level=1)).to_have_text(title)
    statement = atlas.page.locator(".text")
    expect(statement).to_contain_text("setzt der Server ein einziges Cookie, _streamlit_xsrf")
    assert [cookie["name"] for cookie in atlas.page.context.cookies()] == ["_streamlit_xsrf"]
    # Nothing that tells one visitor from another is kept in the browser: only how pages look.
    kept = atlas.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert [name.split("-")[0] for name in kept] == ["stActiveTheme"]
    for title in ("Impressum", "Erklärung zur Barrierefreiheit", "So lesen Sie den Atlas"):
        atlas.page.go_back()
        expect(atlas.page.get_by_role("heading", level=1)).to_have_text(title)
        atlas.wait_until_idle()
    atlas.page.go_back()
    atlas.expect_query(phase="9")
    atlas.expect_arcs(11)
