"""What the domain functions say when something is not possible."""

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.utils.functional import Promise


class DomainError(Exception):
    """Something that may not happen; the message is written for the person who tried.

    `field` names the form field it belongs to, where there is one.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)

    def add_to(self, form: BaseForm) -> None:
        """Say it in a Django form: at its field, or above them all where there is no such field."""
        form.add_error(self.field if self.field in form.fields else None, str(self))


class NotAllowedError(DomainError, PermissionDenied):
    """The person may not do this, or no longer."""
