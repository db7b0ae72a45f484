"""Texts of Wagtail, and of its packages, that their own Italian leaves in English or says wrongly.

The project's catalogue comes before those of the installed apps; a text stands in it as long as it
stands in the code, so these do here. They are Wagtail's, letter by letter.
"""

from django.utils.translation import gettext_noop

TEXTS = (
    gettext_noop("Dashboard"),
    gettext_noop("More actions"),
    gettext_noop("No %(name)s have been created yet."),
    gettext_noop("Submit to %(workflow_name)s"),
    gettext_noop("The %(model_name)s could not be created due to errors."),
    gettext_noop(
        "This page is currently at <strong>%(task)s</strong> in <strong>%(workflow)s</strong>."
    ),
    gettext_noop(
        "This page was marked as needing changes at <strong>%(task)s</strong> in "
        "<strong>%(workflow)s</strong>."
    ),
)
