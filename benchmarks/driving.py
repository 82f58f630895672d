"""Drive a page in headless Chromium and measure in the page itself, at the moment its elements have changed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserType, CDPSession, Error, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PatienceOver

from benchmarks.relay import Relay, relay
from tests.serving import find_chromium, serve

EMPTY = Path(__file__).parent / "empty_app.py"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Clicks an element and resolves with the milliseconds until a condition on the page holds, looked at in every frame.
# The element is named by a selector; `host >>> inner` looks inside the shadow root below the host. The condition knows
# what an expression was before the click as `before`.
CLICK_AND_WAIT = """([selector, condition, reading = "null"]) => new Promise((resolve, reject) => {
  const holds = new Function("before", "return " + condition);
  const [host, inner] = selector.split(" >>> ");
  const find = () => {
    if (!inner) return document.querySelector(host);
    const roots = [...document.querySelectorAll(`${host} *`)].map((one) => one.shadowRoot).filter(Boolean);
    return roots.map((root) => root.querySelector(inner)).find(Boolean);
  };
  const called = performance.now();
  const click = () => {
    const target = find();
    // A page is drawn a little later than its script has run.
    if (!target && performance.now() - called < 30000) return requestAnimationFrame(click);
    if (!target) return reject(new Error("there is no " + selector));
    const before = new Function("return " + reading)();
    const start = performance.now();
    const look = () => (holds(before) ? resolve(performance.now() - start) : requestAnimationFrame(look));
    target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true }));
    look();
  };
  click();
})"""
# The same without waiting for the answer, which `waited` then holds: Playwright waits for a promise without end, and
# longer than that for a page that has come to a standstill.
CLICK = f"(step) => {{ window.waited = null; ({CLICK_AND_WAIT})(step).then((found) => {{ window.waited = found; }}); }}"
# Notes the milliseconds from the beginning of a visit until a condition on the page holds for the first time.
NOTE_FIRST = """if (window === window.top) {
  const look = () => (%s) ? (window.firstSeen = performance.now()) : requestAnimationFrame(look);
  look();
}"""
# So many clicks are left out as warming up.
WARMING_UP = 2


class Step(NamedTuple):
    """What is clicked, the condition that ends the wait, and what the condition knows as `before` (CLICK_AND_WAIT)."""

    selector: str
    condition: str
    reading: str = "null"


class Click(NamedTuple):
    """Milliseconds of a click in the atlas and of one in the empty app, and kilobytes of the former."""

    ours: float
    theirs: float
    kilobytes: float


@contextmanager
def open_browser() -> Iterator[Page]:
    """Open a page in a fresh browser; close everything afterwards."""
    with sync_playwright() as playwright, launch(playwright.chromium) as browser:
        yield open_page(browser)


@contextmanager
def launch(chromium: BrowserType) -> Iterator[Browser]:
    """Start a browser; close it afterwards."""
    browser = chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


def open_page(browser: Browser) -> Page:
    """Open a page in a desktop window, with nothing in the cache."""
    return browser.new_page(viewport={"width": 1440, "height": 900}, locale="de-DE")


def settle(page: Page) -> None:
    """Wait until the app is not running a script for this page."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


class Wire:
    """What goes between a page and its server: `bytes` over the wire, and how many messages the page has `sent`."""

    def __init__(self, page: Page, relay: Relay) -> None:
        self.sent = 0
        self._relay = relay
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameSent", self._count_sent)

    @property
    def bytes(self) -> int:
        """All bytes of WebSocket and HTTP both ways, compressed as they are."""
        return self._relay.bytes

    def _count_sent(self, event: dict[str, object]) -> None:
        self.sent += 1


def time_click(page: Page, step: Step) -> float:
    """Click, and return the milliseconds until the condition holds.

    Raises Playwright's TimeoutError once the page's patience (`set_default_timeout`) is over.
    """
    page.bring_to_front()
    page.evaluate(CLICK, list(step))
    return page.wait_for_function("() => window.waited").json_value()


@contextmanager
def open_in_turn(path: str) -> Iterator[tuple[Page, Page, Wire]]:
    """Open a page of the atlas, and the empty app, in a fresh browser; yield both, and what counts the bytes."""
    with (
        serve() as atlas_server,
        serve(EMPTY) as empty_server,
        relay(atlas_server) as to_atlas,
        relay(empty_server) as to_empty,  # its answers take the same way
        open_browser() as atlas,
    ):
        empty = open_page(atlas.context.browser)
        wire = Wire(atlas, to_atlas)
        atlas.goto(to_atlas.url + path)
        empty.goto(to_empty.url)
        expect(empty.locator("#count")).to_have_text("0", timeout=30_000)
        yield atlas, empty, wire


def time_visit(page: Page, url: str, condition: str) -> float:
    """Visit an address with a page that has visited none; return the milliseconds until the condition holds.

    Raises Playwright's TimeoutError once the page's patience (`set_default_timeout`) is over.
    """
    page.bring_to_front()
    page.add_init_script(NOTE_FIRST % condition)
    page.goto(url, wait_until="commit")
    return page.wait_for_function("() => window.firstSeen").json_value()


def click_in_turn(atlas: Page, empty: Page, wire: Wire, steps: Iterable[Step]) -> Iterator[Click]:
    """Click the empty app, not clicked before, and the atlas in turn, so that a noisy machine is noisy for both."""
    for turn, step in enumerate(steps, start=1):
        counted = f"document.querySelector('#count')?.textContent === '{turn}'"
        theirs = time_click(empty, Step(".stButton button", counted))
        before = wire.bytes
        ours = time_click(atlas, step)
        settle(atlas)
        yield Click(ours, theirs, (wire.bytes - before) / 1000)


def report_clicks(atlas: Page, empty: Page, wire: Wire, steps: Iterable[Step], *, what: str) -> None:
    """Click the empty app and the atlas in turn; print times and bytes. The first clicks are left out as warming up."""
    clicks = list(click_in_turn(atlas, empty, wire, steps))[WARMING_UP:]
    ours, theirs, sizes = (list(values) for values in zip(*clicks, strict=True))
    print(f"{'empty app, rerun, ms:':36}{describe(theirs)}")
    print(f"{what + ', ms:':36}{describe(ours)}")
    print(f"{'ratio of the medians:':36}{median(ours) / median(theirs):.2f}")
    print(f"{'bytes on the wire per click, kB:':36}{describe(sizes)}")


def find_reason(page: Page, error: Exception, *, patience: float) -> str:
    """Say why a page failed: what its app says, or that it takes longer than so many seconds."""
    try:
        return page.locator("[data-testid=stException]").first.inner_text(timeout=2000).splitlines()[0]
    except Error:
        return f"takes more than {patience:.0f} s" if isinstance(error, PatienceOver) else str(error).splitlines()[0]


def describe(values: list[float]) -> str:
    """Say minimum, median and maximum."""
    return f"min {min(values):7.1f}   median {median(values):7.1f}   max {max(values):7.1f}"
