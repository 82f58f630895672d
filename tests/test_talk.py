"""The scenes of the talk: what they say and show, and that none of them is ever a broken slide."""

import csv
from dataclasses import replace

import pytest

from geo.checking import check_files
from geo.dataset import read_dataset
from geo.layers import ShownLinks, ShownMeetings, ShownSites
from geo.schema import TABLE_BY_NAME
from geo.tables import read_files
from geo.talk import to_scenes, to_talk_document

COLUMNS = list(TABLE_BY_NAME["talk"].schema.columns)
TEXTS = {"title_de": "Titel", "title_en": "Title", "text_de": "Text", "text_en": "Text", "view": "all"}


def write_talk(folder, *scenes):
    with (folder / "talk.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({"position": number, **TEXTS, **scene} for number, scene in enumerate(scenes, start=1))


def test_the_talk_tells_of_the_network_of_puebla_and_of_what_comes_next(dataset, german):
    scenes = to_scenes(dataset, language=german)
    assert [scene.title for scene in scenes] == [
        "Ein Netz für das Klima",
        "So fing es an",
        "Das Netz wächst",
        "Phase 9: Afrika und Lateinamerika",
        "Die Südpartner treffen sich in Puebla",
        "Wer nach Puebla kam",
        "Exkursion 1: Laguna de Chapulco",
        "Exkursion 2: Talsperre Valsequillo",
        "Exkursion 3: der Ökopark am Atoyac",
        "Wolfsburg und Puebla",
        "Wie es weitergeht",
    ]
    # Of the 80, 8 began in 2011, 11 in 2012, 4 in 2013; 6 in 2014, 7 in 2015, 5 in 2016, 10 in 2017; 11 are of phase 9.
    counts = [len(scene.shown.links) for scene in scenes if isinstance(scene.shown, ShownLinks)]
    assert counts == [80, 23, 51, 11, 80, 80]
    assert scenes[4].facts == (
        "27.–29. September 2023 · Puebla, Mexiko",
        "7 Delegationen: Argentinien, Bolivien, Dominikanische Republik, Ghana, Mexiko, Senegal und Tunesien",
    )
    assert scenes[7].facts == ("Stausee · Puebla, Mexiko", "14 km vom Tagungsort Puebla")
    assert scenes[9].facts == (
        "Wolfsburg – Puebla, Mexiko",
        "Phase 9 · Klimapartnerschaft seit 2022 · 9.569\u00a0km",
        "Wald und Aufforstung, Klimaanpassung, Stadtentwicklung",
    )


@pytest.mark.parametrize("code", ["de", "en"])
def test_every_scene_has_words_in_every_language(dataset, languages, code):
    for scene in to_scenes(dataset, language=languages[code]):
        assert scene.title
        assert scene.text
        assert all(scene.facts)


def test_the_table_has_every_text_in_all_five_languages(dataset):
    talk = dataset.tables["talk"]
    texts = [name for name in talk.columns if name.startswith(("title_", "text_"))]
    assert len(texts) == 10
    assert talk[texts].notna().all(axis=None)


def test_a_scene_shows_what_its_row_names(folder, german):
    write_talk(
        folder,
        {"phases": "1;9", "country": "GH", "until": "2012"},
        {"partnership": "wolfsburg--puebla-9", "view": "near"},
        {"meeting": "2022-11-essen", "view": "near"},
        {"site": "windhoek-goreangab"},
    )
    dataset = read_dataset(folder)
    links, partnership, meeting, site = (scene.shown for scene in to_scenes(dataset, language=german))
    shown = dataset.links.iloc[links.links]
    assert set(shown["phase"]) == {1}
    assert set(shown["south_country"]) == {"GH"}
    assert (links.until, links.view, links.selectable) == (2012, "all", False)
    everything = list(range(80))
    assert partnership == ShownLinks(everything, partnership="wolfsburg--puebla-9", view="near", selectable=False)
    assert meeting == ShownMeetings(
        [dataset.meetings.index.get_loc("2022-11-essen")], meeting="2022-11-essen", view="near", selectable=False
    )
    assert site == ShownSites([7], site="windhoek-goreangab", view="all", selectable=False)


def test_scenes_come_in_the_order_of_their_positions(folder, german):
    write_talk(folder, {"position": 30, "title_de": "Drei"}, {"position": 4, "title_de": "Eins"})
    assert [scene.title for scene in to_scenes(read_dataset(folder), language=german)] == ["Eins", "Drei"]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ({"meeting": "2030-01-nowhere"}, "scene_not_known"),
        ({"site": "atlantis"}, "scene_not_known"),
        ({"partnership": "nobody--nowhere-1"}, "scene_not_known"),
        ({"phases": "9;99"}, "scene_not_known"),
        ({"themes": "magic"}, "scene_not_known"),
        ({"country": "IS"}, "scene_empty"),
        ({"country": "MX", "until": "2012"}, "scene_empty"),
        ({"phases": "3", "country": "MX"}, "scene_empty"),
        ({"themes": "water", "until": "2010"}, "scene_empty"),
        ({"phases": "3", "partnership": "wolfsburg--puebla-9"}, "scene_empty"),
    ],
)
def test_a_scene_that_names_what_is_not_there_is_told_and_passed_over(folder, german, broken, problem):
    write_talk(folder, {"title_de": "Vorher"}, broken, {"title_de": "Nachher"})
    checked = check_files(read_files(folder))
    assert [(f.table, f.line, f.problem.name, f.is_error) for f in checked.findings] == [("talk", 3, problem, False)]
    assert [scene.title for scene in to_scenes(read_dataset(folder), language=german)] == ["Vorher", "Nachher"]


def test_without_its_file_there_is_no_talk_and_everything_else(folder, german):
    (folder / "talk.csv").unlink()
    dataset = read_dataset(folder)
    assert to_scenes(dataset, language=german) == ()
    assert len(dataset.links) == 80


def test_the_document_says_from_which_other_document_each_scene_is_drawn(dataset, german):
    document = to_talk_document(dataset, language=german, find=lambda shown: (shown.document, shown))
    scenes = document["scenes"]
    documents = ["network"] * 4 + ["meetings"] * 5 + ["network"] * 2
    assert [scene["document"] for scene in scenes] == documents
    assert scenes[5]["message"] == {
        "layer": "meetings",
        "meetings": [dataset.meetings.index.get_loc("2023-09-puebla")],
        "meeting": "2023-09-puebla",
        "view": "all",
        "selectable": False,
    }


def test_a_missing_translation_falls_back(folder, languages):
    write_talk(folder, {"title_de": "Nur auf Deutsch"})
    dataset = read_dataset(folder)
    french = replace(languages["de"], code="fr")
    assert [scene.title for scene in to_scenes(dataset, language=french)] == ["Nur auf Deutsch [DE]"]
