"""Writing: judging barriers, working on a passive, and noting what somebody was given."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from gloed.analysis.passives.models import FollowUp, JudgedBarrier, Line, Offer
from gloed.analysis.passives.rules import Gift, Lift, Name, Outcome, last_offer
from gloed.base import audit
from gloed.base.models import Membership, Organisation, Staff
from gloed.fieldwork import operations as fieldwork
from gloed.people.models import Person
from gloed.responses.models import Response

TAKEN, LAID_BACK, CONTACT, OFFERED, ENDED, REOPENED = (
    "taken",
    "laid_back",
    "contact",
    "offered",
    "ended",
    "reopened",
)
KINDS = (TAKEN, LAID_BACK, CONTACT, OFFERED, ENDED, REOPENED)


@transaction.atomic
def judge_barrier(
    organisation: Organisation,
    name: Name,
    *,
    lift: Lift,
    owner: Membership | None,
    label: str = "",
    by: Staff | None,
    now: datetime,
) -> bool:
    """Say whether we can take a barrier away, and who sees to it; False: nothing changed."""
    row = JudgedBarrier.objects.filter(
        organisation=organisation, kind=name.kind, key=name.key
    ).first()
    before = Lift(row.lift) if row else Lift.UNJUDGED
    if before is lift and (row.owner_id if row else None) == (owner.pk if owner else None):
        return False
    JudgedBarrier.objects.update_or_create(
        organisation=organisation,
        kind=name.kind,
        key=name.key,
        defaults={"lift": lift, "owner": owner, "changed_by": by, "changed_at": now},
    )
    audit.record(
        by,
        "barrier.judged",
        label or name.key,
        {"lift": [before.value, lift.value]},
        organisation=organisation,
        at=now,
    )
    return True


def take(
    person: Person, response: Response | None, *, staff: Staff | None, now: datetime
) -> FollowUp:
    """Take somebody up; who has them already keeps them, who had laid them back loses them."""
    try:
        with transaction.atomic():
            return _take(person, response, staff, now)
    except IntegrityError:  # somebody was first
        return FollowUp.objects.get(person=person, ended_at=None)


def _take(
    person: Person, response: Response | None, staff: Staff | None, now: datetime
) -> FollowUp:
    found = FollowUp.objects.select_for_update().filter(person=person, ended_at=None).first()
    if found is None:
        found = FollowUp.objects.create(
            organisation_id=person.organisation_id,
            person=person,
            person_key=person.public_id,
            response=response,
            team_id=response.team_id if response else None,
            owner=staff,
            taken_at=now,
        )
        _tell(found, TAKEN, staff, now)
    elif found.owner_id is None and staff is not None:
        found.owner = staff
        found.save(update_fields=["owner"])
        _tell(found, TAKEN, staff, now)
    return found


@transaction.atomic
def lay_back(found: FollowUp, *, staff: Staff | None, now: datetime) -> bool:
    """Give somebody back to whoever takes them; as if untouched where nothing was done yet."""
    if not found.is_open:
        return False
    deeds = found.lines.exclude(kind__in=[TAKEN, LAID_BACK]).exists()
    if not deeds and not found.offers.exists():
        found.delete()
        return True
    found.owner = None
    found.save(update_fields=["owner"])
    _tell(found, LAID_BACK, staff, now)
    return True


@transaction.atomic
def log_contact(found: FollowUp, text: str, *, staff: Staff | None, now: datetime) -> Line:
    """Write down that we spoke with them."""
    line = _tell(found, CONTACT, staff, now, text=text.strip())
    found.contacted_at = now
    found.save(update_fields=["contacted_at"])
    return line


@transaction.atomic
def take_back_contact(line: Line) -> bool:
    """Undo `log_contact`; False for another kind of line."""
    if line.kind != CONTACT:
        return False
    found = line.follow_up
    line.delete()
    last = found.lines.filter(kind=CONTACT).order_by("-at", "-pk").first()
    found.contacted_at = last.at if last else None
    found.save(update_fields=["contacted_at"])
    return True


@transaction.atomic
def end(
    found: FollowUp, outcome: Outcome, text: str, *, staff: Staff | None, now: datetime
) -> bool:
    """We are done: the barrier is lifted, or it is not. False: it was ended already."""
    changed = FollowUp.objects.filter(pk=found.pk, ended_at=None).update(
        outcome=outcome, ended_at=now, ended_by=staff
    )
    found.refresh_from_db()
    if changed:
        _tell(found, ENDED, staff, now, text=text.strip())
    return bool(changed)


def reopen(found: FollowUp, *, staff: Staff | None, now: datetime) -> bool:
    """Take it up again; False where it is open, or the person has another open one by now."""
    try:
        with transaction.atomic():
            changed = FollowUp.objects.filter(pk=found.pk, ended_at__isnull=False).update(
                outcome="", ended_at=None, ended_by=None
            )
    except IntegrityError:
        return False
    found.refresh_from_db()
    if changed:
        _tell(found, REOPENED, staff, now)
    return bool(changed)


@transaction.atomic
def give(
    found: FollowUp,
    kind: Gift,
    *,
    what: str = "",
    cost: Decimal | None = None,
    currency: str = "EUR",
    given_at: datetime,
    staff: Staff | None,
    now: datetime,
) -> Offer:
    """Note an offer or a perk. From then on nobody asks them anything, as the policy has it."""
    if found.person is None:
        raise ValueError("nobody can be given anything any more")
    offer = Offer.objects.create(
        organisation_id=found.organisation_id,
        person=found.person,
        person_key=found.person_key,
        follow_up=found,
        kind=kind,
        what=what.strip(),
        cost=cost,
        currency=currency,
        staff=staff,
        given_at=given_at,
        noted_at=now,
    )
    _tell(found, OFFERED, staff, now, text=offer.what)
    _keep_unasked(found.person, now=now)
    _record(offer, "offer.noted", staff, now)
    return offer


@transaction.atomic
def remove_offer(offer: Offer, *, staff: Staff | None, now: datetime) -> bool:
    """Take an offer out: it was not given after all. `restore_offer` brings it back."""
    if offer.removed_at is not None:
        return False
    offer.removed_at = now
    offer.save(update_fields=["removed_at"])
    _follow(offer, "offer.removed", staff, now)
    return True


@transaction.atomic
def restore_offer(offer: Offer, *, staff: Staff | None, now: datetime) -> bool:
    """Undo `remove_offer`."""
    if offer.removed_at is None:
        return False
    offer.removed_at = None
    offer.save(update_fields=["removed_at"])
    _follow(offer, "offer.restored", staff, now)
    return True


def _follow(offer: Offer, action: str, staff: Staff | None, now: datetime) -> None:
    if offer.person is not None:
        _keep_unasked(offer.person, now=now)
    _record(offer, action, staff, now)


def _keep_unasked(person: Person, *, now: datetime) -> None:
    given = Offer.objects.filter(person=person, removed_at=None).values_list("given_at", flat=True)
    fieldwork.note_offer(person, at=last_offer(list(given)), now=now)


def _record(offer: Offer, action: str, staff: Staff | None, now: datetime) -> None:
    audit.record(
        staff,
        action,
        str(offer.get_kind_display()),  # never in own words: they may name a customer
        {"cost": str(offer.cost)} if offer.cost is not None else {},
        organisation=offer.organisation,
        at=now,
    )


def _tell(
    found: FollowUp, kind: str, staff: Staff | None, now: datetime, *, text: str = ""
) -> Line:
    return Line.objects.create(follow_up=found, kind=kind, staff=staff, at=now, text=text)
