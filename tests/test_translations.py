"""Texts of the tables that lack a language: staff see which, readers see the German one and that it is German."""

import pandas as pd

from geo.records import to_texts
from geo.translations import Gap, find_gaps


def test_the_real_tables_lack_nothing(dataset):
    assert find_gaps(dataset.tables) == []


def test_a_missing_translation_is_named_with_its_line():
    themes = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "label_de": ["Wasser", "Wald", None],
            "label_en": ["Water", None, None],
            "label_es": ["Agua", "Bosque", None],
            "label_fr": ["Eau", None, None],
            "label_pt": ["Água", "Floresta", None],
        }
    )
    # A row without any text is another fault, found elsewhere.
    assert find_gaps({"themes": themes}) == [Gap("themes", 3, "label", "Wald", ("en", "fr"))]
    without_french = themes.drop(columns="label_fr").iloc[:1]
    assert find_gaps({"themes": without_french}) == [Gap("themes", 2, "label", "Wasser", ("fr",))]


def test_a_text_in_another_language_says_so(languages):
    frame = pd.DataFrame({"title_de": ["Auftakt", None, "Fest"], "title_en": ["Start", "Visit", None]})
    assert to_texts(frame, "title", language=languages["de"]).tolist() == ["Auftakt", "Visit [EN]", "Fest"]
    assert to_texts(frame, "title", language=languages["en"]).tolist() == ["Start", "Visit", "Fest [DE]"]
    assert to_texts(frame, "title", language=languages["fr"]).tolist() == ["Auftakt [DE]", "Visit [EN]", "Fest [DE]"]
