"""What every page has around it: style, name of the atlas, language switch, notices and the footer."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.filters import Selection
from geo.map_words import ATTRIBUTION
from server.assets import STATIC_FOLDER
from ui.language import current_language, show_language_switch
from ui.link import Ignored, to_parameters
from ui.loading import load_dataset
from ui.navigation import FOOTER_PAGES, PAGES, show_link
from ui.session import current_view, pages_opened
from ui.share import to_link
from ui.templating import render_template, show_template

STYLES = (Path(__file__).parent / "page.css", STATIC_FOLDER / "styles" / "cards.css")


@st.fragment(run_every=timedelta(days=1))
def begin_anew_after_reconnect() -> None:
    """Have a page that comes back after a lost connection drawn anew, from what stands in its address.

    Streamlit's page connects again by itself, but takes its session to be there still. Where that is gone, with its
    process or after two minutes, every click would be lost: it asks for a part of a page that the new session has never
    drawn. A page in which something runs by itself, as this does, which draws nothing, has all of itself drawn first.
    """


def prepare_page() -> None:
    """Set the style and the language of the page, and begin at its top."""
    language = current_language()
    for style in STYLES:
        st.html(style)
    # Runs in the browser only when it has changed: when the language has, or another page or profile was opened.
    st.html(
        f"<script>document.documentElement.lang = {language.tag!r};"
        f"document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0); // {pages_opened()}</script>",
        unsafe_allow_javascript=True,
    )


def begin_above(page: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Draw what a page with a map begins with; return the containers for all that stands above the map, and its header.

    Both are filled after the map. They have their height from the first: page.css knows it by the name of the page.
    """
    above = st.container(key=f"above_{page}_embedded" if st.context.is_embedded else f"above_{page}")
    with above:
        return above, begin_header()


def begin_header() -> DeltaGenerator:
    """Draw the name of the atlas; return the container for the rest of that line.

    On another website (`embed=true`) a view stands alone, and the line stays empty.
    """
    if st.context.is_embedded:
        return st.container()
    header = st.container(key="header", horizontal=True, vertical_alignment="center")
    with header:
        show_template("brand.html")
    return header


def show_header(header: DeltaGenerator | None = None) -> None:
    """Draw the pages and the language switch in one line with the name of the atlas.

    The pages are links of our own because Streamlit's navigation leads to addresses without the filters, which going
    back would then take for "no filters". So a page draws this in the part of it that runs with every filter change.
    """
    if st.context.is_embedded:
        return
    language = current_language()
    with header or begin_header():
        with st.container(key="navigation", horizontal=True, gap="xxsmall"):
            for entry in PAGES:
                show_link(entry, language.gettext(entry.title), icon=entry.icon)
        show_language_switch()


def name_tab(*parts: str) -> None:
    """Name the browser's tab: what is looked at, then the atlas."""
    st.set_page_config(page_title=" · ".join([*parts, current_language().gettext("Atlas der Klimapartnerschaften")]))


def show_ignored(ignored: Sequence[Ignored]) -> None:
    """Say quietly which parts of a link mean nothing here."""
    if not ignored:
        return
    language = current_language()
    parts = language.join([f"{part.name}={part.value}"[:60] for part in ignored[:5]])
    message = language.ngettext(
        "Ein Teil des Links ist hier nicht bekannt und wurde übergangen: {parts}",
        "Einige Teile des Links sind hier nicht bekannt und wurden übergangen: {parts}",
        len(ignored),
    )
    with st.container(key="notice"):
        show_template("notice.html", message=message.format(parts=parts))


def show_dropped() -> None:
    """Say that what was clicked last was not done, because the page was left in the same moment."""
    message = current_language().gettext(
        "Sie haben die Seite mit den Tabellen verlassen, bevor Ihr letzter Klick dort ausgeführt war. Er gilt nicht: "
        "Veröffentlicht wurde nichts, und Ihr Entwurf ist noch da."
    )
    with st.container(key="dropped"):
        st.warning(message, icon=":material/info:")


def show_footer() -> None:
    """Draw sources and the date of the data; on another website also the way to the atlas."""
    dataset = load_dataset()
    whole = to_link(to_parameters(current_view())) if st.context.is_embedded else ""
    with st.container(key="footer"):
        values = {"saved": dataset.saved.date().isoformat(), "attribution": ATTRIBUTION, "whole": whole}
        footer = render_template("footer.html", language=current_language(), **values)
        st.html(footer, unsafe_allow_javascript=bool(whole))
        with st.container(key="legal", horizontal=True, gap="small"):
            for entry in FOOTER_PAGES:
                # Drawn once, the link would not know the filters of later clicks; going back brings them.
                show_link(entry, current_language().gettext(entry.title), selection=Selection(), by=None)
