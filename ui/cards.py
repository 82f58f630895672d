"""What is known about a partnership, a municipality or the phases, as cards beside the map."""

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd
import streamlit as st

from geo.dataset import Dataset
from geo.filters import Mask
from geo.geodata import NORTH, SOUTH
from geo.language import Language, to_search_forms
from geo.layers import ShownBundles, ShownLinks
from geo.records import CONFIDENCE_LABELS, to_region_names, to_texts, to_theme_labels
from geo.style import to_phase_colours
from ui.language import current_language
from ui.loading import load_dataset, load_indexes
from ui.navigation import PARTNERSHIPS, show_link
from ui.session import NO_DETAILS, change_view, current_view
from ui.templating import show_template, to_plain_label


def show_partnership_card(partnership: str) -> None:
    """Draw the card of one partnership with the way to its profile."""
    language, dataset = current_language(), load_dataset()
    link = dataset.link(partnership)
    with st.container(border=True, key="detail"):
        show_template("partnership.html", **describe_partnership(partnership, dataset, language=language))
        with st.container(horizontal=True, vertical_alignment="center"):
            label = language.gettext("Profil öffnen")
            show_link(PARTNERSHIPS, label, icon=":material/arrow_forward:", partnership=partnership)
            _show_clear_button(language)
        if link["confidence"] == "low":
            st.caption(language.gettext("Dieser Eintrag ist unsicher. Hinweise sind willkommen."))


def show_municipality_card(municipality: str, links: list[str]) -> None:
    """Draw the card of a municipality that lists those of its partnerships that are shown."""
    language, dataset = current_language(), load_dataset()
    place = dataset.municipalities.loc[municipality]
    role = str(place["role"])
    other = SOUTH if role == NORTH else NORTH
    with st.container(border=True, key="detail"):
        show_template(
            "municipality.html", place=describe_end(municipality, dataset, language=language), count=len(links)
        )
        for partnership in links:
            link = dataset.link(partnership)
            label = language.gettext("{name} ({country}), Phase {phase}").format(
                name=link[f"{other}_name"], country=language.country(link[f"{other}_country"]), phase=link["phase"]
            )
            st.button(
                to_plain_label(label),
                key=f"choose_{partnership}",
                icon=":material/arrow_forward:",
                type="tertiary",
                on_click=change_view,
                kwargs={"partnership": partnership, "municipality": None},
            )
        _show_clear_button(language)


def show_overview_card(mask: Mask, *, on_map: ShownLinks | ShownBundles) -> None:
    """Draw how many of the partnerships in the mask each phase has, or each country, with a hint at what to click."""
    index, hint = load_indexes().links, _to_hint(on_map, current_language())
    # Arcs from country to country tell no phases.
    if isinstance(on_map, ShownBundles) and not current_view().selection.country:
        _show_countries(index.southern.count(mask), hint=hint)
    else:
        _show_phases(index.facets["phase"].count(mask), hint=hint)


def _to_hint(on_map: ShownLinks | ShownBundles, language: Language) -> str:
    if isinstance(on_map, ShownLinks):
        return language.gettext("Klicken Sie auf einen Bogen oder eine Kommune, um mehr zu erfahren.")
    if on_map.opens:
        return language.gettext("Klicken Sie auf eine Zahl, um die Partnerschaften einzeln zu sehen.")
    return language.gettext("Filtern Sie weiter, um die Partnerschaften einzeln zu sehen.")


def _show_phases(counts: Mapping[int | str, int], *, hint: str) -> None:
    language, dataset = current_language(), load_dataset()
    with st.container(border=True, key="detail"):
        show_template("phases.html", phases=describe_phases(dataset, language), counts=counts, hint=hint)


def _show_countries(counts: Mapping[int | str, int], *, hint: str) -> None:
    language = current_language()
    named = [(language.country(str(code)), count) for code, count in counts.items() if count]
    # The most first.
    order = sorted(named, key=lambda pair: (-pair[1], to_search_forms(pair[0])))
    with st.container(border=True, key="detail"):
        show_template("countries.html", countries=order, hint=hint)


@lru_cache(maxsize=16)
def describe_phases(dataset: Dataset, language: Language) -> list[dict[str, object]]:
    """Return number, years, focus and colour of each phase."""
    phases = dataset.phases.reset_index()
    focus = to_texts(phases, "focus", language=language)
    colours = _to_css_colours(dataset)
    return [
        {
            "phase": row["phase"],
            "years": language.describe_dates(str(row["start"])[:4], str(row["end"])[:4]),
            "focus": text,
            "colour": colours[row["phase"]],
        }
        for row, text in zip(phases.to_dict("records"), focus, strict=True)
    ]


@lru_cache(maxsize=2)
def _to_css_colours(dataset: Dataset) -> dict[int, str]:
    """Return the colour of each phase as a CSS value that follows the theme of the page."""
    phases = dataset.phases.index.tolist()
    light, dark = to_phase_colours(phases, theme="light"), to_phase_colours(phases, theme="dark")
    return {phase: f"light-dark({light[phase]}, {dark[phase]})" for phase in phases}


def describe_partnership(partnership: str, dataset: Dataset, *, language: Language) -> dict[str, object]:
    """Return the facts of a partnership as the template partnership.html names them."""
    link = dataset.link(partnership)
    labels = to_theme_labels(dataset, language=language)
    confidence = CONFIDENCE_LABELS[link["confidence"]]
    return {
        "north": describe_end(link["north"], dataset, language=language),
        "south": describe_end(link["south"], dataset, language=language),
        "phase": link["phase"],
        "since": link["since"],
        "twinned_since": None if pd.isna(link["twinned_since"]) else link["twinned_since"],
        "distance": language.number(link["distance_km"]),
        "themes": [labels[theme] for theme in link["themes"]],
        "source": link["source_url"],
        "confidence": language.gettext(confidence),
    }


def describe_end(municipality: str, dataset: Dataset, *, language: Language) -> dict[str, object]:
    """Return what the templates tell of one municipality: name, region, country, its coordinates' precision and source.

    The precision is in kilometres, as a text of the language.
    """
    return _describe_ends(dataset, language)[municipality]


@lru_cache(maxsize=16)
def _describe_ends(dataset: Dataset, language: Language) -> dict[str, dict[str, object]]:
    # All at once: picking single rows out of a table takes far longer, and a file that is taken along needs them all.
    places = dataset.municipalities
    regions = to_region_names(places["region"], language=language)
    columns = [places[name] for name in ("name", "country", "precision_m", "coordinate_source")]
    return {
        str(municipality): {
            "name": name,
            "region": region,
            "country": language.country(country),
            "precision_km": language.number(precision_m / 1000, digits=1),
            "coordinate_source": source,
        }
        for municipality, region, name, country, precision_m, source in zip(
            places.index, regions, *columns, strict=True
        )
    }


def _show_clear_button(language: Language) -> None:
    st.button(
        language.gettext("Auswahl aufheben"),
        key="clear",
        icon=":material/close:",
        type="tertiary",
        on_click=change_view,
        kwargs=NO_DETAILS,
    )
