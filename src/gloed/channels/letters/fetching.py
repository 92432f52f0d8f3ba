"""Fetching answers from mailboxes: each mail looked at once, only answers to our letters read."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from gloed.base.sealing import CannotOpen, unseal
from gloed.channels.letters import ears, imap
from gloed.channels.letters.imap import Account, Folder, NotFetched, Trouble
from gloed.channels.letters.models import Mailbox
from gloed.channels.letters.rules import LARGEST, read_mail
from gloed.channels.letters.rules.reading import Unreadable, is_report, read_head
from gloed.channels.outcomes import rest_after
from gloed.loop.letters import operations as letters
from gloed.loop.letters.rules import Became, tokens_in

ROUND = 200
"""Mails of one mailbox that are looked at in one turn; the next turn goes on behind them."""
CHUNK = 25
SEALED = "sealed"
"""The password was sealed with another secret key."""
logger = logging.getLogger(__name__)


def fetch_all(*, now: Callable[[], datetime]) -> dict[str, int]:
    """Look into every mailbox that is not resting; how many mails became what."""
    counts: dict[str, int] = {}
    boxes = Mailbox.objects.in_use().filter(way=Mailbox.Way.IMAP).exclude(host="")
    for box in boxes.select_related("organisation").order_by("fetched_at", "pk"):
        if box.resting_until is not None and box.resting_until > now():
            continue
        for became in fetch(box, now=now):
            counts[became] = counts.get(became, 0) + 1
    return counts


def fetch(box: Mailbox, *, now: Callable[[], datetime]) -> list[str]:
    """Look into one mailbox; what became of each mail. A mailbox in trouble rests for a while."""
    try:
        with Folder(account_of(box)) as folder:
            found = _look(box, folder, now=now)
    except NotFetched as problem:
        _rest(box, problem.trouble.value, now=now())
        return []
    except CannotOpen:
        _rest(box, SEALED, now=now())
        return []
    Mailbox.objects.filter(pk=box.pk).update(
        fetched_at=now(), troubles=0, problem="", resting_until=None
    )
    return found


def try_out(account: Account) -> Trouble | None:
    """Whether a mailbox can be opened; None when it can."""
    try:
        with Folder(account):
            return None
    except NotFetched as problem:
        return problem.trouble


def account_of(box: Mailbox) -> Account:
    """Where a mailbox is. Raises CannotOpen where its password was sealed with another key."""
    return Account(box.host, box.port, box.user, unseal(box.sealed_password), box.folder)


def _look(box: Mailbox, folder: Folder, *, now: Callable[[], datetime]) -> list[str]:
    if box.uid_validity != folder.uid_validity:
        # a first look, or a folder numbered anew: what lies there already is no answer to us,
        # or was looked at before; what comes in from now on counts
        _remember(box, uid=max(folder.next_uid - 1, 0), validity=folder.uid_validity)
        if not folder.next_uid:
            _remember(box, uid=max(folder.uids_after(0), default=0), validity=folder.uid_validity)
    uids = folder.uids_after(box.seen_uid)[:ROUND]
    if not uids:
        return []
    found = []
    for first in range(0, len(uids), CHUNK):
        chunk = uids[first : first + CHUNK]
        for head in sorted(folder.heads(chunk), key=lambda one: one.uid):
            found.append(_take(box, folder, head, now=now))
            _remember(box, uid=head.uid)
        _remember(box, uid=max(chunk))
    return found


def _take(box: Mailbox, folder: Folder, head: imap.Head, *, now: Callable[[], datetime]) -> str:
    """Read a mail if it is an answer to one of ours, or says that one did not arrive."""
    names = read_head(head.data)
    is_ours = bool(tokens_in(*names)) or ears.owner_of(names) is not None
    if not is_ours and not is_report(head.data):
        return Became.FOREIGN
    try:
        incoming = read_mail(folder.body(head.uid, most=LARGEST))
    except Unreadable:
        logger.warning("a mail could not be read; it stays in the mailbox")
        return Became.FOREIGN
    became = letters.receive(incoming, organisation=box.organisation, now=now())
    if became is Became.FOREIGN:
        return ears.hear(incoming, box.organisation, now=now())
    return became


def _remember(box: Mailbox, *, uid: int, validity: int | None = None) -> None:
    """Never look at a mail again: after it is in the record, or was none of ours."""
    box.seen_uid = uid
    values = {"seen_uid": uid}
    if validity is not None:
        box.uid_validity = validity
        values["uid_validity"] = validity
    Mailbox.objects.filter(pk=box.pk).update(**values)


def _rest(box: Mailbox, problem: str, *, now: datetime) -> None:
    with transaction.atomic():
        fresh = Mailbox.objects.select_for_update().filter(pk=box.pk).first()
        if fresh is None:
            return
        fresh.troubles += 1
        fresh.problem = problem
        fresh.resting_until = now + rest_after(fresh.troubles)
        fresh.save(update_fields=["troubles", "problem", "resting_until"])
    logger.warning("a mailbox could not be read: %s", problem)
