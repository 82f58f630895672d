"""The setting that names the detailed map, and the policy that allows its host and no other."""

import pytest

from server.headers import build_content_security_policy
from server.settings import read_settings
from server.tiles import DEFAULT, read_tiles


def test_the_default_is_the_federal_agencys_map_over_https():
    tiles = read_tiles(DEFAULT)
    assert tiles.url.startswith("https://sgx.geodatenzentrum.de/wmts_topplus_open/")
    assert all(part in tiles.url for part in ("{z}", "{x}", "{y}"))
    assert (tiles.host, tiles.name) == ("sgx.geodatenzentrum.de", "TopPlusOpen")
    assert "Bundesamt für Kartographie und Geodäsie" in tiles.attribution
    assert tiles.max_zoom == 18


@pytest.mark.parametrize("setting", ["topplusopen color", "TOPPLUSOPEN.GREY"])
def test_a_provider_is_credited_however_its_name_is_written(setting):
    tiles = read_tiles(setting)
    assert (tiles.name, tiles.attribution) == ("TopPlusOpen", read_tiles(DEFAULT).attribution)


@pytest.mark.parametrize("setting", ["off", "OFF", " off "])
def test_it_can_be_switched_off(setting):
    assert read_tiles(setting) is None


def test_another_server_is_named_by_its_address():
    tiles = read_tiles("https://tiles.example.org:8443/{z}/{x}/{y}.png", attribution="© Example")
    assert (tiles.origin, tiles.host) == ("https://tiles.example.org:8443", "tiles.example.org")
    assert tiles.attribution == "© Example"


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("nowhere", "noch ein Anbieter"),
        ("https://tiles.example.org/map.png", "fehlt"),
        ("https://{s}.example.org/{z}/{x}/{y}.png", "nennt keinen bestimmten Server"),
        ("https:///{z}/{x}/{y}.png", "nennt keinen bestimmten Server"),
        ("https://a b/{z}/{x}/{y}.png", "nennt keinen bestimmten Server"),
        ("https://x;script-src/{z}/{x}/{y}.png", "nennt keinen bestimmten Server"),
        ("Thunderforest.OpenCycleMap", "braucht einen Schlüssel"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_the_reason(setting, reason):
    with pytest.raises(ValueError, match=reason):
        read_tiles(setting, attribution="© Example")


def test_tiles_from_an_address_must_be_credited():
    with pytest.raises(ValueError, match="ATLAS_TILES_ATTRIBUTION"):
        read_tiles("https://tiles.example.org/{z}/{x}/{y}.png")


def test_an_empty_setting_is_the_default(monkeypatch):
    monkeypatch.setenv("ATLAS_TILES", "")
    assert read_settings().offered_tiles == read_tiles(DEFAULT)


def test_only_images_may_come_from_the_tile_server():
    own = build_content_security_policy(None)
    with_tiles = build_content_security_policy(read_tiles(DEFAULT))
    assert "geodatenzentrum" not in own
    assert with_tiles.replace(" https://sgx.geodatenzentrum.de", "") == own
    assert "img-src 'self' data: blob: https://sgx.geodatenzentrum.de;" in with_tiles
