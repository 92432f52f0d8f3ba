"""Imports: one uploaded file each, how it was understood, and what became of it."""

import uuid
from typing import ClassVar

from django.db import models

from gloed.base.models import Job, Organisation, Staff
from gloed.surveys.models import Survey


class Import(models.Model):
    """One file on its way into the record.

    `public_id` is the batch of its responses and persons. `options` holds what the user decided
    (the fields of `reading.Options`), `targets` which survey each group goes to, `plan` how the
    file was understood, `counts` what became of its rows. `after_row` is the last row that is in
    the record: written in the transaction of its chunk, so that work goes on there after a crash.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        UNDERSTOOD = "understood"
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        REMOVING = "removing"
        REFUSED = "refused"
        UNDONE = "undone"
        CANCELLED = "cancelled"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="imports", db_index=False
    )
    file_name = models.CharField(max_length=255)
    stored_name = models.CharField(max_length=80, blank=True)  # empty: the file was deleted
    structure_name = models.CharField(max_length=80, blank=True)  # a .lss or .json beside it
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    format = models.CharField(max_length=32, blank=True)
    options = models.JSONField(default=dict)
    targets = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    is_remembered = models.BooleanField(default=False)  # the options came from an earlier file
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    ends_as = models.CharField(max_length=12, choices=State.choices, blank=True)
    refusal = models.JSONField(default=dict)  # code, parameters and the English sentence
    counts = models.JSONField(default=dict)
    after_row = models.BigIntegerField(default=0)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-created_at"], name="import_newest"),
            models.Index(fields=["organisation", "sha256"], name="import_by_file"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportedSurvey(models.Model):
    """A survey that an import feeds; `group` is the part of the file that goes there."""

    of_import = models.ForeignKey(Import, models.CASCADE, related_name="surveys")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+")
    group = models.CharField(max_length=240)
    is_new = models.BooleanField(default=False)  # made by this import, and gone with it

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["of_import", "group"], name="imported_group_once")
        ]


class RememberedMapping(models.Model):
    """What was decided about a file, proposed again for the next one with the same headers.

    `headers` is a digest of the set of header names.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    headers = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    targets = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "headers"], name="mapping_once")
        ]
