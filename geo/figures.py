"""Figures for reports and slides: what a view shows, as a page and as a file."""

from collections.abc import Callable

from geo.bundle_figure import draw_bundles
from geo.dataset import Dataset
from geo.figure_files import About, write_page, write_pdf
from geo.figure_frame import draw_frame, to_credits
from geo.figure_maps import EQUAL_EARTH
from geo.figure_orders import FigureOrder, Shown
from geo.language import Language
from geo.layers import ShownBundles, ShownLinks, ShownMeetings, ShownSites
from geo.meeting_figure import draw_meeting, draw_meetings, split_held, to_meeting_view
from geo.network_figure import draw_network
from geo.paper import Page, Region, to_plain
from geo.site_figure import MOST_TOWN_MAPS, draw_sites, find_sites
from geo.source_pages import draw_sources
from geo.timeline_figure import draw_timeline


def make_figure(order: FigureOrder, dataset: Dataset, *, language: Language) -> bytes:
    """Draw a figure and write it as a file. The same order, data and language give the same file.

    A PDF has further pages where the sources are too many to be named in full below the figure.
    """
    page = draw_page(order, dataset, language=language)
    about = to_about(order.title, order.sentence, dataset, language=language)
    if order.file_format != "pdf":
        return write_page(page, file_format=order.file_format, about=about)
    sources = draw_sources(
        find_sources(order.shown, dataset, is_timeline=order.is_timeline),
        title=order.title,
        credits_=to_credits([], dataset, language=language),
        sheet=order.sheet,
        language=language,
    )
    return write_pdf([page, *sources], about)


def to_about(title: str, sentence: str, dataset: Dataset, *, language: Language) -> About:
    """Return what a file says of itself."""
    author = language.gettext("Atlas der Klimapartnerschaften")
    return About(to_plain(title), to_plain(sentence), author, language.tag, dataset.saved)


def draw_page(order: FigureOrder, dataset: Dataset, *, language: Language) -> Page:
    """Draw a figure on a page of its own, with title, sentence and credits."""
    page = Page(order.sheet)
    shown = order.shown
    credits_ = to_credits(
        find_sources(shown, dataset, is_timeline=order.is_timeline),
        dataset,
        language=language,
        projection=None if order.is_timeline else describe_projection(shown, dataset, language=language),
    )
    region = draw_frame(page, title=order.title, sentence=order.sentence, credits_=credits_)
    draw_view(page, region, order, dataset, language=language)
    return page


def draw_view(page: Page, region: Region, order: FigureOrder, dataset: Dataset, *, language: Language) -> None:
    """Draw what a view shows into a region of a page, without title and credits."""
    shown = order.shown
    draw: Callable[..., None] = draw_network
    if isinstance(shown, ShownBundles):
        draw = draw_bundles
    elif isinstance(shown, ShownMeetings):
        draw = draw_meeting if shown.meeting else draw_timeline if order.is_timeline else draw_meetings
    elif isinstance(shown, ShownSites):
        draw = draw_sites
    draw(page, region, shown, dataset, language=language)


def find_sources(shown: Shown, dataset: Dataset, *, is_timeline: bool = False) -> list[str]:
    """Return the addresses of the sources of all rows in a figure of a view, repeated as often as they are used.

    Of bundles of very many rows they are those of the whole table. A timeline also shows the phases.
    """
    if isinstance(shown, ShownLinks):
        return list(dataset.links["source_url"].iloc[shown.links])
    if isinstance(shown, ShownBundles):
        return list(dataset.links["source_url"].iloc[shown.links] if shown.links else dataset.links["source_url"])
    if isinstance(shown, ShownSites):
        return list(find_sites(shown, dataset)["source_url"])
    if shown.meeting is None:
        of_phases = list(dataset.phases["source_url"]) if is_timeline else []
        return [*of_phases, *dataset.meetings["source_url"].iloc[shown.meetings]]
    of_sites = dataset.sites.loc[dataset.sites["meeting"] == shown.meeting, "source_url"]
    return [dataset.meetings.at[shown.meeting, "source_url"], *of_sites]


def describe_projection(shown: Shown, dataset: Dataset, *, language: Language) -> str:
    """Say in a few words how the map of a view is projected."""
    world = language.gettext("Kartenentwurf: Equal Earth, flächentreu (EPSG:8857)")
    near = language.gettext("Kartenentwurf: Lamberts flächentreue Azimutalprojektion um die Kartenmitte")
    if isinstance(shown, ShownSites):
        return near if find_sites(shown, dataset)["meeting"].nunique() <= MOST_TOWN_MAPS else world
    if isinstance(shown, ShownMeetings) and shown.meeting:
        delegations = dataset.delegations[dataset.delegations["meeting"] == shown.meeting]
        view = to_meeting_view(dataset.meetings.loc[shown.meeting], delegations)
        return world if view.crs == EQUAL_EARTH else near
    if isinstance(shown, ShownMeetings):
        elsewhere, german = split_held(dataset.meetings.iloc[shown.meetings])
        return "; ".join([*([world] if german.empty or len(elsewhere) else []), *([] if german.empty else [near])])
    return world
