"""The detailed map: nothing is asked of its server before the visitor agrees, and only that server afterwards."""

import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Atlas
from tests.serving import serve

pytestmark = pytest.mark.browser

TOWN = "/sites?site=essen-zeche-zollverein"


def make_png() -> bytes:
    """A grey picture of 1 x 1 pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x99")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


class TileHost:
    """A tile server on loopback that can be told to fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.failing_once = False
        host = self
        picture = make_png()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append(self.path)
                broken = host.broken or host.failing_once
                host.failing_once = False
                self.send_response(503 if broken else 200)
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                if not broken:
                    self.wfile.write(picture)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def tile_host():
    host = TileHost()
    yield host
    host.server.shutdown()


@pytest.fixture(scope="module")
def tiled_server(tile_host):
    address = f"{tile_host.origin}/{{z}}/{{x}}/{{y}}.png"
    with serve(environment={"ATLAS_TILES": address, "ATLAS_TILES_ATTRIBUTION": "© <b>Test</b>"}) as url:
        yield url


@pytest.fixture
def tiled(context, tiled_server, tile_host):
    tile_host.asked.clear()
    tile_host.broken = tile_host.failing_once = False
    atlas = Atlas(context.new_page(), tiled_server)
    yield atlas
    assert atlas.page_errors == []


def hosts_asked(atlas):
    return {urlsplit(url).netloc for url in atlas.requests if urlsplit(url).scheme in ("http", "https", "ws")}


def test_nothing_is_asked_before_consent_and_only_the_named_host_after_it(tiled, tile_host):
    tiled.open(TOWN)
    button = tiled.frame.get_by_role("button", name="Detailkarte laden")
    expect(button).to_be_visible()
    button.click()
    question = tiled.frame.get_by_role("group", name="Detailkarte laden")
    expect(question).to_contain_text("kommt von 127.0.0.1. Dieser Server erfährt dabei Ihre Internetadresse.")
    expect(tiled.frame.get_by_role("button", name="Einverstanden, laden")).to_be_focused()
    tiled.wait_until_idle()
    assert tile_host.asked == []
    assert hosts_asked(tiled) == {urlsplit(tiled.url).netloc}
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    expect(tiled.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()
    assert hosts_asked(tiled) == {urlsplit(tiled.url).netloc, urlsplit(tile_host.origin).netloc}
    expect(tiled.frame.locator(".leaflet-control-attribution")).to_contain_text("© <b>Test</b>")
    expect(tiled.frame.locator(".place.town")).to_have_count(0)


def test_no_is_an_answer(tiled, tile_host):
    tiled.open(TOWN)
    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Nein, danke").click()
    expect(tiled.frame.get_by_role("button", name="Detailkarte laden")).to_be_focused()
    assert tile_host.asked == []


def test_consent_holds_for_the_visit_and_can_be_taken_back(tiled, tiled_server, tile_host, open_window):
    tiled.open(TOWN)
    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    expect(tiled.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()
    tiled.page.reload()
    expect(tiled.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()
    other = Atlas(open_window().new_page(), tiled_server)
    other.open(TOWN)
    expect(other.frame.get_by_role("button", name="Detailkarte laden")).to_be_visible()
    tiled.frame.get_by_role("button", name="Detailkarte ausblenden").click()
    expect(tiled.frame.locator("img.leaflet-tile")).to_have_count(0)
    expect(tiled.frame.locator(".place.town").first).to_be_attached()
    tile_host.asked.clear()
    tiled.page.reload()
    expect(tiled.frame.get_by_role("button", name="Detailkarte laden")).to_be_visible()
    tiled.wait_until_idle()
    assert tile_host.asked == []


def test_when_tiles_do_not_come_our_own_map_stays(tiled, tile_host):
    tile_host.broken = True
    tiled.open(TOWN)
    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    expect(tiled.frame.get_by_role("status")).to_have_text(
        "Die Detailkarte ist nicht erreichbar. Die eingebaute Karte bleibt."
    )
    expect(tiled.frame.locator("img.leaflet-tile")).to_have_count(0)
    expect(tiled.frame.locator("path.site.selected")).to_be_visible()
    expect(tiled.frame.locator(".place.town").first).to_be_attached()
    tile_host.broken = False
    tiled.frame.get_by_role("button", name="Noch einmal versuchen").click()
    expect(tiled.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()


def test_after_a_failure_no_is_an_answer_too(tiled, tile_host):
    tile_host.broken = True
    tiled.open(TOWN)
    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    tiled.frame.get_by_role("button", name="Nein, danke").click()
    expect(tiled.frame.get_by_role("button", name="Detailkarte laden")).to_be_focused()
    expect(tiled.frame.get_by_role("status")).to_have_count(0)


def test_one_missing_tile_does_not_take_the_others_away(tiled, tile_host):
    tile_host.failing_once = True
    tiled.open(TOWN)
    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    expect(tiled.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()
    tiled.wait_until_still()
    expect(tiled.frame.get_by_role("button", name="Detailkarte ausblenden")).to_be_focused()
    expect(tiled.frame.get_by_role("status")).to_have_count(0)


def test_the_world_neither_offers_nor_asks_for_it(tiled, tile_host):
    tiled.open(TOWN)
    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    expect(tiled.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()
    expect(tiled.frame.locator("img.leaflet-tile:not(.leaflet-tile-loaded)")).to_have_count(0)
    tile_host.asked.clear()
    tiled.part("navigation").get_by_role("link", name="Karte").click()
    tiled.expect_arcs(80)
    tiled.wait_until_still()
    expect(tiled.frame.get_by_role("button", name="Detailkarte")).to_have_count(0)
    assert tile_host.asked == []


def test_where_nothing_can_be_stored_the_map_works_all_the_same(context, tiled_server):
    context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    atlas = Atlas(context.new_page(), tiled_server)
    atlas.open(TOWN)
    atlas.frame.get_by_role("button", name="Detailkarte laden").click()
    atlas.frame.get_by_role("button", name="Einverstanden, laden").click()
    expect(atlas.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()


def test_the_tile_server_is_not_told_which_page_is_read(tiled, tile_host):
    tiled.open(TOWN)
    with tiled.page.expect_request(lambda request: request.url.startswith(tile_host.origin)) as tile:
        tiled.frame.get_by_role("button", name="Detailkarte laden").click()
        tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    assert "referer" not in tile.value.all_headers()


def test_switched_off_there_is_no_button_and_no_foreign_host_in_the_policy(context):
    with serve(environment={"ATLAS_TILES": "off"}) as url:
        atlas = Atlas(context.new_page(), url)
        with atlas.page.expect_response(url + "/") as answer:
            atlas.open("/")
        assert "http" not in answer.value.headers["content-security-policy"]
        atlas.open(TOWN)
        expect(atlas.frame.locator("path.site.selected")).to_be_visible()
        expect(atlas.frame.get_by_role("button", name="Detailkarte laden")).to_have_count(0)
