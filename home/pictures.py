"""Making an uploaded picture safe: its size is read before it is opened, its metadata is dropped.

A photo from a phone says where it was taken, and a picture of a few kilobytes can open into
gigabytes. Whatever way a picture comes in, what is stored has been drawn anew here.
"""

import io
import warnings
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, ImageSequence

# Larger than any screen shows; a larger original only fills the disk.
LONGEST_SIDE = 3200
FORMATS = ("GIF", "JPEG", "PNG", "WEBP")
_SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "GIF": {},
    "JPEG": {"quality": 90, "progressive": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 90},
}
# The only facts about a picture that are part of how it looks.
_KEPT_INFO = ("transparency", "icc_profile", "duration", "loop", "background")


def safe_picture(content: IO[bytes]) -> bytes:
    """Return the picture drawn anew in its own format: upright, without metadata, not too large.

    Raises ValidationError when it is not a GIF, JPEG, PNG or WebP picture, or has more pixels
    (all frames together) than WAGTAILIMAGES_MAX_IMAGE_PIXELS; the latter without decoding it.
    """
    content.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(content, formats=FORMATS)
            frames = getattr(picture, "n_frames", 1)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _unreadable() from error
    if picture.width * picture.height * frames > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise _too_many_pixels()
    try:
        return _redrawn(picture, animated=frames > 1)
    except (OSError, SyntaxError, ValueError) as error:
        raise _unreadable() from error


def make_safe_in_place(upload: File) -> None:
    """Replace the content of an uploaded file, so that no later use of it sees the original."""
    if getattr(upload, "is_safe_picture", False):
        return
    safe = safe_picture(upload)
    target = upload.file
    if target is None:
        return
    target.seek(0)
    target.truncate()
    target.write(safe)
    target.flush()
    target.seek(0)
    upload.size = len(safe)
    upload.is_safe_picture = True  # type: ignore[attr-defined]


def safe_copy(content: File) -> File:
    """Return the file itself when it is already safe, else a safe copy in memory."""
    if getattr(content, "is_safe_picture", False):
        return content
    return ContentFile(safe_picture(content), name=content.name)


def _redrawn(picture: Image.Image, *, animated: bool) -> bytes:
    format_name = str(picture.format)
    out = io.BytesIO()
    if animated:
        picture_frames = [_bare(frame.copy()) for frame in ImageSequence.Iterator(picture)]
        picture_frames[0].save(out, format_name, save_all=True, append_images=picture_frames[1:])
        return out.getvalue()
    if format_name == "JPEG":
        # Lets the decoder skip detail that would be thrown away, and its memory.
        picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    _bare(upright).save(out, format_name, **_SAVE_OPTIONS[format_name])
    return out.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    picture.load()
    picture.info = {key: picture.info[key] for key in _KEPT_INFO if key in picture.info}
    return picture


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _(
            "This picture has more than %(limit)s million pixels. Make it smaller (4,000 pixels "
            "on the longest side are plenty) and upload it again."
        ),
        code="file_too_many_pixels",
        params={"limit": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000},
    )


def _unreadable() -> ValidationError:
    return ValidationError(
        _("This file cannot be read as a picture. Upload a JPEG, PNG, WebP or GIF file."),
        code="invalid_image",
    )
