"""The pages of imports: bring a file in, check it, watch it run, read the report, take it back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from gloed.base import jobs
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.channels.file_import import operations, pages, queries, wording
from gloed.channels.file_import.decisions import options_from_form, targets_from_form
from gloed.channels.file_import.downloads import skipped_rows
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.reading import UnreadableFile
from gloed.channels.file_import.rules import ImportRefused
from gloed.channels.file_import.sentences import sentence_of

PAGE_SIZE = 50
_SMALL_PARTS = 1_000_000  # of an upload: what goes with the file
_PAGES: dict[str, tuple[str, Callable[[Import], dict[str, object]]]] = {
    Import.State.UNDERSTOOD: ("file_import/understood.html", pages.understood),
    Import.State.DONE: ("file_import/report.html", pages.report),
    Import.State.REFUSED: ("file_import/ended.html", pages.ended),
    Import.State.UNDONE: ("file_import/ended.html", pages.ended),
    Import.State.CANCELLED: ("file_import/ended.html", pages.ended),
}


@require_safe
@staff_may("channels.import")
def import_list(request: StaffRequest) -> HttpResponse:
    """The place to drop a file, and what was brought in before."""
    return _list_page(request)


@csrf_exempt  # only until the size is known: `_take_file` checks the token
@require_POST
@staff_may("channels.import")
def upload(request: StaffRequest) -> HttpResponseBase:
    """Take a file in, unless it is too large to be read from the line at all."""
    try:
        operations.refuse_large(int(request.META.get("CONTENT_LENGTH") or 0) - _SMALL_PARTS)
    except ImportRefused as refusal:
        return _list_page(request, problem=sentence_of(refusal), status=413)
    return _take_file(request)


@csrf_protect
def _take_file(request: StaffRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None:
        return _list_page(request, problem=_("Choose a file first."), status=422)
    now = timezone.now()
    try:
        of_import = operations.upload(
            request.organisation,
            name=given.name or "",
            chunks=given.chunks(),
            by=request.user,
            now=now,
        )
    except ImportRefused as refusal:
        return _list_page(request, problem=sentence_of(refusal), status=422)
    try:
        operations.understand_now_or_soon(of_import, now=now)
    except UnreadableFile as refusal:
        operations.discard(of_import)
        return _list_page(request, problem=sentence_of(refusal), status=422)
    except BaseException:
        operations.discard(of_import)
        raise
    return redirect("file_import:detail", of_import.public_id)


@require_safe
@staff_may("channels.import")
def detail(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """How an import stands: to be checked, at work, done, or taken back."""
    return _detail_page(request, _import_of(request, import_id))


@require_safe
@staff_may("channels.import")
def progress(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """How far it is, for the page that watches; the whole page anew once it is there."""
    of_import = _import_of(request, import_id)
    if of_import.state not in pages.AT_WORK:
        if request.htmx:
            return HttpResponseClientRefresh()
        return redirect("file_import:detail", import_id)
    context = pages.work(of_import, now=timezone.now())
    if not request.htmx:
        return render_page(request, "file_import/work.html", context)
    return render_page(request, "file_import/parts/work.html", context)


@require_POST
@staff_may("channels.import")
def decide(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Take over what was chosen; start where the button says so and nothing else changed."""
    of_import = _import_of(request, import_id)
    form = request.POST.dict()
    now = timezone.now()
    try:
        if (structure := request.FILES.get("structure")) is not None:
            operations.add_structure(
                of_import, name=structure.name or "", chunks=structure.chunks()
            )
        options = options_from_form(form, plan=of_import.plan, options=of_import.options)
        is_new = options != of_import.options or structure is not None
        targets = targets_from_form(form, plan=of_import.plan, targets=of_import.targets)
        is_ready = operations.decide(
            of_import, options=options, targets=targets, anew=structure is not None, now=now
        )
        if "start" in form and is_ready:
            if is_new and _changes_rows(of_import, form):
                messages.info(
                    request,
                    _("Your choices changed what will be brought in. Look once more, then import."),
                )
            else:
                operations.start(of_import, by=request.user, now=now)
    except (ImportRefused, UnreadableFile) as refusal:
        messages.warning(request, sentence_of(refusal))
    return redirect("file_import:detail", import_id)


