"""People: accounts, and the rolls that say who may vote."""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.models import Neighbourhood

VOTING_ID_BYTES = 16
SHA256_BYTES = 32


def _is_sha256(field: str) -> models.Q:
    length = models.Func(
        models.F(field), function="octet_length", output_field=models.IntegerField()
    )
    return models.Q(Exact(length, SHA256_BYTES))


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
        choices=[("it", "Italiano"), ("en", "English")],
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
                condition=models.Q(fiscal_code_hash__isnull=True) | _is_sha256("fiscal_code_hash"),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return first and last name, or the e-mail when neither is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        """Return the first name, or the e-mail when it is not known."""
        return self.first_name or self.email


class Roll(models.Model):
    """The people who may vote, as of a reference date; a round points to one."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    reference_date = models.DateField(
        _("reference date"),
        help_text=_("Age and residence are taken on this day."),
    )
    locked_at = models.DateTimeField(
        _("locked since"),
        null=True,
        editable=False,
        help_text=_(
            "From the opening of a vote on, entries are added or suspended, never deleted."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("voter roll")
        verbose_name_plural = _("voter rolls")
        ordering = ["-reference_date", "name"]
        permissions = [("manage_roll", _("Can import, add to and suspend from voter rolls"))]

    def __str__(self) -> str:
        return self.name


def new_voting_id() -> bytes:
    """Return 128 random bits."""
    return secrets.token_bytes(VOTING_ID_BYTES)


class RollEntry(models.Model):
    """One person on a roll; the codice fiscale is kept only as a keyed hash."""

    class State(models.TextChoices):
        ACTIVE = "active", _("may vote")
        SUSPENDED = "suspended", _("suspended")

    class Source(models.TextChoices):
        REGISTRY = "registry", _("registry office")
        REQUEST = "request", _("request accepted by staff")

    roll = models.ForeignKey(
        Roll, verbose_name=_("voter roll"), on_delete=models.PROTECT, related_name="entries"
    )
    fiscal_code_hash = models.BinaryField(_("hash of the codice fiscale"), max_length=32)
    voting_id = models.BinaryField(
        max_length=VOTING_ID_BYTES, unique=True, default=new_voting_id, editable=False
    )
    birth_date = models.DateField(_("birth date"))
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        verbose_name=_("neighbourhood"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.REGISTRY)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("roll entry")
        verbose_name_plural = _("roll entries")
        ordering = ["roll", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["roll", "fiscal_code_hash"], name="residents_rollentry_one_per_person"
            ),
            models.CheckConstraint(
                name="residents_rollentry_hash_is_sha256",
                condition=_is_sha256("fiscal_code_hash"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll} · {self.pk}"
