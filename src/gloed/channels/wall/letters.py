"""The mail that asks a customer to be quoted: their words, and the address of their own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from gloed.base.links import absolute_url
from gloed.base.models import Organisation
from gloed.channels.email import look
from gloed.channels.email.mails import SurveyMail, mail_to_many, own_address, own_domain
from gloed.channels.email.rules import one_line
from gloed.channels.told_back.letters import leave_address
from gloed.fieldwork.notices.operations import DueNotice
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.rules import State
from gloed.surveys.looks import ShownLook, look_of_all

SAMPLE, NOT_ASKED = "sample", "not asked any more"


@dataclass(slots=True)
class Writer:
    """Writes the mails of one round; the look of each organisation is read once."""

    looks: dict[int, ShownLook] = field(default_factory=dict)

    def write(self, batch: Sequence[DueNotice]) -> Mapping[int, EmailMessage | str]:
        """By the notice: the mail, or why there is none."""
        asked = Testimonial.objects.filter(notice__in=[due.id for due in batch])
        found: dict[int, EmailMessage | str] = {due.id: NOT_ASKED for due in batch}
        known = {due.id: due for due in batch}
        for one in asked.select_related("organisation", "notice", "asked_by"):
            if one.organisation.is_sample:
                found[one.notice_id or 0] = SAMPLE
            elif one.state == State.ASKED and one.removed_at is None:
                found[one.notice_id or 0] = self._mail(one, known[one.notice_id or 0])
        return found

    def _mail(self, one: Testimonial, due: DueNotice) -> SurveyMail:
        organisation, leave = one.organisation, leave_address(due.token)
        return mail_to_many(
            self._written(one, due.person.name, leave),
            to=due.person.email,
            sender=(one_line(organisation.name), own_address()),
            list_name=f"quote-{organisation.pk}",
            leave=leave,
            language=one.language,
            headers={"Message-ID": f"<{one.public_id.hex}.{one.version}.quote@{own_domain()}>"},
        )

    def _written(self, one: Testimonial, name: str, leave: str) -> tuple[str, str, str]:
        """Subject, HTML and plain text, in the testimonial's language."""
        shown, address = self._look(one.organisation), absolute_url("wall:asked", one.token)
        with translation.override(one.language):
            subject = _("May %(organisation)s quote you?") % {
                "organisation": one_line(one.organisation.name)
            }
            context: dict[str, Any] = {
                "one": one,
                "language": one.language,
                "subject": subject,
                "organisation": one.organisation.name,
                "first_name": one_line(name.split()[0]) if name.split() else "",
                "sender": str(one.asked_by) if one.asked_by else "",
                "name": {"kind": "logo", "source": "", "name": one.organisation.name},
                "address": address,
                "button": {"kind": "button", "address": address, "label": _("See it and decide")},
                "leave": leave,
            }
            html = look.drawn("wall/mail.html", context, accent=shown.accent)
            text = render_to_string("wall/mail.txt", context)
        return subject, html, text.strip() + "\n"

    def _look(self, organisation: Organisation) -> ShownLook:
        if organisation.pk not in self.looks:
            self.looks[organisation.pk] = look_of_all(organisation)
        return self.looks[organisation.pk]
