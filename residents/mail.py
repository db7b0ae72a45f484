"""E-mails: plain text and HTML of the same words, in the reader's language."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


def send(*, template: str, to: str, language: str, context: dict[str, Any]) -> None:
    """Send one e-mail from `<template>_subject.txt`, `_message.txt` and `_message.html`.

    Raises OSError or SMTPException when the mail server does not take it.
    """
    context = {"site_url": settings.WAGTAILADMIN_BASE_URL, "LANGUAGE_CODE": language} | context
    with translation.override(language):
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        message = EmailMultiAlternatives(
            subject, render_to_string(f"{template}_message.txt", context).strip() + "\n", to=[to]
        )
        html = render_to_string(f"{template}_message.html", context)
        message.attach_alternative(html, "text/html")
    message.send()
