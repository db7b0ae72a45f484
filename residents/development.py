"""Conveniences for trying and developing: sign in as anybody, read the e-mails sent.

Their addresses exist only where DEVELOPMENT_SIGN_IN is on, which production refuses.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.utils import timezone

from . import demonstration
from .models import User


@dataclass(frozen=True)
class SentEmail:
    """An e-mail as its reader gets it: the HTML body is not shown, its links are in the text."""

    subject: str
    to: str
    sent_at: str
    text: str


def is_on() -> bool:
    """Return whether this site lets anybody sign in as a demonstration person."""
    return bool(settings.DEVELOPMENT_SIGN_IN)


def people_by_role() -> list[tuple[demonstration.Person, User]]:
    """Return the demonstration people who exist, in the order of their list; none where off."""
    if not is_on():
        return []
    existing = {
        user.email: user
        for user in User.objects.filter(
            email__in=[person.email for person in demonstration.PEOPLE], is_active=True
        )
    }
    return [
        (person, existing[person.email])
        for person in demonstration.PEOPLE
        if person.email in existing
    ]


def sent_emails(*, at_most: int) -> list[SentEmail]:
    """Return the latest e-mails that Django's file or memory back end kept, newest first."""
    if hasattr(mail, "outbox"):
        kept = [message.message().as_bytes() for message in mail.outbox]
    else:
        folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or "/nonexistent")
        files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime)
        kept = [part for file in files[-at_most:] for part in _parts(file.read_bytes())]
    return [_read(raw) for raw in reversed(kept[-at_most:])]


def _parts(content: bytes) -> list[bytes]:
    # The back end ends every message with this line.
    return [part.strip() for part in content.split(b"\n" + b"-" * 79 + b"\n") if part.strip()]


def _read(raw: bytes) -> SentEmail:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    sent: datetime | None = message["date"].datetime if message["date"] else None
    if sent is not None and timezone.is_naive(sent):
        sent = sent.replace(tzinfo=UTC)  # written as -0000: UTC, from a place nobody tells
    return SentEmail(
        subject=str(message["subject"]),
        to=str(message["to"]),
        sent_at=f"{timezone.localtime(sent):%d.%m.%Y %H:%M}" if sent else "",
        text=body.get_content() if body else "",
    )
