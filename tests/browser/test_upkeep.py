"""Staff change the tables: look, edit, upload, sign in, publish, go back. Each server has tables of its own."""

import csv
import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from playwright.sync_api import TimeoutError as PageTimeoutError

from geo.folder_archive import FolderArchive
from geo.schema import TABLES
from tests.browser.conftest import ON_MARKER, Atlas
from tests.serving import find_free_port, serve
from tests.signing_in import Provider, end_session, provide_identity, refuse, sign_in, write_secrets

pytestmark = pytest.mark.browser

ANNA, BERT = "anna@example.org", "bert@example.org"
LONG_AGO = date(2026, 1, 15)
LONG_AGO_TEXT = "Tabellen gespeichert am 15. Januar 2026"
# The first row of the municipalities, in line 2.
TUCUMAN, LATITUDE, LONGITUDE = "ar-san-miguel-de-tucuman", "-26.81601", "-65.21051"


@dataclass
class Office:
    """A running atlas with tables that may be changed."""

    url: str
    folder: Path
    secrets: Path | None = None
    cookies: dict[str, list] = field(default_factory=dict)

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"

    def read(self, table: str) -> list[dict[str, str]]:
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def row(self, table: str, identifier: str) -> dict[str, str]:
        return next(row for row in self.read(table) if row["id"] == identifier)

    def replace(self, table: str, old: str, new: str) -> None:
        text = self.path(table).read_text(encoding="utf-8")
        assert old in text
        self.path(table).write_text(text.replace(old, new, 1), encoding="utf-8")


def copy_tables(source: Path, folder: Path) -> Path:
    """Copy the tables as if they had been saved long ago; those that are the same already are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = datetime.combine(LONG_AGO, datetime.min.time()).timestamp()
    for path in source.glob("*.csv"):
        target = folder / path.name
        if not target.exists() or target.read_bytes() != path.read_bytes():
            shutil.copyfile(path, target)
        os.utime(target, (saved, saved))
    return folder


def serve_tables(folder: Path, *, secrets: Path | None = None, port: int | None = None):
    """Start an atlas on these tables; without secrets, it has no sign-in service."""
    options = ("--secrets.files", str(secrets or folder / "no-secrets.toml"))
    return serve(options=options, environment={"ATLAS_DATA": str(folder)}, port=port)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    users = {"anna": {"email": ANNA, "email_verified": True}, "bert": {"email": BERT, "email_verified": True}}
    with provide_identity(users) as running:
        yield running


@pytest.fixture(scope="module")
def open_office(root, tmp_path_factory) -> Iterator[Office]:
    """Serve without a sign-in service."""
    folder = copy_tables(root / "data", tmp_path_factory.mktemp("open") / "data")
    with serve_tables(folder) as url:
        yield Office(url, folder)


@pytest.fixture(scope="module")
def running_office(root, tmp_path_factory, provider) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("office")
    secrets = write_secrets(home, provider=provider, allowed=[ANNA])
    folder = copy_tables(root / "data", home / "data")
    with serve_tables(folder, secrets=secrets) as url:
        yield Office(url, folder, secrets)


@pytest.fixture
def office(root, running_office) -> Office:
    """Serve with a sign-in service; each test finds the tables as they were at first."""
    copy_tables(root / "data", running_office.folder)
    return running_office


class Upkeep(Atlas):
    """The page of the tables in one browser tab."""

    def __init__(self, page: Page, office: Office) -> None:
        super().__init__(page, office.url)
        self.office = office

    def visit(self, table: str = "municipalities") -> None:
        self.open(f"/upkeep?table={table}")
        self.expect_ready()

    def expect_kept(self, text: str) -> None:
        """Wait until the browser has kept a draft with this text."""
        kept = "Object.keys(sessionStorage).some((name) => /draft/.test(name) && sessionStorage[name].includes(text))"
        self.page.wait_for_function(f"(text) => {kept}", arg=text)

    def expect_ready(self) -> None:
        expect(self.part("upkeep")).to_be_visible()
        expect(self.cell(2, 0)).to_be_attached()
        self.wait_until_idle()

    # The grid is a canvas; beside it stands a table for screen readers, of the rows and columns in sight.

    @property
    def grid(self) -> Locator:
        return self.page.get_by_test_id("stDataFrame")

    def cell(self, line: int, column: int) -> Locator:
        return self.page.get_by_test_id(f"glide-cell-{column + 1}-{line - 2}")

    def choose(self, table: str) -> None:
        """Turn to another table, and wait for its grid."""
        with self.one_run():
            self.page.get_by_role("radio", name=table).click()

    def select(self, line: int, title: str) -> Locator:
        """Go to a cell of the grid by keyboard."""
        self.wait_until_idle()
        titles = self.grid.locator("th")
        expect(titles.filter(has_text=re.compile(f"^{title}$"))).to_have_count(1)
        column = titles.all_text_contents().index(title)
        self._select_first()
        for _ in range(column):
            self.page.keyboard.press("ArrowRight")
        for _ in range(line - 2):
            self.page.keyboard.press("ArrowDown")
        expect(self.cell(line, column)).to_have_attribute("aria-selected", "true")
        return self.cell(line, column)

    def _select_first(self) -> None:
        # Focus alone goes to the first cell, the key comes back to it from any other.
        self.page.get_by_test_id("data-grid-canvas").focus()
        self.page.keyboard.press("ControlOrMeta+Home")
        selected = self.page.locator("#glide-cell-1-0[aria-selected=true]")
        for _ in range(3):
            try:
                selected.wait_for(state="attached", timeout=2000)
                return
            except PageTimeoutError:
                # Streamlit's grid sometimes wakes up only with a click, and another one that selects.
                self.grid.click(position={"x": 65, "y": 53})
        selected.wait_for(state="attached")

    def edit(self, line: int, title: str, text: str) -> None:
        """Write into a cell of the grid."""
        self.select(line, title)
        self.page.keyboard.press("Enter")
        editor = self.page.locator("#portal textarea")
        editor.fill(text)
        # While the app runs, a grid of other rows stands there beside the one before it.
        with self.one_run():
            self.page.keyboard.press("Enter")
        expect(editor).to_have_count(0)

    def hover_municipality(self, municipality: str) -> None:
        """Point at a marker of the map."""
        self.wait_until_still()
        x, y = self.map_call(ON_MARKER, municipality)
        box = self.settled_box(self.page.locator(".st-key-map iframe"))
        self.page.mouse.move(box["x"] + x, box["y"] + y, steps=3)

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", name="Ihre Änderungen", exact=True)

    @property
    def differences(self) -> Locator:
        """Rows that are added, changed or removed, a body of the table each."""
        return self.part("upkeep").locator(".differences tbody")

    @property
    def findings(self) -> Locator:
        return self.part("upkeep").locator("table.findings:not(.differences) tr:is(.error, .warning)")

    @property
    def publish_button(self) -> Locator:
        return self.page.get_by_role("button", name="Jetzt veröffentlichen")

    @property
    def sign_in_button(self) -> Locator:
        return self.page.get_by_role("button", name="Anmelden, um zu veröffentlichen")

    def discard(self) -> None:
        self.page.get_by_role("button", name="Alle Änderungen verwerfen").click()
        self.page.get_by_role("button", name="Ja, verwerfen").click()

    def download(self, label: str) -> bytes:
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=label).click()
        return download.value.path().read_bytes()

    def upload(self, name: str, content: bytes) -> None:
        self.wait_until_idle()
        field = self.page.locator("input[type=file]")
        expect(field).to_have_count(1)
        if not field.locator("xpath=ancestor::details[@open]").count():
            self.page.get_by_text("Geänderte Datei hochladen").click()
        field.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})

    def sign_in(self, subject: str) -> None:
        """Sign in at the provider."""
        self.sign_in_button.click()
        sign_in(self.page, subject)
        expect(self.page.get_by_text("Angemeldet als")).to_be_visible()
        self.expect_ready()
        cookies = [cookie for cookie in self.page.context.cookies() if cookie["name"].startswith("_streamlit_user")]
        self.office.cookies[subject] = cookies

    def visit_as(self, subject: str) -> None:
        """Open the page signed in: at the provider the first time, later as a browser that comes back."""
        known = self.office.cookies.get(subject)
        if known:
            self.page.context.add_cookies(known)
        self.visit()
        if not known:
            self.sign_in(subject)
        expect(self.page.get_by_text("Angemeldet als")).to_be_visible()

    def publish(self, why: str) -> None:
        self.give_reason(why)
        self.publish_button.click()

    def give_reason(self, why: str) -> None:
        reason = self.page.get_by_label("Warum ändern Sie die Tabellen?")
        reason.fill(why)
        with self.one_run():
            reason.press("Tab")

    def expect_published(self) -> int:
        """Wait until publishing is told to have succeeded; return the version's number."""
        message = self.page.get_by_text(re.compile(r"Veröffentlicht als Stand \d+\."))
        expect(message).to_be_in_viewport()
        expect(message).to_be_visible()
        return int(re.search(r"\d+", message.text_content())[0])

    def open_history(self) -> Locator:
        self.wait_until_idle()
        history = self.page.get_by_test_id("stExpander").filter(has_text="Frühere Stände")
        if not history.locator("details[open]").count():
            history.locator("summary").click()
            history.evaluate(
                "(it) => Promise.allSettled(it.getAnimations({ subtree: true }).map((each) => each.finished))"
            )
        return history.locator("tbody tr")


