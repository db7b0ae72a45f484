"""A picture is safe before it is stored, and says what it shows to those who do not see it."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation
from PIL import Image, ImageFile
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from home.models import RioneImage
from home.pictures import LONGEST_SIDE, safe_picture
from tests.factories.home import picture, picture_bytes

pytestmark = pytest.mark.django_db

GPS = 0x8825


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    exif[GPS] = {1: "N", 2: (43.0, 6.0, 12.0), 3: "E", 4: (12.0, 24.0, 30.0)}
    return picture_bytes("JPEG", exif=exif.tobytes())


def bomb(side: int = 11_000) -> bytes:
    """A PNG of 121 million white pixels in some kilobytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * (side // 8)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def decoded(*_arguments: object) -> None:
    pytest.fail("the picture was decoded")


def form(name: str, content: bytes, **data: str):
    values = {
        "title": "Square",
        "description": "La piazza",
        "collection": str(Collection.objects.get(depth=1).pk),
        **data,
    }
    return get_image_form(get_image_model())(values, {"file": SimpleUploadedFile(name, content)})


class TestWhatComesIn:
    def test_a_small_file_with_too_many_pixels_is_refused_without_being_decoded(self, monkeypatch):
        content = bomb()
        assert len(content) < 40_000
        monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
        with pytest.raises(ValidationError) as refused:
            safe_picture(io.BytesIO(content))
        assert refused.value.code == "file_too_many_pixels"

    def test_the_form_refuses_it_too(self, monkeypatch):
        monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
        errors = form("bomb.png", bomb()).errors.as_data()["file"]
        assert [error.code for error in errors] == ["file_too_many_pixels"]

    def test_such_a_file_would_open(self):
        assert Image.open(io.BytesIO(bomb(800))).convert("L").getextrema() == (255, 255)

    def test_many_frames_count_as_many_pixels(self, settings):
        settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64 * 48 * 5
        frames = [Image.new("RGB", (64, 48), (n * 20, 0, 0)) for n in range(9)]
        out = io.BytesIO()
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
        with pytest.raises(ValidationError):
            safe_picture(out)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
            ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
            ("page.jpg", b"<!doctype html><script>alert(1)</script>"),
            ("photo.png", picture_bytes("JPEG")),
            ("photo.jpg", picture_bytes("PNG")),
            ("photo.tiff", picture_bytes("TIFF")),
            ("cut.jpg", picture_bytes("JPEG", size=(900, 900))[:400]),
        ],
    )
    def test_what_is_not_the_picture_its_name_says_is_refused(self, name, content):
        assert "file" in form(name, content).errors

    def test_a_page_hidden_behind_the_picture_does_not_survive(self):
        content = picture_bytes("PNG") + b"<script>alert(1)</script>"
        assert b"<script" not in safe_picture(io.BytesIO(content))


class TestWhatIsKept:
    def test_place_and_device_are_dropped_from_the_original_and_from_every_size(self):
        stored = picture(file=SimpleUploadedFile("photo.jpg", photo_with_place()))
        sized = stored.get_rendition("width-32")
        for kept in (stored.file, sized.file):
            with kept.open("rb") as content:
                data = content.read()
            assert dict(Image.open(io.BytesIO(data)).getexif()) == {}
            assert b"telephone" not in data

    def test_they_are_dropped_when_an_editor_uploads(self):
        filled = form("photo.jpg", photo_with_place())
        assert filled.is_valid(), filled.errors
        assert b"telephone" not in filled.save().file.read()

    def test_an_upload_set_aside_for_lack_of_a_text_is_already_clean(self):
        upload = SimpleUploadedFile("photo.jpg", photo_with_place())
        incomplete = form("photo.jpg", b"", description="")
        incomplete.files["file"] = upload
        assert "description" in incomplete.errors
        upload.seek(0)
        assert b"telephone" not in upload.read()

    def test_texts_in_a_png_are_dropped(self):
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_text("Author", "Somebody")
        assert b"Somebody" not in safe_picture(io.BytesIO(picture_bytes("PNG", pnginfo=info)))

    def test_a_photo_taken_sideways_stands_upright(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        content = picture_bytes("JPEG", size=(80, 40), exif=exif.tobytes())
        assert Image.open(io.BytesIO(safe_picture(io.BytesIO(content)))).size == (40, 80)

    def test_a_huge_photo_is_made_smaller(self):
        content = picture_bytes("JPEG", size=(LONGEST_SIDE * 2, 800))
        assert max(Image.open(io.BytesIO(safe_picture(io.BytesIO(content)))).size) <= LONGEST_SIDE

    def test_moving_pictures_keep_moving(self):
        frames = [Image.new("RGB", (40, 40), (n * 50, 0, 0)) for n in range(4)]
        out = io.BytesIO()
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80)
        assert Image.open(io.BytesIO(safe_picture(out))).n_frames == 4


class TestAlternativeText:
    def test_a_picture_needs_a_text_or_the_word_decorative(self):
        assert "description" in form("square.jpg", picture_bytes(), description=" ").errors
        assert form("square.jpg", picture_bytes(), description="", is_decorative="on").is_valid()

    def test_it_cannot_have_both(self):
        assert "is_decorative" in form("square.jpg", picture_bytes(), is_decorative="on").errors

    @pytest.mark.parametrize(("description", "is_decorative"), [("", False), ("La piazza", True)])
    def test_the_database_holds_the_rule(self, description, is_decorative):
        stored = picture()
        with pytest.raises(IntegrityError), transaction.atomic():
            RioneImage.objects.filter(pk=stored.pk).update(
                description=description, is_decorative=is_decorative
            )

    @pytest.mark.parametrize(
        ("language", "english", "expected"),
        [
            ("it", "The square", "La piazza"),
            ("en", "The square", "The square"),
            ("en", "", "La piazza"),
        ],
    )
    def test_it_is_read_in_the_reader_s_language(self, language, english, expected):
        stored = picture(description="La piazza", description_en=english)
        with translation.override(language):
            assert stored.get_rendition("width-32").alt == expected

    def test_a_decorative_picture_is_skipped(self):
        assert picture(is_decorative=True).get_rendition("width-32").alt == ""
