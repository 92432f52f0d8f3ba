"""Wordings that an organisation keeps for itself."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation


class OwnWording(models.Model):
    """A question in an organisation's own library.

    `entry` is written as in our own files: scale, look of the scale, and per language the text, the
    ends, the options and the words per band. What is used in a survey is a copy.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="own_wordings")
    kind = models.CharField(_("kind"), max_length=12)
    note = models.CharField(_("when to use it"), max_length=200, blank=True)
    entry = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)  # removed; undo clears it

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at", "-pk"]
