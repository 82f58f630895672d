"""The view on the screen as one HTML file that opens without a network: geo/takeaway.py writes it, this gathers it."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

import streamlit as st

from geo.dataset import Dataset
from geo.filters import Index, Selection
from geo.indexes import Indexes
from geo.language import Language
from geo.layers import DocumentName, ShownLinks, ShownMeetings
from geo.leaflet import keep_near
from geo.maps import PLACES
from geo.sentences import LayerName
from geo.takeaway import Takeaway, Taken, TakenTalk, to_file_name, to_html_bytes
from geo.talk import to_talk_document
from server.assets import read_asset
from server.documents import read_document, to_compact_json
from ui.cards import describe_partnership, describe_phases
from ui.language import current_language
from ui.loading import load_dataset, load_indexes
from ui.meetings import describe_meeting, describe_programme
from ui.record_table import to_table_words
from ui.share import to_code_image
from ui.sites import describe_site
from ui.templating import render_template

SCENE_DOCUMENTS: tuple[DocumentName, ...] = ("network", "meetings")
# Names of towns are kept so far around what the map shows: about 55 km to each side.
NEAR_DEGREES = 0.5
# The cards of a layer are written once per data set, in half a second. After each, those who wait are let through.
BREATH_SECONDS = 0.001
# One at a time: several visitors who ask at once wait for each other, not everybody else for them.
_building = Lock()


def show_takeaway_download(
    shown: Taken, *, title: str, sentence: str, selection: Selection, talk_link: str | None = None
) -> None:
    """Offer the view as a file in the visitor's language; it is written when it is asked for.

    With `talk_link`, where the audience finds the talk, the file opens with the talk.
    """
    language, dataset, indexes = current_language(), load_dataset(), load_indexes()

    def make() -> bytes:
        return build_takeaway(
            shown,
            dataset,
            indexes,
            title=title,
            sentence=sentence,
            selection=selection,
            language=language,
            talk_link=talk_link,
        )

    st.download_button(
        language.gettext("Ansicht als Datei mitnehmen"),
        make,
        file_name=to_file_name("talk" if talk_link else shown.layer, dataset, language=language),
        mime="text/html",
        key="takeaway",
        icon=":material/save:",
        help=language.gettext("Eine HTML-Datei mit Karte, Filtern und Tabelle, die sich auch ohne Netz öffnen lässt."),
        on_click="ignore",
    )


def build_takeaway(
    shown: Taken,
    dataset: Dataset,
    indexes: Indexes,
    *,
    title: str,
    sentence: str,
    selection: Selection,
    language: Language,
    talk_link: str | None = None,
) -> bytes:
    """Write the file of a view. It may be asked for outside of a run: it reads nothing of the session."""
    with _building:
        cards, programmes = _to_cards(dataset, shown.layer, language)
        taken = Takeaway(
            title=title,
            sentence=sentence,
            shown=shown,
            selection=selection,
            document=read_document(dataset, shown.document, language.code),
            places=_to_places(dataset, shown.layer),
            cards=cards,
            programmes=programmes,
            phases=[
                {name: phase[name] for name in ("phase", "years", "focus")}
                for phase in describe_phases(dataset, language)
            ],
            table_words=to_table_words("links" if isinstance(shown, ShownLinks) else "meetings", language=language),
            talk=_to_talk(talk_link, dataset, language) if talk_link else None,
        )
        return to_html_bytes(taken, dataset, index=_to_index(indexes, shown), read_asset=read_asset, language=language)


def _to_talk(link: str, dataset: Dataset, language: Language) -> TakenTalk:
    # In a file documents are found by their names.
    talk = to_talk_document(dataset, language=language, find=lambda shown: (shown.document, shown))
    documents: dict[str, str] = {name: read_document(dataset, name, language.code) for name in SCENE_DOCUMENTS}
    return TakenTalk({"talk": to_compact_json(talk), **documents}, link, to_code_image(link))


def _to_index(indexes: Indexes, shown: Taken) -> Index:
    if isinstance(shown, ShownLinks):
        return indexes.links
    return indexes.meetings if isinstance(shown, ShownMeetings) else indexes.sites


@lru_cache(maxsize=8)
def _to_places(dataset: Dataset, layer: LayerName) -> str:
    frames = [dataset.municipalities] if layer == "network" else [dataset.meetings, dataset.sites]
    points = [point for frame in frames for point in frame.geometry if point is not None]
    near = keep_near(json.loads(read_asset(PLACES)), points, degrees=NEAR_DEGREES)
    return json.dumps(near, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=16)
def _to_cards(dataset: Dataset, layer: LayerName, language: Language) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the cards of everything in a layer, and the programmes of meetings, as HTML by id."""

    def write_each(write: Callable[[str, Dataset, Language], str], ids: Iterable[str]) -> dict[str, str]:
        cards = {}
        for one in ids:
            cards[one] = write(one, dataset, language)
            time.sleep(BREATH_SECONDS)
        return cards

    if layer == "network":
        return write_each(_to_partnership_card, dataset.links.index), {}
    if layer == "meetings":
        with_programme = dataset.tables["agenda"]["meeting"].unique()
        return write_each(_to_meeting_card, dataset.meetings.index), write_each(_to_programme, with_programme)
    sites = write_each(_to_site_card, dataset.sites.index)
    return sites | {"_overview": render_template("sites.html", language=language, sites=len(sites))}, {}


def _to_partnership_card(partnership: str, dataset: Dataset, language: Language) -> str:
    card = render_template(
        "partnership.html", language=language, **describe_partnership(partnership, dataset, language=language)
    )
    if dataset.links.at[partnership, "confidence"] != "low":
        return card
    doubt = language.gettext("Dieser Eintrag ist unsicher. Hinweise sind willkommen.")
    return card + render_template("notice.html", language=language, message=doubt)


def _to_meeting_card(meeting: str, dataset: Dataset, language: Language) -> str:
    return render_template("meeting.html", language=language, **describe_meeting(meeting, dataset, language=language))


def _to_site_card(site: str, dataset: Dataset, language: Language) -> str:
    facts = describe_site(site, dataset, language=language)
    card = render_template("site.html", language=language, **facts)
    return card + render_template("notice.html", language=language, message=facts["meeting_label"])


def _to_programme(meeting: str, dataset: Dataset, language: Language) -> str:
    days = describe_programme(meeting, dataset, language=language)
    sources = {item["source"] for day in days for item in day["items"]}

    def render(file: str, **values: Any) -> str:
        return render_template(file, language=language, **values)

    parts = [render("programme.html", dated=bool(days[0]["title"]), sources=sorted(sources))]
    for day in days:
        parts += [render("day.html", title=day["title"])] if day["title"] else []
        parts += [render("item.html", item=item, sourced=len(sources) > 1) for item in day["items"]]
    return "\n".join(parts)
