"""A colleague's pages for calling: whom, and the sheet with what to say and what was said."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.channels.phone import operations
from gloed.channels.phone.forms import LANGUAGES, NewPersonForm, WhomForm, read_answers
from gloed.channels.phone.models import Call
from gloed.channels.phone.rules import MOST_TRIES, Outcome, dialled
from gloed.fieldwork.models import Invitation, Wave
from gloed.fieldwork.rules import Skip
from gloed.people.models import Person
from gloed.responses.rules import AnswerRefused
from gloed.surveys import queries
from gloed.surveys.models import Survey
from gloed.surveys.rules import (
    CHOICES,
    OPEN_POSITION,
    RATING_POSITION,
    AskedQuestion,
    Kind,
    PublishedVersion,
    QuestionWords,
    filled,
    values_of,
)
from gloed.surveys.views.common import find_survey

FOUND = 8
SHORTEST = 3


@require_safe
@staff_may("channels.call")
def home(request: StaffRequest) -> HttpResponse:
    """The call lists, and finding somebody to call."""
    form = WhomForm(
        request.GET if "q" in request.GET else None,
        organisation=request.organisation,
        auto_id="whom_%s",
        initial={"survey": request.GET.get("survey", "")},
    )
    words = request.GET.get("q", "").strip()
    chosen = form.cleaned_data.get("survey") if form.is_valid() else None
    context = {
        "lists": _lists(request),
        "present": request.GET.get("list", ""),
        "form": form,
        "has_survey": form.fields["survey"].queryset.exists(),  # type: ignore[attr-defined]  # a ModelChoiceField
        "chosen": chosen,
        "is_too_short": chosen is not None and len(words) < SHORTEST,
        "people": _search(request, words) if chosen and len(words) >= SHORTEST else None,
        "new_form": NewPersonForm(
            initial={"name": words, "language": request.organisation.language}
        ),
    }
    return render_page(request, "phone/home.html", context)


def _lists(request: StaffRequest) -> list[Wave]:
    now = timezone.now()
    waiting = Q(invitations__is_open=True, invitations__sent_at=None)
    free = Q(invitations__leased_until=None) | Q(invitations__leased_until__lte=now)
    return list(
        Wave.objects.filter(
            organisation=request.organisation, channel="phone", state=Wave.State.RUNNING
        )
        .select_related("survey")
        .annotate(
            waiting=Count("invitations", filter=waiting),
            due=Count("invitations", filter=waiting & free & Q(invitations__due_at__lte=now)),
        )
    )


def _search(request: StaffRequest, words: str) -> list[Person]:
    digits = dialled(words)
    wanted = (
        Q(name__icontains=words) | Q(email_key__contains=words.lower()) | Q(phone__contains=words)
    )
    if len(digits) > 5:
        wanted |= Q(phone__contains=digits[-6:])
    people = Person.objects.filter(wanted, organisation=request.organisation)
    return list(people.order_by("name", "pk")[:FOUND])


@require_safe
@staff_may("channels.call")
def survey(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """From a survey to calling about it."""
    found = find_survey(request, survey_id)
    return redirect(f"{reverse('phone:home')}?{urlencode({'survey': str(found.public_id)})}")


@require_POST
@staff_may("channels.call")
def next_person(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """The next person of a list, kept for this colleague."""
    wave = get_object_or_404(
        Wave.objects.select_related("organisation"),
        organisation=request.organisation,
        public_id=wave_id,
        channel="phone",
    )
    call = operations.next_person(wave, request.user, now=timezone.now())
    if call is None:
        messages.info(request, _("Nobody of this list is to be called now."))
        return redirect("phone:home")
    return redirect("phone:sheet", call.public_id)


@require_POST
@staff_may("channels.call")
def call_person(request: StaffRequest, survey_id: UUID, person_id: UUID) -> HttpResponse:
    """Ask the contact policy, then keep this person for the colleague."""
    person = get_object_or_404(
        Person.objects.select_related("organisation"),
        organisation=request.organisation,
        public_id=person_id,
    )
    return _begin(request, find_survey(request, survey_id), person)


@require_POST
@staff_may("channels.call")
def new_person(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Add somebody, then the same."""
    form = NewPersonForm(request.POST)
    chosen = find_survey(request, survey_id)
    if not form.is_valid():
        context = {"lists": _lists(request), "chosen": chosen, "new_form": form, "people": []}
        context["form"] = WhomForm(
            {"survey": str(chosen.public_id), "q": request.POST.get("name", "")},
            organisation=request.organisation,
            auto_id="whom_%s",
        )
        return render_page(request, "phone/home.html", context, status=422)
    person = operations.add_person(request.organisation, **form.cleaned_data, now=timezone.now())
    return _begin(request, chosen, person)


def _begin(request: StaffRequest, chosen: Survey, person: Person) -> HttpResponse:
    call = operations.call_person(chosen, person, request.user, now=timezone.now())
    if isinstance(call, Call):
        return redirect("phone:sheet", call.public_id)
    if call is None:
        text = _("A colleague has this person on the screen right now.")
    else:
        text = _("Do not call: %(why)s. It stands in the ledger.") % {"why": _why(call)}
    messages.warning(request, text)
    return redirect(f"{reverse('phone:home')}?{urlencode({'survey': str(chosen.public_id)})}")


def _why(skip: Skip) -> str:
    return str(Invitation.Skip(skip.value).label)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("channels.call")
