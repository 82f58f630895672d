"""Frames small enough to work out by hand, and the real data set."""

from pathlib import Path

import pytest

from geo.dataset import Dataset, build_dataset
from geo.language import Language, read_languages

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return build_dataset(ROOT / "data")


@pytest.fixture(scope="session")
def languages() -> dict[str, Language]:
    return read_languages(ROOT / "locales")


@pytest.fixture(scope="session")
def german(languages) -> Language:
    return languages["de"]


@pytest.fixture(scope="session")
def english(languages) -> Language:
    return languages["en"]
