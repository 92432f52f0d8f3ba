"""A poster for the link of a survey: choose, look, download."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.links import absolute_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.channels.poster import drawing
from gloed.channels.poster.drawing import Logo
from gloed.channels.poster.forms import PosterForm
from gloed.channels.poster.layout import Poster, Size, Words, compose
from gloed.surveys.labels import LANGUAGE_NAMES
from gloed.surveys.looks import find_logo, look_of
from gloed.surveys.models import Survey
from gloed.surveys.views.common import find_survey


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was chosen, with the usual words where nothing was written."""

    size: Size
    language: str
    heading: str
    text: str


@require_safe
@staff_may("analysis.view_report")
def make(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Choose paper and words beside what will be printed."""
    survey = find_survey(request, survey_id)
    form, wish = _read(request, survey)
    usual = _usual(wish.language)
    form.fields["heading"].widget.attrs["placeholder"] = usual[0]
    form.fields["text"].widget.attrs["placeholder"] = usual[1]
    chosen = {
        "size": wish.size.value,
        "language": wish.language,
        "heading": request.GET.get("heading", "")[:120],
        "text": request.GET.get("text", "")[:300],
    }
    query = urlencode({name: value for name, value in chosen.items() if value})
    context = {
        "survey": survey,
        "form": form,
        "svg": f"{reverse('poster:svg', args=[survey.public_id])}?{query}",
        "pdf": f"{reverse('poster:pdf', args=[survey.public_id])}?{query}",
        "says": f"{wish.heading} {wish.text}",
        "is_open": survey.state == Survey.State.OPEN,
    }
    return render_page(request, "poster/make.html", context)


@require_safe
@staff_may("analysis.view_report")
def picture(request: StaffRequest, survey_id: UUID, kind: str) -> HttpResponse:
    """The poster as PDF, which is downloaded, or as SVG, which is looked at."""
    survey = find_survey(request, survey_id)
    _form, wish = _read(request, survey)
    address = absolute_url("link:answer", survey.slug)
    poster, logo = _poster(request, survey, wish, address)
    if kind == "svg":
        text = drawing.as_svg(poster, address, logo=logo)
        return HttpResponse(text, content_type="image/svg+xml")
    name = slugify(survey.title) or "survey"
    pdf = drawing.as_pdf(poster, address, title=wish.heading, logo=logo)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}-{wish.size}.pdf"'},
    )


def _poster(
    request: StaffRequest, survey: Survey, wish: _Wish, address: str
) -> tuple[Poster, Logo | None]:
    look = look_of(survey.pk, request.organisation.pk, name=request.organisation.name)
    found = find_logo(look.logo_digest)
    with translation.override(wish.language):
        scan = _("Point your camera at the code")
    words = Words(
        organisation=request.organisation.name,
        heading=wish.heading,
        text=wish.text,
        scan=scan,
        address=address.partition("://")[2],
        logo=(look.logo_width, look.logo_height) if found else None,
    )
    return compose(words, wish.size, drawing.measure), Logo(*found) if found else None


def _read(request: StaffRequest, survey: Survey) -> tuple[PosterForm, _Wish]:
    """The form as it was sent, and what it asks for; what cannot be read is left as usual."""
    languages = [(code, str(LANGUAGE_NAMES.get(code, code))) for code in survey.languages]
    first = languages[0][0] if languages else "en"
    initial = {"size": Size.A4.value, "language": first}
    form = PosterForm({**initial, **request.GET.dict()}, languages=languages)
    form.is_valid()
    chosen = form.cleaned_data
    language = chosen.get("language") or first
    heading, text = _usual(language)
    return form, _Wish(
        size=Size(chosen.get("size") or Size.A4),
        language=language,
        heading=chosen.get("heading") or heading,
        text=chosen.get("text") or text,
    )


def _usual(language: str) -> tuple[str, str]:
    with translation.override(language):
        return _("How did we do?"), _("Tell us in half a minute. We read everything.")
