"""Objects for the views of promoters and their friends; see objects_for_views."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from gloed.base.models import Organisation
from gloed.loop.promoters.models import EarlyAccess, Reference, ReferralLink
from gloed.loop.promoters.operations import references, referring, trying
from gloed.loop.promoters.rules import How
from gloed.people.models import Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _anna(organisation: Organisation) -> Person:
    return Person.objects.create(organisation=organisation, name="Anna", created_at=NOW)


def _person(organisation: Organisation) -> dict[str, Any]:
    return {"person_id": _anna(organisation).public_id}


def _person_and_kind(organisation: Organisation) -> dict[str, Any]:
    return {**_person(organisation), "kind": "thank"}


def _link_of(organisation: Organisation) -> ReferralLink:
    return referring.make_link(_anna(organisation), staff=None, now=NOW)


def _link(organisation: Organisation) -> dict[str, Any]:
    return {"link_id": _link_of(organisation).public_id}


def _told(organisation: Organisation, batch: Any = None) -> Any:
    told = referring.Told(_link_of(organisation).slug, "N-1", date(2026, 3, 2))
    return referring.note_conversion(organisation, told, source="file", batch=batch, now=NOW)


def _conversion(organisation: Organisation) -> dict[str, Any]:
    return {"conversion_id": _told(organisation).conversion.public_id}


def _batch(organisation: Organisation) -> dict[str, Any]:
    return {"batch": _told(organisation, uuid4()).conversion.batch}


def _reference_of(organisation: Organisation) -> Reference:
    anna = _anna(organisation)
    return references.agree(
        anna, text="Ja", language="nl", how=How.PHONE, at=NOW, staff=None, now=NOW
    )


def _reference(organisation: Organisation) -> dict[str, Any]:
    return {"reference_id": _reference_of(organisation).public_id}


def _use(organisation: Organisation) -> dict[str, Any]:
    one = _reference_of(organisation)
    use = references.log_use(one, prospect="De Linde", on=NOW.date(), staff=None, now=NOW)
    return {"use_id": use.public_id}


def _list_of(organisation: Organisation) -> EarlyAccess:
    values = {"title": "New app", "text": "", "places": 2}
    return trying.keep_list(organisation, values, staff=None, now=NOW)


def _list(organisation: Organisation) -> dict[str, Any]:
    return {"list_id": _list_of(organisation).public_id}


def _trial(organisation: Organisation) -> dict[str, Any]:
    made = _list_of(organisation)
    trial = trying.invite(made, _anna(organisation), how=How.PHONE, staff=None, now=NOW)
    return {"trial_id": trial.public_id}


OF_PROMOTERS: dict[str, Callable[[Organisation], dict[str, Any]]] = {
    **dict.fromkeys(("promoters:person", "promoters:agree", "promoters:make_link"), _person),
    "promoters:ask": _person_and_kind,
    **dict.fromkeys(("promoters:link", "promoters:add_conversion", "promoters:turn_link"), _link),
    "promoters:remove_conversion": _conversion,
    "promoters:undo_file": _batch,
    **dict.fromkeys(
        ("promoters:reference", "promoters:change_reference", "promoters:withdraw"), _reference
    ),
    "promoters:remove_use": _use,
    **dict.fromkeys(
        ("promoters:early_access", "promoters:change_list", "promoters:turn_list"), _list
    ),
    **dict.fromkeys(("promoters:move_trial", "promoters:add_remark"), _trial),
}
PUBLIC_REFERRALS: dict[str, dict[str, Any]] = {
    "referral:landing": {"slug": "made-up"},
    "referral:own": {"token": "made-up"},
    "referral:from_thanks": {"token": "made-up"},
}
