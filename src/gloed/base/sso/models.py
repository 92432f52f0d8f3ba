"""Services that colleagues log in with."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.base.sso.rules import Kind


class LogIn(models.Model):
    """A log-in service of an organisation. The secret is sealed and never shown again.

    With `domains` only addresses in them come in; `joins_as` is the role of who comes in without
    being invited (empty: nobody does). Of a SAML service the secret is our own key to sign with;
    `idp` holds what its metadata told (address, sign_in, certificates, read_at), own_certificate,
    and what attributes are called where that is not usual (address_in, name_in).
    """

    KINDS: ClassVar = [
        (Kind.GOOGLE.value, _("Google")),
        (Kind.MICROSOFT.value, _("Microsoft")),
        (Kind.OPEN_ID.value, _("another service (OpenID Connect)")),
        (Kind.SAML.value, _("another service (SAML)")),
    ]

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="log_ins")
    kind = models.CharField(_("service"), max_length=12, choices=KINDS)
    name = models.CharField(_("words on the button"), max_length=40)
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=190)
    secret = models.TextField()  # sealed
    idp = models.JSONField(default=dict)
    domains = models.JSONField(default=list)
    joins_as = models.CharField(max_length=16, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What allauth calls the service by."""
        return self.public_id.hex


class SeenAssertion(models.Model):
    """An assertion that let somebody in, kept until it would not be believed any more."""

    log_in = models.ForeignKey(LogIn, models.CASCADE, related_name="seen")
    digest = models.CharField(max_length=64)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log_in", "digest"], name="sso_seen_once")
        ]
