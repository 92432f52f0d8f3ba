"""What one person answered; everything that is held of them; and forgetting them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base import audit
from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.people.models import Person
from gloed.responses import dossier, operations
from gloed.responses.models import Answer, Response

PAGE_SIZE = 50
FEW = 10


@require_safe
@staff_may("people.view_person")
def of_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """What a person answered, newest first: a page, and the newest few for their own page."""
    person = _person(request, person_id)
    found = dossier.responses_of(person)
    is_part = request.headers.get("HX-Target") == "person_answers"
    page = Paginator(found, FEW if is_part else PAGE_SIZE).get_page(request.GET.get("page"))
    listed = list(page)
    answers = dossier.answers_of(listed)
    context = {
        "person": person,
        "page": page,
        "answers": [_shown(response, answers.get(response.pk, [])) for response in listed],
        "all_url": reverse("responses:of_person", args=[person_id]) if is_part else "",
    }
    return render_page(request, "responses/of_person.html", context, region="person_answers")


@require_POST
@staff_may("people.erase")
def export_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Everything that is held of a person, as a file to hand over."""
    person = _person(request, person_id)
    now = timezone.now()
    content = dossier.dossier_of(person, now=now)
    audit.record(request, "people.export", person.public_id, at=now)
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"person-{str(person.public_id)[:8]}"
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("people.erase")
def erase_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Say exactly what goes and what stays; the name is typed, then it is done."""
    person = _person(request, person_id)
    typed = request.POST.get("name", "")
    to_type = _name_of(person)
    if request.method == "POST" and _same(typed, to_type):
        count = operations.erase_person(person, staff=request.user, now=timezone.now())
        words = ngettext(
            "The person is erased. %(count)s rating stayed, without a name.",
            "The person is erased. %(count)s ratings stayed, without a name.",
            count,
        )
        messages.success(request, words % {"count": count})
        return redirect("people:list")
    context = {
        "person": person,
        "to_type": to_type,
        "typed": typed,
        "extent": dossier.extent_of(person),
        "is_wrong": request.method == "POST",
    }
    status = 422 if context["is_wrong"] else 200
    return render_page(request, "responses/erase_person.html", context, status=status)


def _person(request: StaffRequest, person_id: UUID) -> Person:
    return get_object_or_404(
        Person.objects.select_related("account", "organisation"),
        organisation=request.organisation,
        public_id=person_id,
    )


def _name_of(person: Person) -> str:
    """What has to be typed to erase somebody; everybody has one of these."""
    return person.name or person.email or person.external_id or person.phone or _("erase")


def _same(typed: str, name: str) -> bool:
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()


def _shown(response: Response, answers: list[Answer]) -> dict[str, Any]:
    """A response as parts/answer.html shows it."""
    rated = next((answer for answer in answers if answer.question.is_rating), None)
    scale = rated.question.scale if rated else None
    has_rating = rated is not None and rated.rating is not None
    return {
        "id": response.public_id,
        "rating": rated.rating if rated is not None and has_rating else "–",
        "scale_high": scale.maximum if scale else 10,
        "verbatim": "\n".join(answer.verbatim for answer in answers if answer.verbatim),
        "who": "" if response.withdrawn_at is None else _("withdrawn"),
        "at": response.responded_at or response.recorded_at,
        "about": response.survey.title,
        "team": response.team or "",
        "language": response.language,
        "url": page_url("analysis:answer", response.public_id),
    }
