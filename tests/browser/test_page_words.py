"""Streamlit's own words speak the language of the page, and follow when it changes."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_menu_file_and_grid_speak_the_language_of_the_page(atlas):
    atlas.open("/upkeep")
    page = atlas.page
    menu = page.get_by_test_id("stMainMenu")
    expect(menu.get_by_role("button")).to_have_accessible_name("Menü")
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Zum Inhalt springen")
    menu.get_by_role("button").click()
    expect(page.get_by_role("group", name="Farben").get_by_role("menuitemradio", name="Dunkel")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Drucken")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Geänderte Datei hochladen").click()
    expect(page.get_by_test_id("stFileUploader").get_by_text("Datei wählen")).to_be_visible()
    # Streamlit's limit is not the atlas's.
    expect(page.get_by_test_id("stFileUploader").get_by_text("per file")).to_be_hidden()
    page.get_by_test_id("stDataFrame").hover()
    expect(page.get_by_role("button", name="Spalten zeigen und verbergen")).to_be_visible()

    page.get_by_role("radio", name="FR", exact=True).click()
    expect(menu.get_by_role("button")).to_have_accessible_name("Menu")
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Aller au contenu")
    page.get_by_role("radio", name="EN", exact=True).click()
    expect(menu.get_by_role("button")).to_have_accessible_name("Menu")
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Skip to main content")
    menu.get_by_role("button").click()
    expect(page.get_by_role("group", name="Colours").get_by_role("menuitemradio", name="Dark")).to_be_visible()


def test_a_text_of_the_tables_that_contains_such_a_word_stays(atlas):
    atlas.open("/?lang=es&q=Open Search")
    expect(atlas.page.get_by_role("searchbox")).to_have_value("Open Search")
    expect(atlas.page.get_by_test_id("stMainMenu").get_by_role("button")).to_have_accessible_name("Menú")
    expect(atlas.summary).to_contain_text("Open Search")
