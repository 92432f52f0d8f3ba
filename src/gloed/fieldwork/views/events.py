"""The log of events: everything that was told, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.fieldwork import queries
from gloed.fieldwork.forms import EventsForm
from gloed.fieldwork.models import Invitation, Reaction, ReceivedEvent
from gloed.fieldwork.rules import read_conditions
from gloed.fieldwork.rules.policy import Disposition
from gloed.fieldwork.sentences import condition_words, kind_words, moment_words

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An event as it stands in the log: its kind in words, its properties, what became of it."""

    event: ReceivedEvent
    kind: str
    properties: list[tuple[str, object]]
    became: list[tuple[Reaction, str]]


@require_safe
@staff_may("people.view_person")
def event_list(request: StaffRequest) -> HttpResponse:
    """The log, newest first."""
    kinds = queries.event_kinds(request.organisation)
    form = EventsForm(request.GET, kinds=kinds)
    form.is_valid()
    kind, became = form.cleaned_data.get("kind", ""), form.cleaned_data.get("became", "")
    events = queries.list_events(request.organisation, kind=kind, became=became)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    active = []
    if kind:
        active.append((kind_words(kind), f"?{urlencode({'became': became})}"))
    if became:
        label = str(Reaction.Became(became).label)
        active.append((label, f"?{urlencode({'kind': kind})}"))
    context = {
        "form": form,
        "active": active,
        "reset_url": request.path if active else "",
        "page": page,
        "events": shown_events(list(page.object_list)),
        "may_plan": may(Role(request.membership.role), "fieldwork.plan"),
        "crumbs": [(_("After events"), reverse("fieldwork:triggers"))],
    }
    return render_page(request, "fieldwork/events.html", context)


def shown_events(events: Sequence[ReceivedEvent]) -> list[ShownEvent]:
    """Events in words; their reactions are read already."""
    return [
        ShownEvent(
            event,
            kind_words(event.kind),
            [(str(name), value) for name, value in event.properties.items()],
            [(one, reaction_words(one)) for one in event.reactions.all()],
        )
        for event in events
    ]


def reaction_words(reaction: Reaction) -> str:
    """What became of an event in one trigger's hands, as it stands now."""
    if reaction.became == Reaction.Became.UNFIT:
        (failed,) = read_conditions([reaction.failed]) if reaction.failed else (None,)
        if failed is None:
            return _("did not fit")
        return _("did not fit: not “%(condition)s”") % {"condition": condition_words(failed)}
    if reaction.became == Reaction.Became.WITHDREW:
        return _("took an ask back")
    if reaction.became == Reaction.Became.SKIPPED:
        return _("not asked: %(reason)s") % {"reason": reaction.get_skip_display()}
    line = reaction.invitation
    if line is None:
        return _("asked")
    return line_words(line)


def line_words(line: Invitation) -> str:
    """What became of one ask, with the moment that it waits for."""
    words = str(line.get_disposition_display())
    if line.skip:
        return f"{words}: {line.get_skip_display()}"
    if line.disposition == Disposition.CREATED and line.due_at:
        return _("waits until %(moment)s") % {"moment": moment_words(line.due_at)}
    return words
