"""Figures on paper: what is drawn where, in which colour, and that no word covers another or leaves the page."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from PIL import Image

from geo.figure_frame import describe_evidence
from geo.figure_labels import Mark, place_labels
from geo.figure_maps import EQUAL_EARTH, MapView, to_bar_km, to_line, to_middle, to_near_view, to_world_view
from geo.figure_orders import FigureOrder, to_figure_name
from geo.figures import describe_projection, draw_page, find_sources, make_figure
from geo.layers import ShownLinks, ShownMeetings, ShownSites
from geo.paper import SHEETS, Page, Region, fit_text, to_plain, to_width
from geo.site_figure import to_cells
from geo.style import to_phase_colours

LONG = "Klimapartnerschaften, die sich seit vielen Jahren um Wasser, Wald und Energie kümmern, " * 8


def views_of(dataset):
    links, meetings, sites = (list(range(len(frame))) for frame in (dataset.links, dataset.meetings, dataset.sites))
    chosen = dataset.links.index[5]
    return {
        "network": (ShownLinks(links), "map"),
        "partnership": (ShownLinks(links, partnership=chosen), "map"),
        "municipality": (ShownLinks(links, municipality=dataset.links.at[chosen, "south"]), "map"),
        "year": (ShownLinks(links, until=int(dataset.links["since"].max())), "map"),
        "meeting": (ShownMeetings(meetings, meeting="2023-09-puebla"), "map"),
        "many delegations": (ShownMeetings(meetings, meeting="2022-11-essen"), "map"),
        "online": (ShownMeetings(meetings, meeting="2020-05-online"), "map"),
        "timeline": (ShownMeetings(meetings), "timeline"),
        "meetings": (ShownMeetings(meetings), "map"),
        "sites": (ShownSites(sites), "map"),
        "site": (ShownSites(sites, site="puebla-valsequillo-dam"), "map"),
        "no link": (ShownLinks([]), "map"),
        "no meeting": (ShownMeetings([]), "timeline"),
        "no meeting on the map": (ShownMeetings([]), "map"),
        "no site": (ShownSites([]), "map"),
    }


@pytest.fixture
def order_of(dataset):
    def make(view, **changes):
        shown, kind = views_of(dataset)[view]
        return replace(FigureOrder(shown, "Ein Titel", "Ein Satz.", kind=kind), **changes)

    return make


VIEWS = [
    "network", "partnership", "municipality", "year", "meeting", "many delegations", "online", "timeline", "meetings",
    "sites", "site", "no link", "no meeting", "no meeting on the map", "no site",
]  # fmt: skip


def boxes_on(page):
    """The words of a page and the rectangles they take, in inches; halos are the same words once more."""
    found = []
    for text in page.figure.texts:
        if text.get_gid() == "halo":
            continue
        size, weight = text.get_fontsize(), "semibold" if "Semibold" in text.get_fontfamily()[0] else "regular"
        width, (x, y) = to_width(text.get_text(), size, weight), text.get_position()
        left = x - {"left": 0, "center": width / 2, "right": width}[text.get_ha()]
        # From the baseline to the height of a small letter: what would be unreadable if it were covered.
        found.append((text.get_text(), (left, y, left + width, y + 0.45 * size / 72)))
    return found


def test_equal_earth_is_what_its_authors_say():
    # Šavrič, Patterson, Jenny (2018): the sphere's half width is 2.7066 radii; the ellipsoid's lies close to it.
    x, y = MapView(EQUAL_EARTH, (0, 0, 0, 0)).to_xy(np.array([[180.0, 0.0], [0.0, 0.0], [0.0, 90.0]])).T
    assert x == pytest.approx([17_243_959, 0, 0], abs=2)
    assert y == pytest.approx([0, 0, 8_392_928], abs=2)


def test_the_world_is_as_wide_as_the_equator():
    assert to_world_view().width_km == pytest.approx(2 * 17_243.959, abs=0.01)


def test_near_views_are_equal_area_around_their_middle_also_across_the_antimeridian():
    view = to_near_view(np.array([[179.0, -17.0], [-179.0, -17.0]]), least_km=10)
    assert "lon_0=180.0" in view.crs or "lon_0=-180.0" in view.crs
    assert 212 < view.width_km * 1 / 1.16 < 214  # two degrees at 17 degrees south are 212.9 km
    assert to_middle(np.array([[10.0, 0.0], [20.0, 0.0]])) == pytest.approx([15, 0])


def test_far_points_are_seen_on_the_world_map():
    assert to_near_view(np.array([[-98.0, 19.0], [105.0, 21.0], [18.0, -34.0]]), least_km=10).is_world


def test_a_cut_arc_has_a_gap_on_the_world_map():
    arc = shapely.MultiLineString([[(170, 0), (180, 0)], [(-180, 0), (-170, 0)]])
    line = to_line(to_world_view(), arc)
    assert np.isnan(line[:, 0]).tolist() == [False, False, True, False, False]
    assert line[1, 0] == -line[3, 0]


@pytest.mark.parametrize(("width", "bar"), [(34_000, 5000), (1000, 200), (99, 10), (13, 2)])
def test_a_scale_bar_is_round_and_about_a_fifth(width, bar):
    assert to_bar_km(width) == bar


def test_arcs_are_the_links_shown_in_their_colours(dataset, german):
    positions = [0, 1, 2, 40]
    page = draw_page(FigureOrder(ShownLinks(positions), "T", "S"), dataset, language=german)
    arcs = [one for axes in page.figure.axes for one in axes.collections if isinstance(one, LineCollection)]
    arcs = [one for one in arcs if one.get_gid() == "arcs"]
    colours = to_phase_colours(dataset.phases.index.tolist(), theme="light")
    assert sum(len(one.get_segments()) for one in arcs) == 4
    assert [to_hex(colour) for colour in arcs[0].get_colors()] == [
        to_hex(colours[phase]) for phase in dataset.links["phase"].iloc[positions]
    ]


def test_arcs_of_a_meeting_are_its_delegations(dataset, german, order_of):
    page = draw_page(order_of("meeting"), dataset, language=german)
    of_meeting = dataset.delegations[dataset.delegations["meeting"] == "2023-09-puebla"]
    arcs = [one for axes in page.figure.axes for one in axes.collections if one.get_gid() == "arcs"]
    assert sum(len(one.get_segments()) for one in arcs) == of_meeting.geometry.notna().sum()


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("code", ["de", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_words_cover_no_others_and_stay_on_the_page(view, code, sheet, dataset, languages, order_of):
    page = draw_page(order_of(view, sheet=sheet), dataset, language=languages[code])
    boxes = boxes_on(page)
    edge = 0.02
    for text, (left, bottom, right, top) in boxes:
        assert left >= edge, text
        assert bottom >= edge, text
        assert right <= page.sheet.width - edge, text
        assert top <= page.sheet.height - edge, text
    for number, (text, one) in enumerate(boxes):
        for other_text, other in boxes[number + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, f"{text!r} and {other_text!r}"


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("title", [LONG, "Wort" * 120, "$x^2$ <b>&amp; \u202efett", ""])
def test_long_and_odd_titles_stay_on_the_page(title, sheet, dataset, german, order_of):
    page = draw_page(order_of("no site", title=title, sentence=LONG, sheet=sheet), dataset, language=german)
    for text, (left, bottom, right, top) in boxes_on(page):
        assert left >= 0, text
        assert bottom >= 0, text
        assert right <= page.sheet.width, text
        assert top <= page.sheet.height, text


def test_type_shrinks_then_wraps_then_is_cut():
    assert fit_text("kurz", width=5, sizes=[20, 10], most_lines=2).size == 20
    fitted = fit_text(LONG, width=3, sizes=[20, 10], most_lines=2)
    assert len(fitted.lines) == 2
    assert fitted.lines[-1].endswith("…")
    assert all(to_width(line, fitted.size) <= 3 for line in fitted.lines)


def test_marks_that_turn_the_direction_are_left_out():
    assert to_plain("a\u202eb\nc\u200f d") == "ab c d"


def test_labels_are_left_out_where_nothing_is_free():
    region = Region(0, 0, 0.5, 0.2)
    marks = [Mark(0.05, 0.1, 0.02, "Ort"), Mark(0.06, 0.1, 0.02, "Stadt"), Mark(0.07, 0.1, 0.02, "Weiler")]
    labels = place_labels(marks, region=region, size=8)
    assert [label.lines for label in labels] == [("Ort",)]


def test_a_long_name_is_set_in_two_even_lines_before_it_is_cut():
    mark = Mark(0.05, 0.2, 0.02, "Gasometer Pforzheim (Panorama am Fluss)")
    room = to_width(mark.name, 8)
    (whole,) = place_labels([mark], region=Region(0, 0, room + 0.5, 1), size=8, longest=9, most_lines=2)
    assert whole.lines == (mark.name,)
    (broken,) = place_labels([mark], region=Region(0, 0, 0.7 * room, 1), size=8, longest=9, most_lines=2)
    assert broken.lines == ("Gasometer Pforzheim", "(Panorama am Fluss)")
    assert broken.box.top - broken.box.bottom > 2 * (whole.box.top - whole.box.bottom)
    (cut,) = place_labels([mark], region=Region(0, 0, 0.7 * room, 1), size=8, longest=0.6 * room)
    assert cut.lines[0].endswith("…")


@pytest.mark.parametrize(("view", "title"), [("sites", "Exkursionsorte"), ("meeting", "Puebla")])
@pytest.mark.parametrize("sheet", ["a4", "wide"])
def test_every_site_is_named_in_full_and_every_town_has_a_ring_with_its_distance(
    dataset, german, order_of, view, title, sheet
):
    page = draw_page(order_of(view, title=title, sheet=sheet), dataset, language=german)
    written = " ".join(text.get_text() for text in page.figure.texts if text.get_gid() != "halo")
    names = dataset.sites if view == "sites" else dataset.sites[dataset.sites["meeting"] == "2023-09-puebla"]
    for name in names["name_de"]:
        assert all(word in written for word in name.split(" ")), name
    assert "5 km" in written
    assert "10 km" in written


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
def test_cells_fill_a_region_and_do_not_touch(count):
    cells = to_cells(Region(0, 0, 10, 6), count, gap=0.3)
    assert len(cells) == count
    slack = 1e-9
    for cell in cells:
        assert cell.left >= -slack
        assert cell.right <= 10 + slack
        assert cell.bottom >= -slack
        assert cell.top <= 6 + slack
    for one, other in combinations(cells, 2):
        beside = max(one.left, other.left) - min(one.right, other.right)
        above = max(one.bottom, other.bottom) - min(one.top, other.top)
        assert max(beside, above) >= 0.3 - slack


@pytest.mark.parametrize(("sheet", "pixels"), [("a4", (3508, 2480)), ("wide", (4000, 2250))])
def test_a_png_has_300_dpi(sheet, pixels, dataset, german, order_of):
    image = Image.open(
        io.BytesIO(make_figure(order_of("no site", file_format="png", sheet=sheet), dataset, language=german))
    )
    assert image.size == pixels
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.02)
    assert image.info["Title"] == "Ein Titel"


def run(program, *arguments):
    path = shutil.which(program)
    assert path, f"{program} is missing; `make test` installs it (poppler-utils)"
    return subprocess.run([path, *arguments], capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize("view", ["network", "meeting", "timeline", "sites"])
def test_a_pdf_holds_title_sentence_and_sources_with_its_fonts(view, tmp_path, dataset, german, order_of):
    file = tmp_path / "figure.pdf"
    odd = "Hà Nội – Hoàn Kiếm & $x_1$ <b>"
    file.write_bytes(make_figure(order_of(view, title=odd, file_format="pdf"), dataset, language=german))
    text = " ".join(run("pdftotext", "-layout", str(file), "-").split())
    assert odd in text
    assert "Ein Satz." in text
    assert "GeoNames (CC BY 4.0)" in text or view == "timeline"
    assert german.describe_dates(dataset.saved.date().isoformat()) in text
    # Every source in full, however many there are; a long one is broken over two lines.
    sources = set(find_sources(views_of(dataset)[view][0], dataset, is_timeline=view == "timeline"))
    assert [url for url in sources if url not in text.replace(" ", "")] == []
    fonts = run("pdffonts", str(file)).splitlines()[2:]
    assert fonts
    for line in fonts:
        # name, type, encoding, embedded, subset, unicode, object
        assert re.search(r" TrueType +\S+ +yes ", line), line
    assert run("pdfinfo", str(file)).split("Title:")[1].splitlines()[0].strip() == odd


@pytest.mark.parametrize("view", ["network", "timeline"])
def test_an_svg_parses_and_its_words_are_found(view, dataset, german, order_of):
    odd = "Hà Nội & $x_1$ <b>"
    content = make_figure(order_of(view, title=odd, file_format="svg"), dataset, language=german)
    root = ElementTree.fromstring(content)
    titles = [one.text for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0] == odd
    assert "Ein Satz." in titles
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"


@pytest.mark.parametrize("file_format", ["svg", "pdf", "png"])
def test_the_same_order_gives_the_same_file(file_format, dataset, german, order_of):
    one, other = (make_figure(order_of("timeline", file_format=file_format), dataset, language=german) for _ in "ab")
    assert one == other


def test_every_name_in_the_tables_has_its_letters(dataset):
    from fontTools.ttLib import TTFont

    from geo.paper import FONTS

    for path in FONTS.glob("*.ttf"):
        known = set(TTFont(path).getBestCmap())
        for table in dataset.tables.values():
            for column in table.select_dtypes("string"):
                letters = set("".join(map(to_plain, table[column].dropna())))
                assert {letter for letter in letters if ord(letter) not in known} == set(), (path.name, column)


def test_file_names_are_in_the_readers_language_with_the_date(dataset, german, languages, order_of):
    saved = replace(dataset, saved=datetime(2026, 11, 25, tzinfo=UTC))
    assert to_figure_name(order_of("network"), saved, language=german) == "klimapartnerschaften-2026-11-25.pdf"
    name = to_figure_name(order_of("meeting", file_format="svg"), saved, language=languages["en"])
    assert name == "meetings-2023-09-puebla-2026-11-25.svg"


def test_a_page_is_as_large_as_paper():
    assert Page("a4").figure.get_size_inches() * 25.4 == pytest.approx([297, 210], abs=0.05)
    assert Page("wide").figure.get_size_inches() == pytest.approx([13.333, 7.5], abs=0.001)


def test_the_projection_is_that_of_the_maps_that_are_drawn(dataset, german):
    countries = dataset.meetings["country"].fillna("")
    is_german = (countries == "DE").to_numpy()
    some_german = np.flatnonzero(is_german).tolist()
    elsewhere = np.flatnonzero((countries != "DE") & (countries != "")).tolist()

    def describe(positions):
        return describe_projection(ShownMeetings(positions), dataset, language=german)

    assert "Equal Earth" in describe(elsewhere)
    assert "Lambert" not in describe(elsewhere)
    assert "Lambert" in describe(some_german)
    assert "Equal Earth" not in describe(some_german)
    assert describe([*some_german, *elsewhere]) == f"{describe(elsewhere)}; {describe(some_german)}"


def test_a_timeline_names_the_sources_of_its_phases_too(dataset):
    shown = ShownMeetings([0])
    of_meeting = [dataset.meetings["source_url"].iloc[0]]
    assert find_sources(shown, dataset) == of_meeting
    assert find_sources(shown, dataset, is_timeline=True) == [*dataset.phases["source_url"], *of_meeting]


def test_the_source_that_is_used_most_is_named_first(german):
    urls = ["https://a.example/1", "https://b.example/2", "https://b.example/2"]
    assert describe_evidence(urls, language=german) == "Belege: https://b.example/2 · https://a.example/1"