@require_POST
@staff_may("channels.import")
def cancel(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Stop an import; what it brought so far goes again."""
    return _change(request, import_id, operations.cancel)


@require_POST
@staff_may("channels.import")
def undo(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Take a finished import back whole; its page then offers to bring it in again."""
    return _change(request, import_id, operations.undo)


@require_POST
@staff_may("channels.import")
def redo(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Bring an import in again that was taken back."""
    return _change(request, import_id, operations.redo)


@require_POST
@staff_may("channels.import")
def retry(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Let work that failed try again."""
    of_import = _import_of(request, import_id)
    if of_import.job is not None:
        jobs.retry(of_import.job, now=timezone.now())
    return redirect("file_import:detail", import_id)


@require_POST
@staff_may("channels.import")
def discard(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Throw a file away that was not brought in."""
    of_import = _import_of(request, import_id)
    if of_import.state not in (Import.State.UPLOADED, Import.State.UNDERSTOOD):
        messages.warning(request, _("This import has started; stop it or take it back instead."))
        return redirect("file_import:detail", import_id)
    operations.discard(of_import)
    messages.success(
        request, _("%(file)s was thrown away; nothing of it was kept.") % {"file": of_import}
    )
    return redirect("file_import:list")


@require_POST
@staff_may("channels.import")
def delete_file(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Delete the uploaded file of an import that has ended; the answers stay."""
    of_import = _import_of(request, import_id)
    if of_import.state in pages.AT_WORK or of_import.state == Import.State.UNDERSTOOD:
        messages.warning(request, _("The file is still needed for the import."))
    else:
        operations.delete_file(of_import, by=request.user, now=timezone.now())
        messages.success(request, _("The file is deleted. The answers stay."))
    return redirect("file_import:detail", import_id)


@require_safe
@staff_may("channels.import")
def skipped(request: StaffRequest, import_id: UUID) -> HttpResponseBase:
    """The rows that were left out, with the reason, as a CSV."""
    of_import = _import_of(request, import_id)
    try:
        lines = skipped_rows(of_import, row_label=_("row"), reason_label=_("reason"))
    except (ImportRefused, UnreadableFile) as refusal:
        messages.warning(request, sentence_of(refusal))
        return redirect("file_import:detail", import_id)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = pages.download_name(of_import)
    return response


def _import_of(request: StaffRequest, import_id: UUID) -> Import:
    mine = Import.objects.filter(organisation=request.organisation)
    return get_object_or_404(
        mine.select_related("organisation", "job", "created_by"), public_id=import_id
    )


def _list_page(request: StaffRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    page = Paginator(queries.list_imports(request.organisation), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    rows = [
        (one, wording.STATES[one.state], wording.tool_name(one.format) if one.format else "")
        for one in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "problem": problem,
        "tools": [name for name in wording.TOOLS.values() if isinstance(name, str)],
    }
    return render_page(request, "file_import/list.html", context, status=status)


def _detail_page(request: StaffRequest, of_import: Import) -> HttpResponse:
    if of_import.state in _PAGES:
        template, context_of = _PAGES[of_import.state]
        context = context_of(of_import)
    else:
        template, context = "file_import/work.html", pages.work(of_import, now=timezone.now())
    return render_page(request, template, context)


def _change(
    request: StaffRequest, import_id: UUID, operation: Callable[..., object]
) -> HttpResponse:
    of_import = _import_of(request, import_id)
    try:
        operation(of_import, by=request.user, now=timezone.now())
    except ImportRefused as refusal:
        messages.warning(request, sentence_of(refusal))
    return redirect("file_import:detail", import_id)


def _changes_rows(of_import: Import, form: dict[str, str]) -> bool:
    """Whether the file gives another number of answers than the button promised."""
    return form.get("promised") != str(of_import.plan["counts"]["imported"]) or bool(
        of_import.plan["problems"]
    )
