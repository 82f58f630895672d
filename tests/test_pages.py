"""Every page runs, in every language, and says what it should."""

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from ui.navigation import PAGES

SHELL = "ui/shell.py"


def open_page(root, entry=None, **parameters):
    app = AppTest.from_file(str(root / SHELL), default_timeout=30)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    if entry is not None and entry.path:
        app.switch_page(f"../{entry.file}")
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
    assert not app.exception
    return app


def html_of(app):
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.path or "map")
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_runs_in_every_language(root, languages, entry, language):
    app = open_page(root, entry, lang=language)
    assert len(app.title) == 1
    assert languages[language].gettext("Tabellen gespeichert am {date}").split("{")[0] in html_of(app)


def test_the_map_page_says_what_it_shows(root):
    app = open_page(root, phase="3")
    assert app.title[0].value == "Klimapartnerschaften auf der Weltkarte"
    assert app.text[0].value.startswith("8 von 80 Partnerschaften – Phase 3, zwischen 8 deutschen")
    assert list(app.session_state["filter_phase"]) == [3]


def test_a_filter_changes_the_sentence_and_the_address(root):
    app = open_page(root)
    app.button_group(key="filter_phase").set_value([9]).run()
    assert not app.exception
    assert app.text[0].value.startswith("11 von 80 Partnerschaften – Phase 9")
    assert app.query_params["phase"] == "9"
    app.button(key="reset").click().run()
    assert app.text[0].value.startswith("80 von 80")
    assert "phase" not in app.query_params


def test_the_until_slider_ends_where_everything_is_shown(root):
    app = open_page(root)
    app.slider(key="filter_until_1").set_value(2012).run()
    assert app.text[0].value.startswith("19 von 80 Partnerschaften – begonnen bis 2012")
    assert app.query_params["until"] == "2012"
    app.slider(key="filter_until_1").set_value(2022).run()
    assert app.text[0].value.startswith("80 von 80")


def test_an_empty_result_offers_the_reset(root):
    app = open_page(root, q="atlantis")
    assert app.text[0].value == "Keine der 80 Partnerschaften passt zu dieser Auswahl: Suche nach „atlantis“."
    app.button(key="reset_empty").click().run()
    assert app.text[0].value.startswith("80 von 80")


def test_the_card_of_a_partnership(root):
    html = html_of(open_page(root, partnership="wolfsburg--puebla-9"))
    for words in (
        "Wolfsburg – Puebla",
        "Wolfsburg: Niedersachsen, Deutschland",
        "Puebla: Puebla, Mexiko",
        "9.569 km",
        "Stadtentwicklung",
    ):
        assert words in html


def test_what_the_filters_hide_is_not_shown_as_selected_but_named(root):
    html = html_of(open_page(root, phase="3", partnership="wolfsburg--puebla-9"))
    assert "Was Sie ausgewählt haben, ist bei diesen Filtern nicht zu sehen." in html
    assert "Wolfsburg – Puebla" not in html


def test_the_card_of_a_municipality_lists_its_partnerships(root):
    app = open_page(root, municipality="de-koeln")
    labels = [button.label for button in app.button]
    assert "Corinto (Nicaragua), Phase 2" in labels
    assert sum("Phase" in label for label in labels) == 3


def test_the_profile_names_facts_meetings_and_sources(root):
    app = open_page(root, PAGES[1], partnership="wolfsburg--puebla-9")
    assert app.title[0].value == "Wolfsburg – Puebla"
    html = html_of(app)
    assert any("27.–29. September 2023" in link.proto.label for link in app.get("page_link"))
    assert "https://www.lag21.de/aktuelles/details/kommunale-klimapartnerschaften-phase-neun/" in html
    assert "GeoNames 3521081 (Puebla)" in html


def test_unknown_values_are_passed_over_with_a_notice(root):
    app = open_page(root, phase=["99", "9"], country="XX")
    assert app.text[0].value.startswith("11 von 80 Partnerschaften – Phase 9")
    assert "Einige Teile des Links sind hier nicht bekannt und wurden übergangen: phase=99 und country=XX" in html_of(
        app
    )


def test_text_from_the_tables_is_never_html(root, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    shutil.copytree(root / "data", folder)
    path = folder / "municipalities.csv"
    text = path.read_text(encoding="utf-8").replace("mx-puebla,Puebla,", "mx-puebla,<img src=x onerror=alert(1)>,")
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("ATLAS_DATA_FOLDER", str(folder))
    html = html_of(open_page(root, partnership="wolfsburg--puebla-9"))
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_faulty_tables_show_the_list_and_no_page(root, tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_DATA_FOLDER", str(tmp_path))
    app = open_page(root)
    assert html_of(app).count("Die Datei fehlt.") == 8
    assert len(app.title) == 0


def write_tables(root, folder, name, change):
    shutil.copytree(root / "data", folder)
    path = folder / f"{name}.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.parametrize("lines", [1, 2], ids=["no partnership", "one partnership"])
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.path or "map")
def test_pages_run_on_hardly_any_partnerships(root, tmp_path, monkeypatch, lines, entry):
    folder = tmp_path / "data"
    write_tables(root, folder, "partnerships", lambda text: "".join(text.splitlines(keepends=True)[:lines]))
    monkeypatch.setenv("ATLAS_DATA_FOLDER", str(folder))
    open_page(root, entry)


def test_an_open_visit_survives_tables_that_lose_what_it_looks_at(root, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    write_tables(root, folder, "partnerships", str)
    monkeypatch.setenv("ATLAS_DATA_FOLDER", str(folder))
    app = open_page(root, country="MX", partnership="wolfsburg--puebla-9")
    path = folder / "partnerships.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "puebla" not in line), encoding="utf-8")
    app.run()
    assert not app.exception
    assert app.text[0].value.startswith("79 von 79 Partnerschaften")
    assert "partnership=wolfsburg--puebla-9" in html_of(app)
