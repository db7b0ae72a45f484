"""The picture that other sites show beside a link to a result: the result in one look."""

from functools import cache
from importlib.resources import as_file, files
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from home.colours import channels, shade
from home.face import Face
from home.money import format_number

from .result_pages import ContestResult

SIZE = (1200, 630)
"""What the large networks ask for, in pixels."""

MARGIN = 70
BAR_HEIGHT = 56
INK, SOFT, FREE = (26, 26, 26), (69, 90, 112), (221, 228, 234)
WHITE = (255, 255, 255)
BOLD, REGULAR = 700, "regular"

LONGEST_NAME = 2
"""Lines that the name of a round may take."""


@cache
def _font(weight: int | str, size: int) -> ImageFont.FreeTypeFont:
    folder = files("bootstrap_italia_template") / "static" / "fonts" / "Titillium_Web"
    with as_file(folder / f"titillium-web-v10-latin-ext_latin-{weight}.woff") as path:
        return ImageFont.truetype(BytesIO(path.read_bytes()), size)


def result_picture(result: ContestResult, face: Face) -> bytes:
    """Draw the result as a PNG, in the active language and the city's colour."""
    picture = Image.new("RGB", SIZE, WHITE)
    draw = ImageDraw.Draw(picture)
    width = SIZE[0] - 2 * MARGIN
    colour = channels(face.primary_colour)
    draw.rectangle((0, 0, SIZE[0], 110), fill=colour)
    draw.text((MARGIN, 55), face.city_name, WHITE, _font(BOLD, 44), anchor="lm")
    y = 160
    for line in _lines(draw, result.name, _font(REGULAR, 40), width)[:LONGEST_NAME]:
        draw.text((MARGIN, y), line, SOFT, _font(REGULAR, 40))
        y += 52
    count = result.count
    headline = _("%(funded)s of %(projects)s projects funded") % {
        "funded": format_number(count.funded),
        "projects": format_number(count.projects),
    }
    y += 12
    for line in _lines(draw, headline, _font(BOLD, 72), width):
        draw.text((MARGIN, y), line, INK, _font(BOLD, 72))
        y += 84
    top = SIZE[1] - 185
    right = MARGIN + round(width * result.budget_share / 100)
    draw.rectangle((MARGIN, top, SIZE[0] - MARGIN, top + BAR_HEIGHT), fill=FREE)
    draw.rectangle((MARGIN, top, right, top + BAR_HEIGHT), fill=colour)
    below = top + BAR_HEIGHT + 22
    draw.text((MARGIN, below), result.budget_in_words, INK, _font(BOLD, 36))
    ballots = result.ballots_in_words
    draw.text((SIZE[0] - MARGIN, below), ballots, SOFT, _font(REGULAR, 36), anchor="ra")
    draw.rectangle((0, SIZE[1] - 14, *SIZE), fill=channels(shade(face.primary_colour, 0.75)))
    stored = BytesIO()
    picture.save(stored, "PNG", optimize=True)
    return stored.getvalue()


def _lines(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int
) -> list[str]:
    """Break a text into lines that fit."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
