"""Referrals: the programme, a link for one person, visits, and customers who came with a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localtime

from gloed.base import audit, bulk, journal
from gloed.base.models import Organisation, Staff
from gloed.loop.promoters.models import Conversion, Programme, ReferralLink, VisitDay
from gloed.loop.promoters.operations.forgetting import is_erased
from gloed.loop.promoters.rules import Giver, Refused, code_in, reason_to_refuse
from gloed.people.models import Person
from gloed.people.queries import erased_keys
from gloed.people.rules import email_key, erased_key, short_id

CONVERTED = "referral.converted"
AHEAD = timedelta(days=1)
Source = Conversion.Source


@dataclass(frozen=True, slots=True)
class Told:
    """A new customer as somebody tells of them; `email` may stand beside the number."""

    code: str
    customer: str
    on: date
    revenue: Decimal | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a new customer: counted, or why not; `is_new` is False for the second time."""

    conversion: Conversion
    refused: Refused | None
    is_new: bool


def keep_programme(
    organisation: Organisation, values: Mapping[str, object], *, staff: Staff | None, now: datetime
) -> Programme:
    """Change the programme; `values` are its columns."""
    with transaction.atomic():
        found = Programme.objects.filter(organisation=organisation).first()
        programme = found or Programme(organisation=organisation)
        before = programme.is_on
        for name, value in values.items():
            setattr(programme, name, value)
        programme.changed_at = now
        programme.save()
        audit.record(
            staff,
            "promoters.programme",
            "",
            {"on": [before, programme.is_on], "address": programme.address},
            organisation=organisation,
            at=now,
        )
    return programme


def make_link(person: Person, *, staff: Staff | None, now: datetime) -> ReferralLink:
    """The link of a person, made at the first time; made again it is the same one, and open."""
    link, is_new = ReferralLink.objects.get_or_create(
        organisation=person.organisation,
        person=person,
        defaults={"created_at": now, "created_by": staff},
    )
    if not is_new and link.closed_at is not None and staff is not None:
        open_link(link, staff=staff, now=now)
    return link


def close_link(link: ReferralLink, *, staff: Staff, now: datetime) -> None:
    """Nobody lands by it any more, and later customers do not count for it."""
    _turn(link, now, "promoters.link_closed", staff=staff, now=now)


def open_link(link: ReferralLink, *, staff: Staff, now: datetime) -> None:
    """Let a closed link work again."""
    _turn(link, None, "promoters.link_opened", staff=staff, now=now)


def _turn(
    link: ReferralLink, closed_at: datetime | None, action: str, *, staff: Staff, now: datetime
) -> None:
    with transaction.atomic():
        link.closed_at = closed_at
        link.save(update_fields=["closed_at"])
        audit.record(staff, action, "", organisation=link.organisation, at=now)


def count_visit(link: ReferralLink, *, now: datetime) -> None:
    """One more friend went on; only the day is kept."""
    with transaction.atomic():
        row, _is_new = VisitDay.objects.get_or_create(link=link, day=localtime(now).date())
        VisitDay.objects.filter(pk=row.pk).update(count=F("count") + 1)


def note_conversion(
    organisation: Organisation,
    told: Told,
    *,
    source: str,
    staff: Staff | None = None,
    batch: UUID | None = None,
    now: datetime,
) -> Receipt:
    """A new customer came with a code. The first valid code wins; told twice it counts once.

    One that does not count is kept with the reason, so that somebody can see why.
    """
    code = bulk.clean(code_in(told.code))[:120]
    key = short_id(bulk.clean(told.customer))
    email = email_key(told.email)
    erased = is_erased(organisation.pk, key, email, digests=erased_keys(organisation.pk))
    if erased:
        key, email = erased_key(organisation.pk, "id", key), ""
    row = Conversion(
        organisation=organisation,
        code=code,
        customer_key=key,
        email_key=email,
        happened_on=told.on,
        revenue=told.revenue,
        source=source,
        batch=batch,
        told_by=staff,
        told_at=now,
        is_erased=erased,
    )
    try:
        with transaction.atomic():
            return _decide(row, now=now)
    except IntegrityError:  # the same customer was told this very moment
        row.pk = None
        with transaction.atomic():
            return _decide(row, now=now)


def _decide(row: Conversion, *, now: datetime) -> Receipt:
    same = Conversion.objects.filter(
        organisation=row.organisation, customer_key=row.customer_key, removed_at=None
    )
    before = same.filter(refused="").select_related("link").first()
    if before is not None and before.code == row.code:
        return Receipt(before, None, is_new=False)
    link = (
        ReferralLink.objects.select_related("person__account")
        .filter(organisation=row.organisation, slug=row.code)
        .first()
    )
    refused = reason_to_refuse(
        _giver(link),
        key=row.customer_key,
        email=row.email_key,
        on=row.happened_on,
        counted_for_another=before is not None,
        is_erased=row.is_erased,
    )
    if refused is not None:
        known = same.filter(refused=refused, code=row.code).first()
        if known is not None:
            return Receipt(known, refused, is_new=False)
    row.link, row.refused = link, refused or ""
    row.save()
    if refused is None:
        journal.append(
            CONVERTED,
            organisation=row.organisation,
            subject=row.public_id,
            at=now,
            payload={"source": str(row.source)},
        )
        if row.source == Source.HAND:
            audit.record(
                row.told_by, "promoters.converted", "", organisation=row.organisation, at=now
            )
    return Receipt(row, refused, is_new=True)


def _giver(link: ReferralLink | None) -> Giver | None:
    if link is None:
        return None
    person = link.person
    firm = person.account.external_id if person.account else ""
    return Giver(
        keys=(person.external_id or "", firm),
        email=person.email_key,
        link_made_on=localtime(link.created_at).date(),
        closed_on=localtime(link.closed_at).date() if link.closed_at else None,
    )


def remove_conversion(one: Conversion, *, staff: Staff, now: datetime) -> None:
    """It was no referral after all."""
    one.removed_at = now
    with transaction.atomic():
        one.save(update_fields=["removed_at"])
        audit.record(
            staff, "promoters.conversion_removed", "", organisation=one.organisation, at=now
        )


def restore_conversion(one: Conversion) -> bool:
    """Let it count again; False where the customer came to count for another code meanwhile."""
    one.removed_at = None
    try:
        with transaction.atomic():
            one.save(update_fields=["removed_at"])
    except IntegrityError:
        return False
    return True


def undo_file(organisation: Organisation, batch: UUID, *, staff: Staff, now: datetime) -> int:
    """Take everything back that one file brought; how many rows went."""
    rows = Conversion.objects.filter(organisation=organisation, batch=batch)
    with transaction.atomic():
        count = rows.delete()[0]
        if count:
            audit.record(
                staff,
                "promoters.conversions_undone",
                "",
                {"rows": count},
                organisation=organisation,
                at=now,
            )
    return count
