"""What pages need from the server's store, made once per data set and shared by all sessions."""

from collections.abc import Sequence
from typing import cast

import streamlit as st

from geo.archive import Archive
from geo.dataset import Dataset
from geo.indexes import Indexes, build_indexes
from geo.language import Language
from geo.layers import DocumentName, Shown
from server.assets import base_path, to_asset_path
from server.documents import to_document, to_drawn, to_links_document
from server.store import State, available_languages, current_store

# The map's frame lies at /component/<name>/, two levels below the app's root, whatever the base path.
FROM_FRAME = "../../"
_DATASET, _STATE = "dataset", "tables_state"


def open_dataset() -> Dataset:
    """Take the data set of now for this run, so that all of a page shows the same one.

    Raises TablesError while the tables have errors and there is no earlier set without.
    """
    st.session_state[_STATE] = state = current_store().state()
    st.session_state[_DATASET] = dataset = state.to_dataset()
    return dataset


def load_dataset() -> Dataset:
    """Return the data set of this run."""
    return cast(Dataset, st.session_state[_DATASET])


def load_tables_state() -> State:
    """Return what is known of the tables' newest files in this run."""
    return cast(State, st.session_state[_STATE])


def load_archive() -> Archive:
    """Return the archive of published tables."""
    return current_store().archive


def load_indexes() -> Indexes:
    """Return the data set prepared for filtering."""
    return build_indexes(load_dataset())


def load_languages() -> dict[str, Language]:
    """Return the languages with a catalogue, by code, German first."""
    return available_languages()


def load_document_path(name: DocumentName, language: Language) -> str:
    """Return the address of a document in a language, below the app's root."""
    return to_document(load_dataset(), name, language.code)


def load_links(positions: Sequence[int], language: Language) -> tuple[str, list[int]]:
    """Return the address of a document that holds these links, below the app's root, and their numbers in it."""
    return to_links_document(load_dataset(), positions, language.code)


def load_drawn(shown: Shown, language: Language) -> tuple[str, Shown]:
    """Return the address of the document that the map draws a view from, and what is to be shown of it."""
    return to_drawn(load_dataset(), shown, language.code)


def load_frame_asset_url(name: str) -> str:
    """Return the address of a file in static/, as the map's frame sees it."""
    return to_frame_url(to_asset_path(name))


def to_frame_url(path: str) -> str:
    """Return an address below the app's root as the map's frame sees it."""
    return FROM_FRAME + path


def load_page_asset_url(name: str) -> str:
    """Return the address of a file in static/, as a page sees it."""
    return to_page_url(to_asset_path(name))


def to_page_url(path: str) -> str:
    """Return an address below the app's root as a page sees it, whatever the base path."""
    return f"{base_path()}/{path}"
