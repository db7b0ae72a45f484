"""Forms for what editors upload."""

from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from .documents import refuse_disguised
from .pictures import make_safe_in_place


class PictureForm(BaseImageForm):
    """A picture; its file is made safe as soon as it is known to be one."""

    def clean_file(self) -> Any:
        # In place: Wagtail keeps the upload itself aside when another field still lacks something.
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            make_safe_in_place(upload)
        return upload


class DocumentForm(BaseDocumentForm):
    """A document; its content must be what its name says."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            extension = PurePath(upload.name or "").suffix.removeprefix(".")
            refuse_disguised(upload, extension=extension)
        return upload
