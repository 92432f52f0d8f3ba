"""Pages of files of customers: bring one in, see how it is understood, keep it, take it back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gloed.analysis import words
from gloed.analysis.customers.inner import inner_tabs
from gloed.analysis.customers.models import CustomerFile
from gloed.analysis.customers.value import operations
from gloed.analysis.customers.value.columns import LEFT_OUT, Flaw, Understood
from gloed.analysis.customers.value.forms import ReadingForm
from gloed.analysis.customers.value.tables import Table, UnreadableTable
from gloed.analysis.customers.value.words import FLAWS, ORIGINS, money, why_unreadable
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo

SHOWN = 8
"""Customers in the preview."""
State = CustomerFile.State


@require_safe
@staff_may("channels.import")
def files(request: StaffRequest) -> HttpResponse:
    """The place to drop a file, and the files brought in before."""
    return _list_page(request)


@require_POST
@staff_may("channels.import")
def upload(request: StaffRequest) -> HttpResponse:
    """Take a file in and show how it is understood."""
    given = request.FILES.get("file")
    if given is None:
        return _list_page(request, problem=_("Choose a file first."), status=422)
    if (given.size or 0) > operations.LARGEST_BYTES:
        limit = words.number(operations.LARGEST_BYTES / 1_000_000)
        problem = _("This file is larger than %(limit)s MB. Leave out columns nobody needs here.")
        return _list_page(request, problem=problem % {"limit": limit}, status=413)
    now = timezone.now()
    try:
        file = operations.upload(
            request.organisation,
            name=given.name or "",
            content=given.read(),
            by=request.user,
            today=timezone.localdate(now),
            now=now,
        )
    except UnreadableTable as refusal:
        return _list_page(request, problem=why_unreadable(refusal.why), status=422)
    return redirect("customers:file", file.public_id)


@require_safe
@staff_may("channels.import")
def file(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """How a file is understood, how far it is, or what became of it."""
    return _file_page(request, _file_of(request, file_id))


@require_POST
@staff_may("channels.import")
def decide(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Take over what was chosen; keep the file where the button says so and nothing changed."""
    found = _file_of(request, file_id)
    if found.state != State.UNDERSTOOD:
        return redirect("customers:file", file_id)
    table = operations.table_of(found)
    before = (dict(found.columns), dict(found.options), found.as_of, found.currency)
    read = operations.understood(found, table)
    form = _form(found, read, request.POST)
    if not form.is_valid():
        return _file_page(request, found, form=form, status=422)
    given = form.cleaned_data
    shown_as = (before[0], {"order": read.order.value, "mark": read.mark.value}, *before[2:])
    operations.decide(
        found,
        columns=form.columns,
        options=form.options,
        as_of=given["as_of"],
        currency=given["currency"],
    )
    if "keep" not in request.POST:
        return redirect("customers:file", file_id)
    if shown_as != (found.columns, found.options, found.as_of, found.currency):
        messages.info(
            request, _("Your choices changed how the file is read. Look once more, then keep it.")
        )
        return redirect("customers:file", file_id)
    if not read.customers:
        messages.warning(request, _("No row can be read as a customer. Nothing was kept."))
        return redirect("customers:file", file_id)
    operations.keep(found, count=len(read.customers), by=request.user, now=timezone.now())
    if found.state == State.KEPT:
        url = reverse("customers:undo", args=[file_id])
        offer_undo(request, _("The customers of %(file)s count now.") % {"file": found}, url)
        return redirect("customers:value")
    return redirect("customers:file", file_id)


