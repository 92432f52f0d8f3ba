"""The persons an organisation asks, and those it must not ask."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation


class Account(models.Model):
    """A firm to which several persons may belong."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="accounts")
    external_id = models.CharField(max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="account_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody who is asked. `email_key` is the address as it is compared (lower case).

    The database does not look up the organisation of each row: persons come in together with
    answers or invitations, whose survey it does look up, and organisations go with all they hold.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="people",
        db_index=False,
        db_constraint=False,
    )
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="people", db_index=False
    )
    external_id = models.CharField(max_length=120, null=True)  # noqa: DJ001 - null is not unique
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    attributes = models.JSONField(default=dict)
    batch = models.UUIDField(null=True)  # the import that brought them
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "external_id"],
                condition=models.Q(external_id__isnull=False),
                name="person_external_id_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "email_key"], name="person_by_email"),
            models.Index(
                fields=["account"],
                condition=models.Q(account__isnull=False),
                name="person_by_account",
            ),
            models.Index(
                fields=["batch"], condition=models.Q(batch__isnull=False), name="person_by_batch"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.external_id or ""


class Suppression(models.Model):
    """An address that gets no survey, and why. It outlives the person it belonged to.

    `key` is the address as it is compared; of somebody who was erased only a digest is kept, of
    the address and of the external id (see `people.rules`).
    """

    class Reason(models.TextChoices):
        OPT_OUT = "opt_out", _("opted out")
        BOUNCE = "bounce", _("mail bounced")
        ERASED = "erased", _("erased on request")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="suppressions")
    key = models.CharField(max_length=254)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    source = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "key", "reason"], name="suppression_once"
            )
        ]
