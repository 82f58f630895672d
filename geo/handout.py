"""The hand-out of the talk: a PDF with one scene a page, and their sources."""

from geo.dataset import Dataset
from geo.figure_files import write_pdf
from geo.figure_frame import draw_frame, to_credits
from geo.figure_orders import FigureOrder, SheetName
from geo.figures import describe_projection, draw_view, find_sources, to_about
from geo.language import Language
from geo.paper import Page
from geo.source_pages import draw_sources
from geo.talk import Scene, to_scenes

SHEET: SheetName = "a4"


def make_handout(dataset: Dataset, *, language: Language) -> bytes:
    """Draw all scenes and write them as one PDF. The same data and language give the same file."""
    scenes = to_scenes(dataset, language=language)
    pages = [
        _draw_scene(scene, dataset, place=f"{number} / {len(scenes)}", language=language)
        for number, scene in enumerate(scenes, start=1)
    ]
    pages += draw_sources(
        [url for scene in scenes for url in find_sources(scene.shown, dataset)],
        title=language.gettext("Vortrag"),
        credits_=to_credits([], dataset, language=language),
        sheet=SHEET,
        language=language,
    )
    about = to_about(
        language.gettext("Vortrag"),
        " · ".join(scene.title for scene in scenes),
        dataset,
        language=language,
    )
    return write_pdf(pages, about)


def _draw_scene(scene: Scene, dataset: Dataset, *, place: str, language: Language) -> Page:
    page = Page(SHEET)
    projection = describe_projection(scene.shown, dataset, language=language)
    credits_ = to_credits(find_sources(scene.shown, dataset), dataset, language=language, projection=projection)
    region = draw_frame(
        page,
        title=scene.title,
        sentence=scene.text,
        facts=scene.facts,
        credits_=[*credits_[:-1], f"{credits_[-1]} · {place}"],
    )
    draw_view(
        page,
        region,
        FigureOrder(scene.shown, scene.title, scene.text, sheet=SHEET),
        dataset,
        language=language,
    )
    return page
