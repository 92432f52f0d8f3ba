"""Keeping population tables: a new one for a column takes the place of the last."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from gloed.analysis.coverage.models import PopulationTable
from gloed.base import audit
from gloed.base.models import Organisation, Staff


@transaction.atomic
def keep_population(
    organisation: Organisation,
    column: str,
    sizes: Mapping[str, float],
    *,
    file_name: str = "",
    by: Staff | None,
    now: datetime,
) -> PopulationTable:
    """Use a table of people per segment from now on; the one before stays as a version."""
    own = PopulationTable.objects.select_for_update().filter(
        organisation=organisation, column=column
    )
    last = own.aggregate(last=Max("number"))["last"] or 0
    own.filter(retired_at=None).update(retired_at=now)
    table = PopulationTable.objects.create(
        organisation=organisation,
        column=column,
        number=last + 1,
        sizes=dict(sizes),
        file_name=file_name[:200],
        made_by=by,
        created_at=now,
    )
    audit.record(by, "population.kept", column, organisation=organisation, at=now)
    return table


@transaction.atomic
def remove_population(table: PopulationTable, *, by: Staff | None, now: datetime) -> None:
    """Weight by this column no more; `use_population` takes that back."""
    table.retired_at = now
    table.save(update_fields=["retired_at"])
    audit.record(by, "population.removed", table.column, organisation=table.organisation, at=now)


@transaction.atomic
def use_population(table: PopulationTable, *, by: Staff | None, now: datetime) -> None:
    """Use this version again; the one in use steps back."""
    PopulationTable.objects.select_for_update().filter(
        organisation=table.organisation_id, column=table.column, retired_at=None
    ).exclude(pk=table.pk).update(retired_at=now)
    table.retired_at = None
    table.save(update_fields=["retired_at"])
    audit.record(by, "population.used", table.column, organisation=table.organisation, at=now)
