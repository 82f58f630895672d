"""Frames small enough to work out by hand, and the real data set."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from geo.dataset import Dataset, read_dataset
from geo.language import Language, read_languages
from server.settings import current_settings

# How long an example takes says more about what else the machine does than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def settings_of_its_own() -> Iterator[None]:
    """A test that changes the environment is the first to read the settings, and the last to see them."""
    current_settings.cache_clear()
    yield
    current_settings.cache_clear()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def folder(root, tmp_path) -> Path:
    """A copy of the real tables to change. Hidden entries are no tables but the archive of earlier versions."""
    return Path(shutil.copytree(root / "data", tmp_path / "data", ignore=shutil.ignore_patterns(".*")))


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return read_dataset(ROOT / "data")


@pytest.fixture(scope="session")
def languages() -> dict[str, Language]:
    return read_languages(ROOT / "locales")


@pytest.fixture(scope="session")
def german(languages) -> Language:
    return languages["de"]


@pytest.fixture(scope="session")
def english(languages) -> Language:
    return languages["en"]


class NoEvent:
    """Nothing to wait for."""

    def wait(self, timeout: float) -> bool:
        return False


@pytest.fixture(scope="session")
def components_found_once():
    """Let visits made by AppTest share one search for Streamlit components, and wait for no browser to draw the map.

    Each would read the description of every installed package anew. The server does so once, when it starts.
    """
    # Most test files run without Streamlit, which takes a while to load.
    from streamlit.components.v2 import manifest_scanner

    from server import awaiting

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(awaiting, "Event", NoEvent)
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
