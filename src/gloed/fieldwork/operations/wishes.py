"""What comes back besides answers: events of a channel, and how people want to be asked."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from gloed.base import audit, bulk, journal
from gloed.base.models import Organisation, Staff
from gloed.fieldwork import candidates, channels
from gloed.fieldwork.models import ContactPolicy, Invitation, Preference
from gloed.fieldwork.operations.sending import close, first_time, withdraw
from gloed.fieldwork.operations.series import plan_anew
from gloed.fieldwork.rules import Contact, Kind, Policy, Skip
from gloed.fieldwork.rules.policy import Disposition, before
from gloed.people import operations as people
from gloed.people.models import Person, Suppression
from gloed.surveys.models import Survey

EVERYTHING = "all"
SCOPES = (EVERYTHING, *Kind)


class Event(StrEnum):
    """What a channel hears of an invitation that was sent."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OPENED = "opened"
    STARTED = "started"


_ONWARD = {
    Event.DELIVERED: (Disposition.DELIVERED, "delivered_at"),
    Event.OPENED: (Disposition.OPENED, "opened_at"),
    Event.STARTED: (Disposition.STARTED, "started_at"),
}


def note_event(kind: Event, *, now: datetime, token: str = "", message_id: str = "") -> bool:
    """Write down what a channel heard; repeated, late or out of order it does no harm.

    A bounce (for good) suppresses the mail address it went to, a complaint opts out of everything.
    The first moment of each kind is kept. Returns False for what no invitation is known of.
    """
    line = _find(token, message_id)
    if line is None:
        return False
    if kind is Event.COMPLAINED:
        return opt_out(line.token, scope=EVERYTHING, how="complaint", now=now)
    if kind is Event.BOUNCED:
        _bounce(line, now=now)
        return True
    disposition, column = _ONWARD[kind]
    Invitation.objects.filter(pk=line.pk).update(
        **{column: first_time(column, now)},
        disposition=Case(
            When(disposition__in=before(disposition), then=Value(disposition)),
            default=F("disposition"),
        ),
    )
    return True


def _find(token: str, message_id: str) -> Invitation | None:
    asked = Invitation.objects.select_related("organisation", "person", "survey").exclude(
        disposition=Disposition.SKIPPED
    )
    if token:
        return asked.filter(token=token).first()
    return asked.filter(message_id=message_id).order_by("-pk").first() if message_id else None


def _bounce(line: Invitation, *, now: datetime) -> None:
    with transaction.atomic():
        is_first = Invitation.objects.filter(pk=line.pk, bounced_at=None).exists()
        Invitation.objects.filter(pk=line.pk).update(
            bounced_at=first_time("bounced_at", now),
            is_open=False,
            leased_until=None,
            disposition=Case(
                When(disposition__in=before(Disposition.PARTIAL), then=Value(Disposition.BOUNCED)),
                default=F("disposition"),
            ),
        )
        is_mail = channels.find(line.channel).contact is Contact.EMAIL
        if line.person is not None and is_mail:  # a number out of reach says nothing of a mailbox
            people.suppress(
                line.organisation,
                line.person.email,
                reason=Suppression.Reason.BOUNCE,
                source=line.channel,
                now=now,
            )
        if is_first:
            journal.append(
                "invitation.bounced",
                organisation=line.organisation_id,
                subject=line.public_id,
                at=now,
            )


def opt_out(token: str, *, scope: str, how: str, now: datetime) -> bool:
    """Ask the person of this invitation no more, from this moment on; False: unknown token.

    `scope` is "all" or a kind of survey, `how` where they said so (one_click, page, reply,
    complaint). Everything of that scope that is open ends; what is on its way cannot be handed
    over any more.
    """
    if scope not in SCOPES:
        raise ValueError(f"unknown scope: {scope}")
    line = _find(token, "")
    if line is None:
        return False
    with transaction.atomic():
        if line.person is not None:  # always before the line: who asks takes them in this order
            candidates.lock([line.person.pk])
        Invitation.objects.filter(pk=line.pk).update(
            opted_out_at=first_time("opted_out_at", now),
            is_open=False,
            leased_until=None,
            disposition=Case(
                When(
                    disposition__in=before(Disposition.PARTIAL), then=Value(Disposition.OPTED_OUT)
                ),
                default=F("disposition"),
            ),
        )
        if line.person is not None:
            _remember(line.person, scope, how=how, now=now)
    return True


def opt_out_person(person: Person, *, how: str, scope: str = EVERYTHING, now: datetime) -> None:
    """The same for somebody we know without an invitation at hand, told by another system."""
    with transaction.atomic():
        candidates.lock([person.pk])
        _remember(person, scope, how=how, now=now)


def _remember(person: Person, scope: str, *, how: str, now: datetime) -> None:
    wish = _wish_of(person, now)
    if scope == EVERYTHING:
        # the address carries it; the row only where there is none
        wish.is_opted_out = not people.suppress(
            person.organisation,
            person.email,
            reason=Suppression.Reason.OPT_OUT,
            source=how,
            now=now,
        )
    else:
        wish.kinds_opted_out = sorted({*wish.kinds_opted_out, scope})
    wish.save()
    close([person.pk], kinds=_kinds(scope), reason=Skip.OPTED_OUT)
    journal.append(
        "person.opted_out",
        organisation=person.organisation_id,
        subject=person.public_id,
        payload={"scope": scope, "how": how},
        at=now,
    )


