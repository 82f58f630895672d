"""The sources of a figure in full, on pages of their own where they are too many to stand below it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from geo.figure_frame import MOST_ADDRESSES, draw_frame
from geo.figure_orders import SheetName
from geo.language import Language
from geo.paper import Page, to_height, to_lines

ADDRESS_SIZE = 8.0  # points


def draw_sources(
    urls: Iterable[str], *, title: str, credits_: Sequence[str], sheet: SheetName, language: Language
) -> list[Page]:
    """List the addresses of sources, the most used first; no page where they all stand below the figure.

    `title` is the figure's, `credits_` what stands at the bottom of each page.
    """
    counts = Counter(urls)
    pages: list[Page] = []
    left = [url for url, _ in counts.most_common()] if len(counts) > MOST_ADDRESSES else []
    while left:
        page = Page(sheet)
        size = page.to_size(ADDRESS_SIZE)
        region = draw_frame(page, title=language.gettext("Belege"), sentence=title, credits_=credits_)
        lines: list[str] = []
        while left:
            address = to_lines(left[0], width=region.width, size=size)
            if lines and to_height(len(lines) + len(address), size) > region.height:
                break
            lines += address
            left.pop(0)
        page.write_lines(lines, left=region.left, top=region.top, size=size)
        pages.append(page)
    return pages
