"""Making and changing kiosks, and taking in what they bring."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.base.sealing import CannotOpen, seal, unseal
from gloed.channels import standing
from gloed.channels.kiosk.models import Kiosk, new_token
from gloed.channels.kiosk.rules import Brought, Delivery, was_open_then
from gloed.responses.operations import receive_answer
from gloed.responses.rules import AnswerRefused
from gloed.surveys import queries as surveys
from gloed.surveys.models import Survey
from gloed.surveys.queries import AskedSurvey

CHANNEL = "kiosk"


@transaction.atomic
def make_kiosk(
    organisation: Organisation, values: Mapping[str, Any], *, by: Staff | None, now: datetime
) -> Kiosk:
    """Make a kiosk with these fields; `pin` is given in the clear."""
    kiosk = Kiosk.objects.create(organisation=organisation, created_at=now, **_sealed(values))
    audit.record(by, "kiosk.made", kiosk.name, organisation=organisation, at=now)
    return kiosk


def change_kiosk(
    kiosk: Kiosk, values: Mapping[str, Any], *, by: Staff | None, now: datetime
) -> None:
    """Give a kiosk other fields; the tablet follows when nobody is using it."""
    was = {**{name: getattr(kiosk, name) for name in values}, "pin": pin_of(kiosk)}
    changed = {name: value for name, value in values.items() if was[name] != value}
    standing.keep_changes(kiosk, _sealed(changed), kind=CHANNEL, by=by, now=now)


def _sealed(values: Mapping[str, Any]) -> dict[str, Any]:
    pin = values.get("pin", "")
    return {**values, "pin": seal(pin)} if pin else dict(values)


def pin_of(kiosk: Kiosk) -> str:
    """The code to leave the kiosk with; empty where there is none, or it cannot be read."""
    try:
        return unseal(kiosk.pin) if kiosk.pin else ""
    except CannotOpen:
        return ""


@transaction.atomic
def renew_link(kiosk: Kiosk, *, by: Staff | None, now: datetime) -> None:
    """Give a kiosk another link: the tablet with the old one brings nothing in any more."""
    kiosk.token = new_token()
    kiosk.save(update_fields=["token"])
    audit.record(by, "kiosk.link_renewed", kiosk.name, organisation=kiosk.organisation, at=now)


def delete_kiosk(kiosk: Kiosk, *, by: Staff | None, now: datetime) -> None:
    """Take a kiosk away. What its tablet still holds waits there for the way back."""
    standing.take_away(kiosk, kind=CHANNEL, by=by, now=now)


def restore_kiosk(kiosk: Kiosk, *, by: Staff | None, now: datetime) -> None:
    """Bring a kiosk back as it was, with the same link."""
    standing.bring_back(kiosk, kind=CHANNEL, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery: the keys that are on record, and those refused with a reason."""

    taken: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def take_delivery(kiosk: Kiosk, delivery: Delivery, *, now: datetime) -> Taken:
    """Take in what a kiosk brings, each once however often it comes, and note that it was heard.

    What is neither taken nor refused (the record was out of reach) the kiosk brings again.
    """
    survey = surveys.get_asked(kiosk.survey_id)
    opened_at = Survey.objects.values_list("opened_at", flat=True).get(pk=kiosk.survey_id)
    taken: list[str] = []
    refused = [(key, "unreadable") for key in delivery.unreadable]
    for brought in delivery.brought:
        try:
            _take(kiosk, survey, opened_at, brought, now=now)
        except AnswerRefused as refusal:
            refused.append((brought.key, refusal.reason.value))
        else:
            taken.append(brought.key)
    Kiosk.objects.filter(pk=kiosk.pk).update(
        heard_at=now,
        waiting=max(delivery.waiting - len(taken) - len(refused), 0),
        refused=F("refused") + len(refused),
    )
    return Taken(tuple(taken), tuple(refused))


def _take(
    kiosk: Kiosk,
    survey: AskedSurvey,
    opened_at: datetime | None,
    brought: Brought,
    *,
    now: datetime,
) -> None:
    given_at = now - brought.age
    if was_open_then(
        is_open=survey.is_open, opened_at=opened_at, closed_at=survey.closed_at, given_at=given_at
    ):
        survey = replace(survey, state=Survey.State.OPEN)
    incoming = brought.sent.incoming(
        channel=CHANNEL,
        responded_at=given_at,
        touchpoint=kiosk.touchpoint.name if kiosk.touchpoint else "",
        team=kiosk.team.name if kiosk.team else "",
    )
    # what stands on the tablet is nobody's; a token or a page would be somebody else's
    incoming = replace(
        incoming, token="", client_key=brought.sent.key, attributes={"kiosk": kiosk.name}
    )
    receive_answer(incoming, survey=survey, now=now)
