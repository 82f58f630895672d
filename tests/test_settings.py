"""Settings from the environment or a file; what cannot be right is refused by name, before anything is served."""

import subprocess
import sys

import pytest

from server.settings import ROOT, BadSettingsError, read_settings


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file of settings to write."""
    path = tmp_path / "atlas.toml"
    monkeypatch.setenv("ATLAS_SETTINGS", str(path))
    return path


def test_without_any_setting_everything_has_a_value_to_start_with():
    settings = read_settings()
    assert settings.data == str(ROOT / "data")
    assert settings.offered_tiles.host == "sgx.geodatenzentrum.de"
    assert (settings.embedded_by, settings.access_log, settings.contact) == ((), "anonymous", "")


def test_the_environment_comes_before_the_file(file, monkeypatch):
    file.write_text('contact = "file@example.org"\naccess_log = "off"\n', encoding="utf-8")
    monkeypatch.setenv("ATLAS_CONTACT", "environment@example.org")
    monkeypatch.setenv("ATLAS_ACCESS_LOG", "")  # empty is not set
    settings = read_settings()
    assert (settings.contact, settings.access_log) == ("environment@example.org", "off")


def test_websites_that_may_embed_are_a_list_in_both(file, monkeypatch):
    wanted = ("https://www.example.org", "https://*.example.com:8443")
    file.write_text('embedded_by = ["https://www.example.org", "https://*.example.com:8443"]', encoding="utf-8")
    assert read_settings().embedded_by == wanted
    monkeypatch.setenv("ATLAS_EMBEDDED_BY", " https://www.example.org  https://*.example.com:8443 ")
    assert read_settings().embedded_by == wanted


def test_the_public_address_has_no_slash_at_its_end(monkeypatch):
    monkeypatch.setenv("ATLAS_PUBLIC_ADDRESS", "https://atlas.example.org/karte/")
    assert read_settings().public_address == "https://atlas.example.org/karte"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "ATLAS_CONTAKT",
            "a@example.org",
            "ATLAS_CONTAKT: diese Einstellung gibt es nicht; meinten Sie ATLAS_CONTACT?",
        ),
        ("ATLAS_XYZ", "1", "ATLAS_XYZ: diese Einstellung gibt es nicht"),
        ("ATLAS_CONTACT", "javascript:alert(1)", "ATLAS_CONTACT: „javascript:alert(1)“ ist weder"),
        ("ATLAS_ACCESS_LOG", "ja", "ATLAS_ACCESS_LOG: „ja“ gibt es nicht; möglich ist off, anonymous oder addresses"),
        ("ATLAS_EMBEDDED_BY", "https://a.de;script-src", "ATLAS_EMBEDDED_BY: „https://a.de;script-src“"),
        ("ATLAS_EMBEDDED_BY", "www.example.org", "eine Website wie https://www.example.org"),
        ("ATLAS_PUBLIC_ADDRESS", "atlas.example.org", "ATLAS_PUBLIC_ADDRESS: „atlas.example.org“"),
        ("ATLAS_PUBLIC_ADDRESS", "https://atlas.example.org/?phase=9", "ATLAS_PUBLIC_ADDRESS"),
        ("ATLAS_DATA", "/nowhere", "ATLAS_DATA: den Ordner „/nowhere“ gibt es nicht"),
        ("ATLAS_DATA", "mysql://a:geheim@db.example.org/atlas", "ATLAS_DATA: die Adresse der Datenbank ist keine wie"),
        ("ATLAS_DATA", "postgresql://db.example.org", "keine wie postgresql://name@server/atlas"),
        ("ATLAS_TILES", "nowhere", "ATLAS_TILES: „nowhere“"),
        ("ATLAS_TILES", "https://t.example.org/{z}/{x}/{y}.png", "ATLAS_TILES_ATTRIBUTION: Zu den Kacheln"),
        ("ATLAS_SETTINGS", "/nowhere/atlas.toml", "ATLAS_SETTINGS: die Datei „/nowhere/atlas.toml“ gibt es nicht"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettingsError) as error:
        read_settings()
    assert said in str(error.value)
    assert len(str(error.value).splitlines()) == 1
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize(
    "address", ["postgresql://atlas@db.example.org/atlas", "postgresql+psycopg:///atlas?host=/run"]
)
def test_tables_may_lie_in_a_database(monkeypatch, address):
    monkeypatch.setenv("ATLAS_DATA", address)
    assert read_settings().data == address


def test_everything_wrong_is_said_at_once(file, monkeypatch):
    file.write_text('contact = "wir"\nkontakt = "x"\naccess_log = 3\n', encoding="utf-8")
    monkeypatch.setenv("ATLAS_TILE", "off")
    with pytest.raises(BadSettingsError) as error:
        read_settings()
    lines = str(error.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["ATLAS_TILE", "ATLAS_CONTACT", "ATLAS_ACCESS_LOG", "kontakt"]
    assert "meinten Sie contact?" in lines[3]


def test_a_missing_file_and_a_wrong_name_are_both_said(monkeypatch):
    monkeypatch.setenv("ATLAS_SETTINGS", "/nowhere/atlas.toml")
    monkeypatch.setenv("ATLAS_TILE", "off")
    with pytest.raises(BadSettingsError) as error:
        read_settings()
    assert [line.partition(":")[0] for line in str(error.value).splitlines()] == ["ATLAS_TILE", "ATLAS_SETTINGS"]


def test_a_file_that_is_no_toml_is_named(file):
    file.write_text("contact = a@example.org", encoding="utf-8")
    with pytest.raises(BadSettingsError, match=r"atlas\.toml lässt sich nicht lesen: .*line 1"):
        read_settings()


def test_the_server_does_not_start_with_them_and_says_so_without_a_trace(monkeypatch):
    monkeypatch.setenv("ATLAS_CONTAKT", "a@example.org")
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "Der Atlas startet nicht, weil Einstellungen nicht stimmen (siehe docs/operating.md):",
        "ATLAS_CONTAKT: diese Einstellung gibt es nicht; meinten Sie ATLAS_CONTACT?",
    ]
