"""The offer under the thank-you: after the answer, without a word about a gift."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gloed.base.links import absolute_url
from gloed.channels.link.offers import Offer
from gloed.fieldwork.models import Invitation
from gloed.loop.promoters.models import Programme
from gloed.loop.promoters.quiet import reasons
from gloed.loop.promoters.rules import Reason
from gloed.people.models import Person


def offer_for(token: str, language: str) -> Offer | None:
    """A link of their own to pass on, where the programme says so and nothing stands against it."""
    person = person_of(token)
    if person is None:
        return None
    programme = Programme.objects.filter(
        organisation=person.organisation_id, is_on=True, is_offered=True
    )
    if not programme.exists() or is_left_alone(person):
        return None
    with translation.override(language):
        words = _("Know somebody who would be helped by us too? Pass on a link of your own")
    return Offer(words, absolute_url("referral:from_thanks", token))


def person_of(token: str) -> Person | None:
    """Whose survey link this is."""
    if "\0" in token:
        return None
    line = Invitation.objects.filter(token=token).exclude(
        disposition=Invitation.Disposition.SKIPPED
    )
    found = line.select_related("person__organisation").first()
    return found.person if found else None


def is_left_alone(person: Person) -> bool:
    """Whether they do not want to hear from us, or are being helped."""
    held = reasons(person.organisation, [person.pk], now=timezone.now()).get(person.pk)
    return held is not None and held.reason in (Reason.OPTED_OUT, Reason.OPEN_CASE)
