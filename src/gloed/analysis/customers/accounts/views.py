"""Pages of accounts: the list, and one account with its persons, answers and cases."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gloed.analysis import words
from gloed.analysis.answers import Line
from gloed.analysis.customers.accounts import queries
from gloed.analysis.customers.accounts.figures import ratings_over_time
from gloed.analysis.customers.accounts.queries import Wanted
from gloed.analysis.customers.accounts.rules import Ratings, days_silent, ways
from gloed.analysis.customers.inner import inner_tabs
from gloed.analysis.customers.models import CustomerFile
from gloed.analysis.customers.value.operations import file_in_use
from gloed.analysis.customers.value.words import money
from gloed.analysis.tables import csv_response
from gloed.analysis.views.answers import shown
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may, sees_own_team_only
from gloed.loop.cases.models import Case
from gloed.surveys.rules import Metric

PAGE = 50
SHOWN_RATINGS = 6
SILENT = {90: gettext_lazy("90 days"), 180: gettext_lazy("180 days"), 365: gettext_lazy("a year")}


@require_safe
@staff_may("responses.view_answers")
def accounts(request: StaffRequest) -> HttpResponse:
    """Every account: who answered, how long they are silent, revenue and open cases."""
    wanted, found, file = _asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    is_whole = wanted.is_everything
    every = None if is_whole else queries.visible_accounts(request.membership).count()
    context = {
        "inner_tabs": inner_tabs(request, "customers:accounts"),
        "page": page,
        "rows": _rows(request, list(page), file),
        "all_count": every,
        "is_filtered": not is_whole,
        "wanted": wanted,
        "silent_choices": list(SILENT.items()),
        "reset_url": reverse("customers:accounts"),
        "has_revenue": file is not None,
        "may_export": may(Role(request.membership.role), "analysis.export"),
        "csv_url": f"{reverse('customers:accounts_csv')}?{request.GET.urlencode()}",
        "may_import": may(Role(request.membership.role), "channels.import"),
    }
    return render_page(request, "customers/accounts.html", context, region="accounts")


@require_safe
@staff_may("analysis.export")
def accounts_csv(request: StaffRequest) -> HttpResponse:
    """The same list as a table."""
    _wanted, found, file = _asked(request)
    rows = []
    accounts = list(found)
    for start in range(0, len(accounts), 500):
        for row in _rows(request, accounts[start : start + 500], file):
            one = row["account"]
            rows.append(
                [one.name, one.external_id, one.people_count, one.answered_count,
                 row["last_on"].isoformat() if row["last_on"] else "",
                 "" if row["silent"] is None else row["silent"], one.revenue, one.open_cases,
                 row["up"], row["down"]]
            )  # fmt: skip
    columns = [
        "account", "number", "people", "answered", "last_answer", "days_silent", "revenue",
        "open_cases", "went_up", "went_down",
    ]  # fmt: skip
    return csv_response("accounts", columns, rows)


@require_safe
@staff_may("responses.view_answers")
def account(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """One account: its persons and their roles, what they said, and what is open."""
    found = get_object_or_404(queries.visible_accounts(request.membership), public_id=account_id)
    today = timezone.localdate()
    members = queries.list_members(request.membership, found)
    last = max((one.last_on for one in members if one.last_on), default=None)
    up, down = ways(one.ratings for one in members if one.ratings)
    context = {
        "account": found,
        "members": [
            {
                "person": one.person,
                "role": one.role,
                "last_on": one.last_on,
                "silent": days_silent(one.last_on, today),
                "ratings": one.ratings,
            }
            for one in members
        ],
        "has_roles": any(one.role for one in members),
        "answered": sum(one.last_on is not None for one in members),
        "silent": days_silent(last, today),
        "last_on": last,
        "up": up,
        "down": down,
        "facts": _facts(request, found),
        "figure": ratings_over_time(queries.history_of(request.membership, found)),
        "answers": [_said(line) for line in queries.latest_answers(request.membership, found)],
        "cases": [_case(one) for one in queries.open_cases_of(request.membership, found)],
        "may_see_person": may(Role(request.membership.role), "people.view_person"),
    }
    return render_page(request, "customers/account.html", context)


def _asked(request: StaffRequest) -> tuple[Wanted, QuerySet[Any], CustomerFile | None]:
    given = request.GET
    silent = given.get("silent", "")
    wanted = Wanted(
        search=given.get("q", "").replace("\x00", "").strip()[:200],
        silent=int(silent) if silent in {str(days) for days in SILENT} else 0,
        with_case=bool(given.get("case")),
        with_low=bool(given.get("low")),
        sort=given.get("sort", ""),
    )
    # revenue is about the whole organisation
    is_team = sees_own_team_only(Role(request.membership.role))
    file = None if is_team else file_in_use(request.organisation)
    found = queries.list_accounts(request.membership, wanted, file, now=timezone.now())
    return wanted, found, file


def _rows(
    request: StaffRequest, accounts: list[Any], file: CustomerFile | None
) -> list[dict[str, Any]]:
    today = timezone.localdate()
    ratings = queries.ratings_of(request.membership, [one.pk for one in accounts])
    rows = []
    for one in accounts:
        own = sorted(ratings.get(one.pk, {}).values(), key=_newest)
        last_on = localtime(one.last_at).date() if one.last_at else None
        up, down = ways(own)
        rows.append(
            {
                "account": one,
                "last_on": last_on,
                "silent": days_silent(last_on, today),
                "ratings": [rating.latest for rating in own[:SHOWN_RATINGS]],
                "more": max(0, len(own) - SHOWN_RATINGS),
                "up": up,
                "down": down,
                "revenue": ""
                if one.revenue is None or file is None
                else money(one.revenue, file.currency),
            }
        )
    return rows


def _newest(rating: Ratings) -> int:
    return -rating.on.toordinal() if rating.on else 0


def _facts(request: StaffRequest, account: Any) -> list[tuple[str, str]]:
    facts = [(_("Number"), account.external_id)]
    if not sees_own_team_only(Role(request.membership.role)):
        file = file_in_use(request.organisation)
        revenue, since = queries.value_of(account, file)
        if since is not None:
            facts.append((_("Customer since"), words.day(since)))
        if revenue is not None and file is not None:
            facts.append((_("Revenue, last 12 months"), money(revenue, file.currency)))
    return [(label, text) for label, text in facts if text]


def _said(line: Line) -> dict[str, Any]:
    """An answer with its survey; ratings of several scales stand here under each other."""
    told = shown(line, has_survey=True)
    if line.rating is not None and line.scale is not None and line.metric is not Metric.NPS:
        ends = {"low": line.scale.minimum, "high": line.scale.maximum}
        told["about"] = f"{line.survey} ({_('%(low)s to %(high)s') % ends})"
    return told


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "url": reverse("cases:card", args=[case.public_id]),
        "who": str(case.person or ""),
        "owner": str(case.owner or ""),
        "due_at": case.due_at,
        "is_overdue": case.due_at is not None and case.due_at < timezone.now(),
    }
