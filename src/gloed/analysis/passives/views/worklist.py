"""The worklist of passives, and the card of one of them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gloed.analysis.passives import offers, people
from gloed.analysis.passives import words as told
from gloed.analysis.passives.asking import surveys_that_count
from gloed.analysis.passives.barriers import Whose, barriers_of, judgements, labels_of, named_by
from gloed.analysis.passives.forms import ContactForm, EndForm, OfferForm, WorklistForm
from gloed.analysis.passives.inner import HANDLE, inner_tabs, may_do
from gloed.analysis.passives.models import FollowUp, Offer
from gloed.analysis.passives.people import Row, Wanted
from gloed.analysis.passives.rules import Judged, Lift, Name, Show
from gloed.analysis.passives.views.home import read_name
from gloed.analysis.queries import Window
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import visible_teams
from gloed.base.rendering import render_page
from gloed.base.undo import take_undo
from gloed.loop.cases.queries import find_case
from gloed.loop.cases.shown import history_of, shown_answers
from gloed.loop.leaks.reading import note_read
from gloed.people.models import Person
from gloed.responses.models import Response

PAGE = 50
MOST_OFFERED = 40
YEAR = timedelta(days=365)
SHOWS = {
    Show.TODO: _("Nobody’s yet"),
    Show.MINE: _("Mine"),
    Show.TAKEN: _("Taken up"),
    Show.DONE: _("Done"),
}
LIST_KEYS = (("j", _("the next person")), ("k", _("the person before")), ("Enter", _("open it")))
CARD_KEYS = (
    ("t", _("take it")),
    ("c", _("write down what was said")),
    ("o", _("note an offer or a perk")),
    ("u", _("back to the list")),
)


@require_safe
@staff_may(HANDLE)
def worklist(request: StaffRequest) -> HttpResponse:
    """Passives to talk to, those held back by what we can lift first."""
    now = timezone.now()
    barriers = _barriers(request, now)
    order = {one.name: place for place, one in enumerate(barriers)}
    wanted = _wanted(request)
    language = request.LANGUAGE_CODE[:2]
    found = people.worklist_of(request.membership, wanted, order=order, language=language, now=now)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    rows = people.with_details(
        request.organisation, list(page.object_list), has_since=wanted.show is not Show.TODO
    )
    barrier = request.GET.get("barrier", "")
    offered = [(f"{one.name.kind.value}:{one.name.key}", one.label) for one in barriers]
    if wanted.barrier is not None and barrier not in dict(offered):
        name = wanted.barrier
        offered.append((barrier, labels_of(request.organisation, [name],
                        surveys_that_count(request.organisation), language)[name]))  # fmt: skip
    context = {
        "inner_tabs": inner_tabs(request, "passives:worklist"),
        "page": page,
        "rows": [_shown(row, found) for row in rows],
        "shows": [(one.value, label, found.counts[one]) for one, label in SHOWS.items()],
        "show": wanted.show.value,
        "heading": SHOWS[wanted.show],
        "is_narrowed": wanted.barrier is not None or wanted.lift is not None,
        "is_cut": found.is_cut and wanted.show is Show.TODO,
        "most": people.MOST,
        "days": people.WITHIN.days,
        "form": WorklistForm(
            {
                "barrier": barrier,
                "lift": wanted.lift.value if wanted.lift else "",
                "order": "newest" if wanted.newest else "",
                "show": wanted.show.value,
            },
            barriers=offered[:MOST_OFFERED],
        ),
        "has_any": any(found.counts.values()),
        "keys": LIST_KEYS,
        "undo": take_undo(request),
    }
    return render_page(request, "passives/worklist.html", context)


def _wanted(request: StaffRequest) -> Wanted:
    given = request.GET
    show, lift = given.get("show", ""), given.get("lift", "")
    return Wanted(
        show=Show(show) if show in set(Show) else Show.TODO,
        barrier=read_name(given.get("barrier", "")),
        lift=Lift(lift) if lift in set(Lift) else None,
        newest=given.get("order", "") == "newest",
    )


def _barriers(request: StaffRequest, now: datetime) -> list[Any]:
    """The barriers of the last year over all surveys, in order."""
    today = timezone.localdate(now)
    whose = Whose(
        request.organisation,
        tuple(surveys_that_count(request.organisation)),
        Window(today - YEAR, None),
        visible_teams(request.membership),
    )
    found = barriers_of(whose, passives=None, points={}, language=request.LANGUAGE_CODE[:2])
    return list(found.lines)


def _shown(row: Row, found: people.Worklist) -> dict[str, Any]:
    """A row with its words for the template."""
    judged = found.judged.get(row.barrier, Judged()) if row.barrier else Judged()
    return {
        "row": row,
        "barrier": found.labels.get(row.barrier, "") if row.barrier else "",
        "is_ours": judged.lift is Lift.OURS,
        "is_not_ours": judged.lift is Lift.NOT_OURS,
        "more": max(0, len(row.names) - 1),
        "touchpoint": _touchpoint(row.response),
        "band": _band(row.since),
    }


def _touchpoint(response: Response | None) -> str:
    if response is None:
        return ""
    return str(response.touchpoint or response.survey.touchpoint or response.survey.title)


def _band(rating: int | None) -> str:
    """How a later answer stands to the passive's before it."""
    if rating is None:
        return ""
    return "up" if rating >= 9 else "down" if rating <= 6 else "same"


