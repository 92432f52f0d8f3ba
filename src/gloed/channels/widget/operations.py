"""Making and changing widgets, asking a visitor that is known, and counting."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.base.sealing import seal, unseal
from gloed.channels import standing
from gloed.channels.widget.models import Widget, WidgetDay, new_secret
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.operations import Event
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.people.rules import PersonData

CHANNEL = "widget"
COUNTED = ("seen", "opened", "closed", "answered")


@transaction.atomic
def make_widget(
    organisation: Organisation, values: Mapping[str, Any], *, by: Staff | None, now: datetime
) -> Widget:
    """Make a widget with these fields; its secret is new."""
    widget = Widget.objects.create(
        organisation=organisation, secret=seal(new_secret()), created_at=now, **values
    )
    audit.record(by, "widget.made", widget.name, organisation=organisation, at=now)
    return widget


def change_widget(
    widget: Widget, values: Mapping[str, Any], *, by: Staff | None, now: datetime
) -> None:
    """Give a widget other fields; the pages that carry it follow within a minute."""
    changed = {name: value for name, value in values.items() if getattr(widget, name) != value}
    standing.keep_changes(widget, changed, kind=CHANNEL, by=by, now=now)


@transaction.atomic
def switch(widget: Widget, *, is_on: bool, by: Staff | None, now: datetime) -> None:
    """Let a widget ask, or keep quiet."""
    if widget.is_on != is_on:
        widget.is_on = is_on
        widget.save(update_fields=["is_on"])
        action = "widget.switched_on" if is_on else "widget.switched_off"
        audit.record(by, action, widget.name, organisation=widget.organisation, at=now)


def delete_widget(widget: Widget, *, by: Staff | None, now: datetime) -> None:
    """Take a widget away; pages that still carry it show nothing. It can come back."""
    standing.take_away(widget, kind=CHANNEL, by=by, now=now)


def restore_widget(widget: Widget, *, by: Staff | None, now: datetime) -> None:
    """Bring a widget back as it was."""
    standing.bring_back(widget, kind=CHANNEL, by=by, now=now)


@transaction.atomic
def renew_secret(widget: Widget, *, by: Staff | None, now: datetime) -> None:
    """Give a widget another secret; what was signed with the old one counts no more."""
    widget.secret = seal(new_secret())
    widget.save(update_fields=["secret"])
    audit.record(by, "widget.secret_renewed", widget.name, organisation=widget.organisation, at=now)


def secret_of(widget: Widget) -> str:
    """The secret in the clear. Raises `base.sealing.CannotOpen`."""
    return unseal(widget.secret)


def ask_visitor(widget: Widget, visitor: PersonData, *, now: datetime) -> str | None:
    """The token to answer with, where this person may be asked now; None where not.

    The contact policy decides as for every other channel, and its ledger says what became of it:
    one line for a person and a day, however many pages they look at.
    """
    with transaction.atomic():
        person_id, _own = people.find_or_make_person(widget.organisation_id, visitor, now=now)
    person = Person.objects.filter(pk=person_id or 0).first()
    if person is None:  # asked to be forgotten
        return None
    asked = fieldwork.ask_one(
        widget.survey,
        person,
        channel=CHANNEL,
        now=now,
        event=f"{CHANNEL} {person.pk} {now.date()}",
    )
    if asked.skip is not None:
        return None
    was_shown = Invitation.objects.filter(pk=asked.invitation_id).exclude(opened_at=None).exists()
    return None if was_shown else asked.token


def count(widget: Widget, what: str, *, now: datetime) -> None:
    """Count one more of `COUNTED` today; nothing is known of who it was."""
    if what not in COUNTED:
        raise ValueError(f"not counted: {what}")
    day = now.date()
    with transaction.atomic():
        row = WidgetDay.objects.filter(widget=widget, day=day)
        if not row.update(**{what: F(what) + 1}):
            WidgetDay.objects.get_or_create(widget=widget, day=day)
            row.update(**{what: F(what) + 1})


def note_shown(token: str, what: str, *, now: datetime) -> None:
    """Write into the ledger that a known visitor saw the question, or turned to it."""
    event = {"seen": Event.OPENED, "opened": Event.STARTED}.get(what)
    if event is not None:
        fieldwork.note_event(event, token=token, now=now)