def sheet(request: StaffRequest, call_id: UUID) -> HttpResponse:
    """What to say and what was said; POST keeps the answer."""
    call = _call(request, call_id)
    now = timezone.now()
    if not operations.keeps(call, request.user, now=now):
        messages.warning(request, _("This call is no longer yours; nothing was changed."))
        return redirect("phone:home")
    person = call.invitation.person
    asked = queries.get_asked(call.invitation.survey_id)
    version = queries.get_version(asked.slug, asked.current or 0)
    wish = request.GET.get("l", "") or (person.language if person else "")
    language = wish if wish in version.languages else version.languages[0]
    problem = ""
    if request.method == "POST":
        answers = read_answers(request.POST, version)
        if not any(one.position == RATING_POSITION for one in answers):
            problem = _("The number is missing. What you typed is still here.")
        else:
            try:
                operations.keep_answer(
                    call, answers, version=version.number, language=language, now=now
                )
            except AnswerRefused:
                problem = _("This could not be kept as it is. What you typed is still here.")
            else:
                messages.success(request, _("Kept, and counted."))
                return _onward(call)
    values = values_of(
        name=person.name if person else "",
        organisation=request.organisation.name,
        attributes=person.attributes if person else {},
    )
    context = {
        "call": call,
        "person": person,
        "number": dialled(person.phone) if person else "",
        "survey": call.invitation.survey,
        "caller": request.user.name or pgettext("of a caller", "your name"),
        "language": language,
        "languages": [(code, name) for code, name in LANGUAGES if code in version.languages],
        "questions": [
            _question(one, version, language, values, request.POST) for one in version.questions
        ],
        "script": _script(request, language, person),
        "problem": problem,
        "tries": call.tries,
        "most_tries": MOST_TRIES,
        "soon": timezone.localtime(now).strftime("%Y-%m-%dT%H:%M"),
    }
    return render_page(request, "phone/sheet.html", context, status=422 if problem else 200)


def _script(request: StaffRequest, language: str, person: Person | None) -> dict[str, str]:
    """What is read aloud, in the language of whoever listens."""
    names = {
        "caller": request.user.name or "…",
        "organisation": request.organisation.name,
        "name": person.name if person and person.name else "…",
    }
    with translation.override(language):
        return {
            "hello": _("Hello, this is %(caller)s of %(organisation)s. Is that %(name)s?") % names,
            "consent": _(
                "May I ask you one short question? I write down what you say, under your name, so "
                "that we can do better. You need not answer, and you can take it back at any time."
            ),
            "thanks": _("Thank you. Your answer counts at once. Have a good day!"),
        }


def _question(
    question: AskedQuestion,
    version: PublishedVersion,
    language: str,
    values: dict[str, str],
    posted: Any,
) -> dict[str, Any]:
    """A question as the sheet shows it."""
    key = (question.position, language, "")
    own = question.further.words.get(language) if question.further else None
    words = own or version.words.get(key) or QuestionWords("")
    name = f"q{question.position}"
    options = dict(words.options)
    if question.further is not None and question.further.has_other:
        options["other"] = words.other
    is_choice = question.kind in CHOICES
    return {
        "name": name,
        "text": filled(words.text, values),
        "low": words.low_label,
        "high": words.high_label,
        "scale": question.scale.values if question.scale else None,
        "is_rating": question.position == RATING_POSITION,
        "is_open": question.position == OPEN_POSITION or question.kind == Kind.OPEN,
        "is_many": question.kind == Kind.MULTIPLE,
        "options": options if is_choice else None,
        "is_consent": question.kind == Kind.CONSENT,
        "has_rule": bool(question.further and question.further.show_if),
        "given": posted.get(name, "") if posted else "",
        "chosen": posted.getlist(name) if posted else [],
    }


@require_POST
@staff_may("channels.call")
def dial(request: StaffRequest, call_id: UUID) -> HttpResponse:
    """Written down the moment the number is dialled; the policy may have changed its mind."""
    call = _call(request, call_id)
    now = timezone.now()
    if operations.keeps(call, request.user, now=now) and operations.note_dialling(call, now=now):
        return redirect("phone:sheet", call_id)
    messages.warning(request, _("Do not call: this person answered or opted out meanwhile."))
    return redirect("phone:home")


@require_POST
@staff_may("channels.call")
def became(request: StaffRequest, call_id: UUID) -> HttpResponse:
    """What became of a call without an answer."""
    call = _call(request, call_id)
    now = timezone.now()
    try:
        outcome = Outcome(request.POST.get("outcome", ""))
    except ValueError:
        return redirect("phone:sheet", call_id)
    if outcome is Outcome.ANSWERED or not operations.keeps(call, request.user, now=now):
        messages.warning(request, _("This call is no longer yours; nothing was changed."))
        return redirect("phone:home")
    again_at = _moment(request.POST.get("again_at", ""))
    if again_at is not None and again_at <= now:
        again_at = None
    operations.note_outcome(call, outcome, by=request.user, now=now, again_at=again_at)
    messages.success(request, _("Written down."))
    return _onward(call)


def _moment(text: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def _onward(call: Call) -> HttpResponse:
    wave = call.invitation.wave
    home_url = reverse("phone:home")
    return redirect(f"{home_url}?{urlencode({'list': str(wave.public_id)})}" if wave else home_url)


def _call(request: StaffRequest, call_id: UUID) -> Call:
    return get_object_or_404(
        Call.objects.select_related(
            "organisation", "invitation__person", "invitation__survey", "invitation__wave"
        ),
        organisation=request.organisation,
        public_id=call_id,
    )
