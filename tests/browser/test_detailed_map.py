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
    leave_out_tiles(atlas, tile_host)
    atlas.check()


def leave_out_tiles(atlas, tile_host):
    """The one foreign host that may be asked, once the visitor has agreed."""
    atlas.violations = [one for one in atlas.violations if not one.startswith(f"{tile_host.origin}/")]


def hosts_asked(atlas):
    return {urlsplit(url).netloc for url in atlas.requests if urlsplit(url).scheme in ("http", "https", "ws")}


def test_nothing_is_asked_before_consent_and_only_the_named_host_as_long_as_it_holds(
    tiled, tiled_server, tile_host, open_window
):
    tiled.open(TOWN)
    offer = tiled.frame.get_by_role("button", name="Detailkarte laden")
    agree = tiled.frame.get_by_role("button", name="Einverstanden, laden")
    loaded = tiled.frame.locator("img.leaflet-tile-loaded")
    expect(offer).to_be_visible()
    offer.click()
    question = tiled.frame.get_by_role("group", name="Detailkarte laden")
    expect(question).to_contain_text("kommt von 127.0.0.1. Dieser Server erfährt dabei Ihre Internetadresse.")
    expect(agree).to_be_focused()
    tiled.wait_until_idle()
    assert tile_host.asked == []
    assert hosts_asked(tiled) == {urlsplit(tiled.url).netloc}

    # No is an answer.
    tiled.frame.get_by_role("button", name="Nein, danke").click()
    expect(offer).to_be_focused()
    assert tile_host.asked == []
    assert hosts_asked(tiled) == {urlsplit(tiled.url).netloc}

    # The tile server is not told which page is read.
    with tiled.page.expect_request(lambda request: request.url.startswith(tile_host.origin)) as tile:
        offer.click()
        agree.click()
    assert "referer" not in tile.value.all_headers()
    expect(loaded.first).to_be_visible()
    assert hosts_asked(tiled) == {urlsplit(tiled.url).netloc, urlsplit(tile_host.origin).netloc}
    expect(tiled.frame.locator(".leaflet-control-attribution")).to_contain_text("© <b>Test</b>")
    expect(tiled.frame.locator(".place.town")).to_have_count(0)

    # Consent holds for the visit.
    tiled.page.reload()
    expect(loaded.first).to_be_visible()
    other = Atlas(open_window().new_page(), tiled_server)
    other.open(TOWN)
    expect(other.frame.get_by_role("button", name="Detailkarte laden")).to_be_visible()
    other.check()

    # The world neither offers nor asks for it.
    expect(tiled.frame.locator("img.leaflet-tile:not(.leaflet-tile-loaded)")).to_have_count(0)
    tile_host.asked.clear()
    tiled.part("navigation").get_by_role("link", name="Karte").click()
    tiled.expect_arcs(80)
    tiled.wait_until_still()
    expect(tiled.frame.get_by_role("button", name="Detailkarte")).to_have_count(0)
    assert tile_host.asked == []
    tiled.page.go_back()
    expect(loaded.first).to_be_visible()

    # Consent can be taken back.
    tiled.frame.get_by_role("button", name="Detailkarte ausblenden").click()
    expect(tiled.frame.locator("img.leaflet-tile")).to_have_count(0)
    expect(tiled.frame.locator(".place.town").first).to_be_attached()
    tile_host.asked.clear()
    tiled.page.reload()
    expect(offer).to_be_visible()
    tiled.wait_until_idle()
    assert tile_host.asked == []


def test_when_tiles_do_not_come_our_own_map_stays(tiled, tile_host):
    tile_host.broken = True
    tiled.open(TOWN)
    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    status = tiled.frame.get_by_role("status")
    expect(status).to_have_text("Die Detailkarte ist nicht erreichbar. Die eingebaute Karte bleibt.")
    expect(tiled.frame.locator("img.leaflet-tile")).to_have_count(0)
    expect(tiled.frame.locator("path.site.selected")).to_be_visible()
    expect(tiled.frame.locator(".place.town").first).to_be_attached()

    # No is an answer here too.
    tiled.frame.get_by_role("button", name="Nein, danke").click()
    expect(tiled.frame.get_by_role("button", name="Detailkarte laden")).to_be_focused()
    expect(status).to_have_count(0)

    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    expect(status).to_be_visible()
    tile_host.broken = False
    tiled.frame.get_by_role("button", name="Noch einmal versuchen").click()
    expect(tiled.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()


def test_the_map_works_where_nothing_can_be_stored_and_one_tile_is_missing(tiled, tile_host):
    tiled.page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    tile_host.failing_once = True
    tiled.open(TOWN)
    tiled.frame.get_by_role("button", name="Detailkarte laden").click()
    tiled.frame.get_by_role("button", name="Einverstanden, laden").click()
    expect(tiled.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()
    # The missing one does not take the others away.
    tiled.wait_until_still()
    expect(tiled.frame.get_by_role("button", name="Detailkarte ausblenden")).to_be_focused()
    expect(tiled.frame.get_by_role("status")).to_have_count(0)
