"""Drafts, versions, packs and files of the codebook."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.undo import offer_undo
from gloed.coding.forms import LONGEST_FILE, PACK_NAMES, FileForm
from gloed.coding.operations import codebook as books
from gloed.coding.rules import editing
from gloed.coding.rules.editing import EditRefused
from gloed.coding.views.drafting import (
    MAY,
    codebook_page,
    edited,
    own_book,
    present_version,
    try_edit,
)
from gloed.text.codebook_files import BadCodebook, write_codebook


@require_POST
@staff_may(MAY)
def undo(request: StaffRequest) -> HttpResponse:
    """Take the last edit of the draft back."""
    if not books.undo(own_book(request), now=timezone.now()):
        messages.info(request, _("There is nothing to take back."))
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def discard(request: StaffRequest) -> HttpResponse:
    """Throw the draft away."""
    books.discard(own_book(request))
    messages.success(request, _("The draft is gone; the codebook is as it was published."))
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def publish(request: StaffRequest) -> HttpResponse:
    """Let the draft code from now on, and have all history read again."""
    book = own_book(request)
    before = book.published
    version = books.publish(book, staff=request.user, now=timezone.now())
    if version is None:
        messages.info(request, _("There is no draft to publish."))
        return redirect("coding:codebook")
    if before is not None:
        text = _("Version %(number)s counts from now on.") % {"number": version.number}
        offer_undo(request, text, reverse("coding:restore", args=[before.number]))
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def restore(request: StaffRequest, number: int) -> HttpResponse:
    """Publish what an earlier version said."""
    book = own_book(request)
    if not book.versions.filter(number=number, published_at__isnull=False).exists():
        raise Http404
    version = books.restore(book, number, staff=request.user, now=timezone.now())
    text = _("Version %(number)s says again what version %(old)s said.")
    messages.success(request, text % {"number": version.number, "old": number})
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def add_pack(request: StaffRequest) -> HttpResponse:
    """Add the themes of a trade."""
    book = own_book(request)
    pack = request.POST.get("pack", "")
    return try_edit(
        request,
        lambda: books.add_pack(book, pack, staff=request.user, now=timezone.now()),
        _("The themes of “%(name)s” are in the draft.") % {"name": PACK_NAMES.get(pack, pack)},
    )


@require_safe
@staff_may(MAY)
def export(request: StaffRequest) -> HttpResponseBase:
    """The codebook as it is edited now, in the form that comes in again."""
    book = own_book(request)
    version = present_version(book)
    text = write_codebook(editing.as_codebook(version.content))
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="codebook-{version.number}.toml"'
    return response


@require_POST
@staff_may(MAY)
def bring_in(request: StaffRequest) -> HttpResponse:
    """Put a file in the place of the draft."""
    book = own_book(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return codebook_page(request, book, form, status=422)
    given = form.cleaned_data["file"]
    problems: tuple[str, ...] = ()
    try:
        text = given.read(LONGEST_FILE).decode("utf-8")
        books.import_text(book, text, staff=request.user, now=timezone.now())
    except (BadCodebook, EditRefused) as problem:
        problems = problem.problems
        form.add_error("file", _("This file cannot be used as it stands; nothing was changed."))
    except UnicodeDecodeError:
        form.add_error("file", _("This is not a text file in UTF-8; nothing was changed."))
    else:
        return edited(request, _("The file is in the draft."))
    return codebook_page(request, book, form, problems=problems, status=422)


@require_POST
@staff_may(MAY)
def recode(request: StaffRequest) -> HttpResponse:
    """Have whatever is not up to date read again."""
    books.recode(own_book(request), now=timezone.now())
    return redirect("coding:codebook")