@pytest.fixture
def open_upkeep(open_window) -> Iterator[Callable[..., Upkeep]]:
    """Open the page of the tables in a browser of its own; at the end nothing foreign was asked by any of them."""
    opened: list[Upkeep] = []

    def open_one(office: Office, **options: object) -> Upkeep:
        upkeep = Upkeep(open_window(**options).new_page(), office)
        opened.append(upkeep)
        return upkeep

    yield open_one
    for upkeep in opened:
        upkeep.check()


@pytest.fixture
def desk(open_upkeep, open_office) -> Upkeep:
    """The tables of an atlas without a sign-in service."""
    upkeep = open_upkeep(open_office)
    upkeep.visit()
    return upkeep


@pytest.fixture
def anna(open_upkeep, office) -> Upkeep:
    """The tables as someone sees them who may publish."""
    upkeep = open_upkeep(office)
    upkeep.visit_as("anna")
    return upkeep


def public_page(window: BrowserContext, office: Office) -> Atlas:
    return Atlas(window.new_page(), office.url)


# Looking and editing


def test_without_a_sign_in_service_everything_works_but_publishing(desk, open_office):
    expect(desk.part("upkeep")).to_contain_text("Gezeigt werden die Tabellen vom 15. Januar 2026")
    expect(desk.part("upkeep")).to_contain_text("Alle Tabellen sind in Ordnung.")
    before = open_office.path("municipalities").read_bytes()
    desk.edit(2, "Name", "Tucumán")
    expect(desk.differences).to_have_text(re.compile(rf"Geändert\s*{TUCUMAN}\s*Name\s*San Miguel de Tucumán\s*Tucumán"))
    expect(desk.part("upkeep")).to_contain_text("Veröffentlichen ist ausgeschaltet")
    expect(desk.page.get_by_text("[publishing]")).to_be_hidden()
    desk.page.get_by_text("So wird das Veröffentlichen eingeschaltet").click()
    expect(desk.page.get_by_text("[publishing]")).to_be_visible()
    for button in (desk.publish_button, desk.sign_in_button, desk.page.get_by_role("button", name="Abmelden")):
        expect(button).to_have_count(0)
    # What has been edited is in both downloads.
    rows = list(csv.DictReader(io.StringIO(desk.download("Als einfache CSV-Datei (UTF-8)").decode("utf-8"))))
    assert (rows[0]["name"], rows[0]["latitude"]) == ("Tucumán", LATITUDE)
    rows = list(csv.DictReader(io.StringIO(desk.download("Für Excel").decode("utf-8-sig")), delimiter=";"))
    assert (rows[0]["Name"], rows[0]["Breitengrad"]) == ("Tucumán", LATITUDE.replace(".", ","))
    # The draft survives reloading; once discarded it does not come back.
    desk.expect_kept("Tucumán")
    desk.page.reload()
    expect(
        desk.page.get_by_text(re.compile("^Der Entwurf, den dieser Browser am .* gesichert hat, ist wieder da."))
    ).to_be_visible()
    expect(desk.differences).to_contain_text("Tucumán")
    expect(desk.cell(2, 2)).to_have_text("Tucumán")
    desk.discard()
    expect(desk.heading).to_have_count(0)
    expect(desk.cell(2, 2)).to_have_text("San Miguel de Tucumán")
    desk.visit()
    expect(desk.page.locator(".st-key-draft_keeper")).to_be_attached()
    desk.wait_until_idle()
    expect(desk.heading).to_have_count(0)
    assert open_office.path("municipalities").read_bytes() == before


