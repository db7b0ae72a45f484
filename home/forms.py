"""Forms for what editors upload."""

from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from .documents import refuse_disguised
from .pictures import make_safe_in_place


class PictureField(WagtailImageField):
    """A picture's upload, made safe before Wagtail looks at it, since Wagtail decodes it whole.

    In place: Wagtail keeps the upload itself aside when another field still lacks something.
    """

    def to_python(self, data: Any) -> Any:
        if isinstance(data, UploadedFile) and (data.size or 0) <= self.max_upload_size:
            make_safe_in_place(data)
        return super().to_python(data)


class PictureForm(BaseImageForm):
    """What editors say about a picture."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if given := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=given.label, required=given.required, widget=given.widget
            )


class DocumentForm(BaseDocumentForm):
    """A document; its content must be what its name says."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            extension = PurePath(upload.name or "").suffix.removeprefix(".")
            refuse_disguised(upload, extension=extension)
        return upload
