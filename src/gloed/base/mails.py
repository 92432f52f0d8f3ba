"""Mails to colleagues, in their own language."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation

from gloed.base.models import Staff

log = logging.getLogger(__name__)


def send(template: str, to: str, context: Mapping[str, Any], *, language: str) -> bool:
    """Send one mail: `template`_subject.txt, _message.txt and, where there is one, _message.html.

    Returns whether it left; why it did not is logged.
    """
    with translation.override(language):
        message = _message(template, to, dict(context))
    return deliver(message)


def deliver(message: EmailMessage) -> bool:
    """Hand a mail to the mail server; False where that is not possible now."""
    try:
        message.send()
    except (SMTPException, OSError):
        log.exception("a mail could not be sent")
        return False
    return True


def language_of(email: str) -> str:
    """The language of a colleague's mails; that of the present page for everybody else."""
    staff = Staff.objects.filter(email__iexact=email).only("language").first()
    own = staff.language if staff else ""
    return own or translation.get_language() or settings.LANGUAGE_CODE


def are_kept_as_files() -> bool:
    """Whether no mail server is set up, so that mails stay in the data folder."""
    return str(settings.EMAIL_BACKEND).endswith("filebased.EmailBackend")


def _message(template: str, to: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    context["subject"] = subject
    text = render_to_string(f"{template}_message.txt", context).strip()
    message = EmailMultiAlternatives(subject, text + "\n", to=[to])
    with suppress(TemplateDoesNotExist):
        message.attach_alternative(
            render_to_string(f"{template}_message.html", context), "text/html"
        )
    return message
