"""Forms for what editors upload."""

from django.core.files.uploadedfile import UploadedFile
from wagtail.images.forms import BaseImageForm

from .pictures import make_safe_in_place


class PictureForm(BaseImageForm):
    """A picture; its file is made safe as soon as it is known to be one."""

    def clean_file(self) -> UploadedFile | None:
        # In place: Wagtail keeps the upload itself aside when another field still lacks something.
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            make_safe_in_place(upload)
        return upload
