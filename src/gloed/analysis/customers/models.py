"""Files of customers, and the customers in them: since when, until when, and worth how much."""

import uuid
from typing import ClassVar

from django.db import models

from gloed.base.models import Organisation, Staff
from gloed.people.models import Account, Person


class CustomerFile(models.Model):
    """One uploaded file of customers, how it was understood, and whether it counts.

    `content` is the file itself, compressed, until it is kept or thrown away: afterwards the rows
    are all there is. `columns` says which column holds what, `options` what else was chosen,
    `counts` what became of the rows. The newest that is kept is the one in use.
    """

    class State(models.TextChoices):
        UNDERSTOOD = "understood"
        KEEPING = "keeping"
        KEPT = "kept"
        UNDONE = "undone"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    content = models.BinaryField(null=True)
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # what -> place of the column
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    as_of = models.DateField()  # the last day the file knows of
    currency = models.CharField(max_length=8, default="EUR")
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNDERSTOOD)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-created_at"], name="customer_file_newest")
        ]

    def __str__(self) -> str:
        return self.file_name


class Customer(models.Model):
    """One customer of a file: a person, or a firm.

    Who is erased goes from here too. The database looks up neither person nor account: an import
    that is taken back removes many at once; a row then stands alone until it is matched anew.
    """

    class Origin(models.TextChoices):
        EARNED = "earned"  # came because somebody recommended it
        BOUGHT = "bought"  # came by marketing or sales
        UNKNOWN = "", "unknown"

    file = models.ForeignKey(CustomerFile, models.CASCADE, related_name="customers")
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="+", db_constraint=False
    )
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    revenue = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    revenue_before = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    origin = models.CharField(max_length=8, choices=Origin.choices, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["row"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "row"], name="customer_row_once")
        ]

    def __str__(self) -> str:
        return self.name or self.key
