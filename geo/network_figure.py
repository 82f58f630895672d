"""The network of partnerships as a world map on paper."""

from collections import Counter

import numpy as np
import pandas as pd

from geo.arcs import to_arcs
from geo.dataset import Dataset
from geo.figure_labels import place_labels, write_labels
from geo.figure_legend import LINE_POINTS, SQUARE, Entry, Sample, draw_legend
from geo.figure_maps import COLOURS, PageMap, Shape, to_coordinates, to_world_view
from geo.geodata import NORTH, SOUTH
from geo.language import Language
from geo.layers import ShownLinks
from geo.paper import INK, Page, Region
from geo.related import find_partnerships_of
from geo.style import to_phase_colours

ARC_POINTS, CHOSEN_POINTS = 1.0, 2.4
MARK_POINTS = 2.1  # radius of a mark for one partnership
FADED, OLDER = 0.16, 0.55
LABEL_POINTS = 7.0


def draw_network(page: Page, region: Region, shown: ShownLinks, dataset: Dataset, *, language: Language) -> None:
    """Draw the links of a view in Equal Earth with their municipalities, a legend of phases, and names where they fit.

    What is selected stands out as on the screen; without a selection, what began in the year that the view ends with.
    """
    links = dataset.links.iloc[shown.links]
    chosen = find_chosen(links, shown)
    new = links.index[(links["since"] == shown.until).fillna(False)] if shown.until and not len(chosen) else chosen[:0]
    colours = to_phase_colours(dataset.phases.index.tolist(), theme="light")
    region = draw_legend(page, region, _to_entries(links, new, shown, colours, language=language))
    atlas_map = PageMap(page, region, to_world_view())
    strong = chosen if len(chosen) else new
    faded = links.drop(strong)
    opacity = FADED if len(chosen) else OLDER if len(new) else 1.0
    for group, width, alpha in ((faded, ARC_POINTS, opacity), (links.loc[strong], CHOSEN_POINTS, 1.0)):
        if len(group):
            wears = [colours[phase] for phase in group["phase"]]
            atlas_map.draw_arcs(list(to_arcs(group)), colours=wears, width=width, opacity=alpha)
    _draw_municipalities(atlas_map, links, chosen, dataset, colours)


def find_chosen(links: pd.DataFrame, shown: ShownLinks) -> pd.Index:
    """Return the ids of the links shown that are selected, or that begin or end in the selected municipality."""
    at_municipality = find_partnerships_of(links, shown.municipality)
    return links.index[links.index.isin([shown.partnership, *at_municipality])]


def _to_entries(
    links: pd.DataFrame, new: pd.Index, shown: ShownLinks, colours: dict[int, str], *, language: Language
) -> list[Entry]:
    _ = language.gettext
    counts = Counter(links["phase"])
    entries: list[Entry] = [
        (
            Sample(colour, line=LINE_POINTS),
            language.label(_("Phase {phase}").format(phase=phase), language.number(counts[phase])),
        )
        for phase, colour in colours.items()
        if counts[phase]
    ]
    if len(new):
        text = _("{count} neu im Jahr {year}").format(count=language.number(len(new)), year=shown.until)
        entries.append((Sample(line=1.6 * LINE_POINTS), text))
    if entries:
        entries += [
            (Sample(COLOURS.north, corners=SQUARE), _("Deutsche Kommune")),
            (Sample(COLOURS.text), _("Partnerkommune im Globalen Süden")),
        ]
    return entries


def _draw_municipalities(
    atlas_map: PageMap, links: pd.DataFrame, chosen: pd.Index, dataset: Dataset, colours: dict[int, str]
) -> None:
    ends = pd.concat(
        [links[[role, "phase"]].rename(columns={role: "municipality"}).assign(role=role) for role in (NORTH, SOUTH)]
    )
    of_each = ends.groupby("municipality", sort=False).agg(
        role=("role", "first"), phases=("phase", lambda phases: tuple(sorted(set(phases)))), count=("phase", "size")
    )
    if not len(of_each):
        return
    selected = set(links.loc[chosen, [NORTH, SOUTH]].to_numpy().ravel())
    points = dataset.municipalities.loc[of_each.index]
    # Large ones first, so that a small one is not hidden; what is selected comes last.
    order = np.lexsort([-of_each["count"].to_numpy(), points.index.isin(selected)])
    of_each, points = of_each.iloc[order], points.iloc[order]
    shapes = [
        Shape(
            # German partners stand close together; drawn smaller, they do not blot.
            MARK_POINTS * (0.72 if role == NORTH else 1.0) * float(np.sqrt(count)),
            COLOURS.north if role == NORTH else colours[phases[0]] if len(phases) == 1 else COLOURS.text,
            corners=SQUARE if role == NORTH else None,
            edge_width=0.35 if role == NORTH else 0.5,
            opacity=FADED if len(chosen) and municipality not in selected else 1.0,
        )
        for municipality, role, phases, count in zip(
            of_each.index, of_each["role"], of_each["phases"], of_each["count"], strict=True
        )
    ]
    names = [
        name if (municipality in selected if len(chosen) else role == SOUTH) else ""
        for municipality, name, role in zip(of_each.index, points["name"], of_each["role"], strict=True)
    ]
    marks = atlas_map.draw_marks(to_coordinates(points.geometry), shapes, names=names)
    page = atlas_map.page
    size = page.to_size(LABEL_POINTS if not len(chosen) else 10.0)
    first = sorted(range(len(marks)), key=lambda number: -int(of_each["count"].iloc[number]))
    labels = place_labels([marks[number] for number in first], region=atlas_map.region, size=size)
    write_labels(page, labels, size=size, colour=INK)
