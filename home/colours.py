"""The city's colour: whether it can be read, and its darker and lighter shades."""

import colorsys
import re

SMALLEST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0-255) of "#rrggbb"; ValueError for anything else."""
    if not _HEX.fullmatch(colour):
        raise ValueError("A colour is written as # and six digits, for example #0066cc.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio (1 to 21) of the colour against white, as WCAG 2.2 defines it."""
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)


def shade(colour: str, lightness: float) -> str:
    """Return the colour with its lightness multiplied (below 1 is darker)."""
    red, green, blue = (channel / 255 for channel in channels(colour))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    mixed = colorsys.hls_to_rgb(hue, min(1.0, light * lightness), saturation)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in mixed)


def tint(colour: str, share: float) -> str:
    """Return the colour mixed into white; `share` is how much of the colour is left (0 to 1)."""
    return "#" + "".join(
        f"{round(255 - (255 - channel) * share):02x}" for channel in channels(colour)
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4
