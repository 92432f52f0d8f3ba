"""Mail that a provider received for us: its posts are checked and read by django-anymail.

Only imported when the first post comes in: it brings the reading of every provider with it.
Amazon hands mail over through its own storage and its own library, and is left to IMAP.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from anymail.exceptions import AnymailAPIError
from anymail.signals import AnymailInboundEvent, inbound
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.brevo import BrevoInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.resend import ResendInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from gloed.channels.letters import ears
from gloed.channels.letters.models import Mailbox
from gloed.channels.letters.rules import LARGEST, read_mail
from gloed.channels.letters.rules.reading import Unreadable
from gloed.loop.letters import operations as letters

VIEWS: Mapping[str, type[AnymailBaseWebhookView]] = {
    "brevo": BrevoInboundWebhookView,
    "mailgun": MailgunInboundWebhookView,
    "mailjet": MailjetInboundWebhookView,
    "mandrill": MandrillCombinedWebhookView,
    "postmark": PostmarkInboundWebhookView,
    "resend": ResendInboundWebhookView,
    "sparkpost": SparkPostInboundWebhookView,
}


def receive(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Check a post and take its mail in; anymail's signal brings each to `hear`."""
    if provider not in VIEWS:
        raise Http404
    try:
        return _view_of(provider)(request)
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError,
            ValueError, AnymailAPIError) as problem:  # fmt: skip
        raise BadRequest("this is not how the provider hands mail over") from problem


@cache
def _view_of(provider: str) -> Callable[[HttpRequest], HttpResponseBase]:
    view: Callable[[HttpRequest], HttpResponseBase] = VIEWS[provider].as_view()
    return view


def hear(*, event: AnymailInboundEvent, **_more: object) -> None:
    """Take one mail in, where an organisation lets the provider receive its answers."""
    message: Any = event.message
    recipient = str(message.envelope_recipient or "")
    try:
        incoming = read_mail(message.as_bytes()[: LARGEST + 1], recipients=(recipient,))
    except (Unreadable, ValueError, LookupError):
        return
    boxes = Mailbox.objects.in_use().filter(way=Mailbox.Way.PROVIDER).select_related("organisation")
    for box in boxes.filter(organisation__letter_threads__token__in=incoming.tokens)[:1]:
        letters.receive(incoming, organisation=box.organisation, now=timezone.now())
        return
    for box in boxes.filter(organisation=ears.owner_of(incoming.names)):
        ears.hear(incoming, box.organisation, now=timezone.now())


inbound.connect(hear, dispatch_uid="gloed.channels.letters")
