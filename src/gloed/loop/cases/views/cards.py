"""My cases, and the card of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.links import page_url
from gloed.base.models import Membership
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import take_undo
from gloed.coding.models import Theme
from gloed.loop.cases import card as parts
from gloed.loop.cases import listing, operations, queries, sentences, shown
from gloed.loop.cases.forms import CallForm, CloseForm, ContentForm, NoteForm, TaskForm
from gloed.loop.cases.keys import CARD_KEYS, LIST_KEYS
from gloed.loop.cases.models import Case, CaseAnswer, CaseEvent, OpeningRule
from gloed.loop.cases.operations import handlers
from gloed.loop.cases.rules import Because, Gesture, read_reasons
from gloed.loop.cases.views.common import HANDLE, PLAN, find
from gloed.loop.leaks.reading import note_read
from gloed.responses.models import ContactDetails

CHIPS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A case as it stands in the list."""

    case: Case
    rating: int | str
    scale_high: int
    words: str
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the story: what happened in words, whom it named, and texts as they were before."""

    event: CaseEvent
    words: str
    icon: str
    named: tuple[str, ...] = ()
    before: tuple[tuple[str, str], ...] = ()


@require_safe
@staff_may(HANDLE)
def case_list(request: StaffRequest) -> HttpResponse:
    """The cases that wait, those of the reader first."""
    now = timezone.now()
    counts = listing.counts(request.membership, now=now)
    default = listing.MINE if counts[listing.MINE] else listing.OPEN
    wanted = listing.read(request.GET, default=default)
    page = listing.page_of(request.membership, wanted, number=request.GET.get("page", "1"), now=now)
    may_plan = may(Role(request.membership.role), PLAN)
    names = {**listing.SHOWS, **listing.FURTHER}
    context = {
        "page": page,
        "rows": rows_of(list(page.object_list), now=now),
        "wanted": wanted,
        "heading": names[wanted.show],
        "shows": [(name, label, counts[name]) for name, label in listing.SHOWS.items()],
        "is_further": wanted.show in listing.FURTHER or wanted.is_narrowed,
        "loads": _laden(request, now) if may_plan else [],
        "may_plan": may_plan,
        "has_rules": OpeningRule.objects.filter(
            organisation=request.organisation, is_on=True
        ).exists(),
        "has_any": bool(counts[listing.OPEN] or counts[listing.CLOSED]),
        "keys": LIST_KEYS,
    }
    return render_page(request, "cases/list.html", context)


def _laden(request: StaffRequest, now: datetime) -> list[queries.Load]:
    """Who has open cases, most first."""
    loads = [load for load in queries.loads(request.organisation, now=now) if load.open]
    return sorted(loads, key=lambda load: (-load.open, str(load.membership)))


@require_safe
@staff_may(HANDLE)
def case_card(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """One case: the answer first, then everything one needs to put it right."""
    case, now = find(request, case_id), timezone.now()
    operations.see_mentions(case, staff=request.user, now=now)
    said = case.answers.values_list("response_id", flat=True)
    note_read(said, organisation=request.organisation, staff=request.user, now=now)
    context = card_context(case, request.membership, now=now)
    context["undo"] = take_undo(request)
    context["gesture"] = _chosen_gesture(request, case)
    return render_page(request, "cases/card.html", context)


def card_context(case: Case, membership: Membership, *, now: datetime) -> dict[str, Any]:
    """What the card shows a colleague."""
    links = queries.answers_of(case)
    themes = _theme_names(case)
    colleagues = handlers(case.organisation)
    return {
        "case": case,
        "answers": shown.shown_answers([link.response for link in links], membership),
        "history": _history(case, links, membership),
        "earlier": [one for one in _cases_of_person(case, membership) if one.pk != case.pk],
        "because": sentences.reason_words(_without_rules(case), themes),
        "rules": [one.about for one in _rules(case)],
        "priority_because": sentences.reason_words(read_reasons(case.priority_reasons), themes),
        "due": sentences.due_words(case, now),
        "is_late": is_late(case, now),
        "reach": _reach(case, links),
        "room": queries.room_of(case),
        "tasks": queries.tasks_of(case),
        "story": _story(case),
        "gestures": _gestures(case),
        "language": _language_of(case),
        "content_form": ContentForm(
            initial={**operations.contents_of(case), "read": case.version},
            causes=queries.list_causes(case.organisation),
            case=case,
        ),
        "call_form": CallForm(auto_id="id_call_%s"),
        "note_form": NoteForm(auto_id="id_note_%s"),
        "task_form": TaskForm(auto_id="id_task_%s", colleagues=choices_of(colleagues)),
        "close_form": CloseForm(),
        "colleagues": colleagues,
        "chips": _chips(case, membership, colleagues),
        "priorities": Case.Priority.choices,
        "may_plan": may(Role(membership.role), PLAN),
        "is_mine": case.owner_id == membership.staff_id,
        "replies": parts.fragments_of(case, "reply"),
        "further": parts.fragments_of(case, "after"),
        "person_url": _person_url(case, membership),
        "keys": CARD_KEYS,
        "crumbs": [(_("Cases"), page_url("cases:list"))],
    }


def rows_of(cases: list[Case], *, now: datetime) -> list[Row]:
    """Cases as rows of a list, with what the customer said."""
    answers = {case.pk: case.response_id for case in cases if case.response_id}
    ratings, words = shown.contents_of(set(answers.values()))
    return [
        Row(
            case,
            *ratings.get(answers.get(case.pk, 0), ("–", 10)),
            words=words.get(answers.get(case.pk, 0), ""),
            due=sentences.due_words(case, now),
            is_late=is_late(case, now),
        )
        for case in cases
    ]


def is_late(case: Case, now: datetime) -> bool:
    """Whether the customer should have heard from us by now."""
    is_waiting = case.is_open and case.contacted_at is None
    return is_waiting and case.due_at is not None and case.due_at <= now


def choices_of(colleagues: list[Membership]) -> list[tuple[str, str]]:
    """Colleagues as choices of a form."""
    return [(str(one.public_id), str(one)) for one in colleagues]


def _story(case: Case) -> list[Told]:
    causes = {str(one.public_id): one.name for one in case.organisation.causes.all()}
    return [
        Told(
            event,
            *sentences.line_of(event),
            named=tuple(str(one.staff) for one in event.mentions.all()),
            before=tuple(
                (str(words), causes.get(changes[name][0], changes[name][0]))
                for name, words in sentences.FIELDS.items()
                if (changes := event.detail.get("changes", {})).get(name, [""])[0]
            ),
        )
        for event in queries.story_of(case)
    ]


def _history(case: Case, links: list[CaseAnswer], membership: Membership) -> list[dict[str, Any]]:
    if case.person is None:
        return []
    own = {link.response_id for link in links}
    responses = shown.history_of(membership, case.person.pk, without=own)
    return shown.shown_answers(responses, membership)


def _cases_of_person(case: Case, membership: Membership) -> list[Case]:
    if case.person is None:
        return []
    cases = queries.visible_cases(membership).filter(person=case.person)
    return list(cases.order_by("-opened_at")[: shown.MOST])


def _reach(case: Case, links: list[CaseAnswer]) -> dict[str, str]:
    """How to reach them: as they said with the answer, else as we know them."""
    given = ContactDetails.objects.filter(response__in=[link.response_id for link in links])
    details = given.order_by("-given_at").first()
    person = case.person
    return {
        "name": (details and details.name) or (person.name if person else ""),
        "phone": (details and details.phone) or (person.phone if person else ""),
        "email": (details and details.email) or (person.email if person else ""),
    }


def _gestures(case: Case) -> list[tuple[Gesture, Any, str, int]]:
    openings = parts.openings_of(case, _language_of(case))
    return [
        (gesture, words, openings[gesture], number)
        for number, (gesture, words) in enumerate(sentences.GESTURES.items(), start=1)
    ]


def _chosen_gesture(request: StaffRequest, case: Case) -> str:
    """The opening of the gesture that was just used, for whom no script put it into the reply."""
    try:
        gesture = Gesture(request.GET.get("gesture", ""))
    except ValueError:
        return ""
    return parts.openings_of(case, _language_of(case))[gesture]


def _language_of(case: Case) -> str:
    answered = case.response.language if case.response else ""
    known = case.person.language if case.person else ""
    return answered or known or case.organisation.language


def _rules(case: Case) -> list[Any]:
    return [one for one in read_reasons(case.opened_because) if one.because is Because.RULE]


def _without_rules(case: Case) -> list[Any]:
    return [one for one in read_reasons(case.opened_because) if one.because is not Because.RULE]


def _theme_names(case: Case) -> dict[str, str]:
    keys = [
        one.about
        for one in read_reasons([*case.opened_because, *case.priority_reasons])
        if one.because is Because.THEME
    ]
    if not keys:
        return {}
    themes = Theme.objects.filter(organisation=case.organisation, key__in=keys)
    language = (get_language() or "en")[:2]
    return {theme.key: theme.name_in(language) for theme in themes}


def _chips(case: Case, membership: Membership, colleagues: list[Membership]) -> list[str]:
    """Names to mention with one touch: those of the case's team first."""
    others = [one for one in colleagues if one.pk != membership.pk and one.staff.name]
    team = set(case.team.memberships.values_list("pk", flat=True)) if case.team else set()
    others.sort(key=lambda one: one.pk not in team)
    return [str(one) for one in others[:CHIPS]]


def _person_url(case: Case, membership: Membership) -> str:
    if case.person is None or not may(Role(membership.role), "people.view_person"):
        return ""
    return page_url("people:detail", case.person.public_id)
