"""The texts of Wagtail that the project says better are still Wagtail's, and are heard."""

import gettext
from pathlib import Path

import pytest
import wagtail
import wagtail_modeladmin
from django.utils import translation

from home.wagtail_texts import TEXTS

CATALOGUES = [
    Path(package.__file__).parent / folder / "locale"
    for package, folder in ((wagtail, "admin"), (wagtail_modeladmin, ""))
]


@pytest.mark.parametrize("text", TEXTS)
def test_each_is_one_of_wagtails_own(text):
    # A text that Wagtail has since changed would stand here for nothing.
    theirs = [gettext.translation("django", folder, ["it"])._catalog for folder in CATALOGUES]
    assert any(text in catalogue for catalogue in theirs)
    with translation.override("it"):
        assert translation.gettext(text)
