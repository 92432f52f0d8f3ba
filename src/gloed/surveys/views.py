"""Pages of surveys: the list, starting one, writing its words, and sharing its link."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gloed.base.models import Organisation, Staff
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.surveys import codes, labels, library, operations, queries
from gloed.surveys.forms import StartForm, WordsForm, scale_name
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.operations import CannotPublish, WrongState
from gloed.surveys.rules import Content, Metric

PAGE_SIZE = 50


@require_GET
@staff_may("analysis.view_report")
def survey_list(request: StaffRequest) -> HttpResponse:
    """All surveys with their state and link; how many answered is loaded beside it."""
    page = Paginator(queries.list_surveys(request.organisation), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    surveys = [
        {
            "survey": survey,
            "metric": labels.METRIC_NAMES[Metric(survey.metric)],
            "badge": _state_badge(survey),
        }
        for survey in page
    ]
    deleted = _deleted(request.organisation, request.GET.get("deleted", ""))
    context = {
        "page": page,
        "surveys": surveys,
        "deleted": deleted,
        "may_edit": may(Role(request.membership.role), "surveys.edit"),
    }
    return render_page(request, "surveys/list.html", context)


def _state_badge(survey: Survey) -> str:
    return "badge badge--ember" if survey.state == Survey.State.OPEN else "badge"


def _deleted(organisation: Organisation, public_id: str) -> Survey | None:
    try:
        wanted = UUID(public_id)
    except ValueError:
        return None
    return Survey.objects.filter(
        organisation=organisation, public_id=wanted, deleted_at__isnull=False
    ).first()


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def create(request: StaffRequest) -> HttpResponse:
    """Choose what to ask; the draft that is made has good words in it already."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        metric = Metric(form.cleaned_data["metric"])
        survey = operations.create_survey(
            request.organisation,
            title=form.cleaned_data["title"],
            content=operations.usual_content(
                request.organisation, metric, languages=form.cleaned_data["languages"]
            ),
            kind=labels.USUAL_KIND.get(metric, Survey.Kind.TRANSACTIONAL),
            touchpoint=form.cleaned_data["touchpoint"],
            now=timezone.now(),
        )
        return redirect("surveys:edit", survey.public_id)
    context = {"form": form, "touchpoints": _touchpoints(request.organisation)}
    return render_page(request, "surveys/create.html", context, status=422 if form.errors else 200)


