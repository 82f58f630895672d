"""Make every picture of the README and of docs/ from the running app, by doing what the text beside it tells.

python scripts/screenshots.py

Staff's story is an example: the partnership in it does not exist, and it is published into a copy of the tables only.
"""

import csv
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.driving import launch  # noqa: E402
from tests.browser.conftest import Atlas  # noqa: E402
from tests.browser.test_upkeep import ANNA, Office, Upkeep  # noqa: E402
from tests.serving import serve  # noqa: E402
from tests.signing_in import provide_identity, write_secrets  # noqa: E402

IMAGES = ROOT / "docs" / "images"
DESK, PROJECTOR = {"width": 1280, "height": 800}, {"width": 1920, "height": 1080}
README_DESK = {"width": 1440, "height": 900}
SOURCE = "https://example.org/beispiel"
MISSPELT, NAME = "ma-rabatt", "ma-rabat"
ROW = {
    "Kennung": "bonn--rabat-9",
    "Deutsche Kommune": "de-bonn",
    "Partnerkommune im Globalen Süden": MISSPELT,
    "Phase": "9",
    "Seit": "2023",
    "Themen": "energy;water",
    "Quelle": SOURCE,
    "Sicherheit": "high",
}


def main() -> None:
    """Make all pictures."""
    with sync_playwright() as playwright, launch(playwright.chromium) as browser, serve() as url:
        show_pages(browser, url)
        show_talk(browser, url)
        show_upkeep(browser)


def show_pages(browser: Browser, url: str) -> None:
    """Make the pictures of the README."""
    atlas = open_atlas(browser, url, README_DESK)
    atlas.open("/?partnership=wolfsburg--puebla-9")
    atlas.frame.locator("path.arc.selected").first.wait_for(state="attached")
    save(atlas, "map")
    atlas.open("/meetings?meeting=2023-09-puebla")
    atlas.frame.locator("path.arc").first.wait_for(state="attached")
    save(atlas, "meetings")


def show_talk(browser: Browser, url: str) -> None:
    """Make the pictures of docs/presenting.md."""
    atlas = open_atlas(browser, url, PROJECTOR)
    atlas.page.goto(f"{url}/talk?scene=5")
    atlas.frame.locator("path.arc").first.wait_for(state="attached")
    save(atlas, "talk")
    atlas.page.get_by_role("button", name="Herunterladen").click()
    button = atlas.page.get_by_role("button", name=re.compile("mitnehmen"))
    expect(button.first).to_be_visible()
    save(atlas, "talk-menu")
    with atlas.page.expect_download() as download:
        button.first.click()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vortrag.html"
        download.value.save_as(file)
        page = new_page(browser, PROJECTOR, offline=True)
        page.goto(file.as_uri())
        page.locator("path.arc").first.wait_for(state="attached")
        page.screenshot(path=IMAGES / "file.png")
        page.context.close()


def show_upkeep(browser: Browser) -> None:
    """Make the pictures of docs/staff.md: from a partnership that was signed to its arc on the map."""
    with serve_office() as office:
        upkeep = Upkeep(new_page(browser, DESK), office)
        upkeep.visit()
        save(upkeep, "staff-tables")
        upkeep.sign_in("anna")

        find_town(upkeep)
        save(upkeep, "staff-finder", see=upkeep.page.get_by_text("Koordinaten eines Ortes finden"))
        upkeep.page.get_by_role("button", name="Übernehmen", exact=True).click()
        expect(upkeep.differences).to_have_count(1)
        save(upkeep, "staff-municipality", see=upkeep.heading)
        upkeep.edit(len(office.read("municipalities")) + 2, "Region", "Rabat-Salé-Kénitra")

        upkeep.choose("Partnerschaften")
        content = upkeep.download("Für Excel herunterladen")
        upkeep.upload("partnerschaften.csv", add_row(content, ROW))
        expect(upkeep.findings.filter(has_text=f"Meinten Sie „{NAME}“?").first).to_be_visible()
        save(upkeep, "staff-finding", see=upkeep.findings.first)
        upkeep.upload("partnerschaften.csv", add_row(content, ROW | {"Partnerkommune im Globalen Süden": NAME}))
        expect(upkeep.differences).to_have_count(2)
        expect(upkeep.findings.filter(has_text=MISSPELT)).to_have_count(0)
        upkeep.wait_until_idle()
        save(upkeep, "staff-differences", see=upkeep.heading)

        upkeep.give_reason("Neue Partnerschaft Bonn – Rabat (Beispiel)")
        save(upkeep, "staff-publish", see=upkeep.publish_button)
        upkeep.publish_button.click()
        upkeep.expect_published()
        save(upkeep, "staff-published", see=upkeep.page.get_by_role("heading", level=1))
        upkeep.open_history()
        save(upkeep, "staff-history", see=upkeep.page.get_by_text("Frühere Stände"))

        atlas = open_atlas(browser, office.url, DESK)
        atlas.open("/?partnership=bonn--rabat-9")
        atlas.frame.locator("path.arc.selected").first.wait_for(state="attached")
        save(atlas, "staff-map")


@contextmanager
def serve_office() -> Iterator[Office]:
    """Serve a copy of the tables to people who may publish."""
    users = {"anna": {"email": ANNA, "email_verified": True}}
    with tempfile.TemporaryDirectory() as home, provide_identity(users) as provider:
        folder = Path(home) / "data"
        shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns(".*"))
        secrets = write_secrets(Path(home), provider=provider, allowed=[ANNA])
        with serve(options=("--secrets.files", str(secrets)), environment={"ATLAS_DATA": str(folder)}) as url:
            yield Office(url, folder, secrets)


def find_town(upkeep: Upkeep) -> None:
    """Look a town up in the directory of places."""
    upkeep.page.get_by_text("Koordinaten eines Ortes finden").click()
    query = upkeep.page.get_by_label("Ortsname in lateinischer Schrift, in jeder Sprache")
    query.fill("Rabat")
    query.press("Enter")
    expect(upkeep.page.get_by_text(re.compile("^Rabat, Marokko")).first).to_be_visible()
    upkeep.wait_until_idle()


def add_row(content: bytes, row: dict[str, str]) -> bytes:
    """Add a row to a file made for Excel, and save it as German Excel does: `;`, CRLF, Windows-1252."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    missing = set(row) - set(lines[0])
    if missing:
        raise ValueError(f"the table has no columns {sorted(missing)} (any more): {lines[0]}")
    lines.append([row.get(title, "") for title in lines[0]])
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("cp1252", "replace")


def open_atlas(browser: Browser, url: str, size: dict[str, int]) -> Atlas:
    """Open the atlas in a window of this size."""
    return Atlas(new_page(browser, size), url)


def new_page(browser: Browser, size: dict[str, int], *, offline: bool = False) -> Page:
    """Open a window of a German visitor."""
    return browser.new_context(viewport=size, locale="de-DE", offline=offline).new_page()


def save(atlas: Atlas, name: str, *, see: Locator | None = None) -> None:
    """Save what a window shows, once nothing moves any more; `see` is scrolled to first."""
    atlas.wait_until_idle()
    if see is not None:
        see.evaluate("(it) => it.scrollIntoView({ block: 'start', behavior: 'instant' })")
        atlas.page.mouse.wheel(0, -90)
    atlas.page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    atlas.page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
