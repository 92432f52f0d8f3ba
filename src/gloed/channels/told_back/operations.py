"""Telling back: drafting, beginning once, asking again; and the public page."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from gloed.base import audit, jobs, journal
from gloed.base.models import Organisation, Staff
from gloed.channels.told_back import queries
from gloed.channels.told_back.drafts import LANGUAGES, draft
from gloed.channels.told_back.models import (
    LeftOut,
    PublicChange,
    PublicPage,
    Telling,
    Told,
    Wording,
)
from gloed.channels.told_back.rules import Group, State, language_for, slug_of
from gloed.fieldwork import candidates
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.notices import operations as notices
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.operations import plan_notices
from gloed.fieldwork.operations import ask_one
from gloed.fieldwork.previews import may_ask
from gloed.fieldwork.rules import Skip
from gloed.loop.improvements.models import Improvement
from gloed.people.models import Person
from gloed.surveys.models import Survey

PURPOSE = "told_back"
WRITE = "told_back.write"
CHANNEL = "email"
CHUNK = 500
LOOK_AGAIN = timedelta(days=7)
"""While another ask is open nobody knows how long that takes."""


class NotFinished(Exception):
    """What is not done yet is not told."""


def telling_of(improvement: Improvement, *, now: datetime) -> Telling:
    """The telling of an improvement, begun as a draft where there is none."""
    found, is_new = Telling.objects.get_or_create(
        improvement=improvement,
        defaults={
            "organisation_id": improvement.organisation_id,
            "since": queries.usual_since(improvement),
            "survey": _usual_survey(improvement),
            "created_at": now,
        },
    )
    found.improvement = improvement
    found.organisation = improvement.organisation
    if is_new:
        write_drafts(found)
    return found


def write_drafts(telling: Telling) -> None:
    """Words for each group and language there are none of yet; written words stay."""
    rows = []
    for language in LANGUAGES:
        for group in Group:
            subject, body = draft(telling.improvement, group=group, language=language)
            rows.append(
                Wording(telling=telling, language=language, group=group, subject=subject, body=body)
            )
    Wording.objects.bulk_create(rows, ignore_conflicts=True)


def keep_words(telling: Telling, words: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Keep what was changed, by language and group; not once it is on its way."""
    if not Telling.objects.filter(pk=telling.pk, started_at=None).exists():
        return
    for (language, group), (subject, body) in words.items():
        Wording.objects.filter(telling=telling, language=language, group=group).update(
            subject=subject, body=body
        )


def leave_out(telling: Telling, person: Person, *, is_out: bool) -> None:
    """Take somebody off the list, or put them back; not once it is on its way."""
    if not Telling.objects.filter(pk=telling.pk, started_at=None).exists():
        return
    if is_out:
        LeftOut.objects.get_or_create(telling=telling, person=person)
    else:
        LeftOut.objects.filter(telling=telling, person=person).delete()


def begin(telling: Telling, *, by: Staff | None, now: datetime) -> bool:
    """Let the telling go; False where it went already. Raises NotFinished."""
    improvement = telling.improvement
    if improvement.finished_at is None:
        raise NotFinished
    with transaction.atomic():
        begun = Telling.objects.filter(pk=telling.pk, started_at=None).update(
            started_at=now, started_by=by, state=State.SENDING
        )
        if not begun:
            return False
        jobs.enqueue(
            WRITE,
            {"telling": telling.pk},
            now=now,
            organisation=telling.organisation_id,
            key=f"told {telling.pk}",
        )
        journal.append(
            "improvement.told",
            organisation=telling.organisation_id,
            subject=improvement.public_id,
            at=now,
        )
        audit.record(
            by, "told_back.sent", improvement.title, organisation=telling.organisation, at=now
        )
    telling.refresh_from_db(fields=["started_at", "state"])
    return True


def pause(telling: Telling, *, is_paused: bool, by: Staff | None, now: datetime) -> bool:
    """Hold the messages that still wait, or let them go on; False where that is so already."""
    was, becomes = (State.SENDING, State.PAUSED) if is_paused else (State.PAUSED, State.SENDING)
    with transaction.atomic():
        if not Telling.objects.filter(pk=telling.pk, state=was).update(state=becomes):
            return False
        if is_paused:
            notices.hold(_messages(telling), now=now)
        else:
            notices.go_on(_messages(telling))
        _note(telling, "paused" if is_paused else "resumed", by, now)
    telling.state = becomes
    return True


def stop(telling: Telling, *, by: Staff | None, now: datetime) -> bool:
    """Send none of the messages that still wait, ever; False where none is on its way."""
    going = Telling.objects.filter(pk=telling.pk, state__in=(State.SENDING, State.PAUSED))
    with transaction.atomic():
        if not going.update(state=State.DONE):
            return False
        notices.stop(_messages(telling))
        _note(telling, "stopped", by, now)
    telling.state = State.DONE
    return True


def _messages(telling: Telling) -> QuerySet[Notice]:
    return Notice.objects.filter(told__telling=telling)


def _note(telling: Telling, what: str, by: Staff | None, now: datetime) -> None:
    title = telling.improvement.title
    audit.record(by, f"told_back.{what}", title, organisation=telling.organisation, at=now)


