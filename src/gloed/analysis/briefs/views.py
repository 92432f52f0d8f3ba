"""Pages of the brief: who gets one, what it would say, and every one as it was sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gloed.analysis import store, tasks, words
from gloed.analysis.briefs import operations, queries, writing
from gloed.analysis.briefs.content import from_json
from gloed.analysis.briefs.forms import SubscriptionForm
from gloed.analysis.briefs.mailing import file_name, leave_url, subscription_of
from gloed.analysis.briefs.models import Brief, Subscription
from gloed.analysis.briefs.pdf import as_pdf
from gloed.analysis.briefs.rules import Audience, month_before, next_due
from gloed.analysis.briefs.writing import AUDIENCES, Order
from gloed.analysis.changes.subjects import list_subjects, offered
from gloed.base.models import Membership
from gloed.base.policy import StaffRequest, public_page, staff_may
from gloed.base.queries import list_memberships, list_teams
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo

PAGE = 24


@require_GET
@staff_may("analysis.view_report")
def brief_list(request: StaffRequest) -> HttpResponse:
    """Who gets a brief, and the ones that were sent."""
    now = timezone.now()
    subscriptions = queries.list_subscriptions(request.membership)
    page = Paginator(queries.list_briefs(request.membership), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "subscriptions": [_subscription(request, one, now) for one in subscriptions],
        "page": page,
        "briefs": [_row(one) for one in page],
        "sees_all": queries.sees_all(request.membership),
        "has_own": any(one.membership_id == request.membership.pk for one in subscriptions),
        "undo": take_undo(request),
    }
    return render_page(request, "briefs/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("analysis.view_report")
def new(request: StaffRequest) -> HttpResponse:
    """Have a brief sent every month."""
    form = _form(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        made = operations.subscribe(form.receiver, form.cleaned_data, by=request.user, now=now)
        offer_undo(request, _("The brief goes out every month."),
                   reverse("briefs:end", args=[made.public_id]))  # fmt: skip
        return redirect("briefs:list")
    status = 422 if request.method == "POST" else 200
    return render_page(request, "briefs/edit.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("analysis.view_report")
def edit(request: StaffRequest, subscription_id: UUID) -> HttpResponse:
    """Change what a subscription asks for."""
    found = _subscription_of(request, subscription_id)
    data = request.POST if request.method == "POST" else None
    form = _form(request, data, subscription=found)
    if request.method == "POST" and form.is_valid():
        operations.change(found, form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("The brief is as you chose it now."))
        return redirect("briefs:list")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "subscription": found}
    return render_page(request, "briefs/edit.html", context, status=status)


@require_POST
@staff_may("analysis.view_report")
def end(request: StaffRequest, subscription_id: UUID) -> HttpResponse:
    """Send no more; what was sent stays."""
    found = _subscription_of(request, subscription_id)
    if operations.end(found, by=request.user, now=timezone.now()):
        url = reverse("briefs:resume", args=[subscription_id])
        offer_undo(request, _("No more briefs are sent; those that were stay here."), url)
    return redirect("briefs:list")


@require_POST
@staff_may("analysis.view_report")
def resume(request: StaffRequest, subscription_id: UUID) -> HttpResponse:
    """Take a subscription up again."""
    found = _subscription_of(request, subscription_id)
    operations.resume(found, by=request.user, now=timezone.now())
    return redirect("briefs:list")


@require_GET
@staff_may("analysis.view_report")
def preview(request: StaffRequest) -> HttpResponse:
    """What the brief about last month would say now."""
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    order = _order(request)
    content = writing.write(order, month_before(timezone.localdate(now)), now=now)
    context = {
        "content": content,
        "is_preview": True,
        "audiences": [(a.value, AUDIENCES[a], a is order.audience) for a in Audience],
        "teams": [(one.public_id, one.name, one == order.team) for one in _teams(request)],
        "chosen_team": order.team,
        "to": request.user.email,
    }
    return render_page(request, "briefs/brief.html", context)


@require_POST
@staff_may("analysis.view_report")
def test(request: StaffRequest) -> HttpResponse:
    """Send the brief as it would be now to the one who asks."""
    now = timezone.now()
    order = _order(request)
    month = month_before(timezone.localdate(now))
    if operations.send_test(order, month, now=now):
        messages.success(request, _("A test is on its way to %(to)s.") % {"to": request.user.email})
    else:
        messages.warning(
            request, _("The mail server did not take it. Nothing was sent; try again later.")
        )
    return redirect(f"{reverse('briefs:preview')}?{request.GET.urlencode()}")


@require_GET
@staff_may("analysis.view_report")
def brief(request: StaffRequest, brief_id: UUID) -> HttpResponse:
    """A brief as it was sent."""
    found = _brief_of(request, brief_id)
    context = {"content": from_json(found.content), "brief": found, "row": _row(found)}
    return render_page(request, "briefs/brief.html", context)


@require_GET
@staff_may("analysis.view_report")
def brief_pdf(request: StaffRequest, brief_id: UUID) -> HttpResponse:
    """The same on paper."""
    content = from_json(_brief_of(request, brief_id).content)
    response = HttpResponse(as_pdf(content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(content)}.pdf"'
    return response


@require_POST
@staff_may("analysis.view_report")
def again(request: StaffRequest, brief_id: UUID) -> HttpResponse:
    """Send a brief once more, as it was frozen."""
    found = _brief_of(request, brief_id)
    if operations.send_again(found, now=timezone.now()):
        messages.success(request, _("The brief is on its way once more."))
    else:
        messages.warning(
            request, _("The mail server did not take it. Nothing was sent; try again later.")
        )
    return redirect("briefs:brief", brief_id)


@csrf_exempt  # a mail program ends a subscription with one POST (RFC 8058); the token is signed
@require_http_methods(["GET", "HEAD", "POST"])
@public_page("whoever has the mail may end what it belongs to, without logging in")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription from its mail; opening the page changes nothing."""
    found = subscription_of(token)
    if found is None:
        raise Http404
    now = timezone.now()
    if request.method == "POST":
        if "back" in request.POST:
            operations.resume(found, by=None, now=now)
        else:
            operations.end(found, by=None, now=now)
        found.refresh_from_db()
    context = {
        "subscription": found,
        "is_ended": found.ended_at is not None,
        "has_posted": request.method == "POST",
        "url": leave_url(found),
    }
    return render_page(request, "briefs/leave.html", context)


