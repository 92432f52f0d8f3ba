"""The mail of a brief: its words, the page as PDF beside them, and one click to end it."""

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from gloed.analysis.briefs.content import Content
from gloed.analysis.briefs.models import Brief, Subscription
from gloed.analysis.briefs.pdf import as_pdf
from gloed.base.links import absolute_url
from gloed.base.mails import deliver
from gloed.base.models import Membership

SALT = "briefs.subscription"


def leave_url(subscription: Subscription) -> str:
    """The address that ends a subscription; signed, and good for nothing else."""
    token = signing.dumps(subscription.public_id.hex, salt=SALT)
    return f"{settings.BASE_URL}{reverse('briefs:leave', args=[token])}"


def subscription_of(token: str) -> Subscription | None:
    """The subscription of such an address; None for one that nobody signed."""
    try:
        public_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    found = Subscription.objects.filter(public_id=public_id)
    return found.select_related("organisation", "membership__staff").first()


def mail(brief: Brief, content: Content) -> bool:
    """Send a brief to its subscriber; whether it left."""
    subscription = brief.subscription
    leave = leave_url(subscription)
    message = _message(
        content,
        to=subscription.membership.staff.email,
        language=brief.language,
        context={"url": absolute_url("briefs:brief", brief.public_id), "leave_url": leave},
    )
    message.extra_headers |= {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return deliver(message)


def mail_test(membership: Membership, content: Content, *, language: str) -> bool:
    """Send a brief that is not kept to the one who wants to see it; whether it left."""
    context = {"url": absolute_url("briefs:list"), "leave_url": "", "is_test": True}
    to = membership.staff.email
    return deliver(_message(content, to=to, language=language, context=context))


def _message(
    content: Content, *, to: str, language: str, context: dict[str, object]
) -> EmailMultiAlternatives:
    with translation.override(language):
        filled = {"content": content, "organisation": {"name": content.organisation}, **context}
        subject = f"{content.title}, {content.organisation}"
        text = render_to_string("briefs/mail.txt", filled).strip()
        html = render_to_string("briefs/mail.html", filled)
    message = EmailMultiAlternatives(" ".join(subject.split()), text + "\n", to=[to])
    message.attach_alternative(html, "text/html")
    message.attach(f"{file_name(content)}.pdf", as_pdf(content), "application/pdf")
    return message


def file_name(content: Content) -> str:
    """A name for the file that every system takes."""
    plain = "".join(c if c.isalnum() and c.isascii() else "-" for c in content.title.lower())
    return plain.strip("-") or "brief"
