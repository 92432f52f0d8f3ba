"""Numbers of others, and where the own organisation stands."""

import uuid
from typing import ClassVar

from django.db import models

from gloed.analysis.benchmarks.rules import Kind, Mode, Sector, Statistic
from gloed.base.models import Organisation, Staff


class OwnPlace(models.Model):
    """Sector, country and usual way of asking of an organisation."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="+")
    sector = models.CharField(max_length=24, choices=[(s.value, s.value) for s in Sector])
    country = models.CharField(max_length=2, blank=True)  # ISO 3166, or EU
    mode = models.CharField(max_length=12, choices=[(m.value, m.value) for m in Mode])
    updated_at = models.DateTimeField()


class Benchmark(models.Model):
    """A number somebody published: of whom, by whom, when, where and how it was asked.

    `batch` is the file it came in with. One that was taken away can come back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    sector = models.CharField(max_length=24, choices=[(s.value, s.value) for s in Sector])
    name = models.CharField(max_length=120, blank=True)  # a competitor; empty for the sector
    source = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2, blank=True)
    mode = models.CharField(max_length=12, choices=[(m.value, m.value) for m in Mode])
    kind = models.CharField(max_length=14, choices=[(k.value, k.value) for k in Kind])
    method = models.CharField(max_length=200, blank=True)
    statistic = models.CharField(max_length=6, choices=[(s.value, s.value) for s in Statistic])
    value = models.FloatField()
    n = models.PositiveIntegerField(null=True)
    batch = models.UUIDField(null=True)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "source", "name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "sector"], name="benchmark_by_sector")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.year}"