def _form(
    request: StaffRequest, data: Any = None, *, subscription: Subscription | None = None
) -> SubscriptionForm:
    source = store.projection_of(request.organisation)
    people = None
    if queries.sees_all(request.membership):
        active = list_memberships(request.organisation).filter(deactivated_at=None)
        people = list(active)
    return SubscriptionForm(
        data,
        organisation=request.organisation,
        membership=request.membership,
        subjects=offered(list_subjects(request.organisation, source)),
        subscription=subscription,
        people=people,
    )


def _order(request: StaffRequest) -> Order:
    """What the address asks to see."""
    wanted = request.GET.get("audience", "")
    audience = Audience(wanted) if wanted in set(Audience) else Audience.DIRECTOR
    team = None
    if audience is Audience.TEAM_LEAD:
        teams = _teams(request)
        chosen = request.GET.get("team", "")
        named = [one for one in teams if str(one.public_id) == chosen]
        team = next(iter([*named, *teams]), None)
    return Order(
        membership=_whole(request.membership),
        audience=audience,
        about=request.GET.get("about", "").replace("\x00", "")[:80],
        team=team,
        language=(get_language() or request.organisation.language)[:2],
        time_zone=request.organisation.time_zone,
    )


def _whole(membership: Membership) -> Membership:
    return Membership.objects.select_related("organisation", "staff").get(pk=membership.pk)


def _teams(request: StaffRequest) -> list[Any]:
    return list(list_teams(request.organisation))


def _subscription_of(request: StaffRequest, public_id: UUID) -> Subscription:
    found = queries.find_subscription(request.membership, public_id)
    if found is None:
        raise Http404
    return found


def _brief_of(request: StaffRequest, public_id: UUID) -> Brief:
    found = queries.list_briefs(request.membership).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _subscription(request: StaffRequest, one: Subscription, now: Any) -> dict[str, Any]:
    due = next_due(now, day=one.day, hour=one.hour, zone=one.time_zone)
    return {
        "one": one,
        "who": str(one.membership),
        "is_own": one.membership_id == request.membership.pk,
        "audience": AUDIENCES[Audience(one.audience)],
        "team": one.team.name if one.team else "",
        "next": words.moment(due),
    }


def _row(one: Brief) -> dict[str, Any]:
    return {
        "one": one,
        "title": one.content.get("title", ""),
        "about": one.content.get("about", ""),
        "who": str(one.subscription.membership),
        "state": state_words(one),
        "may_repeat": one.state in (Brief.State.SENT, Brief.State.UNCERTAIN, Brief.State.FAILED),
    }


def state_words(one: Brief) -> str:
    """What became of a brief."""
    return {
        Brief.State.WAITING.value: _("waits to be sent"),
        Brief.State.SENDING.value: _("is being sent"),
        Brief.State.SENT.value: _("sent"),
        Brief.State.UNCERTAIN.value: _("may not have arrived"),
        Brief.State.FAILED.value: _("could not be sent"),
    }[one.state]
