"""What is done on a card: each a post that goes back to the card."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gloed.base.models import Staff
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo
from gloed.loop.cases import operations, queries, sentences
from gloed.loop.cases.forms import CallForm, CloseForm, ContentForm, NoteForm, TaskForm
from gloed.loop.cases.models import Case
from gloed.loop.cases.operations import FIELDS, Refused, handlers
from gloed.loop.cases.rules import Clash, Gesture, Outcome, Priority
from gloed.loop.cases.rules.mentions import mentioned_in
from gloed.loop.cases.views.cards import choices_of
from gloed.loop.cases.views.common import HANDLE, find, tell_refusal, to_card

THEIRS, MINE, BOTH = "theirs", "mine", "both"


@require_POST
@staff_may(HANDLE)
def edit(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Keep cause, what was done and what was told; two people at once lose nothing."""
    case = find(request, case_id)
    form = ContentForm(
        _decided(request, case), causes=queries.list_causes(request.organisation), case=case
    )
    if not form.is_valid():
        messages.warning(request, _("Nothing was kept: a text is longer than 4,000 characters."))
        return to_card(case, "write")
    mine = form.contents()
    edited = operations.edit_case(
        case, mine, read=form.cleaned_data["read"], staff=request.user, now=timezone.now()
    )
    if edited.clashes:
        return _clash_page(request, case, edited.clashes, mine, read=edited.version)
    if edited.is_changed:
        messages.success(request, _("Kept."))
    return to_card(case, "write")


def _decided(request: StaffRequest, case: Case) -> Any:
    """What was posted; where somebody decided between two texts, what they decided."""
    given = request.POST.copy()
    saved = operations.contents_of(case)
    for name in FIELDS:
        decision = given.get(f"choice_{name}", "")
        theirs, mine = given.get(f"theirs_{name}", ""), given.get(name, "")
        if decision == THEIRS:
            given[name] = theirs
        elif decision == BOTH and name != "cause":
            given[name] = f"{theirs}\n\n{mine}".strip()
        given.setdefault(name, saved[name])
    return given


def _clash_page(
    request: StaffRequest,
    case: Case,
    clashes: tuple[Clash, ...],
    mine: dict[str, Any],
    *,
    read: int,
) -> HttpResponse:
    """Both texts, to choose from; nothing of either is lost."""
    names = {str(cause.public_id): cause.name for cause in queries.list_causes(case.organisation)}
    last = case.events.filter(kind="edited").select_related("staff").order_by("-pk").first()
    rows = [
        {
            "name": clash.name,
            "label": sentences.FIELDS[clash.name],
            "theirs": clash.theirs,
            "mine": clash.mine,
            "theirs_words": names.get(clash.theirs, clash.theirs),
            "mine_words": names.get(clash.mine, clash.mine),
            "is_text": clash.name != "cause",
        }
        for clash in clashes
    ]
    context = {
        "case": case,
        "rows": rows,
        "others": {name: text for name, text in mine.items() if name not in _names(clashes)},
        "read": read,
        "by": str(last.staff) if last and last.staff else _("a colleague"),
        "crumbs": [
            (_("Cases"), reverse("cases:list")),
            (str(case), reverse("cases:card", args=[case.public_id])),
        ],
    }
    return render_page(request, "cases/clash.html", context, status=409)


def _names(clashes: tuple[Clash, ...]) -> set[str]:
    return {clash.name for clash in clashes}


