"""Bundled links as a world map on paper."""

import numpy as np

from geo.bundles import to_bundles
from geo.dataset import Dataset
from geo.figure_labels import place_labels, write_labels
from geo.figure_legend import Sample, draw_legend
from geo.figure_maps import COLOURS, PageMap, Shape, to_coordinates, to_world_view
from geo.indexes import build_indexes
from geo.language import Language
from geo.layers import ShownBundles
from geo.paper import INK, Page, Region

WIDEST_POINTS, THINNEST_POINTS = 9.0, 0.8
MARK_POINTS = 6.5  # radius of a mark that holds a number of two digits
LABEL_POINTS, COUNT_POINTS = 7.0, 7.0
ARC_OPACITY = 0.4


def draw_bundles(page: Page, region: Region, shown: ShownBundles, dataset: Dataset, *, language: Language) -> None:
    """Draw the bundles of a view in Equal Earth, as wide as they have links, with their numbers and names."""
    index = build_indexes(dataset).links
    ends = to_bundles(dataset, index, language=language, state=shown.state, country=shown.country)
    counts = np.array(shown.counts, dtype=int)
    # Small ones first: where marks overlap, the largest is on top.
    order = np.argsort(counts, kind="stable")[np.count_nonzero(counts == 0) :]
    ends, counts = ends.iloc[order], counts[order]
    _ = language.gettext
    text = _("Partnerschaften nach Land") if shown.kind == "country" else _("Partnerschaften nach Bundesland")
    region = draw_legend(page, region, [(Sample(INK, line=WIDEST_POINTS / 2), text)])
    atlas_map = PageMap(page, region, to_world_view())
    if not len(ends):
        return
    widths = np.maximum(THINNEST_POINTS, WIDEST_POINTS * np.sqrt(counts / counts.max()))
    atlas_map.draw_arcs(list(ends.geometry), colours=[INK] * len(ends), width=widths.tolist(), opacity=ARC_OPACITY)
    digits = np.array([len(language.number(count)) for count in counts.tolist()])
    shapes = [
        Shape(radius, COLOURS.surface, edge=INK, edge_width=0.8)
        for radius in (MARK_POINTS * (0.7 + 0.15 * digits)).tolist()
    ]
    marks = atlas_map.draw_marks(to_coordinates(ends["point"]), shapes, names=ends["name"].tolist())
    size = page.to_size(COUNT_POINTS)
    for mark, count in zip(marks, counts.tolist(), strict=True):
        page.write(language.number(count), x=mark.x, y=mark.y - size / 216, size=size, colour=INK, align="center")
    size = page.to_size(LABEL_POINTS)
    write_labels(page, place_labels(list(reversed(marks)), region=atlas_map.region, size=size), size=size, colour=INK)
