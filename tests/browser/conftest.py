"""A real Chromium against a real server. A failing test leaves a screenshot in tests/failures/."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Locator,
    Page,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.serving import find_chromium, serve

FAILURES = Path(__file__).resolve().parent.parent / "failures"
# A machine that does much else may take this long; what is there at once is not waited for.
PATIENCE_MS = 60_000
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# A point where the pointer means the arc with this id: on it, under no marker, and 3 pixels from any other arc.
ON_ARC = """(id) => {
  const sample = (path) => [...Array(120).keys()].map((i) => path.getPointAtLength((path.getTotalLength() * i) / 120));
  const path = document.querySelector(`path[data-id="${id}"]`);
  const others = [...document.querySelectorAll(".arc-reach")].filter((other) => other !== path).flatMap(sample);
  for (const point of sample(path)) {
    if (others.some((other) => Math.hypot(other.x - point.x, other.y - point.y) < 3)) continue;
    const { x, y } = new DOMPoint(point.x, point.y).matrixTransform(path.getScreenCTM());
    if (document.elementFromPoint(x, y)?.classList.contains("arc-reach")) return [x, y];
  }
  return null;
}"""
# A point of a marker at which it is on top.
ON_MARKER = """(id) => {
  const path = document.querySelector(`path[data-id="${id}"]`);
  const box = path.getBoundingClientRect();
  for (let x = box.left + 1; x < box.right; x += 1) {
    for (let y = box.top + 1; y < box.bottom; y += 1) if (document.elementFromPoint(x, y) === path) return [x, y];
  }
  return null;
}"""
# Resolves when the map's view has been the same for three frames.
STILL = """(before) => new Promise((resolve) => {
  let last = null, same = 0;
  const look = () => {
    const view = JSON.stringify([map.getZoom(), map.getCenter().lat, map.getCenter().lng]);
    same = view === last && view !== JSON.stringify(before) ? same + 1 : 0;
    last = view;
    same >= 3 && !map._animatingZoom ? resolve(true) : requestAnimationFrame(look);
  };
  look();
})"""

expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with serve(environment={"ATLAS_EMBEDDED_BY": "http://localhost:*"}) as url:
        yield url


@pytest.fixture
def other_website() -> Iterator[Callable[[str], str]]:
    """Serve a page of another website, with this HTML in it; returns its address."""
    pages: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><h1>Andere Seite</h1>{pages[-1]}".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()

    def serve_page(html: str) -> str:
        pages.append(html)
        return f"http://localhost:{server.server_port}/"

    yield serve_page
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def left_windows() -> dict[str, list[BrowserContext]]:
    """Windows that a test has left behind as good as new, by their options.

    What a browser keeps of scripts and styles is all that is left in them: loading those anew for every test takes a
    quarter of the time of a first visit.
    """
    return {}


@pytest.fixture
def open_window(browser, left_windows, request) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser windows, of a German visitor at a desk unless told otherwise.

    A test that changes how the window itself behaves, and not only its pages, says so with `own`.
    """
    windows: list[BrowserContext] = []
    keys: dict[BrowserContext, str] = {}

    def open_one(*, own: bool = False, **options: object) -> BrowserContext:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "de-DE"} | options
        key = repr(sorted(options.items()))
        left = [] if own else left_windows.setdefault(key, [])
        window = left.pop() if left else browser.new_context(**options)
        window.set_default_timeout(PATIENCE_MS)
        windows.append(window)
        if not own:
            keys[window] = key
        return window

    yield open_one
    report = getattr(request.node, "report_call", None)
    pages = [page for window in windows for page in window.pages]
    if report is not None and report.failed:
        FAILURES.mkdir(exist_ok=True)
        name = re.sub(r"[^\w.-]+", "_", request.node.name)
        for number, page in enumerate(pages):
            page.screenshot(path=FAILURES / f"{name}-{number}.png")
    for window in windows:
        if window in keys and not (report is None or report.failed):
            forget(window)
            left_windows[keys[window]].append(window)
        else:
            window.close()


def forget(window: BrowserContext) -> None:
    """Close all pages of a window and take away what they have stored, as a visitor's browser has not been here yet."""
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(page.url)) for page in window.pages}
    for page in window.pages:
        page.close()
    window.clear_cookies()
    page = window.new_page()
    session = window.new_cdp_session(page)
    for origin in origins:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb"})
    page.close()


@pytest.fixture
def context(open_window) -> BrowserContext:
    return open_window()


@pytest.fixture
def atlas(context, server) -> Iterator["Atlas"]:
    atlas = Atlas(context.new_page(), server)
    yield atlas
    atlas.check()


