"""Saying where one stands, adding numbers of others and taking them away."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from gloed.analysis.benchmarks.models import Benchmark, OwnPlace
from gloed.base import audit
from gloed.base.models import Organisation, Staff


def set_place(
    organisation: Organisation, values: Mapping[str, str], *, by: Staff, now: datetime
) -> OwnPlace:
    """Say in which sector and country the organisation is, and how it mostly asks."""
    with transaction.atomic():
        place, _is_new = OwnPlace.objects.update_or_create(
            organisation=organisation, defaults={**values, "updated_at": now}
        )
        detail = {"sector": values["sector"]}
        audit.record(by, "benchmarks.place", "", detail, organisation=organisation, at=now)
    return place


def add(
    organisation: Organisation, rows: Sequence[Mapping[str, Any]], *, by: Staff, now: datetime
) -> uuid.UUID:
    """Add published numbers; what they came with, by which they can be taken away together."""
    batch = uuid.uuid4()
    with transaction.atomic():
        Benchmark.objects.bulk_create(
            Benchmark(
                organisation=organisation, batch=batch, created_by=by, created_at=now, **values
            )
            for values in rows
        )
        sources = sorted({row["source"] for row in rows})
        audit.record(
            by, "benchmarks.add", ", ".join(sources), {"rows": len(rows)},
            organisation=organisation, at=now,
        )  # fmt: skip
    return batch


def remove(benchmark: Benchmark, *, by: Staff, now: datetime) -> None:
    """Take one number away; it can come back."""
    _set(benchmark, now, "benchmarks.remove", by=by, now=now)


def restore(benchmark: Benchmark, *, by: Staff, now: datetime) -> None:
    """Put it back."""
    _set(benchmark, None, "benchmarks.restore", by=by, now=now)


def remove_batch(organisation: Organisation, batch: uuid.UUID, *, by: Staff, now: datetime) -> int:
    """Take away what came in together; how many those were."""
    with transaction.atomic():
        present = Benchmark.objects.filter(organisation=organisation, batch=batch, removed_at=None)
        removed = present.update(removed_at=now)
        if removed:
            audit.record(
                by, "benchmarks.remove", "", {"rows": removed}, organisation=organisation, at=now
            )
    return removed


def _set(
    benchmark: Benchmark, removed_at: datetime | None, action: str, *, by: Staff, now: datetime
) -> None:
    with transaction.atomic():
        Benchmark.objects.filter(pk=benchmark.pk).update(removed_at=removed_at)
        audit.record(by, action, str(benchmark), organisation=benchmark.organisation, at=now)
