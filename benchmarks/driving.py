"""Drive a page in headless Chromium and measure in the page itself, at the moment its elements have changed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.serving import find_chromium

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Clicks an element and resolves with the milliseconds until a condition on the page holds, looked at in every frame.
# The element is named by a selector; `host >>> inner` looks inside the shadow root below the host.
CLICK_AND_WAIT = """([selector, condition]) => new Promise((resolve) => {
  const holds = new Function("return " + condition);
  const [host, inner] = selector.split(" >>> ");
  const roots = inner ? [...document.querySelectorAll(`${host} *`)].map((one) => one.shadowRoot).filter(Boolean) : [];
  const target = inner ? roots.map((root) => root.querySelector(inner)).find(Boolean) : document.querySelector(host);
  const start = performance.now();
  const look = () => (holds() ? resolve(performance.now() - start) : requestAnimationFrame(look));
  target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true }));
  look();
})"""


@contextmanager
def open_browser() -> Iterator[Page]:
    """Open a page in a fresh browser; close everything afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield open_page(browser)
        browser.close()


def open_page(browser: Browser) -> Page:
    """Open a page in a desktop window, with nothing in the cache."""
    return browser.new_page(viewport={"width": 1440, "height": 900}, locale="de-DE")


def settle(page: Page) -> None:
    """Wait until the app is not running a script for this page."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


class Wire:
    """Counts the bytes of a page: WebSocket frames both ways, and the bodies of HTTP answers."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.sent = 0
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", lambda event: self._add(event["response"]))
        session.on("Network.webSocketFrameSent", self._count_sent)
        session.on("Network.loadingFinished", lambda event: self._add_length(event["encodedDataLength"]))

    def _add(self, frame: dict[str, object]) -> None:
        # Binary frames are told in base64: four characters for three bytes.
        data = str(frame["payloadData"])
        self.bytes += len(data) * 3 // 4 if frame["opcode"] == 2 else len(data)

    def _add_length(self, length: float) -> None:
        self.bytes += int(length)

    def _count_sent(self, event: dict[str, dict[str, object]]) -> None:
        self.sent += 1
        self._add(event["response"])


def report_clicks(atlas: Page, empty: Page, wire: Wire, steps: Iterable[tuple[str, str]], *, what: str) -> None:
    """Click the empty app and the atlas in turn, so that a noisy machine is noisy for both; print times and bytes.

    `steps` are pairs for CLICK_AND_WAIT: what is clicked in the atlas, and the condition that ends the wait. The first
    two are left out as warming up.
    """
    ours, theirs, sizes = [], [], []
    for turn, step in enumerate(steps, start=1):
        empty.bring_to_front()
        counted = f"document.querySelector('#count')?.textContent === '{turn}'"
        theirs.append(empty.evaluate(CLICK_AND_WAIT, [".stButton button", counted]))
        atlas.bring_to_front()
        before = wire.bytes
        ours.append(atlas.evaluate(CLICK_AND_WAIT, list(step)))
        settle(atlas)
        sizes.append((wire.bytes - before) / 1000)
    print(f"{'empty app, rerun, ms:':36}{describe(theirs[2:])}")
    print(f"{what + ', ms:':36}{describe(ours[2:])}")
    print(f"{'ratio of the medians:':36}{median(ours[2:]) / median(theirs[2:]):.2f}")
    print(f"{'bytes on the wire per click, kB:':36}{describe(sizes[2:])}")


def describe(values: list[float]) -> str:
    """Say minimum, median and maximum."""
    return f"min {min(values):7.1f}   median {median(values):7.1f}   max {max(values):7.1f}"
