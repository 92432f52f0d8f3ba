"""What is changed about an organisation and its teams."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gloed.base import audit
from gloed.base.models import Organisation, Staff, Team
from gloed.base.operations.refusal import Refused
from gloed.base.rules import Refusal

SETTINGS = ("name", "time_zone", "language", "minimum_group", "require_second_factor")


@transaction.atomic
def change_organisation(
    organisation: Organisation, values: Mapping[str, Any], *, by: Staff, at: datetime
) -> bool:
    """Keep the settings given by name; what stays as it was is not recorded.

    Returns whether anything changed.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = {}
    for name in SETTINGS:
        before = getattr(organisation, name)
        if name in values and values[name] != before:
            setattr(organisation, name, values[name])
            changed[name] = [before, values[name]]
    if changed:
        organisation.save(update_fields=list(changed))
        audit.record(
            by, "organisation.changed", organisation, changed, organisation=organisation, at=at
        )
    return bool(changed)


@transaction.atomic
def add_team(organisation: Organisation, name: str, *, by: Staff, at: datetime) -> Team:
    """Add a team; a removed one of the same name comes back with its answers.

    Raises Refused where a team has this name.
    """
    team = Team.objects.filter(organisation=organisation, name__iexact=name).first()
    if team is None:
        team = Team.objects.create(organisation=organisation, name=name)
        audit.record(by, "team.added", team, organisation=organisation, at=at)
        return team
    if team.removed_at is None:
        raise Refused(Refusal.NAME_TAKEN)
    restore_team(team, by=by, at=at)
    return team


@transaction.atomic
def rename_team(team: Team, name: str, *, by: Staff, at: datetime) -> None:
    """Give a team another name. Raises Refused where another team has it, removed ones too."""
    others = Team.objects.filter(organisation=team.organisation, name__iexact=name)
    if others.exclude(pk=team.pk).exists():
        raise Refused(Refusal.NAME_TAKEN)
    before, team.name = team.name, name
    if before != name:
        team.save(update_fields=["name"])
        detail = {"name": [before, name]}
        audit.record(by, "team.renamed", team, detail, organisation=team.organisation, at=at)


@transaction.atomic
def remove_team(team: Team, *, by: Staff, at: datetime) -> None:
    """Take a team out of every list. Its answers keep it, and it can come back."""
    if team.removed_at is None:
        team.removed_at = at
        team.save(update_fields=["removed_at"])
        audit.record(by, "team.removed", team, organisation=team.organisation, at=at)


@transaction.atomic
def restore_team(team: Team, *, by: Staff, at: datetime) -> None:
    """Bring a removed team back, with its answers and its members."""
    if team.removed_at is not None:
        team.removed_at = None
        team.save(update_fields=["removed_at"])
        audit.record(by, "team.restored", team, organisation=team.organisation, at=at)
