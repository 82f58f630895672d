"""The address of a view to hand on: as a link, as a QR code, and as a piece of HTML for another website."""

from html import escape
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from server.assets import base_path
from server.settings import current_settings
from ui.language import current_language
from ui.link import Parameters, to_parameters
from ui.session import current_view
from ui.templating import show_template

_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
# High enough for filters, map and legend beside the card.
EMBEDDED_HEIGHT_PX = 900


def to_link(parameters: Parameters) -> str:
    """Return the address of the current page with these query parameters, as others can open it."""
    page = f"{to_root()}{urlsplit(st.context.url or '').path.removeprefix(base_path()) or '/'}"
    query = urlencode(parameters, doseq=True)
    return f"{page}?{query}" if query else page


def to_root() -> str:
    """Return the address of the atlas for the outside world, without a slash at its end."""
    here = urlsplit(st.context.url or "")
    return current_settings().public_address or f"{here.scheme}://{here.netloc}{base_path()}"


def is_for_others(link: str) -> bool:
    """Say whether a link leads here from another machine as well."""
    return urlsplit(link).hostname not in _OWN_MACHINE


def to_code_image(link: str) -> str:
    """Return a QR code of a link as the address of an SVG image, with the quiet zone that readers need.

    Nothing for a link that is too long for one (2,331 bytes at this level of error correction, ISO/IEC 18004).
    """
    try:
        code = segno.make(link, error="m", micro=False)
    except segno.DataOverflowError:
        return ""
    return code.svg_data_uri(border=4, dark="#000000", light="#ffffff")


def to_embedding(link: str, *, title: str) -> str:
    """Write the piece of HTML that shows a view of the atlas, without its navigation, on another website."""
    address = escape(f"{link}{'&' if '?' in link else '?'}embed=true")
    return (
        f'<iframe src="{address}" title="{escape(title)}" width="100%" height="{EMBEDDED_HEIGHT_PX}" '
        'style="border: 0" loading="lazy" allowfullscreen></iframe>'
    )


def show_share() -> None:
    """Draw the button that opens a dialog with the link of the current view."""
    language = current_language()
    if st.button(language.gettext("Teilen"), key="share", icon=":material/share:"):
        st.dialog(language.gettext("Diese Ansicht teilen"))(_show_dialog)()


def _show_dialog() -> None:
    language = current_language()
    _ = language.gettext
    link = to_link(to_parameters(current_view()))
    st.text(_("Link"))
    st.code(link, language=None, wrap_lines=True)
    if not is_for_others(link):
        st.caption(_("Der Atlas läuft auf diesem Rechner; auf anderen führt der Link nicht hierher."))
    if image := to_code_image(link):
        show_template("code.html", image=image, link=link)
    if not current_settings().embedded_by:
        return  # browsers would show an empty frame
    st.text(_("Zum Einbetten in eine Website"))
    st.code(to_embedding(link, title=_("Atlas der Klimapartnerschaften")), language="html", wrap_lines=True)
