"""Pages of files with events: giving one, looking at it first, watching it come in."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.channels.event_file import operations
from gloed.channels.event_file.forms import ColumnsForm, FileForm
from gloed.channels.event_file.models import EventFile
from gloed.channels.event_file.operations import TooManyRows
from gloed.channels.event_file.rules import Happened, Problem, ToAsk, has_own_words
from gloed.channels.file_import.reading.refusals import UnreadableFile
from gloed.channels.file_import.sentences import reader_words
from gloed.fieldwork import channels
from gloed.fieldwork.models import Trigger
from gloed.fieldwork.rules import kind_of
from gloed.fieldwork.sentences import KINDS, kind_words

LARGEST = 20_000_000
NEWEST = 20
MAY = "fieldwork.plan"
State = EventFile.State
PROBLEMS: dict[Problem, str | Promise] = {
    Problem.NO_KIND: gettext_lazy("It does not say what happened."),
    Problem.NOBODY: gettext_lazy("It names nobody: no address, customer number or telephone."),
    Problem.NO_MOMENT: gettext_lazy("It does not say when, or not in a way that can be read."),
    Problem.IN_THE_FUTURE: gettext_lazy("It lies in the future."),
    Problem.NOT_PLAIN: gettext_lazy("It is too long to be kept."),
    Problem.NO_DELAY: gettext_lazy("The time to wait is no whole number of seconds."),
    Problem.ERASED: gettext_lazy("It names somebody who was erased on request."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(MAY)
def home(request: StaffRequest) -> HttpResponse:
    """Give a file, and see the ones before it."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        kept = _keep(request, form)
        if kept is not None:
            return redirect("event_file:detail", kept.public_id)
    files = EventFile.objects.filter(organisation=request.organisation).defer("rows")
    context = {"form": form, "files": files[:NEWEST], "crumbs": _crumbs()}
    return render_page(request, "event_file/home.html", context, status=422 if form.errors else 200)


def _keep(request: StaffRequest, form: FileForm) -> EventFile | None:
    given: UploadedFile[Any] = form.cleaned_data["file"]
    if (given.size or 0) > LARGEST:
        form.add_error("file", _("This is more than 20 MB. Take a shorter stretch of time."))
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"given{Path(given.name or '').suffix[:8]}"
        with path.open("wb") as file:
            file.writelines(given.chunks())
        try:
            return operations.keep_file(
                request.organisation,
                path,
                name=given.name or "",
                by=request.user,
                now=timezone.now(),
            )
        except UnreadableFile as refusal:
            words = reader_words(refusal.reason.value, refusal.parameters, refusal.message)
            form.add_error("file", words)
        except TooManyRows:
            form.add_error("file", _("There are more than 20,000 rows. Give it in parts."))
    return None


@require_safe
@staff_may(MAY)
def detail(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """What it would bring, how far it is, or what became of it."""
    return _detail(request, _file(request, file_id))


def _detail(
    request: StaffRequest, file: EventFile, form: ColumnsForm | None = None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "file": file,
        "crumbs": [*_crumbs(), (_("From a file"), reverse("event_file:home"))],
        "is_going": file.state == State.GOING,
        "is_over": file.state in (State.DONE, State.STOPPED),
        "problems": [(number, PROBLEMS[Problem(code)]) for number, code in file.problems],
    }
    if file.state == State.READY:
        context |= _look(request, file)
        context["form"] = form or ColumnsForm(file=file)
        return render_page(request, "event_file/look.html", context, status=status)
    response = render_page(request, "event_file/detail.html", context, region="work")
    if request.GET.get("state", file.state) != file.state:
        response["HX-Refresh"] = "true"  # the buttons beside the region change too
    return response


def _look(request: StaffRequest, file: EventFile) -> dict[str, Any]:
    look = operations.look_at(file)
    shown = {
        "known_kinds": [kind_words(kind) for kind in KINDS],
        "look": look,
        "left_out": [(PROBLEMS[problem], n) for problem, n in look.problems.items()],
        "first": [
            (_called(one.kind) if isinstance(one, Happened) else "", one, _beside(one))
            for one in look.first
        ],
    }
    if file.survey is not None:
        return shown | {"way": channels.find(file.channel).label}
    listening: dict[str, list[Trigger]] = {}
    for trigger in Trigger.objects.filter(organisation=request.organisation, is_on=True):
        listening.setdefault(trigger.kind, []).append(trigger)
    return shown | {
        "kinds": [
            (_called(kind), n, listening.get(kind_of(kind), [])) for kind, n in look.kinds.items()
        ],
        "is_people": has_own_words(file.headers) or not {"at", "kind"} & file.columns.keys(),
    }


def _beside(one: Happened | ToAsk) -> list[tuple[str, str]]:
    """The properties of a row, without those that are said to its person alone."""
    pairs = one.properties.items()
    is_said = isinstance(one, ToAsk)
    return [(name, value) for name, value in pairs if not (is_said and has_own_words([name]))]


def _called(kind: str) -> str:
    return str(kind_words(kind_of(kind)))


@require_POST
@staff_may(MAY)
def change(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Read it another way, bring it in, stop that, or throw the file away."""
    file, now, wanted = _file(request, file_id), timezone.now(), request.POST.get("to")
    if wanted == "throw_away" and operations.throw_away(file):
        messages.success(request, _("The file is gone; nothing of it was brought in."))
        return redirect("event_file:home")
    if wanted == "stop":
        operations.stop(file, by=request.user, now=now)
    if wanted in ("look", "begin") and file.state == State.READY:
        form = ColumnsForm(request.POST, file=file)
        if not form.is_valid():
            return _detail(request, file, form, status=422)
        is_day_first = form.cleaned_data["order"] == "day"
        survey, channel = form.cleaned_data["survey"], form.cleaned_data["channel"]
        was_seen = file.survey == survey and (survey is None or file.channel == channel)
        operations.read_anew(
            file,
            form.columns,
            kind=form.one_kind,
            is_day_first=is_day_first,
            survey=survey,
            channel=channel,
        )
        file.refresh_from_db()
        if wanted == "begin" and was_seen and operations.look_at(file).usable:
            operations.begin(file, by=request.user, now=now)
    return redirect("event_file:detail", file.public_id)


def _crumbs() -> list[tuple[str, str]]:
    return [
        (_("After events"), reverse("fieldwork:triggers")),
        (_("What happened"), reverse("fieldwork:events")),
    ]


def _file(request: StaffRequest, file_id: UUID) -> EventFile:
    return get_object_or_404(
        EventFile.objects.select_related("organisation", "survey"),
        organisation=request.organisation,
        public_id=file_id,
    )
