"""The data set and the languages that this process serves, shared by all sessions and routes."""

import os
from functools import cache, lru_cache
from pathlib import Path

from geo.dataset import Dataset, build_dataset
from geo.errors import TablesError
from geo.language import Language, read_languages
from geo.schema import TABLES

ROOT = Path(__file__).resolve().parent.parent
# Where the tables lie; another folder can be named, for a trial of new tables beside the public ones.
DATA_FOLDER_SETTING = "ATLAS_DATA_FOLDER"


def current_dataset() -> Dataset:
    """Return the data set of the tables as they are now on the disk; it is built anew only when a file has changed.

    Raises TablesError when the tables have faults.
    """
    folder = Path(os.environ.get(DATA_FOLDER_SETTING, ROOT / "data"))
    paths = [folder / f"{table.name}.csv" for table in TABLES]
    stamps = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.is_file())
    built = _build(folder, stamps)
    if isinstance(built, TablesError):
        raise built
    return built


@lru_cache(maxsize=2)
def _build(folder: Path, stamps: tuple[tuple[str, int, int], ...]) -> Dataset | TablesError:
    # Faults are kept like a data set: looking for them again at every request would slow down all.
    try:
        return build_dataset(folder)
    except TablesError as error:
        return error


@cache
def available_languages() -> dict[str, Language]:
    """Return the languages with a catalogue, by code, German first."""
    return read_languages(ROOT / "locales")
