"""The talk: a map that fills the screen, and the scenes upon it, both driven in the browser."""

from urllib.parse import urlencode

import numpy as np
import streamlit as st

from geo.bundles import is_large
from geo.filters import Selection
from geo.layers import ShownLinks
from geo.sentences import describe_links
from geo.talk import to_scenes
from ui.browser_component import declare_component
from ui.figures import show_handout_download
from ui.language import current_language
from ui.loading import load_dataset, load_document_path, load_drawn, load_indexes, to_frame_url, to_page_url
from ui.map_view import show_waiting_map
from ui.session import current_view, link_parameters
from ui.share import show_share, to_code_image, to_link
from ui.takeaway import show_takeaway_download

_KEY = "scenes"
_scenes = declare_component("talk", script="scripts/talk.js", style="styles/talk.css")


def show_talk() -> None:
    """Draw the scenes, beginning with the one that the address names."""
    language, view = current_language(), current_view()
    scenes = to_scenes(load_dataset(), language=language)
    documents = dict.fromkeys(load_drawn(scene.shown, language)[0] for scene in scenes)
    link, query = to_link(link_parameters()), urlencode(link_parameters(), doseq=True)
    with st.container(key="talk"):
        show_waiting_map()
        _scenes(
            key=_KEY,
            data={
                "document": to_page_url(load_document_path("talk", language)),
                "documents": [to_page_url(path) for path in documents],
                "map_root": to_frame_url(""),
                "scene": view.scene or 1,
                "auto": view.auto,
                "link": link,
                "code": to_code_image(link),
                "leave": to_page_url(f"?{query}" if query else ""),
                "failure": language.gettext("Der Vortrag konnte nicht geladen werden. Bitte laden Sie die Seite neu."),
            },
        )
        if not st.context.is_embedded:
            _show_menu(link)


def _show_menu(link: str) -> None:
    """Draw what can be taken along, out of the way in a corner of the map."""
    dataset, language, index = load_dataset(), current_language(), load_indexes().links
    everything = np.ones(len(dataset.links), dtype=bool)
    with st.container(key="talk_menu"), st.popover(language.gettext("Herunterladen"), icon=":material/download:"):
        if not is_large(dataset):
            show_takeaway_download(
                ShownLinks(np.flatnonzero(everything).tolist(), years=index.years),
                title=language.gettext("Klimapartnerschaften auf der Weltkarte"),
                sentence=describe_links(everything, index, dataset, Selection(), language=language),
                selection=Selection(),
                talk_link=link,
            )
        show_handout_download()
        show_share()
