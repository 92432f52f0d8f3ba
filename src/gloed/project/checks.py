"""The checks of `gloed doctor` that look at the database, the worker, mail and the clock."""

import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gloed.analysis import projection
from gloed.analysis.models import Mark
from gloed.base.models import Job, JournalEntry, Organisation
from gloed.base.worker.problems import hide_secrets
from gloed.project.examination import BAD, DOUBTFUL, GOOD, Finding
from gloed.project.preparing import pending_migrations
from gloed.responses.models import Response

LATE = timedelta(minutes=1)
CLOCK_MARGIN = timedelta(seconds=2)
SMTP_SECONDS = 10
START_WORKER = "Start it: `gloed serve`, or `gloed worker` where web and worker run apart."


def examine(values: Mapping[str, Any]) -> list[Finding]:
    """Look at everything that needs the settings; one finding per thing."""
    findings = [_guarded("Database", database)]
    if not findings[0].is_bad:
        findings += [_guarded("Tables", tables)]
        if findings[-1].state == GOOD:
            findings += [
                _guarded("Clock", clock),
                _guarded("Worker", worker),
                _guarded("Jobs", failed_jobs),
                _guarded("Figures", figures),
            ]
    return [*findings, mail(values["EMAIL_URL"])]


def database() -> Finding:
    """Whether rows can be written, and whether a commit is on disk when it says so."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE doctor_was_here (n integer)")
        cursor.execute("INSERT INTO doctor_was_here VALUES (1)")
        transaction.set_rollback(True)
    if connection.vendor == "sqlite":
        return _sqlite_safety()
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        synchronous = cursor.fetchone()[0]
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    if synchronous == "off":
        return Finding(
            "Database",
            BAD,
            "synchronous_commit is off: a power cut loses thanked answers.",
            "Set synchronous_commit = on in postgresql.conf.",
        )
    return Finding("Database", GOOD, f"PostgreSQL {version} can be written.")


def _sqlite_safety() -> Finding:
    with connection.cursor() as cursor:
        pragmas = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "quick_check"):
            cursor.execute(f"PRAGMA {name}")
            pragmas[name] = cursor.fetchone()[0]
    if pragmas["quick_check"] != "ok":
        return Finding(
            "Database",
            BAD,
            f"the file is damaged: {pragmas['quick_check']}.",
            "Stop Gloed, keep the file, and restore the newest backup into a new data folder.",
        )
    if (pragmas["journal_mode"], pragmas["synchronous"], pragmas["foreign_keys"]) != ("wal", 2, 1):
        return Finding(
            "Database",
            BAD,
            f"SQLite cannot work safely on this disk ({pragmas}).",
            "Keep the data folder on a local disk, not on a network share.",
        )
    return Finding("Database", GOOD, "SQLite can be written (WAL, every commit on disk).")


def tables() -> Finding:
    """Whether the tables have the shape that this version needs."""
    pending = pending_migrations()
    if pending:
        return Finding(
            "Tables", BAD, f"{len(pending)} migrations are still to be applied.", "gloed prepare"
        )
    return Finding("Tables", GOOD, "up to date.")


def clock() -> Finding:
    """Whether the clock is plausible and agrees with the database's."""
    newest = JournalEntry.objects.order_by("-id").values_list("at", flat=True).first()
    now = timezone.now()
    if newest is not None and newest > now + timedelta(minutes=5):
        return Finding(
            "Clock",
            BAD,
            f"it is {now:%Y-%m-%d %H:%M} UTC here, but news was written later than that.",
            "Set the clock (timedatectl set-ntp true).",
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs(cursor.fetchone()[0] - timezone.now())
        if apart > CLOCK_MARGIN:
            return Finding(
                "Clock",
                BAD,
                f"it differs by {apart.total_seconds():.0f} s from the database's.",
                "Set both clocks (timedatectl set-ntp true).",
            )
    return Finding("Clock", GOOD, f"{now:%Y-%m-%d %H:%M} UTC, time zone {time.tzname[0]}.")


def worker() -> Finding:
    """Whether news and jobs are dealt with, so that pages show the newest answers."""
    now = timezone.now()
    unheard = JournalEntry.objects.filter(delivered_at=None, at__lt=now - LATE)
    due = Job.objects.filter(state=Job.State.WAITING, run_at__lt=now - LATE)
    abandoned = Job.objects.filter(state=Job.State.RUNNING, leased_until__lt=now - LATE)
    waiting = unheard.count() + due.count() + abandoned.count()
    if waiting:
        return Finding(
            "Worker",
            BAD,
            f"{waiting} things wait for over a minute, so pages may lack the newest answers.",
            START_WORKER,
        )
    return Finding("Worker", GOOD, "nothing waits; pages show the newest answers.")


def figures() -> Finding:
    """Whether the analysis files hold what the record holds."""
    lacking = [
        organisation.name
        for organisation in Organisation.objects.order_by("pk")
        if projection.must_be_made(organisation)
        and Response.objects.filter(organisation=organisation).exists()
    ]
    if lacking:
        return Finding(
            "Figures",
            DOUBTFUL,
            f"the analysis files of {', '.join(lacking)} are not made yet.",
            "A worker makes them with the next answer; "
            + START_WORKER[0].lower()
            + START_WORKER[1:],
        )
    waiting = Mark.objects.count()
    if waiting:
        return Finding("Figures", DOUBTFUL, f"{waiting} changes are on their way.", START_WORKER)
    return Finding("Figures", GOOD, "the analysis files hold every answer.")


def failed_jobs() -> Finding:
    """Whether work was given up."""
    failed = Job.objects.filter(state=Job.State.FAILED).order_by("-finished_at")
    count = failed.count()
    if not count:
        return Finding("Jobs", GOOD, "none was given up.")
    last = failed[0]
    return Finding(
        "Jobs",
        DOUBTFUL,
        f"{count} given up; the last was {last.kind}: {last.problem}",
        "Mend the cause; the work itself is in the log of the worker.",
    )


def mail(url: str) -> Finding:
    """Whether the mail server answers and lets us in."""
    if not url:
        return Finding(
            "Mail",
            DOUBTFUL,
            f"no mail server is set; mails are kept in {settings.DATA / 'mail'}.",
            "Set EMAIL_URL, or nobody can be invited or reset a password by mail.",
        )
    place = f"{urlsplit(url).hostname}:{settings.EMAIL_PORT}"
    try:
        with _smtp() as server:
            if settings.EMAIL_USE_TLS:
                server.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            server.noop()
    except (OSError, smtplib.SMTPException) as problem:
        return Finding(
            "Mail",
            BAD,
            f"{place} cannot be used: {hide_secrets(str(problem))}.",
            "Check EMAIL_URL: scheme, host, port, user and password.",
        )
    return _sender(place) or Finding("Mail", GOOD, f"{place} answers.")


def _sender(place: str) -> Finding | None:
    """What mailbox providers would hold against our mails, although the server takes them."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if address.endswith((".localdomain", "@localhost")):
        return Finding(
            "Mail",
            DOUBTFUL,
            f"{place} answers, but mails come from {address}, which nobody accepts.",
            "Set GLOED_MAIL_FROM to an address at a domain of your own.",
        )
    if not settings.BASE_URL.startswith("https://"):
        return Finding(
            "Mail",
            DOUBTFUL,
            f"{place} answers, but links and the unsubscribe button lead to {settings.BASE_URL}.",
            "Set GLOED_BASE_URL to an address with https://; large mailbox providers ask for it.",
        )
    return None


def _smtp() -> smtplib.SMTP:
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    if settings.EMAIL_USE_SSL:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=context)
    return smtplib.SMTP(host, port, timeout=SMTP_SECONDS)


def _guarded(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except DatabaseError as problem:
        first = hide_secrets(str(problem)).splitlines()[0]
        return Finding(
            name,
            BAD,
            f"the database cannot be used: {first}.",
            "Check DATABASE_URL, and that the server runs and the data folder can be written.",
        )
