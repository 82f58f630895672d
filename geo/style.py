"""Colours, for the light and the dark theme, and shapes of everything drawn, as data in one place."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from branca.colormap import LinearColormap

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True)
class Theme:
    """The colours of one theme as #rrggbb. `phases` is a ramp from the first phase to the last."""

    sea: str
    land: str
    border: str
    text: str
    surface: str
    north: str
    halo: str
    phases: tuple[str, ...]


# The ramps run through lightness in one direction, so the order of phases can be seen without colour, and through the
# hues from violet to red or yellow so that neighbours are told apart, also by the colour-blind. Every step keeps a
# contrast of at least 3:1 against land and sea (WCAG 1.4.11). tests/test_style.py holds all of it.
THEMES: MappingProxyType[ThemeName, Theme] = MappingProxyType(
    {
        "light": Theme(
            sea="#f4f8fa",
            land="#e1e7e3",
            border="#ffffff",
            text="#17211d",
            surface="#ffffff",
            north="#17211d",
            halo="#ffffff",
            phases=("#10204e", "#4b047a", "#3b4d97", "#0f647b", "#0c776b", "#55773a", "#846c08", "#a95c3c", "#d93624"),
        ),
        "dark": Theme(
            sea="#14191c",
            land="#2a3236",
            border="#14191c",
            text="#e8eeea",
            surface="#1f2629",
            north="#f2f6f3",
            halo="#14191c",
            phases=("#7262ff", "#977de2", "#88a8f5", "#1cc1d3", "#32dcb4", "#90d762", "#d3e825", "#ffd894", "#f3ff91"),
        ),
    }
)


def to_phase_colours(phases: Iterable[int], *, theme: ThemeName) -> dict[int, str]:
    """Spread the theme's ramp evenly over the phases in ascending order; colours as #rrggbb."""
    ordered = sorted(set(phases))
    ramp = LinearColormap(THEMES[theme].phases, vmin=0, vmax=max(len(ordered) - 1, 1))
    return {phase: ramp.rgb_hex_str(position) for position, phase in enumerate(ordered)}


Corners = tuple[tuple[float, float], ...]


def _make_polygon(corners: int, *, radius: float = 1.0, turn: float = 0.0, inner: float | None = None) -> Corners:
    """Return the corners of a regular polygon in a circle, y downwards, the first one on top plus `turn`.

    With `inner`, a star whose notches lie on a circle of that radius. Angles in parts of a full turn.
    """
    count = corners if inner is None else 2 * corners
    radii = [radius if inner is None or number % 2 == 0 else inner for number in range(count)]
    angles = [2 * math.pi * (number / count + turn) for number in range(count)]
    return tuple(
        (round(radius * math.sin(angle), 3), round(-radius * math.cos(angle), 3))
        for radius, angle in zip(radii, angles, strict=True)
    )


# The shape of each kind of meeting, and of an excursion site: corners around 0, 0, y downwards, about 2 across.
# Every kind has its own, so that nothing is told by colour alone; sizes are such that all look equally
# large. Meetings of the southern partners are round and those of the German ones square, like their municipalities.
SYMBOLS: MappingProxyType[str, Corners] = MappingProxyType(
    {
        "kickoff_workshop": _make_polygon(3, radius=1.25, turn=0.25),
        "results_workshop": _make_polygon(4, radius=1.15),
        "southern_network_meeting": _make_polygon(32),
        "national_network_meeting": tuple((x * 0.9, y * 0.9) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))),
        "anniversary": _make_polygon(5, radius=1.25, inner=0.55),
        "other": tuple(
            (x, y)
            for x, y in (
                (-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35),
                (0.35, 1), (-0.35, 1), (-0.35, 0.35), (-1, 0.35), (-1, -0.35), (-0.35, -0.35),
            )
        ),
        "site": _make_polygon(6),
    }
)  # fmt: skip
