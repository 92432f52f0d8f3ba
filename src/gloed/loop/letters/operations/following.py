"""What follows a closed case: is it solved, and later the regular survey."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from gloed.base.models import JournalEntry
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork import previews
from gloed.fieldwork.candidates import policy_of, read_these
from gloed.loop.cases import operations as cases
from gloed.loop.cases.models import Case
from gloed.loop.cases.rules import Outcome
from gloed.loop.letters import news, usual
from gloed.loop.letters.models import FollowUp, Letter, LetterSettings
from gloed.loop.letters.operations.receiving import take_up
from gloed.loop.letters.operations.writing import thread_of
from gloed.loop.letters.queries import address_of, is_unwilling, language_of, settings_of
from gloed.people.models import Person
from gloed.surveys.models import Survey

CHANNEL = "email"
ASKED_AFTER = frozenset({Outcome.SOLVED, Outcome.PARTLY, Outcome.NOT_SOLVED})
TRIED_FOR = timedelta(days=120)
"""After this the regular survey is no longer asked because of a case."""
LOOK_AGAIN = timedelta(days=3)
LINE_SOLVED = "letter_solved"
ASKED, TOO_LATE, NO_PERSON, CLOSED_SURVEY = "asked", "too_late", "no_person", "survey_closed"
WORDS_LIMIT = 2_000


def hear_of_closings(entries: Sequence[JournalEntry]) -> None:
    """Cases were closed: plan what follows. Hearing it twice plans nothing twice."""
    found = Case.objects.filter(public_id__in=[entry.subject for entry in entries])
    rows = found.select_related("organisation", "person", "survey", "closed_by", "owner")
    by_id = {str(case.public_id): case for case in rows}
    for entry in entries:
        case = by_id.get(entry.subject)
        if case is not None and case.closed_at is not None:
            follow(case, now=entry.at)


def follow(case: Case, *, now: datetime) -> FollowUp | None:
    """Plan what follows this closing of a case; None where nothing does, or it is planned."""
    if case.closed_at is None or case.organisation.is_sample:
        return None
    wanted = settings_of(case.organisation)
    with transaction.atomic():
        again_at = _again_at(case, wanted)
        made, is_new = FollowUp.objects.get_or_create(
            case=case,
            closed_at=case.closed_at,
            defaults={
                "organisation": case.organisation,
                "survey": case.survey if again_at else None,
                "again_at": again_at,
                "again_until": again_at + TRIED_FOR if again_at else None,
            },
        )
        if not is_new:
            return None
        made.letter = _question(case, wanted, made, now=now)
        made.save(update_fields=["letter"])
        return made


def _again_at(case: Case, wanted: LetterSettings) -> datetime | None:
    if not wanted.asks_again or case.survey is None or case.closed_at is None:
        return None
    return case.closed_at + timedelta(days=wanted.again_days)


def _question(
    case: Case, wanted: LetterSettings, follow_up: FollowUp, *, now: datetime
) -> Letter | None:
    """The letter that asks whether it is solved, to go by itself; None where none should."""
    address = address_of(case)
    if not wanted.asks_solved or case.outcome not in ASKED_AFTER or not address:
        return None
    if is_unwilling(case) or case.contacted_at is None or case.closed_at is None:
        return None
    language = language_of(case)
    words = usual.solved_words(case, language)
    letter = Letter.objects.create(
        organisation=case.organisation,
        thread=thread_of(case, now=now),
        kind=Letter.Kind.SOLVED,
        state=Letter.State.WAITING,
        key=f"solved:{follow_up.token}",
        could_write=case.closed_by or case.owner,
        address=address,
        language=language,
        subject=words.subject,
        body=words.body,
        created_at=now,
        due_at=max(now, case.closed_at + timedelta(hours=wanted.solved_hours)),
    )
    news.tell(news.READY, letter, now=now)
    return letter


def cancel_questions(entries: Sequence[JournalEntry]) -> None:
    """Cases were taken up again: nothing that would follow their closing goes out any more."""
    subjects = [entry.subject for entry in entries]
    now = max(entry.at for entry in entries)
    still_open = Q(thread__case__closed_at=None)
    waiting = Letter.objects.filter(
        still_open,
        thread__case__public_id__in=subjects,
        kind=Letter.Kind.SOLVED,
        state=Letter.State.WAITING,
        handed_at=None,
    )
    with transaction.atomic():
        waiting.update(state=Letter.State.WITHDRAWN, due_at=None, ended_at=now)
        FollowUp.objects.filter(
            case__public_id__in=subjects, case__closed_at=None, again_became=""
        ).update(again_became="reopened", again_at=None)


def answer_solved(
    follow_up: FollowUp, answer: FollowUp.Answer, *, words: str = "", now: datetime
) -> bool:
    """The customer said whether it is solved; "no" and "partly" take the case up again.

    The last answer counts; the same one again changes nothing (False).
    """
    with transaction.atomic():
        rows = FollowUp.objects.select_for_update(of=("self",))
        fresh = rows.select_related("case__organisation", "case__person").get(pk=follow_up.pk)
        words = words.replace("\x00", "").strip()[:WORDS_LIMIT]
        if fresh.answer == answer and (not words or words == fresh.words):
            return False
        fresh.answer, fresh.answered_at = answer, now
        fresh.words = words or fresh.words
        fresh.save(update_fields=["answer", "answered_at", "words"])
        detail = {"answer": answer.value}
        cases.write_line(fresh.case, LINE_SOLVED, text=words, detail=detail, now=now)
        if fresh.letter is not None:
            news.tell(news.SOLVED, fresh.letter, answer=answer.value, now=now)
        if answer != FollowUp.Answer.YES:
            take_up(fresh.case, now=now)
        return True


def ask_again_due(*, limit: int, now: datetime) -> int:
    """Ask the regular survey where its day has come and the contact policy allows it.

    Where the policy says "not yet" it is looked at again on the first possible day. Returns how
    many were looked at.
    """
    due = FollowUp.objects.filter(again_became="", again_at__lte=now).order_by("again_at", "pk")
    found = list(due.select_related("case__person", "survey__organisation")[:limit])
    for one in found:
        _ask_again(one, now=now)
    return len(found)


def _ask_again(one: FollowUp, *, now: datetime) -> None:
    person, survey = one.case.person, one.survey
    if one.again_until is not None and now >= one.again_until:
        _end(one, TOO_LATE)
    elif person is None or survey is None:
        _end(one, NO_PERSON)
    elif survey.state != Survey.State.OPEN or survey.deleted_at is not None:
        _end(one, CLOSED_SURVEY)
    else:
        _ask(one, survey, person, now=now)


def _ask(one: FollowUp, survey: Survey, person: Person, *, now: datetime) -> None:
    found = read_these([person.pk])
    policy = policy_of(survey.organisation_id)
    verdict = previews.may_ask(found[0], survey, CHANNEL, policy, at=now, now=now)
    if verdict.skip is not None:
        later = max(verdict.possible_at or now + LOOK_AGAIN, now + timedelta(hours=1))
        FollowUp.objects.filter(pk=one.pk, again_became="").update(again_at=later)
        return
    event = f"case:{one.public_id.hex}"
    asked = fieldwork.ask_one(survey, person, channel=CHANNEL, now=now, event=event)
    FollowUp.objects.filter(pk=one.pk, again_became="").update(
        again_became=ASKED if asked.skip is None else str(asked.skip),
        invitation=asked.invitation_id,
    )


def _end(one: FollowUp, became: str) -> None:
    FollowUp.objects.filter(pk=one.pk, again_became="").update(again_became=became)
