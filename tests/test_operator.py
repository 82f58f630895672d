"""Who runs the atlas, from the settings."""

import pytest

from server.operator import Operator, current_operator
from server.settings import current_settings


@pytest.fixture
def settings(monkeypatch):
    def settle(imprint="", contact=""):
        monkeypatch.setenv("ATLAS_IMPRINT", imprint)
        monkeypatch.setenv("ATLAS_CONTACT", contact)
        current_settings.cache_clear()
        return current_operator()

    return settle


def test_without_settings_nothing_is_made_up(settings):
    assert settings() == Operator()
    assert settings().contact_url == ""


def test_an_imprint_is_text_or_the_address_of_a_page(settings):
    assert settings("Beispielstadt\nRathausplatz 1").imprint == ("Beispielstadt", "Rathausplatz 1")
    assert settings("https://example.org/impressum").imprint_url == "https://example.org/impressum"


def test_the_contact_is_a_mail_address_or_a_page(settings):
    assert settings(contact="atlas@example.org").contact_url == "mailto:atlas@example.org"
    assert settings(contact="https://example.org/kontakt").contact_url == "https://example.org/kontakt"


@pytest.mark.parametrize("contact", ["javascript:alert(1)", "wir", "a b@example.org"])
def test_what_is_no_address_is_refused_by_name(settings, contact):
    with pytest.raises(ValueError, match="ATLAS_CONTACT"):
        settings(contact=contact)
