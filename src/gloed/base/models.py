"""Organisations and their staff; the journal, the jobs and the audit trail."""

import secrets
import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.keys import KeyKind
from gloed.base.rules import Role


class Organisation(models.Model):
    """A tenant: every query starts here."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Amsterdam")
    language = models.CharField(_("language"), max_length=8, default="nl")
    minimum_group = models.PositiveSmallIntegerField(_("smallest group that is shown"), default=5)
    require_second_factor = models.BooleanField(
        _("everybody logs in with a second step"), default=False
    )
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    """Staff are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, *, name: str = "") -> "Staff":
        """Make a colleague; without a password the account can only be entered by a reset mail."""
        staff = self.model(email=self.normalize_email(email).lower(), name=name)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """Somebody who logs in. What they may do hangs on their membership of an organisation."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    theme = models.CharField(_("light or dark"), max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, or the address where no name was given."""
        return str(self)


class Team(models.Model):
    """A team whose score is shown together; frontline members see its answers.

    A removed team keeps its answers and can come back; its name stays taken until then.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=120)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One colleague's place in one organisation; a deactivated one opens nothing there."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=[(role, role) for role in Role])
    teams = models.ManyToManyField(Team, related_name="memberships", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deactivated_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "staff"], name="membership_once")
        ]

    def __str__(self) -> str:
        return str(self.staff)


def new_nonce() -> str:
    """What makes a link the only one that works: 128 random bits."""
    return secrets.token_urlsafe(16)


class StaffInvitation(models.Model):
    """A colleague asked to join by mail. The link is signed, works once, and runs out.

    `nonce` is in the link; sending again changes it, so that only the newest mail works.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="staff_invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=16, choices=[(role, role) for role in Role])
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    language = models.CharField(_("language"), max_length=8)
    invited_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="staff_invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.email


class CacheEntry(models.Model):
    """The table of Django's database cache, so that log-in limits hold over all web processes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "base_cache"


class JournalEntry(models.Model):
    """News for higher rooms, written in the transaction of what happened (an outbox).

    The worker claims undelivered entries under a lease and hands them to every subscriber of their
    kind; a killed worker's lease runs out and the entries are handed out again.
    """

    # an index would be written with every answer, and nobody looks entries up by organisation
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"], condition=models.Q(delivered_at=None), name="journal_undelivered"
            )
        ]


class Job(models.Model):
    """One piece of work for a worker, claimed under a lease and retried with back-off."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True)  # noqa: DJ001 - null: as many as you like
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=8)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(null=True)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["run_at", "id"], condition=models.Q(finished_at=None), name="job_unfinished"
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state="waiting"), name="job_waiting_once"
            )
        ]


class AuditEntry(models.Model):
    """Who did what, for whoever has to answer for it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-at"], name="audit_newest")
        ]


class ApiKey(models.Model):
    """A key with which a program comes in for one organisation.

    Only a digest is kept; `prefix` is its beginning, by which people tell keys apart. A key that
    must sign as well (the old webhooks) is `sealed` beside it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_keys")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in KeyKind])
    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(blank=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_client = models.CharField(max_length=200, blank=True, db_default="")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
