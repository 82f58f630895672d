"""What figures can be ordered: small values to be sent to the process that draws, known without anything that draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from geo.dataset import Dataset
from geo.errors import mark
from geo.language import Language
from geo.layers import ShownBundles, ShownLinks, ShownMeetings, ShownSites

Shown = ShownLinks | ShownBundles | ShownMeetings | ShownSites
FigureKind = Literal["map", "timeline"]
SheetName = Literal["a4", "wide"]
FileFormat = Literal["png", "svg", "pdf"]
MEDIA_TYPES: Mapping[FileFormat, str] = MappingProxyType(
    {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
)
FILE_STEMS: Mapping[type, str] = MappingProxyType(
    {
        ShownLinks: mark("klimapartnerschaften"),
        ShownBundles: mark("klimapartnerschaften"),
        ShownMeetings: mark("treffen"),
        ShownSites: mark("exkursionsorte"),
    }
)


@dataclass(frozen=True)
class FigureOrder:
    """What figure is wanted: of which view, under which words, on which paper, in which kind of file.

    `kind` is for all meetings of a view, which can be drawn as a map and as a timeline. The data set is not part of it.
    """

    shown: Shown
    title: str
    sentence: str
    sheet: SheetName = "a4"
    file_format: FileFormat = "pdf"
    kind: FigureKind = "map"

    @property
    def is_timeline(self) -> bool:
        """Whether this is a figure along an axis of time."""
        return isinstance(self.shown, ShownMeetings) and self.shown.meeting is None and self.kind == "timeline"


@dataclass(frozen=True)
class HandoutOrder:
    """The hand-out of the talk is wanted."""


def to_figure_name(order: FigureOrder, dataset: Dataset, *, language: Language) -> str:
    """Name the file in the reader's language: what it shows, and the date of the data."""
    stem = language.gettext(FILE_STEMS[type(order.shown)])
    if isinstance(order.shown, ShownMeetings) and order.shown.meeting:
        stem = f"{stem}-{order.shown.meeting}"
    return f"{stem}-{dataset.saved.date().isoformat()}.{order.file_format}"


def to_handout_name(dataset: Dataset, *, language: Language) -> str:
    """Name the hand-out in the reader's language, with the date of the data."""
    return language.gettext("vortrag-{date}.pdf").format(date=dataset.saved.date().isoformat())
