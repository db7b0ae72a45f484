"""People's accounts."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .conditions import is_sha256

CLOSED_AT = "@invalid"
"""How the addresses end that stand for closed accounts: nothing is ever sent there."""

LANGUAGES = [("it", "Italiano"), ("en", "English")]


class UserManager(BaseUserManager["User"]):
    """Creates accounts; the e-mail is the name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password they sign in by e-mail code."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create the first administrator of a site."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: a resident, or somebody who works for the city."""

    email = models.EmailField(_("e-mail"), unique=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    language = models.CharField(
        _("language of e-mails"),
        max_length=2,
        choices=LANGUAGES,
        default="it",
    )
    # Who the person is on the rolls, once a gateway or the desk has said so; see `fiscal_codes`.
    fiscal_code_hash = models.BinaryField(
        _("hash of the codice fiscale"), max_length=32, null=True, unique=True, editable=False
    )
    is_staff = models.BooleanField(_("works for the city"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="residents_user_email_lower_case",
                condition=models.Q(email=Lower("email")),
            ),
            models.CheckConstraint(
                name="residents_user_hash_is_sha256",
                condition=models.Q(fiscal_code_hash__isnull=True) | is_sha256("fiscal_code_hash"),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def has_usable_password(self) -> bool:
        """Return False: nobody signs in by password here."""
        return False

    @property
    def is_closed(self) -> bool:
        """Whether the person has closed the account; only what they did officially is left."""
        return self.email.endswith(CLOSED_AT)

    def get_full_name(self) -> str:
        """Return first and last name, or the e-mail when neither is known."""
        if self.is_closed:
            return gettext("account closed")
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        """Return the first name, or the full name when it is not known."""
        return self.first_name or self.get_full_name()
