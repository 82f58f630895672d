"""The pages of the atlas: file, path in the address, title and symbol."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from geo.errors import mark
from geo.language import Language
from ui.language import current_language
from ui.session import link_parameters

ROOT = Path(__file__).resolve().parent.parent

ICON = ROOT / "static" / "icon.svg"


@dataclass(frozen=True)
class PageEntry:
    """One page. `path` is its part of the address; the map is the start page and has none."""

    file: str
    path: str
    title: str
    icon: str


MAP = PageEntry("pages/explore/map.py", "", mark("Karte"), ":material/public:")
PARTNERSHIPS = PageEntry(
    "pages/explore/partnerships.py", "partnerships", mark("Partnerschaften"), ":material/handshake:"
)
MEETINGS = PageEntry("pages/network/meetings.py", "meetings", mark("Treffen"), ":material/event:")
SITES = PageEntry("pages/network/sites.py", "sites", mark("Exkursionsorte"), ":material/hiking:")
TALK = PageEntry("pages/present/talk.py", "talk", mark("Vortrag"), ":material/slideshow:")
UPKEEP = PageEntry("pages/staff/upkeep.py", "upkeep", mark("Tabellen"), ":material/table:")
ABOUT = PageEntry("pages/about/about.py", "about", mark("Über den Atlas"), ":material/info:")
PAGES = (MAP, PARTNERSHIPS, MEETINGS, SITES, TALK, UPKEEP, ABOUT)
GUIDE = PageEntry("pages/about/guide.py", "guide", mark("So lesen Sie den Atlas"), ":material/map_search:")
ACCESSIBILITY = PageEntry(
    "pages/about/accessibility.py", "accessibility", mark("Barrierefreiheit"), ":material/accessibility_new:"
)
PRIVACY = PageEntry("pages/about/privacy.py", "privacy", mark("Datenschutz"), ":material/shield:")
IMPRINT = PageEntry("pages/about/imprint.py", "imprint", mark("Impressum"), ":material/gavel:")
OPEN_DATA = PageEntry("pages/about/open_data.py", "data", mark("Offene Daten"), ":material/database:")
# Those that every page leads to from its foot.
FOOTER_PAGES = (GUIDE, OPEN_DATA, ACCESSIBILITY, PRIVACY, IMPRINT)


def show_link(entry: PageEntry, label: str, *, icon: str | None = None, **details: Any) -> None:
    """Draw a link to a page that looks at the details and keeps language and filters, unless `selection` is given."""
    page = to_page(entry, language=current_language())
    st.page_link(page, label=label, icon=icon, query_params=link_parameters(**details))


def to_page(entry: PageEntry, *, language: Language) -> StreamlitPage:
    """Make Streamlit's page object of an entry, with its title in the visitor's language."""
    return st.Page(
        ROOT / entry.file,
        title=language.gettext(entry.title),
        icon=entry.icon,
        url_path=entry.path,
        default=entry is MAP,
    )
