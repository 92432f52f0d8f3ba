"""The page "Take it along": archives, tables of answers, and the way back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from gloed.analysis.filters import active_filters, read
from gloed.analysis.reports import names_of
from gloed.base import audit, jobs
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.integrations.exports import shelf
from gloed.integrations.exports.forms import ALL, FORMATS, ArchiveForm, TableForm
from gloed.integrations.exports.refusals import ArchiveRefused, Reason
from gloed.integrations.exports.shelf import Kept
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

EVERYTHING = "base.export_everything"
PIECE = 1 << 16
_SMALL_PARTS = 1_000_000  # of an upload: what goes with the file


@never_cache
@require_safe
@staff_may("analysis.export")
def home(request: StaffRequest) -> HttpResponse:
    """Everything that can be taken along, what lies ready, and the way back."""
    return _page(request)


@require_safe
@staff_may("analysis.export")
def progress(request: StaffRequest) -> HttpResponse:
    """How far the work is, for the page that watches; the whole page anew once it is done."""
    work = _at_work(request)
    if not work:
        return HttpResponseClientRefresh() if request.htmx else redirect("exports:home")
    return render_page(request, "exports/parts/work.html", {"work": work})


@require_POST
@staff_may(EVERYTHING)
def ask_archive(request: StaffRequest) -> HttpResponse:
    """Have a worker write everything to one file."""
    jobs.enqueue(
        shelf.ARCHIVE,
        {"by": request.user.pk},
        now=timezone.now(),
        organisation=request.organisation,
        key=f"{shelf.ARCHIVE}:{request.organisation.pk}",
    )
    audit.record(request, "archive.asked", request.organisation.name)
    return redirect("exports:home")


@never_cache
@require_safe
@staff_may(EVERYTHING)
def archive_file(request: StaffRequest, file_id: UUID) -> HttpResponseBase:
    """Hand an archive out."""
    kept = _ready(request, shelf.ARCHIVE, file_id)
    audit.record(request, "archive.downloaded", request.organisation.name)
    return _handed_out(request, kept, "gloed", "zip")


@require_POST
@staff_may(EVERYTHING)
def delete_archive(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Delete an archive before its week is over, or stop the work on it."""
    return _deleted(request, shelf.ARCHIVE, file_id, "archive.deleted")


@require_POST
@staff_may("analysis.export")
def ask_table(request: StaffRequest) -> HttpResponse:
    """Have a worker write a table of answers."""
    form = TableForm(request.POST, organisation=request.organisation)
    if not form.is_valid():
        return _page(request, table=form, status=422)
    asked = form.cleaned_data
    surveys = Survey.objects.filter(organisation=request.organisation)
    title = surveys.get(public_id=asked["survey"]).title if asked["survey"] else ""
    wishes = {name: asked[name] for name in ("survey", "format", "personal", "address")}
    jobs.enqueue(
        shelf.TABLE,
        {**wishes, "by": request.user.pk, "title": title},
        now=timezone.now(),
        organisation=request.organisation,
    )
    detail = {"format": asked["format"], "personal": asked["personal"]}
    audit.record(request, "table.asked", title, detail)
    return redirect("exports:home")


@never_cache
@require_safe
@staff_may("analysis.export")
def table_file(request: StaffRequest, file_id: UUID) -> HttpResponseBase:
    """Hand a table of answers out."""
    kept = _ready(request, shelf.TABLE, file_id)
    audit.record(request, "table.downloaded", kept.told.get("title", ""))
    name = slugify(kept.told.get("title", "")) or "answers"
    return _handed_out(request, kept, name, kept.told.get("format", "csv"))


