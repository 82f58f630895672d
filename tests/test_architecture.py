"""The direction of the house: who may import whom, held by reading the imports."""

import ast
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
    return sorted((ROOT / folder).rglob("*.py"))


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


@pytest.mark.parametrize("path", modules("server"), ids=lambda path: path.stem)
def test_the_server_knows_neither_pages_nor_widgets(path):
    assert packages_of(path).isdisjoint({"ui", "pages", "streamlit_folium"})


@pytest.mark.parametrize("path", [*modules("geo"), *modules("ui"), *modules("server"), *modules("pages")], ids=str)
def test_nothing_imports_a_page_and_folium_stays_in_its_place(path):
    assert "pages" not in packages_of(path)
    if "folium" in packages_of(path):
        assert path.name in ("layers.py", "maps.py")


@pytest.mark.parametrize("path", [*modules("geo"), *modules("ui"), *modules("pages")], ids=str)
def test_only_the_reader_opens_data_files(path):
    text = path.read_text(encoding="utf-8")
    opens = any(call in text for call in ("read_csv(", ".open(", "open(", "read_text(", "read_bytes("))
    # Catalogues and towns are no tables, an archive keeps bytes, a sheet is opened from bytes that were read elsewhere,
    # and a GeoPackage is written by way of a temporary file.
    others = ("language.py", "sheets.py", "gazetteer.py", "outlines.py", "open_data.py", "folder_archive.py")
    assert not opens or path.name in ("tables.py", *others)


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
