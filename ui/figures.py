"""The view as a picture for a report or a slide."""

from concurrent.futures import wait
from time import monotonic

import streamlit as st

from geo.errors import mark
from geo.figure_orders import MEDIA_TYPES, FigureOrder, HandoutOrder, Shown, to_figure_name, to_handout_name
from geo.layers import ShownMeetings
from server.workshop import FigureError, current_workshop
from ui.language import current_language
from ui.loading import load_dataset
from ui.templating import to_plain_label

FORMATS: dict[str, str] = {name: name.upper() for name in MEDIA_TYPES}
SHEETS = {"a4": mark("A4 quer"), "wide": mark("Folie 16:9")}
KINDS = {"map": mark("Karte"), "timeline": mark("Zeitachse")}
# A figure takes about so long; the bar slows down towards its end, which it never reaches before the figure is there.
USUAL_SECONDS, USUAL_HANDOUT_SECONDS = 3.0, 25.0
LOOK_SECONDS = 0.2


@st.fragment
def show_figure_download(shown: Shown, *, title: str, sentence: str) -> None:
    """Offer the view as a picture. Nothing is made, and no choice drawn, before a visitor asks.

    The choices stand in a dialog: at the foot of a page, where the offer is, a popover has no room to open.
    """
    language = current_language()
    label = language.gettext("Bild für Bericht oder Folie")
    if st.button(label, icon=":material/image:", key="figure"):
        current_workshop().warm_up(load_dataset())
        st.dialog(label)(_show_dialog)(shown, title, sentence)


def show_handout_download() -> None:
    """Offer the hand-out of the talk, one scene a page."""
    label = current_language().gettext("Handzettel (PDF, eine Szene je Seite)")
    if st.button(label, icon=":material/picture_as_pdf:", key="handout"):
        st.dialog(label)(_show_handout)()


def _show_handout() -> None:
    name = to_handout_name(load_dataset(), language=current_language())
    _show_made(HandoutOrder(), file_name=name, mime=MEDIA_TYPES["pdf"], usual_seconds=USUAL_HANDOUT_SECONDS)


def _show_dialog(shown: Shown, title: str, sentence: str) -> None:
    order = _show_choices(shown, title, sentence)
    make = current_language().gettext("Bild herstellen und herunterladen")
    if st.button(make, key="figure_make", type="primary", icon=":material/download:"):
        name = to_figure_name(order, load_dataset(), language=current_language())
        _show_made(order, file_name=name, mime=MEDIA_TYPES[order.file_format], usual_seconds=USUAL_SECONDS)


def _show_choices(shown: Shown, title: str, sentence: str) -> FigureOrder:
    _ = current_language().gettext

    def choose(label: str, options: dict[str, str], key: str) -> str:
        return str(
            st.segmented_control(
                label, list(options), format_func=lambda code: _(options[code]), default=next(iter(options)),
                required=True, key=key,
            )
        )  # fmt: skip

    chosen = {
        "file_format": choose(_("Dateiformat"), FORMATS, "figure_format"),
        "sheet": choose(_("Größe"), SHEETS, "figure_sheet"),
    }
    if isinstance(shown, ShownMeetings) and shown.meeting is None:
        chosen["kind"] = choose(_("Darstellung"), KINDS, "figure_kind")
    return FigureOrder(shown, title, sentence, **chosen)  # type: ignore[arg-type]


def _show_made(order: FigureOrder | HandoutOrder, *, file_name: str, mime: str, usual_seconds: float) -> None:
    """Have a figure made, show how that goes, and hand it over or say why there is none."""
    dataset, language = load_dataset(), current_language()
    text = language.gettext("Die Datei wird hergestellt …")
    started = monotonic()
    bar = st.empty()
    figure = current_workshop().order(order, dataset, language=language)
    try:
        # Each step of the bar is a moment at which another click of this visitor may end the waiting.
        while not figure.done():
            seconds = monotonic() - started
            bar.progress(seconds / (seconds + usual_seconds), text=text)
            wait([figure], timeout=LOOK_SECONDS)
        content = figure.result()
    except FigureError as error:
        bar.error(to_plain_label(error.describe(language)), icon=":material/error:")
        return
    finally:
        figure.cancel()
    bar.success(language.gettext("Die Datei ist fertig."), icon=":material/check:")
    st.download_button(
        language.gettext("Noch einmal speichern"),
        content,
        file_name=file_name,
        mime=mime,
        key="figure_file",
        on_click="ignore",
    )
    # The visitor has asked for the file with the first click; no second one is needed. The number makes the script new.
    st.html(
        "<script>(function take() { const button = document.querySelector('.st-key-figure_file button');"
        f" button ? button.click() : requestAnimationFrame(take); }})(); // {started}</script>",
        unsafe_allow_javascript=True,
    )
