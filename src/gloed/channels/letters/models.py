"""Where answers to letters come in, and what the fetching has to remember."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation


class Mailboxes(models.QuerySet["Mailbox"]):
    """Mailboxes in the words of the room."""

    def in_use(self) -> "Mailboxes":
        """Those that were not taken away."""
        return self.filter(removed_at=None)


class Mailbox(models.Model):
    """The address that customers answer to, and how its mail is fetched.

    The password is sealed and never shown. `seen_uid` is the last mail that was looked at, within
    the numbering that `uid_validity` names: a server that numbers anew begins a new one.
    """

    class Way(models.TextChoices):
        IMAP = "imap", _("fetched from the mailbox (IMAP)")
        PROVIDER = "provider", _("posted by the mail provider")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="mailbox")
    address = models.CharField(_("address that customers answer to"), max_length=254)
    sender_name = models.CharField(_("name of the sender"), max_length=80, blank=True)
    has_plus = models.BooleanField(_("takes mail to name+word@domain"), default=True)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.IMAP)
    host = models.CharField(_("server"), max_length=253, blank=True)
    port = models.PositiveIntegerField(_("port"), default=993)
    user = models.CharField(_("user"), max_length=254, blank=True)
    sealed_password = models.TextField(blank=True)
    folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    uid_validity = models.BigIntegerField(null=True)
    seen_uid = models.BigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    resting_until = models.DateTimeField(null=True)
    troubles = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # fetched no more; can come back

    objects = Mailboxes.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["way", "resting_until"], name="mailbox_to_fetch")
        ]

    def __str__(self) -> str:
        return self.address