def _kinds(scope: str) -> Collection[str]:
    return [kind.value for kind in Kind] if scope == EVERYTHING else [scope]


def _wish_of(person: Person, now: datetime) -> Preference:
    wish = Preference.objects.filter(person=person).first() or Preference(person=person)
    wish.changed_at = now
    return wish


def refuse_kinds(person: Person, kinds: Collection[str], *, now: datetime) -> None:
    """Ask this person these kinds of survey no more, and every other kind again."""
    with transaction.atomic():
        candidates.lock([person.pk])
        wish = _wish_of(person, now)
        wish.kinds_opted_out = sorted({Kind(kind).value for kind in kinds})
        wish.save()
        close([person.pk], kinds=wish.kinds_opted_out, reason=Skip.OPTED_OUT)


def opt_in(person: Person, *, now: datetime) -> None:
    """The person wants to be asked again: only they can say so."""
    with transaction.atomic():
        candidates.lock([person.pk])
        wish = _wish_of(person, now)
        wish.is_opted_out, wish.kinds_opted_out = False, []
        wish.save()
        Suppression.objects.filter(
            organisation_id=person.organisation_id,
            key=person.email_key,
            reason=Suppression.Reason.OPT_OUT,
        ).exclude(key="").delete()


def set_rhythm(person: Person, *, days: int, now: datetime) -> None:
    """Ask this person at most once in so many days; 0 leaves it to the policy."""
    _set(person, now, rhythm_days=max(days, 0))


def pause(person: Person, *, until: datetime | None, now: datetime) -> None:
    """Leave this person alone until then; None ends the pause. What is due meanwhile is dropped."""
    _set(person, now, pause_until=until)


def quarantine(person: Person, *, now: datetime, until: datetime | None = None) -> None:
    """Ask nothing while a case of this person is handled: by default as long as the policy says."""
    days = candidates.policy_of(person.organisation_id).quarantine_days
    _set(person, now, quarantine_until=until or now + timedelta(days=days))


def forget_quarantines(people: Sequence[int]) -> None:
    """These people are about to go: let go of what was noted without a wish of their own."""
    mine = {"is_opted_out": False, "kinds_opted_out": [], "pause_until": None, "rhythm_days": 0}
    own = Preference.objects.filter(person__in=people, offered_at=None, **mine)
    bulk.delete_rows(Preference, "person_id", list(own.values_list("pk", flat=True)))


def note_offer(person: Person, *, at: datetime | None, now: datetime) -> None:
    """This person last got an offer or a perk then; None: they got none that counts.

    Nothing is asked for as many days as the policy says: an answer would be about the present.
    """
    _set(person, now, offered_at=at)


def _set(person: Person, now: datetime, **wishes: object) -> None:
    Preference.objects.update_or_create(person=person, defaults={**wishes, "changed_at": now})


def withdraw_event(survey_id: int, event: str) -> bool:
    """A later event takes an ask back; False when it went out already or never was."""
    lines = Invitation.objects.filter(survey_id=survey_id, event=event)
    return bool(
        lines.filter(Q(is_open=True, sent_at=None, handed_at=None)).update(
            is_open=False,
            leased_until=None,
            disposition=Disposition.WITHDRAWN,
            skip=Skip.WITHDRAWN,
        )
    )


def withdraw_one(line: Invitation) -> bool:
    """Take one ask back: nothing goes out any more, and nobody is reminded. False: it is over."""
    with transaction.atomic():
        own = Invitation.objects.filter(pk=line.pk, is_open=True)
        taken = withdraw(own, Skip.WITHDRAWN)
        return bool(taken + own.update(is_open=False, disposition=Disposition.WITHDRAWN))


def withdraw_pending(person: Person) -> int:
    """Take back every ask to this person that has not gone out; how many there were."""
    with transaction.atomic():
        candidates.lock([person.pk])
        return withdraw(Invitation.objects.filter(person=person, is_open=True), Skip.WITHDRAWN)


def note_asked_elsewhere(survey: Survey, person: Person, *, channel: str, at: datetime) -> None:
    """Another system asked this person then: it counts for the rest, and can be answered no more.

    Told twice it counts once.
    """
    Invitation.objects.get_or_create(
        organisation_id=survey.organisation_id,
        survey=survey,
        event=f"elsewhere {person.pk} {int(at.timestamp())}",
        defaults={
            "person": person,
            "channel": channel,
            "disposition": Disposition.SENT,
            "created_at": at,
            "sent_at": at,
            "expires_at": at,
        },
    )


def keep_policy(
    organisation: Organisation, policy: Policy, *, staff: Staff | None = None, now: datetime
) -> None:
    """Let this contact policy hold from the next ask on, also for what waits to be sent."""
    with transaction.atomic():
        before = _plain(candidates.policy_of(organisation.pk))
        after = _plain(policy)
        ContactPolicy.objects.update_or_create(organisation=organisation, defaults=after)
        changes = {name: [before[name], n] for name, n in after.items() if before[name] != n}
        if "exemptions" in changes:
            changes["exemptions"] = [len(before["exemptions"]), len(after["exemptions"])]
        audit.record(
            staff, "contact_policy.changed", "", changes, organisation=organisation, at=now
        )
        plan_anew(organisation.pk, now=now)


def _plain(policy: Policy) -> dict[str, Any]:
    values = {name: getattr(policy, name) for name in Policy.__dataclass_fields__}
    return {**values, "exemptions": list(map(candidates.plain_exemption, policy.exemptions))}
