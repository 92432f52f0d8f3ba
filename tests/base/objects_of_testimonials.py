"""Objects for the views of testimonials and of the wall."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from gloed.base.models import Organisation
from gloed.loop.testimonials import operations
from gloed.loop.testimonials.operations import Wanted
from gloed.loop.testimonials.rules import Place, Shown
from gloed.people.models import Person
from gloed.responses.models import Answer, Response
from gloed.surveys import operations as surveys
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _testimonial(organisation: Organisation) -> dict[str, Any]:
    person = Person.objects.create(organisation=organisation, name="Anna", created_at=NOW)
    wanted = Wanted("Snel geholpen", Shown.FULL, [Place.WALL])
    made = operations.propose(person, wanted, language="nl", by=None, now=NOW)
    return {"testimonial_id": made.public_id}


def _survey_of(organisation: Organisation) -> Survey:
    content = surveys.usual_content(organisation, Metric.NPS)
    return surveys.create_survey(organisation, title="Service", content=content, now=NOW)


def _survey(organisation: Organisation) -> dict[str, Any]:
    return {"survey_id": _survey_of(organisation).public_id}


def _answer(organisation: Organisation) -> dict[str, Any]:
    survey = _survey_of(organisation)
    version = survey.versions.get()
    response = Response.objects.create(
        organisation=organisation, survey=survey, version=version, key=f"test:{uuid4()}",
        source="import", responded_at=NOW, recorded_at=NOW, updated_at=NOW,
    )  # fmt: skip
    opened = version.questions.order_by("position")[1]
    Answer.objects.create(response=response, question=opened, verbatim="Fijn")
    return {"answer_id": response.public_id}


OF_TESTIMONIALS: dict[str, Callable[[Organisation], dict[str, Any]]] = {
    **dict.fromkeys(
        (
            *("testimonials:one", "testimonials:change", "testimonials:change_back"),
            *("testimonials:ask", "testimonials:ask_back", "testimonials:wall"),
            *("testimonials:remove", "testimonials:restore", "wall:move"),
        ),
        _testimonial,
    ),
    "testimonials:reviews_of": _survey,
    "testimonials:reviews_forget": _survey,
    "testimonials:of_answer": _answer,
}
PUBLIC_TESTIMONIALS: dict[str, dict[str, Any]] = {
    "wall:asked": {"token": "made-up"},
    "wall:public": {"slug": "made-up"},
    "wall:feed": {"slug": "made-up"},
    "wall:frame": {"slug": "made-up"},
}