def test_a_lost_sign_is_explained_shown_on_the_map_and_mended(anna):
    anna.edit(2, "Längengrad", LONGITUDE.removeprefix("-").replace(".", ","))
    finding = anna.findings
    expect(finding).to_have_count(1)
    expect(finding).to_contain_text("Fehler")
    expect(finding).to_contain_text("Kommunen, Zeile 2")
    expect(finding).to_contain_text("Längengrad longitude")
    expect(finding).to_contain_text(
        "Der Punkt liegt nicht im angegebenen Land (Argentinien): Ein Minuszeichen fehlt oder ist zu viel."
    )
    expect(finding).to_contain_text("Vorschlag: Breitengrad -26,81601, Längengrad -65,21051.")
    expect(anna.publish_button).to_be_disabled()
    expect(anna.part("upkeep")).to_contain_text("Veröffentlichen geht, sobald alle Fehler behoben sind.")
    # The map shows where it was and where it would be.
    expect(anna.frame.locator("path.point.before")).to_have_count(1)
    expect(anna.frame.locator("path.point.after")).to_have_count(1)
    expect(anna.frame.locator("path.way")).to_have_count(1)
    anna.page.get_by_role("button", name="1 Vorschlag übernehmen").click()
    expect(anna.heading).to_have_count(0)
    expect(anna.findings).to_have_count(0)
    expect(anna.cell(2, 7)).to_have_text("-65,21051")


def test_a_row_is_added_in_the_grid_and_edits_outlast_a_change_of_the_table(desk):
    desk.choose("Phasen")
    expect(desk.cell(2, 1)).to_have_text("1")
    desk.grid.hover()
    with desk.one_run():
        desk.page.get_by_role("button", name="Zeile anfügen").click()
    desk.edit(11, "Phase", "10")
    expect(desk.differences).to_have_text(re.compile(r"Neu\s*10\s*Phase\s*10"))
    expect(desk.findings.first).to_contain_text("Phasen, Zeile 11")
    expect(desk.findings.first).to_contain_text("Die Zelle ist leer, muss aber ausgefüllt sein.")
    desk.edit(11, "Beginn", "11.2024")
    expect(desk.differences).to_contain_text("2024-11")
    assert "\n10,2024-11," in desk.download("Als einfache CSV-Datei (UTF-8)").decode("utf-8")
    # Whatever is still being written counts, though the next click is elsewhere.
    desk.select(2, "Ende")
    desk.page.keyboard.press("Enter")
    desk.page.locator("#portal textarea").fill("2014")
    desk.choose("Themen")
    expect(desk.cell(2, 1)).to_have_text("energy")
    expect(desk.differences).to_have_count(2)
    desk.choose("Phasen")
    expect(desk.cell(11, 1)).to_have_text("10")
    expect(desk.cell(2, 3)).to_have_text("2014")
    desk.wait_until_idle()
    expect(desk.differences).to_have_count(2)
    desk.edit(2, "Ende", "2015")
    expect(desk.differences).to_contain_text(["2015", "10"])
    expect(desk.differences).to_have_count(2)


def test_a_town_is_found_by_its_german_name_and_becomes_a_row(desk):
    desk.page.get_by_text("Koordinaten eines Ortes finden").click()
    query = desk.page.get_by_label("Ortsname in lateinischer Schrift, in jeder Sprache")
    query.fill("Kapstadt")
    query.press("Enter")
    town = desk.page.get_by_text(re.compile(r"^Cape Town, Südafrika – -33,92584 / 18,42322 – "))
    expect(town).to_be_visible()
    desk.page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(desk.differences).to_have_count(1)
    for text in ("Neu", "za-cape-town", "Cape Town", "Südafrika (ZA)", "-33,92584", "18,42322", "GeoNames 3369157"):
        expect(desk.differences).to_contain_text(text)
    # Cape Town is there already: that is told.
    expect(desk.findings.filter(has_text="Dieser Wert kommt mehrfach vor")).to_have_count(2)


# Files