def write_lines(telling: Telling, *, now: datetime) -> int:
    """One line for everybody who is told; doing it again adds nobody twice. How many there are."""
    out = set(telling.left_out.values_list("person_id", flat=True))
    raised = {p: one for p, one in queries.raised_by(telling).items() if p not in out}
    usual = telling.organisation.language
    people = iter(sorted(raised))
    while chunk := list(islice(people, CHUNK)):
        spoken = dict(Person.objects.filter(pk__in=chunk).values_list("pk", "language"))
        keys = {person: f"told {telling.pk} {person}" for person in spoken}
        planned = plan_notices(telling.organisation, keys, purpose=PURPOSE, now=now)
        rows = [
            Told(
                telling=telling,
                person_id=notice.person_id,
                notice=notice,
                group=raised[notice.person_id].group,
                language=language_for(spoken[notice.person_id], written=LANGUAGES, usual=usual),
            )
            for notice in planned
            if notice.person_id in spoken
        ]
        Told.objects.bulk_create(rows, ignore_conflicts=True)
    _settle(telling, now=now)
    return Told.objects.filter(telling=telling).count()


def _settle(telling: Telling, *, now: datetime) -> None:
    """Lines that were written after somebody paused or stopped follow suit."""
    state = Telling.objects.values_list("state", flat=True).get(pk=telling.pk)
    if state == State.PAUSED:
        notices.hold(_messages(telling), now=now)
    elif state == State.DONE:
        notices.stop(_messages(telling))


def close_finished() -> int:
    """Tellings whose every message came to an end are done."""
    sending = Telling.objects.filter(state=State.SENDING, told__isnull=False)
    waiting = Told.objects.filter(notice__became="waiting").values("telling")
    return sending.exclude(pk__in=waiting).distinct().update(state=State.DONE)


def ask_again(told: Told, *, now: datetime) -> Invitation | None:
    """Ask somebody who was told, under the contact policy, or put it off; the line of the ledger.

    Where the policy only asks for patience it is tried again then; where it forbids, the ledger
    says why.
    """
    survey = told.telling.survey
    if told.person is None or survey is None:
        Told.objects.filter(pk=told.pk).update(again_at=None)
        return None
    policy = candidates.policy_of(survey.organisation_id)
    known = candidates.read_these([told.person.pk])
    verdict = may_ask(known[0], survey, CHANNEL, policy, at=now, now=now) if known else None
    if verdict is not None and verdict.skip is not None:
        later = verdict.possible_at
        if verdict.skip is Skip.OPEN_INVITATION:
            later = now + LOOK_AGAIN
        if later is not None:
            Told.objects.filter(pk=told.pk).update(again_at=later)
            return None
    asked = ask_one(survey, told.person, channel=CHANNEL, event=f"told back {told.pk}", now=now)
    Told.objects.filter(pk=told.pk).update(invitation=asked.invitation_id)
    return Invitation.objects.get(pk=asked.invitation_id)


def keep_page(
    organisation: Organisation,
    *,
    is_on: bool,
    intros: Mapping[str, str],
    by: Staff | None,
    now: datetime,
) -> PublicPage:
    """Switch the public page on or off, and say what stands above it."""
    with transaction.atomic():
        page = queries.find_page(organisation) or _new_page(organisation, now)
        before = page.is_on
        page.is_on, page.intros, page.changed_at = is_on, dict(intros), now
        page.save()
        audit.record(
            by,
            "told_back.page_changed",
            "",
            {"on": [before, is_on]},
            organisation=organisation,
            at=now,
        )
    return page


def _new_page(organisation: Organisation, now: datetime) -> PublicPage:
    """A page with an address nobody else has."""
    base = slug_of(organisation.name)
    for number in range(1, 100):
        slug = base if number == 1 else f"{base[:56]}-{number}"
        try:
            with transaction.atomic():
                return PublicPage.objects.create(
                    organisation=organisation, slug=slug, changed_at=now
                )
        except IntegrityError:
            continue
    raise RuntimeError("no address is free for the public page")


@transaction.atomic
def publish(
    organisation: Organisation,
    words: Mapping[str, Mapping[str, str]],
    *,
    improvement: Improvement | None = None,
    change: PublicChange | None = None,
    by: Staff | None,
    now: datetime,
) -> PublicChange:
    """Put a change on the public page, or say it in other words."""
    kept: dict[str, Any] = {code: dict(own) for code, own in words.items() if own.get("title")}
    if change is None:
        change = PublicChange(organisation=organisation, improvement=improvement, published_at=now)
    change.words = kept
    change.save()
    title = next((own["title"] for own in kept.values()), "")
    audit.record(by, "told_back.published", title, organisation=organisation, at=now)
    return change


def take_off(change: PublicChange, *, by: Staff | None, now: datetime) -> None:
    """Take a change off the page."""
    change.removed_at = now
    change.save(update_fields=["removed_at"])
    title = next((own["title"] for own in change.words.values()), "")
    audit.record(by, "told_back.withdrawn", title, organisation=change.organisation, at=now)


def put_back(change: PublicChange) -> None:
    """Let it stand there again."""
    change.removed_at = None
    change.save(update_fields=["removed_at"])


def _usual_survey(improvement: Improvement) -> Survey | None:
    """With which open survey people are asked again: the one they answered, if it is open."""
    surveys = Survey.objects.filter(
        organisation=improvement.organisation_id, state=Survey.State.OPEN, deleted_at=None
    )
    answered = surveys.filter(responses__evidence_of__improvement=improvement).first()
    if answered is not None:
        return answered
    if improvement.touchpoint_id is not None:
        return surveys.filter(touchpoint=improvement.touchpoint_id).first()
    return surveys.filter(kind=Survey.Kind.RELATIONSHIP).first()
