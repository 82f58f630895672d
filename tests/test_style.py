"""Colours: enough contrast, an order that can be seen, and none that colour blindness merges."""

import itertools

import numpy as np
import pytest

from geo.style import THEMES, to_phase_colours

# Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation of color vision deficiency,
# severity 1.0, on linear RGB.
SIGHTS = {
    "typical": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def to_linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(to_linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """WCAG 2.2, contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def to_oklab(linear):
    """Björn Ottosson (2020), A perceptual color space for image processing."""
    cone = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return lab @ np.cbrt(cone @ np.clip(linear, 0, 1))


@pytest.mark.parametrize("theme", THEMES)
def test_arcs_and_markers_stand_out_from_land_and_sea(theme):
    colours = THEMES[theme]
    for colour in [*to_phase_colours(range(1, 10), theme=theme).values(), colours.north]:
        assert contrast(colour, colours.land) >= 3
        assert contrast(colour, colours.sea) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable(theme):
    colours = THEMES[theme]
    for ground in (colours.sea, colours.land, colours.surface):
        assert contrast(colours.text, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_later_phases_are_lighter(theme):
    shades = [luminance(colour) for colour in to_phase_colours(range(1, 10), theme=theme).values()]
    assert shades == sorted(shades)
    assert len(set(shades)) == 9


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_phases_differ_for_every_kind_of_sight(theme, sight):
    seen = [to_oklab(SIGHTS[sight] @ to_linear(c)) for c in to_phase_colours(range(1, 10), theme=theme).values()]
    # The difference that can just be noticed side by side is about 0.02 in Oklab.
    least = 0.06 if sight == "typical" else 0.03
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > least


def test_a_tenth_phase_gets_a_colour_without_a_change_of_code():
    colours = to_phase_colours(range(1, 11), theme="light")
    assert list(colours) == list(range(1, 11))
    assert len(set(colours.values())) == 10
    assert to_phase_colours([4], theme="light") == {4: THEMES["light"].phases[0]}
