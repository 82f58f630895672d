"""What operators set: every setting of the atlas with its type, its meaning and what it is without being set.

A setting comes from the environment (`ATLAS_CONTACT`) or from a file in TOML (`contact = "…"`), and the environment
comes first. The file is `atlas.toml` beside `dashboard.py`, or the one that ATLAS_SETTINGS names.
"""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from geo.store import check_place
from server.tiles import DEFAULT as DEFAULT_TILES
from server.tiles import Tiles, read_tiles

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "ATLAS_"
FILE_SETTING = "ATLAS_SETTINGS"
DEFAULT_FILE = ROOT / "atlas.toml"
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
# A scheme, a host that may begin with `*.`, and a port. It goes into a header, so nothing else may.
ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:([0-9]{1,5}|\*))?")
ANYBODY = "*"


class BadSettingsError(ValueError):
    """Settings that the atlas cannot start with. The text, in German, has a line for each of them."""


class Settings(BaseSettings):
    """All settings of the atlas; their descriptions are for those who run it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, str_strip_whitespace=True
    )

    data: str = Field(
        default=str(ROOT / "data"), description="wo die Tabellen liegen: ein Ordner, oder die Adresse einer Datenbank"
    )
    publisher: str = Field(default="", description="Name der Stelle, die den Atlas herausgibt, für Datenkataloge")
    imprint: str = Field(default="", description="Impressum: sein Text oder die Adresse der Seite, auf der es steht")
    contact: str = Field(default="", description="E-Mail-Adresse oder Formular für Fragen zu Barrieren und Daten")
    public_address: str = Field(default="", description="Adresse, unter der andere den Atlas erreichen")
    tiles: str = Field(default=DEFAULT_TILES, description="Detailkarte: ein Anbieter, eine Adresse oder `off`")
    tiles_attribution: str = Field(default="", description="Nachweis für Kacheln von einer eigenen Adresse")
    embedded_by: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Websites, die den Atlas einbetten dürfen, mit Leerzeichen dazwischen; `*` für alle"
    )
    access_log: Literal["off", "anonymous", "addresses"] = Field(
        default="anonymous", description="Protokoll der Zugriffe: keines, ohne oder mit den Adressen der Besuchenden"
    )

    @field_validator("embedded_by", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("embedded_by")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if origin != ANYBODY and not ORIGIN.fullmatch(origin):
                raise ValueError(f"„{origin}“ ist weder * noch eine Website wie https://www.example.org")
        return origins

    @field_validator("data")
    @classmethod
    def _check_place(cls, place: str) -> str:
        check_place(place)
        return place

    @field_validator("contact")
    @classmethod
    def _check_contact(cls, contact: str) -> str:
        if contact and not MAIL.fullmatch(contact) and not ADDRESS.fullmatch(contact):
            raise ValueError(f"„{contact}“ ist weder eine E-Mail-Adresse noch die Adresse einer Seite")
        return contact

    @field_validator("public_address")
    @classmethod
    def _check_public_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if address and (not ADDRESS.fullmatch(address) or not parts.hostname or parts.query or parts.fragment):
            raise ValueError(f"„{address}“ ist keine Adresse wie https://atlas.example.org")
        return address.rstrip("/")

    @model_validator(mode="after")
    def _check_tiles(self) -> Self:
        read_tiles(self.tiles, attribution=self.tiles_attribution)
        return self

    @cached_property
    def offered_tiles(self) -> Tiles | None:
        """The detailed map that visitors are offered; None where it is `off`."""
        return read_tiles(self.tiles, attribution=self.tiles_attribution)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the environment first, then the file, and nothing else."""
        return env_settings, TomlConfigSettingsSource(settings_cls, toml_file=_find_file())


def read_settings() -> Settings:
    """Read all settings. Raises BadSettingsError, which tells every one that is unknown or cannot be used."""
    wrong = list(_describe_unknown(os.environ))
    file = _find_file()
    if not file.is_file() and file != DEFAULT_FILE:
        wrong.append(f"{FILE_SETTING}: die Datei „{file}“ gibt es nicht")
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadSettingsError("\n".join([*wrong, *map(_describe, error.errors())])) from None
    except (SettingsError, OSError, ValueError) as error:
        raise BadSettingsError("\n".join([*wrong, f"{file} lässt sich nicht lesen: {error}"])) from None
    if wrong:
        raise BadSettingsError("\n".join(wrong))
    return settings


@cache
def current_settings() -> Settings:
    """Return the settings that the atlas was started with; raises as `read_settings`."""
    return read_settings()


def _find_file() -> Path:
    return Path(os.environ.get(FILE_SETTING) or DEFAULT_FILE)


def _describe_unknown(environment: Mapping[str, str]) -> Iterator[str]:
    known = [FILE_SETTING, *(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            yield _describe_as_unknown(name, known)


def _describe_as_unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"{name}: diese Einstellung gibt es nicht" + (f"; meinten Sie {near[0]}?" if near else "")


def _describe(error: ErrorDetails) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _describe_as_unknown(name, list(Settings.model_fields))
    setting = f"{PREFIX}{name.upper()}: " if name else ""
    if kind == "value_error":
        return f"{setting}{context['error']}"
    if kind == "literal_error":
        return f"{setting}„{error['input']}“ gibt es nicht; möglich ist {_to_german_or(context)}"
    return f"{setting}„{error['input']}“ lässt sich nicht verwenden"


def _to_german_or(context: Mapping[str, Any]) -> str:
    return str(context["expected"]).replace(" or ", " oder ").replace("'", "")
