"""A mail to one promoter: the words a colleague chose, and the address of their own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from gloed.base.links import absolute_url
from gloed.channels.email.mails import SurveyMail, mail_to_many, own_address, own_domain
from gloed.channels.email.rules import one_line
from gloed.channels.told_back import letters
from gloed.channels.told_back.models import Wording
from gloed.fieldwork.notices.operations import DueNotice
from gloed.loop.promoters.models import Ask
from gloed.loop.promoters.rules import AskKind

SAMPLE, GONE = "sample", "not asked any more"


@dataclass(slots=True)
class Writer:
    """Writes the mails of one round; the look of each organisation is read once."""

    frame: letters.Writer = field(default_factory=letters.Writer)

    def write(self, batch: Sequence[DueNotice]) -> Mapping[int, EmailMessage | str]:
        """By the notice: the mail, or why there is none."""
        mails: dict[int, EmailMessage | str] = {due.id: GONE for due in batch}
        known = {due.id: due for due in batch}
        asks = Ask.objects.filter(notice__in=known).select_related("organisation", "person")
        for ask in asks:
            due = known[ask.notice_id or 0]
            is_sample = ask.organisation.is_sample
            mails[due.id] = SAMPLE if is_sample else self._mail(ask, due)
        return mails

    def _mail(self, ask: Ask, due: DueNotice) -> SurveyMail:
        organisation, leave = ask.organisation, letters.leave_address(due.token)
        message = self.frame.message(
            Wording(language=ask.language, subject=ask.subject, body=body_of(ask)),
            organisation,
            name=due.person.name,
            attributes=due.person.attributes,
            leave=leave,
        )
        return mail_to_many(
            (message.subject, message.html, message.text),
            to=due.person.email,
            sender=(one_line(organisation.name), own_address()),
            list_name=f"glad-{organisation.pk}",
            leave=leave,
            language=ask.language,
            picture=self.frame.logo(organisation),
            headers={"Message-ID": f"<{ask.public_id.hex}.glad@{own_domain()}>"},
        )


def body_of(ask: Ask) -> str:
    """The words, and below them the way to their own page; a thank-you leads nowhere."""
    with translation.override(ask.language):
        words = {
            AskKind.REFERRAL: _("My own link"),
            AskKind.REFERENCE: _("Say yes or no"),
            AskKind.EARLY_ACCESS: _("What it is, and whether I want to try it"),
        }.get(AskKind(ask.kind), "")
    if not words:
        return ask.body
    return f"{ask.body}\n\n[{words}]({absolute_url('referral:own', ask.token)})"
