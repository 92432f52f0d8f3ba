"""The ledger: every invitation and everybody who was not asked, with the reason."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.fieldwork import channels, queries
from gloed.fieldwork.forms import LedgerForm
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.rules import Skip
from gloed.fieldwork.sentences import day_words
from gloed.people.models import Person

PAGE_SIZE = 50
COLUMNS = (
    "created_at", "survey", "wave", "trigger", "channel", "disposition", "reason", "person",
    "due_at", "sent_at", "delivered_at", "bounced_at", "opened_at", "started_at", "answered_at",
    "opted_out_at", "reminders", "expires_at",
)  # fmt: skip


@require_safe
@staff_may("analysis.view_report")
def lines(request: StaffRequest) -> HttpResponse:
    """The ledger, newest first, with totals over what is filtered."""
    form = LedgerForm(request.GET, organisation=request.organisation)
    role = Role(request.membership.role)
    sees_people = may(role, "people.view_person")
    chosen, active = _chosen(request, form, sees_people=sees_people)
    total = queries.tally(chosen)
    pages = Paginator(chosen, PAGE_SIZE)
    pages.__dict__["count"] = total.lines  # counted already; it is kept there once known
    rows = pages.get_page(request.GET.get("page"))
    query = request.GET.urlencode()
    context = {
        "form": form,
        "active": active,
        "reset_url": request.path if active else "",
        "page": rows,
        "lines": [(line, channels.find(line.channel).label) for line in rows.object_list],
        "total": total,
        "totals": named(total),
        "definition": rate_definition(),
        "sees_people": sees_people,
        "export_query": query if sees_people and may(role, "analysis.export") else None,
    }
    return render_page(request, "fieldwork/ledger.html", context)


@require_safe
@staff_may("analysis.export")
def lines_csv(request: StaffRequest) -> StreamingHttpResponse:
    """The lines of the ledger as a file, under the same filters."""
    form = LedgerForm(request.GET, organisation=request.organisation)
    chosen, _active = _chosen(request, form, sees_people=True)
    response = StreamingHttpResponse(_csv(chosen), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ledger.csv"'
    return response


def _chosen(
    request: StaffRequest, form: LedgerForm, *, sees_people: bool
) -> tuple[QuerySet[Invitation], list[tuple[str, str]]]:
    """The lines asked for, and each filter in words with the address without it."""
    rows = Invitation.objects.filter(organisation=request.organisation)
    rows = rows.select_related("survey", "wave", "trigger", "person").order_by("-created_at", "-pk")
    active: list[tuple[str, str]] = []
    form.is_valid()
    data = form.cleaned_data
    filters: dict[str, Any] = {
        "survey": data.get("survey"),
        "wave": data.get("wave"),
        "trigger": data.get("trigger"),
        "became": dict(Invitation.Disposition.choices).get(data.get("became", "")),
        "reason": dict(Invitation.Skip.choices).get(data.get("reason", "")),
    }
    columns = {
        "survey": "survey",
        "wave": "wave",
        "trigger": "trigger",
        "became": "disposition",
        "reason": "skip",
    }
    for name, text in filters.items():
        if text:
            rows = rows.filter(**{columns[name]: data[name]})
            active.append((str(text), _without(request, name)))
    if since := data.get("since"):
        rows = rows.filter(created_at__gte=_midnight(since))
        words = _("from %(day)s") % {"day": day_words(since)}
        active.append((words, _without(request, "since")))
    if until := data.get("until"):
        rows = rows.filter(created_at__lt=_midnight(until + timedelta(days=1)))
        words = _("up to %(day)s") % {"day": day_words(until)}
        active.append((words, _without(request, "until")))
    if (public_id := data.get("person")) and sees_people:
        rows = rows.filter(person__public_id=public_id)
        person = Person.objects.filter(
            public_id=public_id, organisation=request.organisation
        ).first()
        active.append((str(person or _("an unknown person")), _without(request, "person")))
    return rows, active


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"


def named(total: queries.Tally) -> list[tuple[str, int, str]]:
    """Totals as read: what became of it, how many, and the filter that shows them."""
    kinds, reasons = Invitation.Disposition, Invitation.Skip
    skipped = {kinds.SKIPPED, kinds.WITHDRAWN}
    asked = [
        (str(kind.label), total.count(kind), f"became={kind.value}")
        for kind in kinds
        if kind not in skipped and total.count(kind)
    ]
    why = [
        (str(reasons(reason).label), n, f"reason={reason}") for reason, n in total.by_reason.items()
    ]
    return asked + why


def named_reasons(reasons: Mapping[Skip, int]) -> list[tuple[str, int, str]]:
    """Reasons in words: each with how many, and its code."""
    labels = dict(Invitation.Skip.choices)
    return [(str(labels[reason]), n, reason.value) for reason, n in reasons.items()]


def rate_definition() -> dict[str, Any]:
    """The card of the response rate: what is counted above the line and what below it."""
    return {
        "rows": [
            (_("Counted as an answer"), _("answered, and partly answered")),
            (
                _("Counted as asked"),
                _(
                    "sent, perhaps sent, delivered, opened, started, partly answered, answered, "
                    "did not want to, opted out, expired"
                ),
            ),
            (
                _("Left out"),
                _(
                    "not asked, made but not sent yet, withdrawn, could not be sent, bounced, "
                    "not reached by telephone"
                ),
            ),
            (
                _("Definition"),
                _(
                    "AAPOR Standard Definitions, response rate 2 (RR2), on those delivered: "
                    "everybody who may have received it counts as asked"
                ),
            ),
            (
                _("Interval"),
                _("none: it is counted over these very invitations, not estimated from a sample"),
            ),
        ],
        "formula": _("RR2 = (complete + partial) / (sent − bounced − withdrawn)"),
    }


def _csv(rows: QuerySet[Invitation]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for line in rows.iterator(chunk_size=1000):
        person = line.person
        moments = (
            line.due_at, line.sent_at, line.delivered_at, line.bounced_at, line.opened_at,
            line.started_at, line.answered_at, line.opted_out_at,
        )  # fmt: skip
        yield writer.writerow(
            [
                line.created_at.isoformat(),
                safe(line.survey.title),
                safe(line.wave.name if line.wave else ""),
                safe(line.trigger.name if line.trigger else ""),
                line.channel,
                line.disposition,
                line.skip,
                safe(person.external_id or person.email or person.name if person else ""),
                *(moment.isoformat() if moment else "" for moment in moments),
                line.reminders,
                line.expires_at.isoformat() if line.expires_at else "",
            ]
        )


def safe(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


class _Echo:
    """Gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
