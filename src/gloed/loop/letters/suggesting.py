"""A draft by a language model, where one was set up: marked, and never sent by itself."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from gloed.base import jobs, language_model
from gloed.base.language_model import NoReply, Question
from gloed.base.models import Job, Staff
from gloed.loop.cases.models import Case
from gloed.loop.cases.queries import answers_of, get_case
from gloed.loop.letters import operations, usual
from gloed.loop.letters.models import Letter
from gloed.loop.letters.queries import language_of, list_letters
from gloed.responses.models import Answer
from gloed.surveys.rules import filled

SUGGEST = "letters.suggest"
RECENT = timedelta(minutes=10)
MOST_LETTERS = 6
TASKS = {
    "nl": (
        "Schrijf een kort, warm en eerlijk antwoord aan een klant, in het Nederlands en met je. "
        "Begin niet met een aanhef en eindig niet met een naam. Beloof niets, noem geen bedragen, "
        "verzin geen feiten, en geef de klant geen schuld. Hooguit zes zinnen."
    ),
    "en": (
        "Write a short, warm and honest answer to a customer, in English. Do not begin with a "
        "greeting or end with a name. Promise nothing, name no amounts, invent no facts, and never "
        "blame the customer. Six sentences at most."
    ),
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"draft": {"type": "string", "maxLength": 2_000}},
    "required": ["draft"],
    "additionalProperties": False,
}
GREETINGS = {"nl": "Beste {first_name|klant},", "en": "Dear {first_name|customer},"}


class Awaited(StrEnum):
    """How it is with the draft that somebody asked for."""

    NOTHING = "nothing"
    COMING = "coming"
    SILENT = "silent"  # the model said nothing that can be used


def ask_for_draft(case: Case, *, key: str, author: Staff, now: datetime) -> None:
    """Have a worker ask for a draft; pressing twice asks once."""
    if language_model.configured() is None:
        return
    payload = {"case": str(case.public_id), "staff": author.pk, "key": key[:64]}
    jobs.enqueue(
        SUGGEST,
        payload,
        now=now,
        organisation=case.organisation,
        key=f"{SUGGEST}:{case.pk}:{author.pk}",
    )


def is_awaited(case: Case, staff: Staff) -> Awaited:
    """Whether a draft is on its way, or was asked for lately and did not come."""
    key = f"{SUGGEST}:{case.pk}:{staff.pk}"
    recent = timezone.now() - RECENT
    job = Job.objects.filter(key=key, created_at__gt=recent).order_by("-pk").first()
    if job is None:
        return Awaited.NOTHING
    if job.state in (Job.State.WAITING, Job.State.RUNNING):
        return Awaited.COMING
    known = Letter.objects.filter(organisation=case.organisation, key=job.payload["key"])
    return Awaited.NOTHING if known.exists() else Awaited.SILENT


@jobs.task(SUGGEST, outward=True, max_attempts=2, lease=timedelta(minutes=3))
def suggest(run: jobs.JobRun) -> None:
    """Ask the model and keep what it says as a draft; without a usable reply there is none."""
    model = language_model.configured()
    if model is None:
        return
    case = get_case(run.payload["case"])
    language = language_of(case)
    try:
        said = language_model.ask(model, Question(TASKS[language], _told(case), SCHEMA))
    except NoReply:
        return
    greeting = usual.values_for(case)
    body = f"{filled(GREETINGS[language], greeting)}\n\n{said['draft'].strip()}"
    operations.keep_draft(
        case,
        key=run.payload["key"],
        subject=usual.usual_subject(case, language),
        body=body,
        author=Staff.objects.get(pk=run.payload["staff"]),
        is_suggested=True,
        now=run.now(),
    )


def _told(case: Case) -> str:
    """What the customer said, and what was written since; masked before it leaves."""
    responses = [one.response_id for one in answers_of(case)]
    said = Answer.objects.filter(response__in=responses).exclude(verbatim="")
    parts = [f"Customer: {text}" for text in said.values_list("verbatim", flat=True)]
    letters = [one for one in list_letters(case) if one.body][-MOST_LETTERS:]
    parts += [f"{'We' if one.is_ours else 'Customer'}: {one.body}" for one in letters]
    if case.done:
        parts.append(f"What we did: {case.done}")
    return "\n\n".join(parts)