@require_POST
@staff_may("channels.import")
def undo(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Take a file back whole."""
    found = _file_of(request, file_id)
    if operations.undo(found, by=request.user, now=timezone.now()):
        url = reverse("customers:redo", args=[file_id])
        offer_undo(request, _("%(file)s no longer counts.") % {"file": found}, url)
    return redirect("customers:files")


@require_POST
@staff_may("channels.import")
def redo(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Let a file count again."""
    found = _file_of(request, file_id)
    if operations.redo(found, by=request.user, now=timezone.now()):
        url = reverse("customers:undo", args=[file_id])
        offer_undo(request, _("%(file)s counts again.") % {"file": found}, url)
    return redirect("customers:files")


@require_POST
@staff_may("channels.import")
def discard(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Throw a file away for good."""
    found = _file_of(request, file_id)
    if operations.discard(found, by=request.user, now=timezone.now()):
        messages.success(
            request, _("%(file)s was thrown away; nothing of it was kept.") % {"file": found}
        )
        return redirect("customers:files")
    messages.warning(request, _("This file counts. Take it back first."))
    return redirect("customers:file", file_id)


@require_POST
@staff_may("channels.import")
def match(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Look once more for the people behind rows that stand alone."""
    found = _file_of(request, file_id)
    if found.state == State.KEPT:
        n = operations.match_again(found)
        said = ngettext(
            "%(n)s customer was found again among the people.",
            "%(n)s customers were found among the people.",
            n,
        )
        messages.success(request, said % {"n": words.number(n)})
    return redirect("customers:file", file_id)


def _file_of(request: StaffRequest, file_id: UUID) -> CustomerFile:
    mine = CustomerFile.objects.filter(organisation=request.organisation)
    return get_object_or_404(mine.select_related("organisation"), public_id=file_id)


def _list_page(request: StaffRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    mine = CustomerFile.objects.filter(organisation=request.organisation).defer("content")
    in_use = operations.file_in_use(request.organisation)
    context = {
        "inner_tabs": inner_tabs(request, "customers:value"),
        "files": [(one, _standing(one, in_use)) for one in mine.select_related("created_by")[:50]],
        "problem": problem,
        "undo": take_undo(request),
    }
    return render_page(request, "customers/files.html", context, status=status)


def _standing(file: CustomerFile, in_use: CustomerFile | None) -> str:
    if in_use is not None and file.pk == in_use.pk:
        return _("counts")
    return {
        State.UNDERSTOOD.value: _("to be checked"),
        State.KEEPING.value: _("being kept"),
        State.KEPT.value: _("older; does not count now"),
        State.UNDONE.value: _("taken back"),
    }[file.state]


def _form(file: CustomerFile, read: Understood, data: Any = None) -> ReadingForm:
    return ReadingForm(data, file=file, order=read.order.value, mark=read.mark.value)


def _file_page(
    request: StaffRequest,
    file: CustomerFile,
    *,
    form: ReadingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "inner_tabs": inner_tabs(request, "customers:value"),
        "file": file,
        "undo": take_undo(request),
    }
    if file.state == State.UNDERSTOOD:
        table = operations.table_of(file)
        read = operations.understood(file, table)
        context |= _preview(file, table, read) | {"form": form or _form(file, read)}
        return render_page(request, "customers/file_read.html", context, status=status)
    in_use = operations.file_in_use(request.organisation)
    context |= {
        "standing": _standing(file, in_use),
        "is_in_use": in_use is not None and in_use.pk == file.pk,
        "facts": _facts(file),
        "job": operations.job_of(file) if file.state == State.KEEPING else None,
    }
    return render_page(
        request, "customers/file_kept.html", context, region="file_state", status=status
    )


def _preview(file: CustomerFile, table: Table, read: Understood) -> dict[str, Any]:
    return {
        "rows_total": len(table.rows),
        "n": len(read.customers),
        "merged": read.merged,
        "active": sum(one.ended_on is None for one in read.customers),
        "left": sum(one.ended_on is not None for one in read.customers),
        "revenue": money(sum(float(one.revenue or 0) for one in read.customers), file.currency),
        "has_revenue": any(one.revenue is not None for one in read.customers),
        "flaws": [_flaw(flaw, n, read) for flaw, n in sorted(read.flaws.items())],
        "customers": [
            {
                "who": one.name or one.email or one.key,
                "key": one.key,
                "started_on": one.started_on,
                "ended_on": one.ended_on,
                "revenue": "" if one.revenue is None else money(one.revenue, file.currency),
                "before": "" if one.before is None else money(one.before, file.currency),
                "origin": str(ORIGINS[one.origin]),
            }
            for one in read.customers[:SHOWN]
        ],
    }


def _flaw(flaw: Flaw, n: int, read: Understood) -> dict[str, Any]:
    row, said = read.examples[flaw]
    return {"n": n, "words": FLAWS[flaw], "row": row, "said": said, "is_out": flaw in LEFT_OUT}


def _facts(file: CustomerFile) -> list[tuple[str, str]]:
    customers = file.customers
    rows: list[tuple[str, Callable[[], int]]] = [
        (_("Customers"), customers.count),
        (_("Found among the people"), customers.exclude(person=None).count),
        (_("Found among the firms"), customers.exclude(account=None).count),
        (
            _("Not found: they stay without answers"),
            customers.filter(person=None, account=None).count,
        ),
    ]
    return [
        (_("Last day the file knows of"), words.day(file.as_of)),
        *((label, words.number(count())) for label, count in rows),
    ]
