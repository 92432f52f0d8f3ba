"""Writing to people without asking: decided once each, handed over at most once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from gloed.base.models import Organisation
from gloed.fieldwork import candidates
from gloed.fieldwork.candidates import Candidate
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.rules import first_moment, next_attempt, reason_not_to_tell, wait_until
from gloed.fieldwork.operations.wishes import opt_out_person
from gloed.fieldwork.rules import Skip
from gloed.people import operations as people
from gloed.people.models import Suppression

LEASE = timedelta(minutes=10)
Became = Notice.Became


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A message that is ours to hand over. `handed_at`: an earlier attempt died after it began."""

    id: int
    organisation_id: int
    person: Candidate
    token: str
    handed_at: datetime | None


def plan_notices(
    organisation: Organisation, keys: Mapping[int, str], *, purpose: str, now: datetime
) -> list[Notice]:
    """One line for each person (`keys` by person): a message that waits, or why there is none.

    The same key again changes nothing and gives the line there is.
    """
    with transaction.atomic():
        known = {
            notice.key: notice
            for notice in Notice.objects.filter(organisation=organisation, key__in=keys.values())
        }
        fresh = [person for person, key in keys.items() if key not in known]
        locked = candidates.lock(fresh)
        found = _decide(organisation.pk, locked, now=now)
        last = dict(
            Notice.objects.filter(person__in=fresh)
            .exclude(became__in=[Became.SKIPPED, Became.FAILED, Became.BOUNCED])
            .values_list("person_id")
            .annotate(Max("due_at"))
            .order_by()
        )
        made = [
            Notice(
                organisation=organisation,
                person_id=one.id,
                purpose=purpose,
                key=keys[one.id],
                became=Became.SKIPPED if found[one.id].skip else Became.WAITING,
                skip=found[one.id].skip,
                created_at=now,
                due_at=max(found[one.id].at, first_moment(last.get(one.id), now=now)),
            )
            for one in locked
        ]
        Notice.objects.bulk_create(made, batch_size=500)
    return [*known.values(), *made]


def claim_notices(purpose: str, *, limit: int, now: datetime) -> list[DueNotice]:
    """What is due, ours for ten minutes; the contact policy is looked at once more.

    Whoever may not be written to any more gets a reason instead and is not returned.
    """
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    waiting = Notice.objects.filter(
        free, purpose=purpose, became=Became.WAITING, held_at=None, due_at__lte=now
    )
    with transaction.atomic():
        found = list(waiting.select_for_update().order_by("due_at", "pk")[:limit])
        by_person = {notice.person_id: notice for notice in found if notice.person_id}
        known = {one.id: one for one in candidates.read_these(by_person)}
        decided: dict[int, _Decision] = {}
        for organisation in {notice.organisation_id for notice in found}:
            own = [
                known[n.person_id]
                for n in found
                if n.organisation_id == organisation and n.person_id in known
            ]
            decided |= _decide(organisation, own, now=now)
        due = []
        for notice in found:
            person = known.get(notice.person_id or 0)
            now_of = decided[person.id] if person else _Decision("erased", now)
            if person is None or (now_of.skip and notice.handed_at is None):
                notice.became, notice.skip = Became.SKIPPED, now_of.skip
            elif now_of.at > now and notice.handed_at is None:
                notice.due_at = now_of.at
            else:
                notice.leased_until = now + LEASE
                due.append(
                    DueNotice(
                        notice.pk, notice.organisation_id, person, notice.token, notice.handed_at
                    )
                )
        Notice.objects.bulk_update(
            found, ["became", "skip", "due_at", "leased_until"], batch_size=500
        )
    return due


def note_handing(notice_id: int, *, now: datetime) -> bool:
    """Written down just before it goes to the server; False: it is not ours any more."""
    ours = Notice.objects.filter(
        pk=notice_id, became=Became.WAITING, held_at=None, leased_until__gt=now
    )
    return bool(ours.update(handed_at=now))


def hold(notices: QuerySet[Notice], *, now: datetime) -> int:
    """Keep what waits from going until `go_on`; what is being handed over right now still goes."""
    waiting = notices.filter(became=Became.WAITING, held_at=None)
    return waiting.update(held_at=now, leased_until=None)


def go_on(notices: QuerySet[Notice]) -> int:
    """Let what was held go again."""
    return notices.filter(became=Became.WAITING).exclude(held_at=None).update(held_at=None)


def stop(notices: QuerySet[Notice]) -> int:
    """Let what waits never go; what was begun to be handed over may have gone, and is told so."""
    waiting = notices.filter(became=Became.WAITING, handed_at=None)
    stopped = waiting.update(became=Became.SKIPPED, skip=Skip.STOPPED, held_at=None)
    go_on(notices)
    return stopped


def note_became(notice_id: int, became: str, *, problem: str = "", now: datetime) -> None:
    """What became of it; what bounced is never written to again."""
    sent = {"sent_at": now} if became in (Became.SENT, Became.UNCERTAIN) else {}
    with transaction.atomic():
        Notice.objects.filter(pk=notice_id).update(
            became=became, problem=problem[:300], leased_until=None, **sent
        )
        if became == Became.BOUNCED:
            notice = Notice.objects.select_related("person", "organisation").get(pk=notice_id)
            if notice.person is not None:
                people.suppress(
                    notice.organisation,
                    notice.person.email,
                    reason=Suppression.Reason.BOUNCE,
                    source=notice.channel,
                    now=now,
                )


def note_later(notice_id: int, *, problem: str, now: datetime) -> None:
    """It could not go now: later again, and after six attempts never."""
    notice = Notice.objects.get(pk=notice_id)
    attempts = notice.attempts + 1
    again = next_attempt(attempts, now=now)
    Notice.objects.filter(pk=notice_id).update(
        attempts=attempts,
        problem=problem[:300],
        handed_at=None,
        leased_until=None,
        **({"due_at": again} if again else {"became": Became.FAILED}),
    )


def release(notice_ids: Sequence[int], *, until: datetime | None = None) -> None:
    """Give them back unsent."""
    later = {"due_at": until} if until else {}
    Notice.objects.filter(pk__in=notice_ids, became=Became.WAITING).update(
        leased_until=None, **later
    )


def leave(token: str, *, how: str, now: datetime) -> bool:
    """Whoever got this message wants no more mail, surveys included; False: unknown token."""
    notice = Notice.objects.select_related("person").filter(token=token).first()
    if notice is None:
        return False
    if notice.person is not None:
        opt_out_person(notice.person, how=how, now=now)
    return True


@dataclass(frozen=True, slots=True)
class _Decision:
    """Why somebody is not written to (empty: nothing), and from when on they may be."""

    skip: str
    at: datetime


def _decide(
    organisation: int, locked: Sequence[Candidate], *, now: datetime
) -> dict[int, _Decision]:
    policy = candidates.policy_of(organisation)
    known = candidates.histories(organisation, locked, policy=policy, now=now)
    found = {}
    for one in locked:
        skip = reason_not_to_tell(policy, known[one.id], at=now)
        at = wait_until(known[one.id], at=now) or now
        found[one.id] = _Decision(skip.value if skip else "", at)
    return found
