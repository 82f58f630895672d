"""The talk: scenes told from the tables, each with what the map shows meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from geo.arcs import MOST_ARCS
from geo.bundles import to_shown_network
from geo.dataset import Dataset
from geo.filters import Selection, to_mask
from geo.indexes import build_indexes
from geo.language import Language
from geo.layers import Shown, ShownBundles, ShownLinks, ShownMeetings, ShownSites, to_message
from geo.records import to_meeting_records, to_records, to_texts
from geo.sentences import describe_links

SceneShown = ShownLinks | ShownBundles | ShownMeetings | ShownSites


@dataclass(frozen=True)
class Scene:
    """One scene in a reader's language. `facts` are lines from the tables, `shown` is what the map shows."""

    title: str
    text: str
    shown: SceneShown
    facts: tuple[str, ...]


@lru_cache(maxsize=16)
def to_scenes(dataset: Dataset, *, language: Language) -> tuple[Scene, ...]:
    """Return the scenes of the talk in their order.

    A scene that names something that is not in the tables, or whose filters leave no partnership, is passed over; the
    check of the tables tells which (see `find_empty_scenes` and `validate_references`).
    """
    talk = dataset.tables["talk"].sort_values("position", kind="stable")
    titles, texts = (to_texts(talk, name, language=language) for name in ("title", "text"))
    scenes = (_find_scene(row, dataset, language=language) for _, row in talk.iterrows())
    return tuple(
        Scene(title, text, *found)
        for title, text, found in zip(titles, texts, scenes, strict=True)
        if found is not None
    )


def _find_scene(row: pd.Series, dataset: Dataset, *, language: Language) -> tuple[SceneShown, tuple[str, ...]] | None:
    """Return what the map shows in a scene, and the facts; None where the tables do not have it."""
    view = row["view"]
    if pd.notna(row["site"]):
        if row["site"] not in dataset.sites.index:
            return None
        beside = dataset.sites["meeting"] == dataset.sites.at[row["site"], "meeting"]
        shown_sites = ShownSites(np.flatnonzero(beside).tolist(), site=row["site"], view=view, selectable=False)
        return shown_sites, tuple(_describe_site(row["site"], dataset, language=language))
    if pd.notna(row["meeting"]):
        if row["meeting"] not in dataset.meetings.index:
            return None
        position = dataset.meetings.index.get_loc(row["meeting"])
        shown_meeting = ShownMeetings([position], meeting=row["meeting"], view=view, selectable=False)
        return shown_meeting, tuple(_describe_meeting(row["meeting"], dataset, language=language))
    return _find_links_scene(row, dataset, language=language)


def _find_links_scene(
    row: pd.Series, dataset: Dataset, *, language: Language
) -> tuple[ShownLinks | ShownBundles, tuple[str, ...]] | None:
    index = build_indexes(dataset).links
    selection = Selection(
        phase=tuple(int(phase) for phase in row["phases"]),
        country=() if pd.isna(row["country"]) else (row["country"],),
        theme=row["themes"],
        until=None if pd.isna(row["until"]) else int(row["until"]),
    )
    if not (set(selection.phase) <= set(dataset.phases.index) and set(selection.theme) <= set(dataset.themes.index)):
        return None
    mask = to_mask(index, selection)
    partnership = None if pd.isna(row["partnership"]) else row["partnership"]
    if not mask.any() or partnership not in {None, *dataset.links.index[mask]}:
        return None
    # Of a large table a scene about one partnership shows only that.
    if partnership is not None and mask.sum() > MOST_ARCS:
        mask = np.asarray(dataset.links.index == partnership)
    shown = to_shown_network(mask, index, selection, partnership=partnership, view=row["view"], selectable=False)
    if partnership is None:
        return shown, (describe_links(mask, index, dataset, selection, language=language),)
    return shown, tuple(_describe_partnership(partnership, dataset, language=language))


def _describe_partnership(partnership: str, dataset: Dataset, *, language: Language) -> Iterator[str]:
    _ = language.gettext
    record = to_records(dataset.links.loc[[partnership]], dataset, language=language).iloc[0]
    yield f"{record['north']} – {record['south']}, {record['country']}"
    phase = _("Phase {phase}").format(phase=record["phase"])
    since = _("Klimapartnerschaft seit {year}").format(year=record["since"])
    yield f"{phase} · {since} · {language.number(record['distance_km'])}\u00a0km"
    if record["themes"]:
        yield record["themes"]


def _describe_meeting(meeting: str, dataset: Dataset, *, language: Language) -> Iterator[str]:
    record = to_meeting_records(dataset, language=language).loc[meeting]
    yield f"{record['dates']} · {record['where']}"
    count = int((dataset.tables["delegations"]["meeting"] == meeting).sum())
    if count:
        message = language.ngettext("{count} Delegation: {countries}", "{count} Delegationen: {countries}", count)
        yield message.format(count=language.number(count), countries=record["countries"])


def _describe_site(site: str, dataset: Dataset, *, language: Language) -> Iterator[str]:
    row = dataset.sites.loc[site]
    feature = to_texts(dataset.sites.loc[[site]], "feature", language=language).iloc[0]
    yield f"{feature} · {row['place']}, {language.country(row['country'])}"
    if pd.notna(row["distance_km"]):
        town = dataset.meetings.at[row["meeting"], "place"]
        distance = language.number(row["distance_km"])
        yield language.gettext("{distance} km vom Tagungsort {town}").format(distance=distance, town=town)


def to_talk_document(
    dataset: Dataset, *, language: Language, find: Callable[[Shown], tuple[str, Shown]]
) -> dict[str, Any]:
    """Return the talk in one language, ready to be written as JSON. `find` gives the document of a view: see to_drawn.

    `scenes`: title, text, facts, `document` (the address of the document that the map draws from) and `message` (what
    it is told, see geo/layers.py). `words`: the texts around them.
    """
    _ = language.gettext
    scenes = to_scenes(dataset, language=language)
    drawn = [find(scene.shown) for scene in scenes]
    return {
        "scenes": [
            {
                "title": scene.title,
                "text": scene.text,
                "facts": list(scene.facts),
                "document": address,
                "message": to_message(shown),
            }
            for scene, (address, shown) in zip(scenes, drawn, strict=True)
        ],
        "words": {
            "talk": _("Vortrag"),
            "back": _("Zurück"),
            "on": _("Weiter"),
            "next": _("Als Nächstes: {title}"),
            "last": _("Letzte Szene"),
            "progress": _("Szene {number} von {total}"),
            "fullscreen": _("Vollbild (F)"),
            "black": _("Schwarzes Bild (B)"),
            "pause": _("Anhalten"),
            "play": _("Von selbst abspielen"),
            "leave": _("Vortrag beenden"),
            "link": _("Dieser Vortrag zum Mitnehmen:"),
            "map_failure": _("Die Karte konnte nicht geladen werden. Bitte laden Sie die Seite neu."),
        },
    }
