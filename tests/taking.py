"""Views of a data set as files, as the pages build them."""

import numpy as np

from geo.filters import Selection, to_mask
from geo.indexes import build_indexes
from geo.layers import ShownLinks, ShownMeetings, ShownSites
from geo.sentences import describe_links, describe_meetings, describe_sites
from ui.takeaway import build_takeaway

DESCRIBE = {"network": describe_links, "meetings": describe_meetings, "sites": describe_sites}


def to_index(indexes, layer):
    return {"network": indexes.links, "meetings": indexes.meetings, "sites": indexes.sites}[layer]


def describe(layer, selection, dataset, *, language):
    """Return the positions of what a selection keeps, and the sentence of the page."""
    index = to_index(build_indexes(dataset), layer)
    mask = to_mask(index, selection)
    return np.flatnonzero(mask).tolist(), DESCRIBE[layer](mask, index, dataset, selection, language=language)


def take(layer, dataset, *, language, selection=None, title="Titel", **details):
    """Build the file of a layer with some filters set and something selected."""
    selection = selection or Selection()
    indexes = build_indexes(dataset)
    rows, sentence = describe(layer, selection, dataset, language=language)
    if layer == "network":
        shown = ShownLinks(rows, until=selection.until, years=indexes.links.years, **details)
    else:
        shown = {"meetings": ShownMeetings, "sites": ShownSites}[layer](rows, **details)
    return build_takeaway(
        shown, dataset, indexes, title=title, sentence=sentence, selection=selection, language=language
    )
