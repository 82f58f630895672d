"""What of its documents the map is to show: a small call of its script, sent with every change."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from geo.language import Language
from geo.leaflet import to_leaflet_point
from geo.moves import Move
from geo.sentences import LayerName

DocumentName = Literal["network", "bundles", "meetings", "talk"]
# Whether links are bundled: not, because it was asked for, or because there are too many to be drawn one by one.
Bundling = Literal["off", "on", "must"]
BundleKind = Literal["country", "state"]
# The world, Germany, the Global South, all that is shown, or what is selected from near by.
View = Literal["world", "north", "south", "all", "near"]


@dataclass(frozen=True)
class ShownLinks:
    """What the map of the network shows: positions of links in the data set, and what is selected by id, if anything.

    `view`: where to look, the map's usual view without it. `until`: the year that the view ends with. `years`: the
    years to choose from, for a control that changes `until`; None for a map without it. `bundling`: where it can be
    switched, whether links are bundled. `selectable`: whether a click selects.
    """

    layer: ClassVar[LayerName] = "network"
    document: ClassVar[DocumentName] = "network"
    links: list[int]
    partnership: str | None = None
    municipality: str | None = None
    view: View | None = None
    until: int | None = None
    years: tuple[int, int] | None = None
    bundling: Bundling | None = None
    selectable: bool = True


@dataclass(frozen=True)
class ShownBundles:
    """What the map of the network shows of many links: how many belong to each end of its document, in its order.

    `kind`: what the ends are; `state` and `country`: the one that all links have to do with, where the selection has
    but one (see to_bundles). `states`: how many belong to each Bundesland, for who looks at Germany; empty where that
    is not known of all. `links`: their positions in the data set where they are few, for who names their sources; the
    map is not told. `opens`: whether a click on a bundle shows less than what is shown already. `new`: how many began
    in the year `until`. The rest is that of ShownLinks.
    """

    layer: ClassVar = "bundles"
    document: ClassVar[DocumentName] = "bundles"
    counts: list[int]
    states: list[int]
    kind: BundleKind
    country: str | None = None
    state: str | None = None
    links: list[int] = field(default_factory=list)
    opens: bool = True
    bundling: Bundling | None = None
    view: View | None = None
    until: int | None = None
    new: int = 0
    years: tuple[int, int] | None = None
    selectable: bool = True


@dataclass(frozen=True)
class ShownMeetings:
    """What the map of meetings shows: positions of meetings in the data set; or one of them, by id, with who came."""

    layer: ClassVar[LayerName] = "meetings"
    document: ClassVar[DocumentName] = "meetings"
    meetings: list[int]
    meeting: str | None = None
    view: View | None = None
    selectable: bool = True


@dataclass(frozen=True)
class ShownSites:
    """What the map of excursion sites shows: positions of sites in the data set, and the selected one by id."""

    layer: ClassVar[LayerName] = "sites"
    document: ClassVar[DocumentName] = "meetings"
    sites: list[int]
    site: str | None = None
    view: View | None = None
    selectable: bool = True


@dataclass(frozen=True)
class ShownChanges:
    """What a change of the tables would move: `name`, and the point `before` and `after` as Leaflet wants them."""

    layer: ClassVar = "changes"
    document: ClassVar[DocumentName] = "network"
    moves: list[dict[str, Any]]
    selectable: bool = False


def to_shown_changes(moves: Sequence[Move]) -> ShownChanges:
    """Return what the map shows of moved places."""
    return ShownChanges(
        [
            {"name": move.name, "before": to_leaflet_point(move.before), "after": to_leaflet_point(move.after)}
            for move in moves
        ]
    )


Shown = ShownLinks | ShownBundles | ShownMeetings | ShownSites | ShownChanges


def to_message(shown: Shown) -> dict[str, Any]:
    """Return what the map's script is told of a choice, but for the address of its document."""
    told = {name: value for name, value in vars(shown).items() if not (name == "links" and shown.layer == "bundles")}
    return {"layer": shown.layer, **told}


def build_shown_layer(
    shown: Shown, *, script_url: str, document_url: str, drawn_url: str | None = None, language: Language
) -> str:
    """Build the call of the map's script that shows a choice: a few bytes per entry, and no geometry.

    The addresses are those seen from the map's frame; `drawn_url` is told once the choice is drawn.
    """
    message = {"document": document_url, **to_message(shown), "failure": _describe_failure(language)}
    if drawn_url:
        message["drawn"] = drawn_url
    written = json.dumps(message, separators=(",", ":"))
    # Once the script is there it is called at once: an import that is long done still waits for a busy page. While it
    # is loading several calls may wait, in no certain order: the last one made counts.
    first = f"{to_import(script_url)}.then((map)=>map.show(window.shown),{_TELL_FAILURE})"
    return f"window.shown={written};window.showOnMap?window.showOnMap(window.shown):{first};"


def build_waiting_layer(*, script_url: str, language: Language) -> str:
    """Build the call that gets the map's script ready and shows nothing: another script of the page tells it what."""
    written = json.dumps({"failure": _describe_failure(language)})
    return f"window.shown={written};{to_import(script_url)}.catch({_TELL_FAILURE});"


def _describe_failure(language: Language) -> str:
    return language.gettext("Die Karte konnte nicht geladen werden. Bitte laden Sie die Seite neu.")


# Without its script the map cannot say by itself that it failed.
_TELL_FAILURE = "()=>{document.getElementById('map_div').textContent=window.shown.failure}"


def to_import(script_url: str) -> str:
    """Write the expression that loads one of our modules; it is loaded once, however often it is asked for."""
    return f"import(new URL({json.dumps(script_url)},document.baseURI))"