@require_POST
@staff_may("analysis.export")
def delete_table(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Delete a table before its week is over, or stop the work on it."""
    return _deleted(request, shelf.TABLE, file_id, "table.deleted")


@csrf_exempt  # only until the size is known: `_take_file` checks the token
@require_POST
@staff_may(EVERYTHING)
def take_archive(request: StaffRequest) -> HttpResponseBase:
    """Take an archive in, unless it is too large to be read from the line at all."""
    size = int(request.META.get("CONTENT_LENGTH") or 0) - _SMALL_PARTS
    if size > settings.UPLOAD_LIMIT_BYTES:
        megabytes = settings.UPLOAD_LIMIT_BYTES // 1_000_000
        refusal = ArchiveRefused(Reason.UPLOAD_TOO_LARGE, megabytes=megabytes)
        return _page(request, problem=str(refusal), status=413)
    return _take_file(request)


@csrf_protect
def _take_file(request: StaffRequest) -> HttpResponse:
    form = ArchiveForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, archive=form, status=422)
    job = jobs.enqueue(
        shelf.BRING_IN,
        {
            "by": request.user.pk,
            "name": form.cleaned_data["name"],
            "title": str(form.cleaned_data["file"].name)[:120],
            "is_here": False,
        },
        now=timezone.now(),
        organisation=request.organisation,
        run_at=timezone.now() + shelf.UNTIL_WRITTEN,
    )
    with shelf.path_of(job).open("wb") as kept:
        for chunk in form.cleaned_data["file"].chunks():
            kept.write(chunk)
    shelf.start(job, now=timezone.now())
    return redirect("exports:home")


def _page(
    request: StaffRequest,
    *,
    table: TableForm | None = None,
    archive: ArchiveForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    is_owner = may(Role(request.membership.role), EVERYTHING)
    house = request.organisation
    address = _address(request)
    given = {"address": address, "survey": request.GET.get("survey", ALL)}
    kinds = (shelf.ARCHIVE, shelf.BRING_IN) if is_owner else ()
    kept = shelf.list_kept(house, shelf.TABLE, *kinds)
    context = {
        "is_owner": is_owner,
        "work": _shown_work(kept),
        "archives": [one for one in kept if one.job.kind == shelf.ARCHIVE and not one.is_at_work],
        "tables": [
            (one, dict(FORMATS).get(one.told["format"], ""))
            for one in kept
            if one.job.kind == shelf.TABLE and not one.is_at_work
        ],
        "came_in": [one for one in kept if one.job.kind == shelf.BRING_IN and not one.is_at_work],
        "table_form": table or TableForm(initial=given, organisation=house),
        "archive_form": archive or ArchiveForm(),
        "filters": _filters(request, address),
        "problem": problem,
    }
    response = render_page(request, "exports/home.html", context)
    response.status_code = status
    return response


def _address(request: StaffRequest) -> str:
    """The filters somebody came with, as an address of the page of answers."""
    if request.method == "POST":
        return str(request.POST.get("address", ""))[:2000]
    params = request.GET.copy()
    params.pop("survey", None)
    return params.urlencode()[:2000]


def _filters(request: StaffRequest, address: str) -> list[Any]:
    """The filters in words, so that nobody takes along less than they think."""
    asked = read(request.GET, today=timezone.localdate()) if address else None
    if asked is None:
        return []
    return list(active_filters(asked, metric=Metric.NPS, names=names_of(request.organisation)))


def _at_work(request: StaffRequest) -> list[dict[str, Any]]:
    is_owner = may(Role(request.membership.role), EVERYTHING)
    kinds = (shelf.ARCHIVE, shelf.BRING_IN) if is_owner else ()
    return _shown_work(shelf.list_kept(request.organisation, shelf.TABLE, *kinds))


def _shown_work(kept: list[Kept]) -> list[dict[str, Any]]:
    """What is being made, as the part progress.html shows it."""
    labels = {
        shelf.ARCHIVE: _("Writing the archive"),
        shelf.TABLE: _("Writing the table"),
        shelf.BRING_IN: _("Bringing the archive in"),
    }
    return [
        {
            "id": f"work_{one.job.pk}",
            "label": labels[one.job.kind],
            "done": one.job.progress_done,
            "total": one.job.progress_total,
        }
        for one in kept
        if one.is_at_work
    ]


def _ready(request: StaffRequest, kind: str, file_id: UUID) -> Kept:
    kept = shelf.find_kept(request.organisation, kind, file_id)
    if kept is None or not kept.is_ready:
        raise Http404
    return kept


def _handed_out(request: StaffRequest, kept: Kept, name: str, ending: str) -> HttpResponseBase:
    """The file, a piece at a time; it is opened when somebody begins to read."""
    house, day = slugify(request.organisation.name), timezone.localdate().isoformat()
    named = "-".join(part for part in (name, house, day) if part)
    response = StreamingHttpResponse(_pieces(kept.path), content_type="application/octet-stream")
    response["Content-Length"] = str(kept.size)
    response["Content-Disposition"] = f'attachment; filename="{named}.{ending}"'
    return response


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _deleted(request: StaffRequest, kind: str, file_id: UUID, action: str) -> HttpResponse:
    kept = shelf.find_kept(request.organisation, kind, file_id)
    if kept is None:
        raise Http404
    shelf.throw_away(kept, now=timezone.now())
    audit.record(request, action, kept.told.get("title", ""))
    messages.success(request, _("The file is gone. It can be made again at any time."))
    return redirect("exports:home")