@require_safe
@staff_may(HANDLE)
def card(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """One passive: the own words first, then what one needs to talk with them."""
    person, row = find(request, person_id)
    now = timezone.now()
    if row.response_id:
        note_read([row.response_id], organisation=request.organisation, staff=request.user, now=now)
    return render_page(request, "passives/card.html", card_context(request, person, row, now))


def card_context(
    request: StaffRequest, person: Person, row: Row, now: datetime, **forms: Any
) -> dict[str, Any]:
    """What the card shows; `forms` replaces those that were sent and not understood."""
    organisation, follow_up = request.organisation, row.follow_up
    (row,) = people.with_details(organisation, [row])
    surveys, language = surveys_that_count(organisation), request.LANGUAGE_CODE[:2]
    names = named_by(organisation, [row.response_id or 0], surveys).get(row.response_id or 0, set())
    labels, judged = labels_of(organisation, names, surveys, language), judgements(organisation)
    response = row.response
    given = list(_offers(person))
    return {
        "person": person,
        "row": row,
        "follow_up": follow_up,
        "is_mine": bool(follow_up and follow_up.owner_id == request.user.pk),
        "answers": shown_answers([response], request.membership) if response else [],
        "touchpoint": _touchpoint(response),
        "barriers": _named(names, labels, judged),
        "history": shown_answers(
            history_of(request.membership, person.pk, without=[response.pk] if response else []),
            request.membership,
        ),
        "offers": given,
        "fresh_until": _fresh_until(request, given, now),
        "story": [(line, *told.line_words(line.kind)) for line in _story(follow_up)],
        "case": row.case if row.case and _sees_case(request, row) else None,
        "has_other_case": bool(row.case),
        "may_see_person": may_do(request, "people.view_person"),
        "contact_form": ContactForm(auto_id="id_call_%s"),
        "offer_form": OfferForm(auto_id="id_offer_%s", today=timezone.localdate(now)),
        "end_form": EndForm(auto_id="id_end_%s"),
        "band": _band(row.since),
        "keys": CARD_KEYS,
        "undo": take_undo(request),
        **forms,
    }


def _named(
    names: set[Name], labels: dict[Name, str], judged: dict[Name, Judged]
) -> list[dict[str, Any]]:
    found = [
        {
            "label": labels[name],
            "lift": judged.get(name, Judged()).lift.value,
            "owner": judged.get(name, Judged()).owner,
        }
        for name in names
    ]
    return sorted(found, key=lambda one: (one["lift"] != Lift.OURS.value, one["label"]))


def _offers(person: Person) -> Any:
    rows = Offer.objects.filter(person=person, removed_at=None)
    return rows.select_related("staff").order_by("-given_at", "-pk")


def _fresh_until(request: StaffRequest, given: list[Offer], now: datetime) -> datetime | None:
    """Until when nobody asks them anything because of an offer; None where nothing holds."""
    if not given:
        return None
    until = given[0].given_at + timedelta(days=offers.offer_days(request.organisation))
    return until if until > now else None


def _story(follow_up: FollowUp | None) -> list[Any]:
    return list(follow_up.lines.select_related("staff")) if follow_up else []


def _sees_case(request: StaffRequest, row: Row) -> bool:
    return row.case is not None and find_case(request.membership, row.case.public_id) is not None


def find(request: StaffRequest, person_id: UUID) -> tuple[Person, Row]:
    """Somebody on the worklist of this colleague, or 404."""
    people_here = Person.objects.filter(organisation=request.organisation)
    person = get_object_or_404(people_here.select_related("account"), public_id=person_id)
    row = people.find_row(request.membership, person)
    if row is None:
        raise Http404
    return person, row