def to_workbook(path: Path, **changes: object) -> bytes:
    """Make an Excel workbook of a table as openpyxl writes it, with cells of its first row changed."""
    with path.open(encoding="utf-8", newline="") as file:
        titles, first, *rest = csv.reader(file)
    first = [changes.get(title, cell) for title, cell in zip(titles, first, strict=True)]
    book = openpyxl.Workbook()
    for row in (titles, first, *rest):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_files_are_taken_over_whatever_wrote_them_or_refused_and_nothing_is_lost(desk, open_office, root):
    # What was downloaded and is uploaded again changes nothing.
    for table in ("Treffen", "Kommunen"):
        desk.choose(table)
        expect(desk.part("upkeep").get_by_text("Datei gelesen als")).to_be_visible()
        for label, form in (
            ("Für Excel herunterladen", "UTF-8 (BOM), Semikolon"),
            ("Als einfache CSV", "UTF-8, Komma"),
        ):
            desk.wait_until_idle()
            desk.upload("tabelle.csv", desk.download(label))
            expect(desk.page.get_by_text(f"tabelle.csv wurde gelesen als {form}: ")).to_be_visible()
            desk.wait_until_idle()
            expect(desk.heading).to_have_count(0)
    path = open_office.path("municipalities")
    desk.upload("kommunen.xlsx", to_workbook(path, latitude=-26.8, name="Tucumán"))
    expect(desk.page.get_by_text("kommunen.xlsx wurde gelesen als Excel-Arbeitsmappe")).to_be_visible()
    expect(desk.differences).to_have_count(1)
    expect(desk.differences).to_have_text(re.compile(r"Tucumán\s*Breitengrad\s*-26,81601\s*-26,8"))
    expect(desk.cell(2, 2)).to_have_text("Tucumán")
    expect(desk.cell(2, 6)).to_have_text("-26,8")
    # Windows-1252 has no letters for two Vietnamese names: only these rows are missing in the file.
    name = "municipalities.semicolon-windows-1252.csv"
    desk.upload(name, (root / "tests" / "files" / "office" / name).read_bytes())
    expect(
        desk.page.get_by_text(
            "wurde gelesen als Windows-1252, Semikolon: 150 Zeilen. Verglichen ist sie mit dem jetzigen"
        )
    ).to_be_visible()
    expect(desk.part("upkeep").get_by_role("heading", name="Kommunen: 1 geändert, 2 entfernt")).to_be_visible()
    desk.page.get_by_role("button", name="Nur die Änderungen aus der Datei behalten").click()
    desk.page.get_by_role("button", name="Ja, nur die Datei behalten").click()
    expect(desk.differences).to_have_count(2)
    expect(desk.differences.first).to_contain_text("Entfernt")
    expect(desk.part("upkeep").get_by_role("heading", name="Kommunen: 2 entfernt")).to_be_visible()
    # A file that is refused says why, and the draft stays as it was.
    macros = io.BytesIO((root / "tests" / "files" / "office" / "municipalities.xlsx").read_bytes())
    with ZipFile(macros, "a") as book:
        book.writestr("xl/vbaProject.bin", b"Sub AutoOpen()")
    phases = (root / "data" / "phases.csv").read_bytes()
    titles = (root / "data" / "municipalities.csv").read_bytes().splitlines()[0].replace(b",", b";")
    for name, content, reason in (
        ("makros.xlsm", macros.getvalue(), "Die Arbeitsmappe enthält Makros und wird deshalb nicht geöffnet."),
        (
            "alt.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "Das ist eine Excel-Datei im alten Format (.xls)",
        ),
        ("phasen.csv", phases, "Die Spaltentitel gehören zur Tabelle „Phasen“."),
        ("zellen.csv", titles + b"\r\n" + b"x;" * 9 + b"x\r\n", "Die Zeile hat 10 Zellen, die Titelzeile aber 9."),
        ("spalte.csv", titles.removesuffix(b";coordinate_source"), "Diese Spalte fehlt."),
        ("gross.csv", bytes(11_000_000), "Die Datei ist größer als 10 Megabyte."),
    ):
        desk.upload(name, content)
        expect(desk.page.get_by_text(f"{name} wurde nicht übernommen.")).to_be_visible()
        expect(desk.findings.filter(has_text=reason)).to_be_visible()
        expect(desk.differences).to_have_count(2)


# Drafts


def test_what_was_edited_in_two_tabs_comes_back_together(desk):
    entries = "Object.keys(localStorage).filter((key) => key.startsWith('atlas-draft')).length"
    browser = desk.page.context
    second, third = (Upkeep(browser.new_page(), desk.office) for _ in range(2))
    desk.edit(3, "Name", "Tab eins")
    desk.expect_kept("Tab eins")
    # What an open tab holds stays with it.
    second.visit()
    second.edit(4, "Name", "Tab zwei")
    second.expect_kept("Tab zwei")
    expect(second.differences).to_have_count(1)
    desk.page.close()
    second.page.close()
    third.visit()
    expect(
        third.page.get_by_text(re.compile("^Die Entwürfe aus mehreren Fenstern dieses Browsers sind wieder da"))
    ).to_be_visible()
    expect(third.differences).to_have_count(2)
    for row, text in enumerate(("Tab eins", "Tab zwei")):
        expect(third.differences.nth(row)).to_contain_text(text)
    third.page.wait_for_function(f"{entries} === 1")
    third.discard()
    expect(third.heading).to_have_count(0)
    third.page.wait_for_function(f"{entries} === 0")


def test_a_draft_that_comes_back_tells_what_others_have_changed_since(anna, office):
    anna.edit(2, "Name", "Tucumán")
    anna.expect_kept("Tucumán")
    anna.page.goto("about:blank")
    office.replace("municipalities", "San Miguel de Tucumán,municipality", "San Miguel,municipality")
    anna.visit()
    expect(anna.part("merge").locator(".differences tbody")).to_contain_text("San Miguel")
    expect(anna.part("merge")).to_contain_text("Diese Zellen haben Sie und andere verschieden geändert.")
    expect(anna.cell(2, 2)).to_have_text("Tucumán")


BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}"""
FULL = """const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (name, value) {
  if (value.length > 100 && !window.room) throw new DOMException("no room", "QuotaExceededError");
  set.call(this, name, value);
};"""


def test_who_has_a_browser_that_may_keep_nothing_is_told_so(open_upkeep, open_office):
    upkeep = open_upkeep(open_office)
    upkeep.page.add_init_script(BLOCKED)
    upkeep.visit("phases")
    warning = upkeep.page.get_by_text("Ihr Browser erlaubt dieser Website nicht, etwas zu speichern.")
    upkeep.edit(2, "Beginn", "12.2011")
    expect(warning).to_be_visible()
    # It is no more than that: the draft is here, and can be taken back.
    expect(upkeep.differences).to_have_count(1)
    upkeep.edit(2, "Beginn", "2011-11")
    expect(upkeep.differences).to_have_count(0)
    expect(warning).to_have_count(0)


def test_who_has_a_browser_without_room_for_the_draft_is_told_so_until_there_is_some(open_upkeep, open_office):
    upkeep = open_upkeep(open_office)
    upkeep.page.add_init_script(FULL)
    upkeep.visit("phases")
    warning = upkeep.page.get_by_text("Ihr Browser kann so viele Änderungen nicht sichern.")
    upkeep.edit(2, "Beginn", "12.2011")
    expect(warning).to_be_visible()
    upkeep.page.evaluate("window.room = true")
    upkeep.edit(2, "Ende", "2014")
    expect(upkeep.differences).to_have_count(1)
    upkeep.expect_kept("2011-12")
    expect(warning).to_have_count(0)


def test_a_draft_survives_the_loss_of_the_server_and_of_the_sign_in_service(open_upkeep, root, tmp_path):
    folder, port = copy_tables(root / "data", tmp_path / "data"), find_free_port()
    with serve_tables(folder, port=port) as url:
        upkeep = open_upkeep(Office(url, folder))
        upkeep.visit("phases")
        upkeep.edit(2, "Beginn", "12.2011")
        expect(upkeep.differences).to_have_count(1)
        upkeep.choose("Kommunen")
        expect(upkeep.cell(2, 2)).to_have_text("San Miguel de Tucumán")
        upkeep.edit(2, "Name", "Tucumán")
        expect(upkeep.differences).to_have_count(2)
    state = upkeep.page.get_by_test_id("stApp")
    expect(state).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    secrets = write_secrets(tmp_path, provider=Provider("http://localhost:1"), allowed=[ANNA])
    with serve_tables(folder, secrets=secrets, port=port):
        expect(state).to_have_attribute("data-test-connection-state", "CONNECTED")
        # The page goes on where it was; the new server learns of the draft with the next edit. Until it has drawn the
        # page anew, a cell that is edited would be lost with its grid.
        upkeep.wait_until_idle()
        upkeep.settled_box(upkeep.grid)
        upkeep.edit(3, "Name", "Tunuyán (AR)")
        expect(upkeep.differences).to_have_count(3)
        upkeep.sign_in_button.click()
        expect(upkeep.page.get_by_text("Die Anmeldung hat nicht geklappt")).to_be_visible()
        expect(upkeep.page).to_have_url(f"{url}/upkeep?table=municipalities")
        expect(upkeep.differences).to_have_count(3)
        for row, text in enumerate(("2011-12", "Tucumán", "Tunuyán (AR)")):
            expect(upkeep.differences.nth(row)).to_contain_text(text)


# Signing in and publishing


def test_a_listed_person_signs_in_publishes_and_everyone_sees_it(open_upkeep, open_window, office, german):
    visitor = public_page(open_window(), office)
    visitor.open("/?phase=7")
    expect(visitor.part("footer")).to_contain_text(LONG_AGO_TEXT)
    expect(visitor.rows.filter(has_text="San Miguel de Tucumán")).to_have_count(1)
    upkeep = open_upkeep(office)
    upkeep.visit()
    expect(upkeep.publish_button).to_have_count(0)
    upkeep.edit(2, "Name", "Tucumán")
    expect(upkeep.differences).to_have_count(1)
    expect(upkeep.publish_button).to_have_count(0)
    upkeep.sign_in("anna")
    # Back on the same table, with the draft.
    expect(upkeep.page).to_have_url(f"{office.url}/upkeep?table=municipalities")
    expect(upkeep.differences).to_contain_text("Tucumán")
    expect(upkeep.part("upkeep")).to_contain_text(f"Angemeldet als {ANNA}")
    upkeep.publish_button.click()
    expect(upkeep.page.get_by_text("Bitte sagen Sie in einem Satz, warum Sie die Tabellen ändern.")).to_be_in_viewport()
    upkeep.publish("Name gekürzt")
    number = upkeep.expect_published()
    expect(upkeep.heading).to_have_count(0)
    others = [path for path in office.folder.glob("*.csv") if path.stem != "municipalities"]
    assert office.row("municipalities", TUCUMAN)["name"] == "Tucumán"
    assert all(date.fromtimestamp(path.stat().st_mtime) == LONG_AGO for path in others)
    newest = upkeep.open_history().first
    for text in (str(number), "Name gekürzt", "Kommunen", ANNA):
        expect(newest).to_contain_text(text)
    # The visitor's next click, without reloading.
    visitor.page.get_by_role("radio", name="EN").click()
    visitor.page.get_by_role("radio", name="DE").click()
    expect(visitor.rows.filter(has_text="San Miguel de Tucumán")).to_have_count(0)
    expect(visitor.rows.filter(has_text="Tucumán")).to_have_count(1)
    expect(visitor.part("footer")).to_contain_text(
        f"Tabellen gespeichert am {german.describe_dates(date.today().isoformat())}"
    )
    visitor.click_municipality(TUCUMAN)
    expect(visitor.part("detail")).to_contain_text("Tucumán")
    expect(visitor.part("detail")).not_to_contain_text("San Miguel")
    # What was published does not come back as a draft.
    upkeep.visit()
    expect(upkeep.heading).to_have_count(0)
    # The names of colleagues are not for everyone.
    stranger = open_upkeep(office)
    stranger.visit()
    expect(stranger.open_history().first).to_contain_text("Name gekürzt")
    expect(stranger.part("upkeep")).not_to_contain_text(ANNA)


def replace_unnoticed(path: Path, text: str) -> None:
    """Replace a file without a newer time: Streamlit draws pages anew, sooner or later, where its secrets have one."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    shutil.copystat(path, new)
    new.replace(path)


