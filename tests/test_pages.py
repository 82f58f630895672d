"""Every page runs, in every language, and says what it should."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.schema import TABLES
from geo.tables import read_files
from server.store import current_store
from ui.navigation import MEETINGS, PAGES, PARTNERSHIPS, SITES, TALK, UPKEEP

SHELL = "ui/shell.py"

pytestmark = pytest.mark.usefixtures("components_found_once")


def open_page(root, entry=None, **parameters):
    app = AppTest.from_file(str(root / SHELL), default_timeout=120)
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
    # The title of the talk is drawn in the browser, with the scene.
    assert len(app.title) == (0 if entry is TALK else 1)
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


def test_the_until_slider_of_the_directory_ends_where_everything_is_shown(root):
    app = open_page(root, PARTNERSHIPS)
    key = next(slider.key for slider in app.slider)
    app.slider(key=key).set_value(2012).run()
    assert app.text[0].value.startswith("19 von 80 Partnerschaften – begonnen bis 2012")
    assert app.query_params["until"] == "2012"
    app.slider(key=key).set_value(2022).run()
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
    app = open_page(root, PARTNERSHIPS, partnership="wolfsburg--puebla-9")
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


def test_text_from_the_tables_is_never_html(root, folder, monkeypatch):
    path = folder / "municipalities.csv"
    text = path.read_text(encoding="utf-8").replace("mx-puebla,Puebla,", "mx-puebla,<img src=x onerror=alert(1)>,")
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    html = html_of(open_page(root, partnership="wolfsburg--puebla-9"))
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


@pytest.mark.parametrize(
    ("damaged", "language", "words"),
    [
        ([], "de", None),
        ([2], "de", "ist Zeile 2 beschädigt"),
        ([1, 3], "en", "lines 1 and 3 are damaged"),
        (list(range(1, 13)), "de", "sind die Zeilen 1, 2, 3, 4, 5, 6, 7, 8 und 4 weitere beschädigt"),
    ],
)
def test_damaged_lines_in_the_list_of_versions_are_told(root, folder, monkeypatch, damaged, language, words):
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    current_store().archive.note(read_files(folder))
    journal = folder / ".archive" / "journal.jsonl"
    (line,) = journal.read_bytes().splitlines(keepends=True)
    numbers = range(1, 14)
    journal.write_bytes(b"".join(b"kaputt\n" if number in damaged else line for number in numbers))
    app = open_page(root, UPKEEP, lang=language)
    assert [words in warning.value for warning in app.warning] == [True] * (words is not None)


def test_faulty_tables_show_the_list_and_no_page(root, tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    app = open_page(root)
    assert html_of(app).count("Die Datei fehlt.") == len(TABLES)
    assert len(app.title) == 0


def write_table(folder, name, change):
    path = folder / f"{name}.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.parametrize("lines", [1, 2], ids=["no partnership", "one partnership"])
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.path or "map")
def test_pages_run_on_hardly_any_partnerships(root, folder, monkeypatch, lines, entry):
    write_table(folder, "partnerships", lambda text: "".join(text.splitlines(keepends=True)[:lines]))
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    open_page(root, entry)


def test_an_open_visit_survives_tables_that_lose_what_it_looks_at(root, folder, monkeypatch):
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    app = open_page(root, country="JM", partnership="hagen--portmore-2")
    path = folder / "partnerships.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "portmore" not in line), encoding="utf-8")
    app.run()
    assert not app.exception
    assert app.text[0].value.startswith("79 von 79 Partnerschaften")
    assert "country=JM und partnership=hagen--portmore-2" in html_of(app)


def test_a_country_known_to_other_pages_only_shows_nothing_and_a_way_out(root):
    # Lesotho sent a delegation, but has no partnership in the tables.
    app = open_page(root, country="LS")
    assert app.text[0].value == "Keine der 80 Partnerschaften passt zu dieser Auswahl: Land Lesotho."
    app.button(key="reset_empty").click().run()
    assert app.text[0].value.startswith("80 von 80")


def test_the_meetings_page_says_what_it_shows(root):
    app = open_page(root, MEETINGS, phase="9")
    assert app.title[0].value == "Treffen des Netzwerks"
    assert app.text[0].value == "4 von 30 Treffen – Phase 9, an 4 Orten in 2 Ländern"


def test_years_of_meetings_are_chosen_from_both_ends(root):
    app = open_page(root, MEETINGS)
    key = next(slider.key for slider in app.slider)
    app.slider(key=key).set_value((2020, 2021)).run()
    assert app.text[0].value.startswith("5 von 30 Treffen – von 2020 bis 2021")
    assert (app.query_params["year_from"], app.query_params["year_to"]) == ("2020", "2021")
    app.button(key="reset").click().run()
    assert app.text[0].value.startswith("30 von 30 Treffen")


def test_the_meeting_in_puebla_with_delegations_programme_and_sites(root):
    app = open_page(root, MEETINGS, meeting="2023-09-puebla")
    html = html_of(app)
    assert app.title[0].value == "Netzwerktreffen der Südpartner der 9. Projektphase"
    for words in (
        "27.–29. September 2023",
        "Puebla, Mexiko",
        "7 Delegationen",
        "Argentinien, Bolivien, Dominikanische Republik, Ghana, Mexiko, Senegal und Tunesien",
    ):
        assert words in html
    items = [
        "Begrüßung durch die gastgebende Kommune",
        "Aktuelles zur Projektentwicklung",
        "Auswirkungen der Klimakrise in Lateinamerika",
        "Erfahrungsbericht einer etablierten Klimapartnerschaft",
        "Austausch der Südpartner",
        "Exkursion: Centennial Park",
        "Exkursion: Talsperre Valsequillo",
        "Exkursion: Metropolitan Ecopark am Atoyac",
    ]
    places = [html.index(item) for item in items]
    assert places == sorted(places)
    assert html.count('class="item"') == 8
    assert "In dieser Reihenfolge; die Tage nennt die Quelle nicht." in html
    assert "Mexiko: gastgebend, daher ohne Bogen." in html
    assert "27.–29. September 2023 · Puebla, Mexiko" in html
    links = [link.proto.label.replace("\\", "") for link in app.get("page_link")]
    assert sum(label.startswith("Zum Exkursionsort") for label in links) == 3
    assert "Vorheriges: Essen, November 2022" in links
    assert "Nächstes: Dresden, September 2024" in links
    # No day is known for any item, so there is no heading about days.
    assert "Tag nicht genannt" not in html


def test_a_programme_by_day_keeps_its_order(root):
    html = html_of(open_page(root, MEETINGS, meeting="2022-11-essen"))
    headings = ["Dienstag, 8. November 2022", "Tag nicht genannt", "Mittwoch, 9. November 2022", "Donnerstag, 10."]
    places = [html.index(heading) for heading in headings]
    assert places == sorted(places)


def test_a_meeting_without_a_place_says_so(root):
    html = html_of(open_page(root, MEETINGS, meeting="2020-11-online"))
    assert "Online, deshalb ohne Punkt auf der Karte." in html
    assert "24.–25. November 2020" in html


def test_a_delegation_of_which_only_the_country_is_known_is_explained(root):
    html = html_of(open_page(root, MEETINGS, meeting="2016-07-munoz"))
    assert "Gestrichelt ab der Landesmitte: Nepal." in html
    assert "Gestrichelt" not in html_of(open_page(root, MEETINGS, meeting="2023-09-puebla"))


def test_a_meeting_of_no_phase_explains_its_dashed_arcs(root):
    html = html_of(open_page(root, MEETINGS, meeting="2017-11-bonn-cop23"))
    assert "Das Treffen gehört zu keiner Phase; deshalb beginnen die Bögen in der Mitte der Länder." in html
    assert "Partnerkommunen der Phase" not in html


def test_an_online_meeting_explains_no_arcs(root):
    html = html_of(open_page(root, MEETINGS, meeting="2020-05-online"))
    assert "1 Delegation" in html
    assert "Bögen" not in html


def test_a_site_outside_the_filters_is_shown_and_named_as_such(root):
    html = html_of(open_page(root, SITES, site="essen-zeche-zollverein", meeting="2023-09-puebla"))
    assert "Der gewählte Ort gehört nicht zu denen, die diese Filter zeigen." in html


def test_a_meeting_may_bear_the_name_of_the_calendar_file(root, folder, monkeypatch):
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("2023-09-puebla", "treffen"), encoding="utf-8")
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    open_page(root, MEETINGS, meeting="treffen")


def test_names_of_places_are_never_formatted(root, folder, monkeypatch):
    write_table(folder, "meetings", lambda text: text.replace(",9,Puebla,MX", ",9,Pue*bla* :red[x],MX"))
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    app = open_page(root, SITES, meeting="2023-09-puebla")
    labels = [option.content for group in app.button_group for option in group.proto.options]
    assert any("Pue\\*bla\\* \\:red\\[x\\]" in label for label in labels)


def test_a_selected_meeting_outside_the_filters_is_shown_and_named_as_such(root):
    html = html_of(open_page(root, MEETINGS, meeting="2023-09-puebla", phase="3"))
    assert "Das gewählte Treffen gehört nicht zu denen, die diese Filter zeigen." in html
    assert "7 Delegationen" in html


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_meeting_opens_by_its_link(root, dataset, languages, language):
    column = f"title_{language}"
    for meeting, row in dataset.meetings.iterrows():
        app = open_page(root, MEETINGS, meeting=meeting, lang=language)
        # Titles are Markdown to Streamlit, so signs in them are escaped.
        assert app.title[0].value.replace("\\", "") == row[column]
        assert languages[language].describe_dates(row["start"], row["end"] if row["end"] is not pd.NA else None) in (
            html_of(app)
        )


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_site_opens_by_its_link(root, dataset, language):
    for site, row in dataset.sites.iterrows():
        app = open_page(root, SITES, site=site, lang=language)
        assert app.title[0].value.replace("\\", "") == row[f"name_{language}"]


def test_a_site_is_honest_about_where_it_lies(root):
    html = html_of(open_page(root, SITES, site="puebla-valsequillo-dam"))
    assert "Lage auf ± 9 km genau" in html
    assert "Etwa 14 km von der Ortsmitte von Puebla, dem Tagungsort" in html
    assert "Presa Manuel Ávila Camacho (Presa de Valsequillo)" in html
    assert "https://rsistest.ramsar.org/ris/2027?language=en" in html


def test_sites_are_filtered_by_meeting_and_theme(root):
    app = open_page(root, SITES, meeting="2023-09-puebla", theme="biodiversity")
    assert (
        app.text[0].value
        == "2 von 8 Exkursionsorten – Thema Biodiversität, Puebla, September 2023, besucht bei 1 Treffen"
    )
    assert html_of(app).count("Lage auf ±") == 2
    app.button(key="reset").click().run()
    assert app.text[0].value.startswith("8 von 8 Exkursionsorten")
    assert "meeting" not in app.query_params


@pytest.mark.parametrize("entry", [MEETINGS, SITES], ids=["meetings", "sites"])
@pytest.mark.parametrize("name", ["meetings", "delegations", "sites", "agenda"])
def test_pages_run_on_empty_tables(root, folder, monkeypatch, entry, name):
    emptied = {"meetings": ("meetings", "delegations", "sites", "agenda"), "sites": ("sites", "agenda")}
    for table in emptied.get(name, (name,)):
        path = folder / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    open_page(root, entry)
