"""What a person decides about an answer: this theme is there, or is not."""

from datetime import datetime

from django.db import transaction

from gloed.base import jobs
from gloed.base.models import Staff
from gloed.coding.models import Codebook, CodedVerbatim, HumanCode, Mention, Theme
from gloed.coding.operations.coding import mark
from gloed.coding.operations.kinds import CODE
from gloed.coding.operations.telling import note_changed
from gloed.responses.models import Answer


class NotPossible(ValueError):
    """There is no such theme (any more), or no codebook."""


@transaction.atomic
def set_theme(
    answer: Answer,
    key: str,
    *,
    is_present: bool,
    staff: Staff | None,
    now: datetime,
    is_random: bool = False,
) -> None:
    """Say of an answer in words that it speaks of a theme, or does not. Repeating is harmless.

    It counts at once, as the rest of the answer sounds; how the theme itself sounds is worked out
    by the worker. Raises NotPossible.
    """
    organisation = answer.response.organisation
    theme = Theme.objects.filter(organisation=organisation, key=key, is_live=True).first()
    codebook = (
        Codebook.objects.select_for_update(of=("self",))
        .select_related("published")
        .filter(organisation=organisation)
        .first()
    )
    if theme is None or codebook is None or codebook.published is None:
        raise NotPossible(key)
    HumanCode.objects.update_or_create(
        answer=answer,
        theme=theme,
        is_random=is_random,
        defaults={
            "organisation": organisation,
            "is_present": is_present,
            "coder": staff,
            "coded_at": now,
            "version": codebook.published,
        },
    )
    coded = CodedVerbatim.objects.filter(answer=answer).first()
    if coded is not None:
        _show_at_once(coded, theme, is_present=is_present)
        note_changed(organisation, [answer.response_id], now=now)
    mark(organisation.pk, [answer.response_id])
    jobs.enqueue(CODE, now=now, organisation=organisation, key=f"{CODE}:{organisation.pk}")


@transaction.atomic
def forget_decision(answer: Answer, key: str, *, now: datetime) -> None:
    """Take a person's decision outside the random sample back: the machine's word counts again."""
    organisation = answer.response.organisation
    decided = HumanCode.objects.filter(answer=answer, theme__key=key, is_random=False)
    decided.delete()
    mark(organisation.pk, [answer.response_id])
    jobs.enqueue(CODE, now=now, organisation=organisation, key=f"{CODE}:{organisation.pk}")


def _show_at_once(coded: CodedVerbatim, theme: Theme, *, is_present: bool) -> None:
    mentions = Mention.objects.filter(answer=coded.answer_id)
    own = mentions.filter(theme=theme)
    if not is_present:
        own.delete()
        return
    if own.update(source=Mention.Source.PERSON, probability=1.0):
        return
    beside = mentions.first()
    Mention.objects.create(
        organisation_id=coded.organisation_id,
        answer_id=coded.answer_id,
        theme=theme,
        survey_id=coded.survey_id,
        team_id=coded.team_id,
        day=coded.day,
        score_class=coded.score_class,
        polarity_text=beside.polarity_text if beside else 0,
        polarity_scored=beside.polarity_scored if beside else coded.score_class or 0,
        value=beside.value if beside else 0.0,
        probability=1.0,
        source=Mention.Source.PERSON,
        version_id=coded.version_id,
    )