def test_the_list_counts_at_the_moment_of_publishing_and_signing_out_leaves_the_draft(anna, office):
    before = office.path("municipalities").read_bytes()
    anna.edit(2, "Name", "Tucumán")
    expect(anna.differences).to_have_count(1)
    anna.give_reason("Name gekürzt")
    listed = office.secrets.read_text(encoding="utf-8")
    replace_unnoticed(office.secrets, listed.replace(ANNA, BERT))
    try:
        anna.publish_button.click()
        refusal = anna.part("outcome").get_by_text(f"Die Adresse {ANNA} steht nicht auf der Liste")
        expect(refusal).to_be_visible()
        assert office.path("municipalities").read_bytes() == before
        expect(anna.publish_button).to_be_disabled()
    finally:
        replace_unnoticed(office.secrets, listed)
    anna.page.reload()
    anna.give_reason("Name gekürzt")
    anna.publish_button.click()
    anna.expect_published()
    assert office.row("municipalities", TUCUMAN)["name"] == "Tucumán"
    anna.edit(2, "Name", "San Miguel")
    expect(anna.differences).to_have_count(1)
    expect(anna.publish_button).to_be_visible()
    anna.page.get_by_role("button", name="Abmelden").click()
    end_session(anna.page)
    expect(anna.sign_in_button).to_be_visible()
    expect(anna.publish_button).to_have_count(0)
    expect(anna.page.get_by_text("Angemeldet als")).to_have_count(0)
    expect(anna.differences).to_contain_text("San Miguel")


def test_who_turns_back_or_is_not_listed_is_told_so_and_cannot_publish(open_upkeep, office):
    before = office.path("municipalities").read_bytes()
    upkeep = open_upkeep(office)
    upkeep.visit()
    upkeep.edit(2, "Name", "Tucumán")
    expect(upkeep.differences).to_have_count(1)
    upkeep.sign_in_button.click()
    refuse(upkeep.page)
    expect(upkeep.page.get_by_text("Die Anmeldung wurde abgebrochen. Ihre Änderungen sind noch da.")).to_be_visible()
    expect(upkeep.differences).to_contain_text("Tucumán")
    expect(upkeep.page).to_have_url(f"{office.url}/upkeep?table=municipalities")
    expect(upkeep.publish_button).to_have_count(0)
    upkeep.sign_in("bert")
    refusal = upkeep.page.get_by_text(f"Die Adresse {BERT} steht nicht auf der Liste")
    expect(refusal).to_have_count(1)
    expect(upkeep.differences).to_contain_text("Tucumán")
    expect(upkeep.publish_button).to_be_disabled()
    expect(upkeep.differences).to_have_count(1)
    assert office.path("municipalities").read_bytes() == before


def test_who_turned_back_without_a_change_is_told_once(open_upkeep, office):
    upkeep = open_upkeep(office)
    upkeep.visit()
    upkeep.sign_in_button.click()
    refuse(upkeep.page)
    expect(upkeep.page.get_by_text("Die Anmeldung wurde abgebrochen.")).to_be_visible()
    expect(upkeep.page).not_to_have_url(re.compile("sign_in="))
    upkeep.page.reload()
    expect(upkeep.sign_in_button).to_be_visible()
    upkeep.wait_until_idle()
    expect(upkeep.page.get_by_text("Die Anmeldung wurde abgebrochen.")).to_have_count(0)


def test_of_two_who_edit_at_once_nobody_loses_anything(open_upkeep, office):
    first, second = open_upkeep(office), open_upkeep(office)
    for upkeep in (first, second):
        upkeep.visit_as("anna")
    first.edit(2, "Name", "Tucumán")
    first.edit(3, "Region", "Mendoza (Provinz)")
    second.edit(2, "Name", "San Miguel")
    second.edit(4, "Name", "Dourtenga (BF)")
    second.give_reason("Zwei Namen")
    expect(first.differences).to_have_count(2)
    first.publish("Namen und Region")
    first.expect_published()
    second.publish_button.click()
    expect(second.page.get_by_text("Die Tabellen wurden inzwischen von jemand anderem geändert.")).to_be_visible()
    assert office.row("municipalities", "bf-dourtenga")["name"] == "Dourtenga"
    merge = second.part("merge")
    expect(merge.locator(".differences tbody")).to_have_count(2)
    expect(merge).to_contain_text("ar-tunuyan")
    expect(merge).to_contain_text("Mendoza (Provinz)")
    conflict = merge.locator("table:not(.differences) tbody tr")
    expect(conflict).to_have_count(1)
    expect(conflict).to_have_text(re.compile(rf"Kommunen\s*{TUCUMAN}\s*Name\s*San Miguel\s*Tucumán"))
    # The own edits are still there, in the grid too, and nothing else.
    own = second.page.locator(".st-key-upkeep .differences tbody:not(.st-key-merge *)")
    expect(own).to_have_count(2)
    expect(own.first).to_have_text(re.compile(r"Name\s*Tucumán\s*San Miguel"))
    expect(own.last).to_have_text(re.compile(r"Name\s*Dourtenga\s*Dourtenga \(BF\)"))
    expect(second.cell(2, 2)).to_have_text("San Miguel")
    expect(second.cell(3, 5)).to_have_text("Mendoza (Provinz)")
    merge.get_by_role("button", name="Verstanden").click()
    expect(merge).to_have_count(0)
    second.publish_button.click()
    second.expect_published()
    rows = {row["id"]: row for row in office.read("municipalities")}
    assert rows[TUCUMAN]["name"] == "San Miguel"
    assert rows["ar-tunuyan"]["region"] == "Mendoza (Provinz)"
    assert rows["bf-dourtenga"]["name"] == "Dourtenga (BF)"
    # The first one goes on in the page as it was: this edit meets the new tables, and no cell of both.
    first.edit(5, "Name", "Kongoussi (BF)")
    expect(first.part("merge")).to_contain_text("Dourtenga (BF)")
    expect(first.part("merge").locator("table:not(.differences)")).to_have_count(0)
    own = first.page.locator(".st-key-upkeep .differences tbody:not(.st-key-merge *)")
    expect(own).to_have_text(re.compile(r"Name\s*Kongoussi\s*Kongoussi \(BF\)"))
    expect(first.cell(5, 2)).to_have_text("Kongoussi (BF)")


