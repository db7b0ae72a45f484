"""Make the first administrator of a site, who needs no password."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from residents.models import User


class Command(BaseCommand):
    help = (
        "Makes an administrator. They sign in with a code sent to their e-mail address and set up "
        "a second factor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="The administrator's e-mail address.")
        parser.add_argument(
            "--noinput", "--no-input", action="store_true", help="Ask nothing; needs --email."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"] or ""
        if not email and not options["noinput"]:
            email = input("E-mail address: ")
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already.")
        User.objects.create_superuser(email)
        page = f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('account_login')}"
        self.stdout.write(
            f"{email} is an administrator: sign in at {page} with the code sent to this address."
        )