class Atlas:
    """The atlas as a visitor sees it in one browser tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.requests: list[str] = []
        self.page_errors: list[str] = []
        self.violations: list[str] = []
        self.sent: list[object] = []
        page.on("websocket", self._follow)
        page.on("request", self._note_request)
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.page_errors.append(str(error)))

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)
        own = request.url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:"))
        # What a page elsewhere, as that of a sign-in service, asks for is its concern, and going there is a navigation.
        if self.is_here and not own and not request.is_navigation_request():
            self.violations.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        if self.is_here and "Content Security" in message.text:
            self.violations.append(message.text)

    @property
    def is_here(self) -> bool:
        return self.page.url.startswith(self.url)

    def check(self) -> None:
        """Nothing went wrong in the browser, and nobody else was asked for anything."""
        assert self.violations == []
        assert self.page_errors == []

    def _follow(self, socket: WebSocket) -> None:
        self.socket = socket
        socket.on("framesent", lambda frame: self.sent.append(frame))

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)
        # The last part of every page; the talk does not show it.
        expect(self.part("footer")).to_be_attached()

    def part(self, key: str) -> Locator:
        """An element under its stable key: summary, map, table, detail, filters …"""
        return self.page.locator(f".st-key-{key}")

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator(".st-key-map iframe")

    @property
    def arcs(self) -> Locator:
        return self.frame.locator("path.arc")

    @property
    def summary(self) -> Locator:
        return self.part("summary")

    @property
    def rows(self) -> Locator:
        return self.part("table").locator("tbody tr")

    @property
    def marks(self) -> Locator:
        """The meetings on the timeline; one of several phases stands there once for each."""
        return self.part("timeline").locator("a.mark")

    def mark(self, meeting: str) -> Locator:
        return self.part("timeline").locator(f"a.mark[data-id='{meeting}']")

    def option(self, label: str) -> Locator:
        """An option of a filter, by the words before its count."""
        return self.page.get_by_role("button", name=re.compile(rf"^{re.escape(label)} \(\d+\)$"))

    def expect_arcs(self, count: int) -> None:
        expect(self.arcs).to_have_count(count)

    def expect_query(self, **parameters: str) -> None:
        """Wait until the address holds exactly these parameters; several values of one are joined by commas."""
        expect(self.page).to_have_url(_QueryPattern(parameters).regex)

    def click_link(self, partnership: str) -> None:
        """Click an arc as a mouse does."""
        self._click(ON_ARC, partnership)

    def click_municipality(self, municipality: str) -> None:
        """Click a marker as a mouse does."""
        self._click(ON_MARKER, municipality)

    def map_view(self) -> list[float]:
        """Zoom, latitude and longitude of the map's centre."""
        return self.map_call("() => [map.getZoom(), map.getCenter().lat, map.getCenter().lng]")

    def wait_until_still(self, other_than: list[float] | None = None) -> None:
        """Wait until the map has stopped moving (and is not where it was)."""
        self.map_call(STILL, other_than)

    def count_messages(self) -> int:
        """How many messages this tab has sent to the server over its WebSocket."""
        return len(self.sent)

    def wait_until_idle(self) -> None:
        """Wait until the app is not running a script for this tab, as after a reset, which draws the filters anew."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    @contextmanager
    def one_run(self) -> Iterator[None]:
        """Do something that has the app run, and wait until it has: until it begins, the page looks idle."""
        self.wait_until_idle()
        with self.socket.expect_event("framereceived", _is_end_of_run):
            yield
        self.wait_until_idle()

    def settled_box(self, locator: Locator) -> dict[str, float]:
        """Where an element stands, once that has been the same for two frames: until then pages are being laid out."""
        last, box = None, locator.bounding_box()
        while box is None or box != last:
            self.page.evaluate(
                "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"
            )
            last, box = box, locator.bounding_box()
        return box

    def map_call(self, script: str, argument: object = None) -> object:
        handle = self.page.locator(".st-key-map iframe").element_handle()
        frame = handle.content_frame()
        return frame.evaluate(script, argument)

    def _click(self, script: str, name: str) -> None:
        self.wait_until_still()
        point = self.map_call(script, name)
        assert point, f"{name} is nowhere to be clicked"
        box = self.page.locator(".st-key-map iframe").bounding_box()
        self.page.mouse.click(box["x"] + point[0], box["y"] + point[1])


class _QueryPattern:
    def __init__(self, parameters: dict[str, str]) -> None:
        parts = [f"{name}={value}" for name, values in parameters.items() for value in values.split(",")]
        query = "&".join(parts)
        self.regex = re.compile(r"^[^?]*" + (re.escape("?" + query) if query else "") + "$")


def _is_end_of_run(frame: bytes) -> bool:
    message = ForwardMsg()
    message.ParseFromString(frame)
    return message.WhichOneof("type") == "script_finished"