def test_an_earlier_version_is_brought_back(anna, office):
    before = office.read("municipalities")
    anna.edit(2, "Name", "Tucumán")
    anna.publish("Erste Änderung")
    first = anna.expect_published()
    anna.edit(3, "Name", "Tunuyán (AR)")
    expect(anna.differences).to_have_count(1)
    anna.publish("Zweite Änderung")
    expect(anna.page.get_by_text(f"Veröffentlicht als Stand {first + 1}.")).to_be_visible()
    assert [row["name"] for row in office.read("municipalities")[:2]] == ["Tucumán", "Tunuyán (AR)"]
    # A list of choices closes when the page is scrolled.
    anna.page.set_viewport_size({"width": 1440, "height": 3200})
    versions = anna.open_history()
    expect(versions.nth(0)).to_contain_text("Zweite Änderung")
    expect(versions.nth(1)).to_contain_text("Erste Änderung")
    anna.part("restore_version").get_by_role("combobox").click()
    anna.page.get_by_role("option").filter(has_text=re.compile(rf"^{first - 1} · ")).click()
    anna.page.get_by_role("button", name="Als Entwurf laden").click()
    expect(anna.differences).to_have_count(2)
    expect(anna.differences.first).to_have_text(re.compile(r"Name\s*Tucumán\s*San Miguel de Tucumán"))
    expect(anna.differences.last).to_have_text(re.compile(r"Name\s*Tunuyán \(AR\)\s*Tunuyán"))
    expect(anna.page.get_by_label("Warum ändern Sie die Tabellen?")).to_have_value(f"Stand {first - 1} zurückgeholt")
    anna.publish_button.click()
    expect(anna.page.get_by_text(f"Veröffentlicht als Stand {first + 2}.")).to_be_visible()
    assert office.read("municipalities") == before


# Files that change beside the atlas


def test_broken_files_never_take_the_map_down(open_upkeep, open_window, root, tmp_path):
    folder = copy_tables(root / "data", tmp_path / "data")
    office = Office("", folder)
    good = {table.name: office.path(table.name).read_bytes() for table in TABLES}
    # The last good set, of 79 partnerships, was noted by an earlier run; then somebody broke a file.
    office.path("partnerships").write_bytes(b"".join(good["partnerships"].splitlines(keepends=True)[:-1]))
    saved = office.path("phases").stat().st_mtime
    os.utime(office.path("partnerships"), (saved, saved))
    archive = FolderArchive(folder, names=[table.name for table in TABLES])
    archive.note({table.name: office.path(table.name).read_bytes() for table in TABLES})
    office.replace("partnerships", "de-bonn,gh-cape-coast,1,2011", "de-bonn,gh-cape-coast,1,zweitausend")
    with serve_tables(folder) as url:
        visitor = public_page(open_window(), office)
        visitor.url = office.url = url
        visitor.open()
        visitor.expect_arcs(79)
        expect(visitor.part("footer")).to_contain_text(LONG_AGO_TEXT)
        upkeep = open_upkeep(office)
        upkeep.visit("partnerships")
        notice = upkeep.part("upkeep").get_by_role("status")
        expect(notice).to_contain_text("Die neuesten Tabellen werden nicht gezeigt.")
        year = upkeep.findings.filter(has_text="zweitausend")
        expect(year).to_contain_text("Partnerschaften, Zeile 2")
        # Mended: shown without a restart.
        copy_tables(root / "data", folder)
        visitor.page.reload()
        visitor.expect_arcs(80)
        expect(visitor.part("footer")).to_contain_text(LONG_AGO_TEXT)
        upkeep.visit("partnerships")
        expect(notice).to_have_count(0)
        # Broken again while visitors look at it, then a file is gone.
        office.replace("municipalities", f"{LATITUDE},{LONGITUDE}", f"{LATITUDE},{LONGITUDE.removeprefix('-')}")
        visitor.page.reload()
        visitor.expect_arcs(80)
        expect(visitor.part("footer")).to_contain_text(LONG_AGO_TEXT)
        upkeep.visit()
        expect(notice).to_contain_text("Besuchende sehen weiter den Stand vom 15. Januar 2026")
        expect(upkeep.findings).to_contain_text("Ein Minuszeichen fehlt oder ist zu viel.")
        copy_tables(root / "data", folder)
        office.path("phases").unlink()
        visitor.page.reload()
        visitor.expect_arcs(80)
        upkeep.visit("phases")
        expect(notice).to_contain_text("Die neuesten Tabellen werden nicht gezeigt.")
        expect(upkeep.findings.filter(has_text="Die Datei fehlt.")).to_be_visible()
        # In place of the missing table stands the last good one.
        expect(upkeep.cell(10, 1)).to_have_text("9")
        assert visitor.page_errors == []


