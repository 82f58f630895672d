"""Dates, numbers, names and search forms in each language."""

from datetime import date

import pytest

from geo.language import read_languages, to_date_span, to_search_forms


@pytest.mark.parametrize(
    ("start", "end", "german_text", "english_text"),
    [
        ("2023-09-27", "2023-09-29", "27.–29. September 2023", "27–29 September 2023"),
        ("2023-09-27", "2023-10-02", "27. September – 2. Oktober 2023", "27 September – 2 October 2023"),
        ("2023-12-30", "2024-01-02", "30. Dezember 2023 – 2. Januar 2024", "30 December 2023 – 2 January 2024"),
        ("2023-09-27", None, "27. September 2023", "27 September 2023"),
        ("2015-03", None, "März 2015", "March 2015"),
        ("2012", None, "2012", "2012"),
        ("2016-03", "2018-05", "März 2016 – Mai 2018", "March 2016 – May 2018"),
        ("2011-11", "2013", "2011–2013", "2011–2013"),
        ("2011-10-04", "2011-10", "Oktober 2011", "October 2011"),
        ("2011-11", "2011", "2011", "2011"),
    ],
)
def test_dates_are_written_as_precisely_as_they_are_known(german, english, start, end, german_text, english_text):
    def plain(text):
        return text.replace("\u2009", " ")

    assert plain(german.describe_dates(start, end)) == german_text
    assert plain(english.describe_dates(start, end)) == english_text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015-12", date(2015, 12, 1), date(2015, 12, 31)),
        ("2023-09-27", date(2023, 9, 27), date(2023, 9, 27)),
    ],
)
def test_a_reduced_date_is_the_whole_span(text, first, last):
    assert to_date_span(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "2023-13",
        "2023-02-30",
        "27.09.2023",
        "2023-9-27",
        "2023-00",
        "2023-09-00",
        "２０２３",
        "",
        "23",
        "2023-09-27T10:00",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any text may be in it
        to_date_span(text)


def test_numbers_countries_and_lists(german, english):
    assert (german.number(9568.6), english.number(9568.6)) == ("9.569", "9,569")
    assert (german.number(1.5, digits=1), english.number(1.5, digits=1)) == ("1,5", "1.5")
    assert (german.country("NA"), english.country("TZ"), german.country("QQ")) == ("Namibia", "Tanzania", "QQ")
    assert german.join(["A", "B", "C"]) == "A, B und C"


def test_a_text_falls_back_to_german_and_then_english(german, english):
    assert english.column("label", ["label_de", "label_en"]) == "label_en"
    assert english.column("label", ["label_de"]) == "label_de"
    assert german.column("label", ["label_en"]) == "label_en"
    with pytest.raises(KeyError):
        german.column("label", ["label_fr"])


@pytest.mark.parametrize(
    ("text", "plain", "german_form"),
    [
        ("München", "munchen", "muenchen"),
        ("Gießen", "giessen", "giessen"),
        ("Thiès", "thies", "thies"),
        ("Hội An", "hoi an", "hoi an"),
        ("Đà Nẵng", "da nang", "da nang"),
        ("u\u0308ber", "uber", "ueber"),
    ],
)
def test_search_forms(text, plain, german_form):
    assert to_search_forms(text) == (plain, german_form)


def test_a_new_catalogue_is_a_new_language_without_code(tmp_path):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "atlas.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Karte"\nmsgstr "Carte"\n',
        encoding="utf-8",
    )
    languages = read_languages(tmp_path)
    assert list(languages) == ["de", "fr"]
    assert languages["fr"].gettext("Karte") == "Carte"
    assert languages["fr"].country("DE") == "Allemagne"


def test_every_plural_form_of_a_message_is_asked_for(languages):
    german, english = languages["de"], languages["en"]
    forms = german.plural_forms(lambda number: german.ngettext("{count} Treffen", "{count} Treffen!", number))
    assert forms == {"one": "{count} Treffen", "other": "{count} Treffen!"}
    assert set(english.plural_forms(str)) == {"one", "other"}
