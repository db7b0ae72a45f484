"""What the domain functions say when something is not possible."""

from django.core.exceptions import ValidationError
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

    def as_validation_error(self) -> ValidationError:
        """Return the same message for a Django form."""
        text = str(self.message)
        return ValidationError({self.field: text} if self.field else text)
