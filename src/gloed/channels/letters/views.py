"""The mailbox of an organisation: where answers to letters come in."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base import audit
from gloed.base.mails import are_kept_as_files
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.sealing import CannotOpen, seal, unseal
from gloed.base.undo import offer_undo, take_undo
from gloed.channels.email.mails import own_address
from gloed.channels.letters import fetching
from gloed.channels.letters.forms import MailboxForm
from gloed.channels.letters.imap import Account, Trouble
from gloed.channels.letters.models import Mailbox

PROBLEMS: dict[str, str | Promise] = {
    Trouble.REFUSED: gettext_lazy(
        "Gloed does not call this server: it lies in a private network. An administrator can allow "
        "it with GLOED_OUTWARD_HOSTS."
    ),
    Trouble.UNKNOWN_HOST: gettext_lazy("There is no server of this name."),
    Trouble.NO_CONNECTION: gettext_lazy("The server does not answer on this port."),
    Trouble.NOT_TRUSTED: gettext_lazy("The certificate of the server is not to be trusted."),
    Trouble.LOGIN: gettext_lazy("The server does not take this user and password."),
    Trouble.FOLDER: gettext_lazy("The server does not know this folder."),
    Trouble.BROKEN: gettext_lazy("The connection broke off."),
    fetching.SEALED: gettext_lazy("The password cannot be opened any more. Type it again."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("base.manage_organisation")
def mailbox(request: StaffRequest) -> HttpResponse:
    """Show where answers come in; POST tries the mailbox out and keeps it."""
    box = Mailbox.objects.filter(organisation=request.organisation).first()
    form = MailboxForm(request.POST if request.method == "POST" else None, instance=box)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if form.errors else 200)
    kept = form.save(commit=False)
    password = form.cleaned_data["password"]
    trouble = _try_out(kept, password)
    if trouble is not None:
        form.add_error(None, f"{PROBLEMS[trouble]} {_('Nothing was changed.')}")
        return _page(request, form, status=422)
    _keep(request, kept, password)
    messages.success(request, _("The mailbox is kept. Answers come into their case from now on."))
    return redirect("letterbox:settings")


@require_POST
@staff_may("base.manage_organisation")
def remove(request: StaffRequest) -> HttpResponse:
    """Fetch no more; letters that came in stay where they are."""
    _set_removed(request, is_removed=True)
    text = _("No mail is fetched any more. What came in stays in its case.")
    offer_undo(request, text, reverse("letterbox:restore"))
    return redirect("letterbox:settings")


@require_POST
@staff_may("base.manage_organisation")
def restore(request: StaffRequest) -> HttpResponse:
    """Fetch again, from where it stopped."""
    _set_removed(request, is_removed=False)
    messages.success(request, _("Mail is fetched again."))
    return redirect("letterbox:settings")


def _set_removed(request: StaffRequest, *, is_removed: bool) -> None:
    now = timezone.now()
    rows = Mailbox.objects.filter(organisation=request.organisation, removed_at__isnull=is_removed)
    with transaction.atomic():
        if rows.update(removed_at=now if is_removed else None, changed_at=now):
            action = "letterbox.removed" if is_removed else "letterbox.restored"
            audit.record(request, action, at=now)


def _try_out(box: Mailbox, password: str) -> str | None:
    """Why a mailbox cannot be opened; None where it can, or where nothing is fetched."""
    if box.way != Mailbox.Way.IMAP:
        return None
    try:
        secret = password or unseal(box.sealed_password)
    except CannotOpen:
        return fetching.SEALED
    return fetching.try_out(Account(box.host, box.port, box.user, secret, box.folder))


def _keep(request: StaffRequest, box: Mailbox, password: str) -> None:
    now = timezone.now()
    box.organisation, box.changed_at, box.removed_at = request.organisation, now, None
    if password:
        box.sealed_password = seal(password)
    box.troubles, box.problem, box.resting_until = 0, "", None
    before = Mailbox.objects.filter(pk=box.pk).first()
    if before is None or (before.host, before.user, before.folder) != (
        box.host,
        box.user,
        box.folder,
    ):
        box.uid_validity, box.seen_uid = None, 0
    with transaction.atomic():
        box.save()
        audit.record(request, "letterbox.changed", box.address, at=now)


def _page(request: StaffRequest, form: MailboxForm, *, status: int = 200) -> HttpResponse:
    box = Mailbox.objects.in_use().filter(organisation=request.organisation).first()
    provider = settings.MAIL_PROVIDER
    context = {
        "form": form,
        "box": box,
        "undo": take_undo(request),
        "problem": PROBLEMS.get(box.problem, "") if box else "",
        "are_files": are_kept_as_files(),
        "own_address": own_address(),
        "provider": provider.replace("_", " ").title(),
        "posts_address": settings.BASE_URL + reverse("letterbox:posts", args=[provider])
        if provider
        else "",
    }
    return render_page(request, "letterbox/settings.html", context, status=status)
