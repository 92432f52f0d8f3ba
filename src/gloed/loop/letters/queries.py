"""Reading letters: of a case, where they go, and in which language."""

from typing import Any

from django.db.models import Q, QuerySet

from gloed.base.models import Organisation
from gloed.loop.cases.models import Case
from gloed.loop.letters.models import FollowUp, Letter, LetterSettings, Stray
from gloed.people import queries as people
from gloed.people.models import Person, Suppression
from gloed.people.rules import email_key
from gloed.responses.models import ContactDetails

LANGUAGES = ("nl", "en")


def address_of(case: Case) -> str:
    """Where a letter to the customer of a case goes: what they gave with the answer, or is known.

    Empty where there is none.
    """
    given = _given(case)
    if given and given.email:
        return given.email.strip()
    return case.person.email.strip() if case.person else ""


def addresses_of(case: Case) -> frozenset[str]:
    """Every address that is the customer's own, in lower case: letters from these are theirs."""
    given = _given(case)
    found = {email_key(given.email) if given else "", case.person.email_key if case.person else ""}
    thread = getattr(case, "letter_thread", None)
    if thread is not None and case.person is not None:
        ours = thread.letters.filter(kind__in=(Letter.Kind.REPLY, Letter.Kind.SOLVED))
        found |= {email_key(one) for one in ours.values_list("address", flat=True)}
    return frozenset(found - {""})


def _given(case: Case) -> ContactDetails | None:
    if case.response_id is None:
        return None
    return ContactDetails.objects.filter(response_id=case.response_id).first()


def language_of(case: Case) -> str:
    """The language a customer is written to in: their own, that of the answer, or the house's."""
    wishes = (
        case.person.language if case.person else "",
        case.response.language if case.response else "",
        case.organisation.language,
    )
    short = [wish.lower().partition("-")[0] for wish in wishes if wish]
    return next((one for one in short if one in LANGUAGES), LANGUAGES[0])


def is_unwilling(case: Case) -> bool:
    """Whether the customer wants no questions, so that nothing goes by itself."""
    if case.person is None:
        return False
    stops = people.suppressions_of(case.organisation, [case.person])[case.person.pk]
    wanted = (Suppression.Reason.OPT_OUT, Suppression.Reason.BOUNCE)
    return any(one.reason in wanted for one in stops)


def settings_of(organisation: Organisation) -> LetterSettings:
    """What follows a closed case in this organisation."""
    found = LetterSettings.objects.filter(organisation=organisation).first()
    return found or LetterSettings(organisation=organisation)


def list_letters(case: Case) -> QuerySet[Letter]:
    """The conversation of a case, oldest first; nothing that was only ever a draft of others."""
    hidden = Q(state=Letter.State.DRAFT)
    found = Letter.objects.filter(thread__case=case).exclude(hidden)
    related = found.select_related("author", "could_write", "follow_up")
    return related.prefetch_related("files").order_by("created_at", "pk")


def list_drafts(case: Case, staff_id: int) -> QuerySet[Letter]:
    """What a colleague began to write in a case, newest first."""
    found = Letter.objects.filter(
        thread__case=case, state=Letter.State.DRAFT, author_id=staff_id, kind=Letter.Kind.REPLY
    )
    return found.exclude(body="").order_by("-created_at", "-pk")


def list_strays(organisation: Organisation) -> QuerySet[Stray]:
    """Mails that a person has to judge, newest first."""
    found = Stray.objects.filter(organisation=organisation, placed=None, discarded_at=None)
    return found.select_related("thread__case").order_by("-received_at", "-pk")


def latest_follow_up(case: Case) -> FollowUp | None:
    """What follows, or followed, the last closing of a case."""
    found = FollowUp.objects.filter(case=case).select_related("letter", "survey", "invitation")
    return found.order_by("-closed_at").first()


def everything_about(person: Person) -> list[dict[str, Any]]:
    """What was written to somebody and by them, for the copy of everything that is held of them."""
    kept = Letter.objects.filter(thread__case__person=person).exclude(state=Letter.State.DRAFT)
    found = kept.order_by("created_at", "pk").values(
        "kind", "state", "address", "subject", "body", "quoted", "parcels", "created_at", "ended_at"
    )
    said = FollowUp.objects.filter(case__person=person).exclude(answer="")
    answers = said.order_by("pk").values("answer", "words", "answered_at")
    return [dict(row) for row in found] + [dict(row) for row in answers]
