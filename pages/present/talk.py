"""A walk through the phases for a projector: large type, one phase a scene, the arrow keys turn over."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import streamlit as st

from geo.filters import to_mask
from geo.language import Language
from geo.layers import ShownLinks
from geo.sentences import describe_links
from ui.cards import describe_phases
from ui.frame import show_header
from ui.language import current_language
from ui.loading import load_dataset, load_indexes
from ui.map_view import show_map
from ui.session import change_view, current_view, follow_address
from ui.templating import show_template


def describe_scene(phase: Mapping[str, object] | None, *, language: Language) -> str:
    """Name a scene: a phase with its years, or the whole network."""
    if phase is None:
        return language.gettext("Das Netzwerk der Klimapartnerschaften")
    return f"{language.gettext('Phase {phase}').format(phase=phase['phase'])} · {phase['years']}"


@st.fragment
def show_page() -> None:
    """Draw the scene of the phase that the address names, else the whole network; other filters stay as they are."""
    follow_address()
    show_header()
    dataset, language, index, selection = (
        load_dataset(),
        current_language(),
        load_indexes().links,
        current_view().selection,
    )
    phases = describe_phases(dataset, language)
    scenes = [(), *((phase["phase"],) for phase in phases)]
    number = scenes.index(selection.phase) if selection.phase in scenes else 0
    mask = to_mask(index, selection)
    with st.container(key="talk"):
        show_map(ShownLinks(np.flatnonzero(mask).tolist(), fit="links", selectable=False))
        phase = phases[number - 1] if number else None
        st.title(describe_scene(phase, language=language), anchor=False)
        sentence = describe_links(mask, index, dataset, selection, language=language)
        show_template("scene.html", phase=phase, sentence=sentence, number=number + 1, total=len(scenes))
        with st.container(horizontal=True, key="turn"):
            for label, step, key in (
                (language.gettext("Zurück"), -1, "ArrowLeft"),
                (language.gettext("Weiter"), 1, "ArrowRight"),
            ):
                following = scenes[(number + step) % len(scenes)]
                changes = {"selection": replace(selection, phase=following)}
                st.button(label, key=f"turn_{key}", shortcut=key, on_click=change_view, kwargs=changes)


show_page()
