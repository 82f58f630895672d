"""The profile of one partnership: both ends on a small map, all facts, meetings of its phase, related ones."""

import streamlit as st

from geo.dataset import Dataset
from geo.language import Language
from geo.layers import Shown
from geo.related import find_related
from ui.cards import describe_partnership
from ui.language import current_language
from ui.loading import load_dataset
from ui.map_view import show_map
from ui.navigation import MAP, PARTNERSHIPS, PageEntry, to_page
from ui.session import link_parameters
from ui.templating import show_template


def show_profile(partnership: str) -> None:
    """Draw the profile page of a partnership that is in the data set."""
    dataset, language = load_dataset(), current_language()
    _ = language.gettext
    link = dataset.links.loc[partnership]
    with st.container(horizontal=True):
        _show_link(PARTNERSHIPS, _("Alle Partnerschaften"), ":material/arrow_back:", language, partnership=None)
        _show_link(MAP, _("Auf der Weltkarte zeigen"), ":material/public:", language, partnership=partnership)
    st.title(f"{link['north_name']} – {link['south_name']}", anchor=False)
    facts, small_map = st.columns([2, 3], gap="medium")
    with small_map, st.container(key="small_map"):
        show_map(Shown([dataset.links.index.get_loc(partnership)], fit="links"))
    with facts, st.container(key="detail"):
        show_template("profile.html", **describe_partnership(partnership, dataset, language=language))

    st.header(_("Treffen der Phase {phase}").format(phase=link["phase"]), anchor=False)
    show_template("meetings.html", meetings=describe_meetings(int(link["phase"]), dataset, language=language))
    related = find_related(dataset.links, partnership)
    titles = {
        "municipality": _("Weitere Partnerschaften dieser Kommunen"),
        "country": _("Weitere Partnerschaften mit {country}").format(country=language.country(link["south_country"])),
        "theme": _("Partnerschaften mit ähnlichen Themen"),
    }
    for tie, ids in related.items():
        if ids:
            st.header(titles[tie], anchor=False)
            with st.container(horizontal=True, key=f"related_{tie}"):
                for other in ids:
                    _show_link(PARTNERSHIPS, describe_pair(other, dataset), None, language, partnership=other)


def describe_pair(partnership: str, dataset: Dataset) -> str:
    """Name a partnership by its ends."""
    link = dataset.links.loc[partnership]
    return f"{link['north_name']} – {link['south_name']}"


def describe_meetings(phase: int, dataset: Dataset, *, language: Language) -> list[dict[str, object]]:
    """Return the meetings of a phase in the order of their dates, as the template meetings.html names them."""
    meetings = dataset.tables["meetings"]
    meetings = meetings[meetings["phases"].map(lambda phases: str(phase) in phases)].sort_values("start")
    titles = meetings[language.column("title", meetings.columns)].fillna(meetings["title_de"])
    meetings = meetings.assign(title=titles).astype(object)
    return [
        {
            "dates": language.describe_dates(meeting["start"], meeting["end"]),
            "title": meeting["title"],
            "place": meeting["place"],
            "country": meeting["country"] and language.country(meeting["country"]),
            "source": meeting["source_url"],
        }
        for meeting in meetings.where(meetings.notna(), None).to_dict("records")
    ]


def _show_link(entry: PageEntry, label: str, icon: str | None, language: Language, *, partnership: str | None) -> None:
    st.page_link(
        to_page(entry, language=language),
        label=label,
        icon=icon,
        query_params=link_parameters(partnership=partnership, municipality=None),
    )
