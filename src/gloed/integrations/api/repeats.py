"""Repeated requests: the same Idempotency-Key gives the same reply and does nothing twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from gloed.base.models import ApiKey
from gloed.integrations.api.models import KeptReply
from gloed.integrations.api.problems import Problem

KEPT_FOR = timedelta(days=2)
AT_WORK = timedelta(minutes=2)  # after that the first request is taken for dead
LONGEST = 255


def once(
    key: ApiKey, request: HttpRequest, act: Callable[[], HttpResponseBase], *, now: datetime
) -> HttpResponseBase:
    """Do it, or give again what was replied the first time.

    Without the header it is simply done. A reply of ours that failed (500) is not kept.
    """
    wanted = request.headers.get("Idempotency-Key", "").strip()
    if not wanted or request.method not in {"POST", "PATCH", "PUT"}:
        return act()
    if len(wanted) > LONGEST:
        raise Problem("malformed-body", f"An Idempotency-Key has at most {LONGEST} characters.")
    kept, is_mine = _take(key, wanted, _digest(request), now)
    if not is_mine:
        return _again(kept)
    try:
        reply = act()
    except BaseException:
        kept.delete()
        raise
    if reply.status_code >= 500 or not isinstance(reply, HttpResponse):
        kept.delete()
        return reply
    kept.status, kept.body = reply.status_code, reply.content
    kept.content_type = reply["Content-Type"]
    kept.save(update_fields=["status", "body", "content_type"])
    return reply


def forget_old(*, now: datetime) -> int:
    """Throw away what nobody will repeat any more."""
    return KeptReply.objects.filter(at__lt=now - KEPT_FOR).delete()[0]


def _take(key: ApiKey, wanted: str, digest: str, now: datetime) -> tuple[KeptReply, bool]:
    try:
        with transaction.atomic():
            made = KeptReply.objects.create(key=key, idempotency_key=wanted, digest=digest, at=now)
            return made, True
    except IntegrityError:
        kept = KeptReply.objects.get(key=key, idempotency_key=wanted)
    if kept.digest != digest:
        raise Problem("conflict", "This Idempotency-Key came before with another request.")
    if kept.status:
        return kept, False
    abandoned = KeptReply.objects.filter(pk=kept.pk, status=0, at__lt=now - AT_WORK)
    if abandoned.update(at=now):
        return kept, True
    raise Problem("conflict", "The first request with this Idempotency-Key is still at work.")


def _digest(request: HttpRequest) -> str:
    said = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return sha256(said).hexdigest()


def _again(kept: KeptReply) -> HttpResponse:
    reply = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    reply["Idempotent-Replayed"] = "true"
    return reply
