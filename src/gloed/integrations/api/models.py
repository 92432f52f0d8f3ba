"""What was answered to a request that may come again."""

from typing import ClassVar

from django.db import models

from gloed.base.models import ApiKey


class KeptReply(models.Model):
    """The reply to one Idempotency-Key; `status` is 0 while the first request is at work."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    idempotency_key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=60, blank=True)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "idempotency_key"], name="kept_reply_once")
        ]
