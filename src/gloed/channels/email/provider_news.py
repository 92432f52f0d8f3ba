"""News of mail providers: their posts are checked and read by django-anymail.

Only imported when the first post comes in: it brings the reading of every provider with it.
"""

import json
import logging
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, tracking
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from gloed.channels.email import events, sns
from gloed.channels.email.providers import WORD
from gloed.channels.email.rules.news import invitation_of, meaning

logger = logging.getLogger(__name__)


class _AmazonSES(AmazonSESTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    """Without Amazon's own library, which anymail uses to confirm a subscription.

    Anymail lets in whoever knows the password; here Amazon's signature is asked for besides.
    """

    def __init__(self, **kwargs: Any) -> None:
        AnymailBaseWebhookView.__init__(self, **kwargs)

    def parse_events(self, request: HttpRequest) -> list[AnymailTrackingEvent]:
        """Read a note of whoever knew the password, once Amazon's signature is seen to be right."""
        try:
            sns.check(self._parse_sns_message(request), now=timezone.now())
            found: list[AnymailTrackingEvent] = super().parse_events(request)
        except sns.NotSigned as problem:
            raise AnymailWebhookValidationFailure(str(problem)) from None
        return found

    def auto_confirm_sns_subscription(self, sns_message: Mapping[str, Any]) -> None:
        """Open the address of confirmation, which stands in what was signed."""
        sns.open_address(str(sns_message.get("SubscribeURL", "")))
        logger.info("confirmed a subscription of Amazon SNS")


VIEWS: Mapping[str, type[AnymailBaseWebhookView]] = {
    "amazon_ses": _AmazonSES,
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "mandrill": MandrillCombinedWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "resend": ResendTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
}


def receive(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Check a post and take in its news; anymail's signal brings each to `hear`."""
    try:
        return _view_of(provider)(request)
    except sns.OutOfReach as problem:
        logger.warning("a note of Amazon SNS cannot be checked now: %s", problem)
        return HttpResponse(status=503)  # it is brought again
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError,
            AnymailAPIError) as problem:  # fmt: skip
        raise BadRequest("this is not how the provider writes its news") from problem


@cache
def _view_of(provider: str) -> Callable[[HttpRequest], HttpResponseBase]:
    view: Callable[[HttpRequest], HttpResponseBase] = VIEWS[provider].as_view()
    return view


def hear(*, event: AnymailTrackingEvent, esp_name: str, **_more: object) -> None:
    """Write down what one event means for its invitation; what is not ours is let go."""
    raw = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    news = meaning(event.event_type or "", event.reject_reason or "", raw)
    names = [str((event.metadata or {}).get(WORD) or ""), event.message_id or "", _smtp_id(raw)]
    key = invitation_of(*names)
    if news is None:
        return
    if key is None:
        events.tell(names, news, now=timezone.now())
        return
    if not events.note(key, news, now=timezone.now()):
        logger.info("news of %s about an invitation that is gone", esp_name)


def _smtp_id(raw: Mapping[str, Any]) -> str:
    """Our Message-ID where the provider repeats the head of the mail (Amazon SES)."""
    mail = raw.get("mail")
    heads = mail.get("headers", []) if isinstance(mail, Mapping) else []
    return next((h["value"] for h in heads if h.get("name", "").lower() == "message-id"), "")


tracking.connect(hear, dispatch_uid="gloed.channels.email")