# Names that are no names

MARKUP = "<img src=x onerror=alert(1)>"
QUOTES = "\"quotes' & <b>"
BACKWARDS = "abc\u202edef"
# Of letters that a browser breaks quickly: with 10,000 `Ä` it takes five seconds for each layout.
ENDLESS = "Endlos" * 1_700


@pytest.fixture
def odd_names(open_office, root) -> Iterator[bytes]:
    """The municipalities with some names that are none."""
    odd = {"de-erfurt": MARKUP, TUCUMAN: QUOTES, "za-durban": BACKWARDS, "de-bremen": ENDLESS}
    rows = open_office.read("municipalities")
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | {"name": odd.get(row["id"], row["name"])} for row in rows)
    yield written.getvalue().encode()
    copy_tables(root / "data", open_office.folder)


def expect_harmless(atlas: Atlas) -> None:
    """No name has become an element, and nothing is wider than the screen."""
    for place in (atlas.page, atlas.frame):
        expect(place.locator("img[src='x']")).to_have_count(0)
    atlas.wait_until_idle()
    assert atlas.page.evaluate("document.scrollingElement.scrollWidth") <= atlas.page.viewport_size["width"]
    assert atlas.page.locator(".stMain").evaluate("main => main.scrollWidth - main.clientWidth") == 0


def test_names_are_shown_as_text_whatever_they_hold(open_upkeep, open_office, odd_names):
    upkeep = open_upkeep(open_office, viewport={"width": 390, "height": 844})
    dialogs = []
    upkeep.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    upkeep.visit()
    upkeep.upload("namen.csv", odd_names.replace(b",municipality,BF,", f",{MARKUP},BF,".encode(), 1))
    expect(upkeep.differences).to_have_count(5)
    for text in (MARKUP, QUOTES, BACKWARDS, ENDLESS[:300]):
        expect(upkeep.differences.filter(has_text=text).first).to_be_visible()
    expect(upkeep.findings.filter(has_text=MARKUP)).to_have_count(1)
    expect_harmless(upkeep)
    upkeep.discard()
    expect(upkeep.heading).to_have_count(0)
    open_office.path("municipalities").write_bytes(odd_names)
    upkeep.open("/partnerships")
    for text in (MARKUP, QUOTES, BACKWARDS, ENDLESS[:300]):
        expect(upkeep.part("table").get_by_text(text).first).to_be_visible()
    expect_harmless(upkeep)
    for partnership, names in (
        ("erfurt--san-miguel-de-tucuman-7", (MARKUP, QUOTES)),
        ("bremen--durban-1", (ENDLESS[:300], BACKWARDS)),
    ):
        upkeep.open(f"/partnerships?partnership={partnership}")
        expect(upkeep.arcs.first).to_be_attached()
        for text in names:
            expect(upkeep.part("detail")).to_contain_text(text)
        expect_harmless(upkeep)
    upkeep.open("/?phase=7")
    expect(upkeep.arcs.first).to_be_attached()
    upkeep.hover_municipality("de-erfurt")
    expect(upkeep.frame.get_by_role("tooltip").filter(has_text=MARKUP)).to_be_visible()
    expect_harmless(upkeep)
    upkeep.open("/?phase=1")
    expect(upkeep.arcs.first).to_be_attached()
    upkeep.hover_municipality("de-bremen")
    tooltip = upkeep.frame.get_by_role("tooltip").filter(has_text=ENDLESS[:300])
    # That of an arc that the mouse has passed on its way is gone soon.
    expect(tooltip).to_have_count(1)
    expect(tooltip).to_be_visible()
    assert tooltip.bounding_box()["height"] < 200
    assert tooltip.evaluate("tooltip => tooltip.scrollWidth - tooltip.clientWidth") <= 0
    expect_harmless(upkeep)
    assert dialogs == []


def test_a_cell_still_being_typed_is_published_and_a_file_made_before_does_not_undo_it(anna, office):
    content = anna.download("Für Excel herunterladen")
    anna.edit(2, "Name", "Tucumán")
    anna.give_reason("Zwei Namen")
    anna.select(4, "Name")
    anna.page.keyboard.press("Enter")
    anna.page.locator("#portal textarea").fill("Dourtenga (BF)")
    anna.publish_button.click()
    made_from = anna.expect_published() - 1
    assert [row["name"] for row in office.read("municipalities")[:3]] == ["Tucumán", "Tunuyán", "Dourtenga (BF)"]
    anna.upload(f"kommunen-stand-{made_from}.csv", content.replace(b";Tunuy\xc3\xa1n;", b";Tunuyan;"))
    expect(anna.part("merge")).to_contain_text("Tucumán")
    own = anna.page.locator(".st-key-upkeep .differences tbody:not(.st-key-merge *)")
    expect(own).to_have_count(1)
    expect(own).to_have_text(re.compile(r"Name\s*Tunuyán\s*Tunuyan"))
    anna.publish("Schreibweise")
    expect(anna.page.get_by_text(f"Veröffentlicht als Stand {made_from + 2}.")).to_be_visible()
    # What the file has brought is no draft any more.
    expect(anna.page.get_by_text("wurde gelesen als")).to_have_count(0)
    assert [row["name"] for row in office.read("municipalities")[:3]] == ["Tucumán", "Tunuyan", "Dourtenga (BF)"]
