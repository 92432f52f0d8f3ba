"""Retention and value: who stays, what it is worth, and the people behind the two odd groups."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.analysis import reports, store, tasks
from gloed.analysis.changes.subjects import Subject, find_subject, list_subjects
from gloed.analysis.customers.inner import inner_tabs
from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.analysis.customers.value import operations
from gloed.analysis.customers.value import words as told
from gloed.analysis.customers.value.figures import curves
from gloed.analysis.customers.value.report import ValueReport, value_report
from gloed.analysis.customers.value.rules import Group
from gloed.analysis.looking import taken_along
from gloed.analysis.tables import csv_response
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may, sees_own_team_only
from gloed.base.undo import take_undo
from gloed.surveys.rules import Metric

PAGE = 50
LISTS = ("left", "stayed")


@dataclass(frozen=True, slots=True)
class _Look:
    """A request understood: the file that counts, and what it says with the answers."""

    file: CustomerFile | None
    subjects: list[Subject]
    subject: Subject | None
    report: ValueReport | None
    is_current: bool


@require_safe
@staff_may("analysis.view_report")
def value(request: StaffRequest) -> HttpResponse:
    """Who stayed, how long, what they pay, and what may go."""
    role = Role(request.membership.role)
    context: dict[str, Any] = {
        "inner_tabs": inner_tabs(request, "customers:value"),
        "may_import": may(role, "channels.import"),
        "undo": take_undo(request),
    }
    if sees_own_team_only(role):
        return render_page(request, "customers/value.html", context | {"is_closed": True})
    look = _look(request)
    report, file = look.report, look.file
    context |= {
        "file": file,
        "report": report,
        "subjects": [(one.key, one.label) for one in look.subjects]
        if len(look.subjects) > 1
        else [],
        "subject": look.subject,
    }
    if report is not None and file is not None:
        context |= {
            "headline": told.headline(report),
            "paragraph": told.paragraph(report),
            "rates": _rates(report),
            "figure": curves(report, csv_url=f"{reverse('customers:curves_csv')}{_about(look)}"),
            "staying_says": told.staying_says(report),
            "risk_says": told.risk_says(report, file.currency),
            "risk_rows": _risk_rows(report, file.currency),
            "new": _new(report, file.currency),
            "without_amount": report.growth.without_amount if report.growth else 0,
            "may_see_people": may(role, "people.view_person"),
            "about": _about(look),
        }
    return render_page(request, "customers/value.html", context)


@require_safe
@staff_may("people.view_person")
def value_list(request: StaffRequest, which: str) -> HttpResponse:
    """Happy customers who left, or unhappy ones who stayed."""
    look, keys = _listed(request, which)
    page = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    context = {
        "inner_tabs": inner_tabs(request, "customers:value"),
        "which": which,
        "page": page,
        "rows": _rows(look, list(page)),
        "back_url": f"{reverse('customers:value')}{_about(look)}",
        "csv_url": f"{reverse('customers:value_list_csv', args=[which])}{_about(look)}"
        if may(Role(request.membership.role), "analysis.export")
        else "",
    }
    return render_page(request, "customers/value_list.html", context)


@require_safe
@staff_may("analysis.export")
def value_list_csv(request: StaffRequest, which: str) -> HttpResponse:
    """The same list as a table."""
    look, keys = _listed(request, which)
    rows = [
        [row["name"], row["key"], row["started_on"], row["ended_on"] or "",
         "" if row["amount"] is None else row["amount"]]
        for start in range(0, len(keys), 500)
        for row in _rows(look, keys[start : start + 500])
    ]  # fmt: skip
    columns = ["name", "number", "customer_since", "left_on", "revenue"]
    return csv_response(f"customers-{which}", columns, rows)


@require_safe
@staff_may("analysis.view_report")
def curves_csv(request: StaffRequest) -> HttpResponse:
    """Every step of the curves."""
    figure = _figure(request)
    return csv_response("still-a-customer", figure.exact_columns, figure.exact)


@require_safe
@staff_may("analysis.view_report")
def curves_svg(request: StaffRequest) -> HttpResponse:
    """The curves as a drawing, for a document."""
    return taken_along(_figure(request), "still-a-customer", "svg")


def _look(request: StaffRequest) -> _Look:
    if sees_own_team_only(Role(request.membership.role)):
        raise PermissionDenied  # a file of customers is about everybody
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    is_current = reports.is_current(request.organisation, tasks.KINDS)
    source = store.projection_of(request.organisation)
    every = list_subjects(request.organisation, source)
    subjects = [one for one in every if one.metric is Metric.NPS]
    wanted = request.GET.get("about", "").replace("\x00", "")[:80]
    subject = find_subject(subjects, wanted)
    if wanted and subject is None:
        raise Http404
    file = operations.file_in_use(request.organisation)
    report = None
    if file is not None:
        minimum = request.organisation.minimum_group
        report = value_report(file, source, subject, minimum=minimum)
    return _Look(file, subjects, subject, report, is_current)


def _about(look: _Look) -> str:
    is_first = not look.subjects or look.subject is look.subjects[0]
    return "" if look.subject is None or is_first else f"?about={look.subject.key}"


def _figure(request: StaffRequest) -> Any:
    look = _look(request)
    figure = curves(look.report) if look.report else None
    if figure is None:
        raise Http404
    return figure


def _rates(report: ValueReport) -> list[dict[str, Any]]:
    """The rates, each with what it counts."""
    found: list[dict[str, Any]] = []
    if report.kept is not None:
        found += [
            {
                "id": "retention",
                "label": _("Customers kept"),
                "estimate": report.kept.retention,
                "text": told.percent(report.kept.retention),
                "formula": _("(customers at the end − new ones) / customers at the start"),
            },
            {
                "id": "churn",
                "label": _("Customers lost"),
                "estimate": report.kept.churn,
                "text": told.percent(report.kept.churn),
                "formula": _("100% − customers kept"),
            },
        ]
    growth = report.growth
    if growth is None:
        return found
    found += [
        {
            "id": "net",
            "label": _("Revenue kept, net (NRR)"),
            "estimate": growth.net,
            "text": told.percent(growth.net),
            "formula": _("revenue now of last year’s customers / their revenue last year"),
        },
        {
            "id": "gross",
            "label": _("Revenue kept, gross (GRR)"),
            "estimate": growth.gross,
            "text": told.percent(growth.gross),
            "formula": _("the same, nobody counted for more than last year"),
        },
    ]
    if growth.earned is not None:
        found.append(
            {
                "id": "earned",
                "label": _("Earned growth"),
                "estimate": growth.earned,
                "text": told.percent(growth.earned),
                "formula": _("NRR + revenue of recommended new customers / last year’s − 100%"),
            }
        )
    return found


def _new(report: ValueReport, currency: str) -> list[tuple[str, str]]:
    if report.growth is None or not any(report.growth.new.values()):
        return []
    return [
        (str(told.ORIGINS[name]), told.money(amount, currency))
        for name, amount in report.growth.new.items()
    ]


def _risk_rows(report: ValueReport, currency: str) -> list[dict[str, Any]]:
    if report.risk is None:
        return []
    rows = []
    for group in Group:
        held = report.risk.classes.get(group)
        if held is None:
            continue
        churn = report.risk.risk.churn[group.value]
        rows.append(
            {
                "name": told.GROUPS[group],
                "customers": held.customers,
                "lost": held.churned,
                "churn": told.percent(churn),
                "revenue": told.money(held.revenue, currency),
                "at_risk": told.money(held.revenue * churn.value / 100, currency),
            }
        )
    return rows


def _listed(request: StaffRequest, which: str) -> tuple[_Look, list[int]]:
    if which not in LISTS:
        raise Http404
    look = _look(request)
    if look.report is None:
        raise Http404
    return look, list(look.report.left if which == "left" else look.report.stayed)


def _rows(look: _Look, keys: list[int]) -> list[dict[str, Any]]:
    held = Customer.objects.filter(pk__in=keys).select_related("person", "account")
    by_key = {one.pk: one for one in held}
    names = operations.names_of(by_key.values())
    currency = look.file.currency if look.file else ""
    return [
        {
            "name": names[key],
            "key": one.key,
            "person_id": one.person.public_id if one.person else None,
            "account_id": one.account.public_id if one.account else None,
            "started_on": one.started_on,
            "ended_on": one.ended_on,
            "amount": one.revenue,
            "revenue": "" if one.revenue is None else told.money(one.revenue, currency),
        }
        for key in keys
        if (one := by_key.get(key)) is not None
    ]