@require_POST
@staff_may(HANDLE)
def note(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Add a note; colleagues named with @ are told."""
    case, form = find(request, case_id), NoteForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was kept: there were no words."))
        return to_card(case, "note")
    colleagues = {one.staff_id: one.staff for one in handlers(request.organisation)}
    text = form.cleaned_data["text"]
    named = mentioned_in(text, {key: one.name for key, one in colleagues.items()})
    operations.write_note(
        case,
        text,
        mentioned=[colleagues[key] for key in named],
        staff=request.user,
        now=timezone.now(),
    )
    return to_card(case, "story")


@require_POST
@staff_may(HANDLE)
def call(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Write a call down."""
    case, form = find(request, case_id), CallForm(request.POST)
    is_reached = request.POST.get("reached") == "yes"
    text = form.cleaned_data["text"] if form.is_valid() else ""
    operations.log_call(
        case, is_reached=is_reached, text=text, staff=request.user, now=timezone.now()
    )
    messages.success(request, _("The call is written down."))
    return to_card(case, "story")


@require_POST
@staff_may(HANDLE)
def contacted(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The customer heard from us in another way."""
    case = find(request, case_id)
    operations.note_contact(case, how="elsewhere", staff=request.user, now=timezone.now())
    return to_card(case)


@require_POST
@staff_may(HANDLE)
def gesture(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Count a gesture; its opening is put into the reply by the script, else shown on the card."""
    case = find(request, case_id)
    try:
        chosen = Gesture(request.POST.get("gesture", ""))
    except ValueError:
        return to_card(case, "gestures")
    operations.use_gesture(case, chosen, staff=request.user, now=timezone.now())
    if getattr(request, "htmx", None):
        return HttpResponse(status=204)
    url = reverse("cases:card", args=[case.public_id])
    return HttpResponseRedirect(f"{url}?gesture={chosen.value}#gestures")


@require_POST
@staff_may(HANDLE)
def no_room(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """A colleague may not do what would solve it; it counts."""
    case = find(request, case_id)
    text = request.POST.get("text", "")[:1000]
    operations.say_no_room(case, text=text, staff=request.user, now=timezone.now())
    messages.success(
        request, _("Noted. Who sets the room sees how often there was too little of it.")
    )
    return to_card(case, "room")


@require_POST
@staff_may(HANDLE)
def task(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Something to do for this case."""
    case = find(request, case_id)
    colleagues = handlers(request.organisation)
    form = TaskForm(request.POST, colleagues=choices_of(colleagues))
    if not form.is_valid():
        messages.warning(request, _("No task was made: say what has to be done."))
        return to_card(case, "tasks")
    data = form.cleaned_data
    by = {str(one.public_id): one.staff for one in colleagues}.get(data["owner"])
    operations.add_task(
        case,
        data["title"],
        owner=by,
        due_on=data["due_on"],
        staff=request.user,
        now=timezone.now(),
    )
    return to_card(case, "tasks")


@require_POST
@staff_may(HANDLE)
def task_done(request: StaffRequest, case_id: UUID, task_id: UUID) -> HttpResponse:
    """Tick a task off, or take that back."""
    case = find(request, case_id)
    found = get_object_or_404(case.tasks, public_id=task_id)
    is_done = request.POST.get("done") != "no"
    operations.finish_task(found, is_done=is_done, staff=request.user, now=timezone.now())
    return to_card(case, "tasks")


@require_POST
@staff_may(HANDLE)
def assign(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Give a case to a colleague, take it, or lay it back for the team."""
    case = find(request, case_id)
    wanted = request.POST.get("owner", "")
    try:
        owner = _wanted_owner(request, wanted)
        operations.assign(case, owner=owner, staff=request.user, now=timezone.now())
    except Refused as refused:
        tell_refusal(request, refused)
    if queries.find_case(request.membership, case_id) is None:  # no longer ours to see
        messages.success(request, _("The case went on."))
        return HttpResponseRedirect(reverse("cases:list"))
    return to_card(case)


def _wanted_owner(request: StaffRequest, wanted: str) -> Staff | None:
    if wanted == "me":
        return request.user
    if not wanted:
        return None
    found = {str(one.public_id): one for one in handlers(request.organisation)}.get(wanted)
    if found is None:
        raise Refused("may_not")
    return found.staff


@require_POST
@staff_may(HANDLE)
def priority(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Decide how soon."""
    case = find(request, case_id)
    value = request.POST.get("priority", "")
    if value in {str(one.value) for one in Priority}:
        try:
            operations.set_priority(
                case, Priority(int(value)), staff=request.user, now=timezone.now()
            )
        except Refused as refused:
            tell_refusal(request, refused)
    return to_card(case)


@require_POST
@staff_may(HANDLE)
def close(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """End a case; the way back is offered."""
    case, form = find(request, case_id), CloseForm(request.POST)
    if form.is_valid():
        outcome = Outcome(form.cleaned_data["outcome"])
        if operations.close_case(case, outcome, staff=request.user, now=timezone.now()):
            url = reverse("cases:reopen", args=[case.public_id])
            offer_undo(request, _("This case is closed."), url)
    return to_card(case)


@require_POST
@staff_may(HANDLE)
def reopen(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Take a closed case up again."""
    case = find(request, case_id)
    try:
        operations.reopen_case(case, staff=request.user, now=timezone.now())
    except Refused as refused:
        tell_refusal(request, refused)
    return to_card(case)