def _touchpoints(organisation: Organisation) -> list[str]:
    return list(
        Touchpoint.objects.filter(organisation=organisation).values_list("name", flat=True)[:200]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def edit(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Write the words in every language beside a preview of what respondents will see."""
    survey = _survey(request, survey_id)
    content = _content(survey)
    if request.method == "POST" and (use := request.POST.get("use")):
        form = _with_wording(request, survey, content, use)
        return render_page(request, "surveys/edit.html", _edit_context(request, survey, form))
    form = WordsForm(
        request.POST if request.method == "POST" else None, survey=survey, content=content
    )
    if request.method == "POST" and form.is_valid():
        operations.edit_survey(
            survey,
            title=form.cleaned_data["title"],
            content=form.content(),
            kind=survey.kind,
            touchpoint=form.cleaned_data["touchpoint"],
        )
        if "publish" not in request.POST:
            messages.success(request, _("The draft has been kept."))
            return redirect("surveys:edit", survey.public_id)
        try:
            _publish(survey, request.user)
        except CannotPublish as refusal:
            for finding in refusal.problems:
                form.add_error(None, labels.problem_text(finding.problem, finding.language))
        else:
            messages.success(request, _("This is what respondents see from now on."))
            return redirect("surveys:detail", survey.public_id)
    context = _edit_context(request, survey, form)
    return render_page(request, "surveys/edit.html", context, status=422 if form.errors else 200)


def _publish(survey: Survey, by: Staff) -> None:
    now = timezone.now()
    operations.publish(survey, by=by, now=now)
    if survey.state == Survey.State.DRAFT:
        operations.open_survey(survey, by=by, now=now)


def _content(survey: Survey) -> Content:
    version = queries.find_draft(survey) or survey.current or survey.versions.latest("number")
    return queries.content_of(queries.read_version(version))


def _with_wording(request: StaffRequest, survey: Survey, content: Content, use: str) -> WordsForm:
    """The form as it was sent, with a wording of the library put in."""
    values: dict[str, Any] = request.POST.copy()
    kind, _sign, chosen = use.partition(":")
    for rating in library.rating_wordings():
        if kind == "rating" and rating.id == chosen and rating.metric == survey.metric:
            values["scale"] = scale_name(rating.scale)
            for code, words in rating.words.items():
                named = words.text.replace("{organisation}", request.organisation.name)
                values[f"text_{code}"] = named
                values[f"low_{code}"], values[f"high_{code}"] = words.low_label, words.high_label
    for opened in library.open_wordings():
        if kind == "open" and opened.id == chosen:
            for code, asked in opened.words.items():
                values[f"open_{code}"] = asked.everybody
                values |= {f"open_{band}_{code}": text for band, text in asked.by_band.items()}
    return WordsForm(values, survey=survey, content=content)


def _edit_context(request: StaffRequest, survey: Survey, form: WordsForm) -> dict[str, Any]:
    language = "nl" if request.LANGUAGE_CODE == "nl" else "en"
    metric = Metric(survey.metric)
    ratings = [
        (
            wording.id,
            labels.scale_text(wording.scale),
            wording.words[language].text.replace("{organisation}", request.organisation.name),
        )
        for wording in library.rating_wordings()
        if wording.metric is metric
    ]
    opened = [
        (wording.id, wording.words[language].everybody)
        for wording in library.open_wordings()
        if metric in wording.metrics
    ]
    return {
        "survey": survey,
        "form": form,
        "metric": labels.METRIC_NAMES[metric],
        "ratings": ratings,
        "opened": opened,
        "touchpoints": _touchpoints(request.organisation),
        "is_published": survey.current_id is not None,
    }


@require_GET
@staff_may("analysis.view_report")
def detail(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """One survey: its link and QR code to share, its state, and its words by version."""
    survey = _survey(request, survey_id)
    versions = [
        (version, queries.content_of(queries.read_version(version)))
        for version in queries.list_versions(survey)[:20]
    ]
    context = {
        "survey": survey,
        "metric": labels.METRIC_NAMES[Metric(survey.metric)],
        "badge": _state_badge(survey),
        "link": _link(survey),
        "score_url": _page_of(survey, "analysis:score"),
        "mail_url": _page_of(survey, "email:words"),
        "versions": [
            (version, labels.scale_text(content.scale), _languages(content), _rows(content))
            for version, content in versions
        ],
        "has_draft": survey.current_id is not None
        and any(version.published_at is None for version, _content in versions),
        "may_edit": may(Role(request.membership.role), "surveys.edit"),
    }
    return render_page(request, "surveys/detail.html", context)


def _languages(content: Content) -> list[labels.Text]:
    return [labels.LANGUAGE_NAMES.get(language, language) for language in content.rating]


def _rows(content: Content) -> list[tuple[str, list[tuple[str, str]]]]:
    """The words of a version: each topic with its text in every language."""
    topics = labels.band_topics(content.metric)
    rows = [
        (_("Rating question"), [words.text for words in content.rating.values()]),
        (
            _("Ends of the scale"),
            [f"{words.low_label} – {words.high_label}" for words in content.rating.values()],
        ),
        (
            _("Open question for everybody"),
            [content.open[language].everybody for language in content.rating],
        ),
    ]
    for band, label in topics.items():
        texts = [content.open[language].by_band.get(band, "") for language in content.rating]
        if any(texts):
            rows.append((str(label), texts))
    return [(topic, list(zip(content.rating, texts, strict=True))) for topic, texts in rows]


@require_GET
@staff_may("analysis.view_report")
def qr_code(request: StaffRequest, survey_id: UUID, kind: str) -> HttpResponse:
    """The QR code of the link as SVG or PNG; `?save` downloads it."""
    survey = _survey(request, survey_id)
    link = _link(survey)
    if kind == "svg":
        response = HttpResponse(codes.as_svg(link), content_type="image/svg+xml")
    else:
        response = HttpResponse(codes.as_png(link), content_type="image/png")
    if "save" in request.GET:
        name = slugify(survey.title) or "survey"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}-qr.{kind}"'
    return response


@require_POST
@staff_may("surveys.edit")
def change_state(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Publish, open, close, or discard what was written since."""
    survey = _survey(request, survey_id)
    by, now = request.user, timezone.now()
    try:
        match request.POST.get("to"):
            case "open":
                operations.open_survey(survey, by=by, now=now)
                messages.success(request, _("The link takes answers."))
            case "closed":
                operations.close_survey(survey, by=by, now=now)
                messages.success(request, _("The link takes no more answers."))
            case "published":
                operations.publish(survey, by=by, now=now)
                messages.success(request, _("This is what respondents see from now on."))
            case "discarded":
                operations.discard_draft(survey, by=by, now=now)
                messages.success(request, _("The changes have been thrown away."))
    except CannotPublish as refusal:
        for finding in refusal.problems:
            messages.warning(request, labels.problem_text(finding.problem, finding.language))
        return redirect("surveys:edit", survey.public_id)
    except WrongState:
        messages.warning(request, _("Meanwhile this survey changed; look at it as it is now."))
    return redirect("surveys:detail", survey.public_id)


@require_POST
@staff_may("surveys.edit")
def delete(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Throw a draft away; the list offers the way back."""
    survey = _survey(request, survey_id)
    try:
        operations.delete_draft(survey, by=request.user, now=timezone.now())
    except WrongState:
        messages.warning(request, _("A survey that was published can be closed, not deleted."))
        return redirect("surveys:detail", survey.public_id)
    return HttpResponseRedirect(f"{reverse('surveys:list')}?deleted={survey.public_id}")


@require_POST
@staff_may("surveys.edit")
def restore(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Undo throwing a draft away."""
    survey = get_object_or_404(Survey, organisation=request.organisation, public_id=survey_id)
    operations.restore_draft(survey, by=request.user, now=timezone.now())
    return redirect("surveys:detail", survey.public_id)


def _survey(request: StaffRequest, survey_id: UUID) -> Survey:
    return get_object_or_404(
        Survey.objects.select_related("organisation", "touchpoint", "current"),
        organisation=request.organisation,
        public_id=survey_id,
        deleted_at=None,
    )


def _link(survey: Survey) -> str:
    return f"{settings.BASE_URL}{reverse('link:answer', args=[survey.slug])}"


def _page_of(survey: Survey, name: str) -> str:
    """A page of a higher room about this survey, where that page is installed."""
    try:
        return reverse(name, args=[survey.public_id])
    except NoReverseMatch:
        return ""
