"""The editor: what a survey asks, kept as it is written, beside what a respondent will see."""

import json
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.surveys import attributes, editing, labels, library, operations, own_library, queries
from gloed.surveys.forms.desk import Desk, desk_context
from gloed.surveys.forms.words import present_content
from gloed.surveys.forms.written import Written, fields_of, read_content
from gloed.surveys.journeys.queries import mixing_at
from gloed.surveys.models import OwnWording, Survey
from gloed.surveys.operations import CannotPublish
from gloed.surveys.rules import (
    BREAKS,
    OWN_NAMES,
    Content,
    Finding,
    Kind,
    Metric,
    changes_between,
    problems_of,
)
from gloed.surveys.sentences import changes_sentence
from gloed.surveys.views.common import (
    duration_words_of,
    find_survey,
    tabs_of,
    touchpoint_names,
)

ADVISED = 3
"""Questions on one page that hardly anybody leaves halfway."""
SUGGESTED = ("moment_frustration", "barrier_nine", "praise_keep", "consent_call", "choice_solved")
"""Asked often; "what would make it a 9" only where there is a 9."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def edit(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Show the cards, and keep what is sent from them; what cannot be kept is shown again."""
    survey = find_survey(request, survey_id)
    content = present_content(survey)
    if request.method != "POST":
        return _show(request, survey, content, open_key=request.GET.get("open", ""))
    if request.POST.get("do") == "undo":
        return _undo(request, survey, content)
    if "order_is_here" not in request.POST:
        return redirect("surveys:edit", survey.public_id)
    return _take(request, survey, content)


def _take(request: StaffRequest, survey: Survey, before: Content) -> HttpResponse:
    """Read the form, do what its button says, keep it, and go on."""
    written = read_content(request.POST, before)
    is_automatic = bool(request.POST.get("automatic"))
    trouble = _trouble(request, survey, before, written)
    if trouble:
        return _not_kept(request, survey, written, trouble, is_automatic=is_automatic)
    after, open_key, is_removal = _done(request, written.content)
    is_removal = is_removal or bool(set(before.languages) - set(after.languages))
    if is_removal:
        _remember(request, survey, before)
    _keep(request, survey, after)
    if is_automatic:
        return JsonResponse(_kept(request, survey, after))
    if "publish" in request.POST:
        return _publish(request, survey, after)
    if not request.POST.get("do"):
        messages.success(request, _("The draft has been kept."))
    return redirect(_address(survey, open_key, is_removal=is_removal))


def _address(survey: Survey, open_key: str, *, is_removal: bool) -> str:
    """The editor, with the card that was worked on open, and the way back where words went."""
    query = {"open": open_key} if open_key else {}
    query |= {"removed": "1"} if is_removal else {}
    path = reverse("surveys:edit", args=[survey.public_id])
    anchor = f"#card-{open_key}" if open_key else ""
    return f"{path}?{urlencode(query)}{anchor}" if query else path


def _trouble(request: StaffRequest, survey: Survey, before: Content, written: Written) -> str:
    """Why this sending cannot be kept as it is; empty where it can."""
    title = request.POST.get("title", "").strip()
    if not title:
        return _("Give the survey a name for yourselves; nothing else is lost.")
    if len(title) > 160 or len(request.POST.get("touchpoint", "")) > 120:
        return _("The name or the touchpoint is too long; nothing else is lost.")
    if written.too_long:
        return _("A text is too long. It still stands below; shorten it, and it is kept.")
    seen = request.POST.get("seen", "")
    if seen and seen != fingerprint(before, survey) and "anyway" not in request.POST:
        return _(
            "A colleague changed this survey while you were writing. Your words stand below; "
            "keeping them replaces theirs."
        )
    return ""


def _not_kept(
    request: StaffRequest, survey: Survey, written: Written, trouble: str, *, is_automatic: bool
) -> HttpResponse:
    if is_automatic:
        return JsonResponse({"trouble": trouble}, status=422)
    fields = [one.field for one in written.too_long]
    return _show(
        request,
        survey,
        written.content,
        trouble=trouble,
        too_long=fields,
        posted=request.POST,
        status=422,
    )


def _done(request: StaffRequest, content: Content) -> tuple[Content, str, bool]:
    """What the button that was pressed makes of content, the card to open, whether words go."""
    verb, _sign, rest = request.POST.get("do", "").partition(":")
    key, _sign, part = rest.partition(":")
    made: Content
    match verb:
        case "copy":
            made, fresh = editing.copied(content, key)
            return made, fresh, False
        case "add" if key in set(Kind):
            made = editing.added(content, editing.blank(Kind(key), content.languages))
            return made, made.further[-1].key, False
        case "use":
            made, fresh = _with_entry(request, content, key)
            return made, fresh, fresh in ("rating", "why")
        case "remove":
            return editing.removed(content, key), "", True
    if verb == "rule":
        part = request.POST.get(f"{key}.new_rule", "")
    return _changed(content, verb, key, part), key, verb == "drop-option"


def _changed(content: Content, verb: str, key: str, part: str) -> Content:
    """What a button on a card makes of it."""
    change = partial(editing.changed, content, key)
    match verb:
        case "up":
            return editing.moved(content, key, -1)
        case "down":
            return editing.moved(content, key, 1)
        case "option":
            return change(editing.with_option)
        case "drop-option":
            return change(lambda one: editing.without_option(one, part))
        case "rule":
            return change(lambda one: editing.with_condition(one, part))
        case "drop-rule" if part.isdigit():
            return change(lambda one: editing.without_condition(one, int(part)))
    return content


def _with_entry(request: StaffRequest, content: Content, identity: str) -> tuple[Content, str]:
    entry = find_entry(request, identity)
    if entry is None:
        return content, ""
    return editing.with_entry(content, entry, request.organisation.name)


def find_entry(request: StaffRequest, identity: str) -> library.Entry | None:
    """An entry of the library, ours or the organisation's own."""
    if not identity.startswith(own_library.PREFIX):
        return library.find_entry(identity)
    try:
        wanted = UUID(identity.removeprefix(own_library.PREFIX))
    except ValueError:
        return None
    own = OwnWording.objects.filter(organisation=request.organisation, public_id=wanted).first()
    return own_library.entry_of(own) if own else None


def _keep(request: StaffRequest, survey: Survey, content: Content) -> None:
    kind = request.POST.get("kind", "")
    keep(
        survey,
        content,
        title=request.POST["title"].strip(),
        kind=kind if kind in Survey.Kind.values else survey.kind,
        touchpoint=request.POST.get("touchpoint", ""),
    )


def keep(
    survey: Survey,
    content: Content,
    *,
    title: str = "",
    kind: str = "",
    touchpoint: str | None = None,
) -> None:
    """Write a draft; of a published survey only where something is asked differently."""
    present = survey.touchpoint.name if survey.touchpoint else ""
    wanted = present if touchpoint is None else touchpoint.strip()
    is_same = content == present_content(survey)
    settled = (title or survey.title, kind or survey.kind, wanted)
    if is_same and settled == (survey.title, survey.kind, present):
        return
    operations.edit_survey(
        survey, title=settled[0], content=content, kind=settled[1], touchpoint=settled[2]
    )
    survey.refresh_from_db()


def _publish(request: StaffRequest, survey: Survey, content: Content) -> HttpResponse:
    now = timezone.now()
    try:
        operations.publish(survey, by=request.user, now=now)
    except CannotPublish as refusal:
        return _show(request, survey, content, findings=refusal.problems, status=422)
    survey.refresh_from_db()
    if survey.state == Survey.State.DRAFT:
        operations.open_survey(survey, by=request.user, now=now)
    messages.success(request, _("This is what respondents see from now on."))
    return redirect("surveys:detail", survey.public_id)


# --- the way back


def _slot(survey: Survey) -> str:
    return f"survey-before:{survey.public_id}"


def _remember(request: StaffRequest, survey: Survey, content: Content) -> None:
    """Hold on to what stood there, for one undo."""
    request.session[_slot(survey)] = json.dumps(dict(fields_of(content)))


def _undo(request: StaffRequest, survey: Survey, content: Content) -> HttpResponse:
    remembered = request.session.pop(_slot(survey), "")
    if remembered:
        fields = QueryDict(mutable=True)
        for name, values in json.loads(remembered).items():
            fields.setlist(name, values)
        keep(survey, read_content(fields, content).content)
        messages.success(request, _("It stands there again."))
    return redirect("surveys:edit", survey.public_id)


# --- showing


def _show(
    request: StaffRequest,
    survey: Survey,
    content: Content,
    *,
    open_key: str = "",
    findings: Sequence[Finding] = (),
    too_long: Sequence[str] = (),
    trouble: str = "",
    posted: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    names = attributes.list_attributes(request.organisation)
    desk = Desk(
        content,
        attributes=names,
        findings=findings,
        too_long=too_long,
        open_key=open_key,
        language=request.LANGUAGE_CODE[:2],
    )
    said = posted or QueryDict()
    present = survey.touchpoint.name if survey.touchpoint else ""
    touchpoint = said.get("touchpoint", present)
    context: dict[str, Any] = {
        **desk_context(desk),
        "survey": survey,
        "metric": labels.METRIC_NAMES[Metric(survey.metric)],
        "trouble": trouble,
        "findings": [labels.finding_text(one) for one in findings if not one.key],
        "seen": fingerprint(present_content(survey), survey),
        "is_stale": bool(trouble) and not too_long and "seen" in said,
        "title": said.get("title", survey.title),
        "touchpoint": touchpoint,
        "mixing": mixing_at(request.organisation, touchpoint, survey.metric),
        "kinds": [(value, label, value == survey.kind) for value, label in Survey.Kind.choices],
        "touchpoints": touchpoint_names(request.organisation),
        "languages": _language_choices(content),
        "own_words": [one for one in content.languages if one not in library.LANGUAGES],
        "new_kinds": [(kind.value, labels.KIND_NAMES[kind]) for kind in Kind],
        "suggested": _suggested(request, content),
        "names": [*OWN_NAMES, *names],
        "most": editing.most_at_once(content),
        "is_long": editing.most_at_once(content) > ADVISED,
        "publishing": publishing_sentence(survey, content),
        "is_published": survey.current_id is not None,
        "may_undo": "removed" in request.GET and _slot(survey) in request.session,
        "duration_words": _duration_words(request, survey, content),
        "preview_groups": _preview_groups(content),
        "preview_languages": [(one, labels.language_name(one)) for one in content.languages],
        "tabs": tabs_of(survey, "edit", may_edit=True),
    }
    return render_page(request, "surveys/edit.html", context, status=status)


def fingerprint(content: Content, survey: Survey) -> str:
    """What stood there, in a few letters: another content has others."""
    text = f"{survey.title}\n{survey.touchpoint_id}\n{survey.kind}\n{content!r}"
    return sha256(text.encode()).hexdigest()[:16]


def _kept(request: StaffRequest, survey: Survey, content: Content) -> dict[str, Any]:
    """What the page is told after it kept itself."""
    touchpoint = survey.touchpoint.name if survey.touchpoint else ""
    return {
        "mixing": mixing_at(request.organisation, touchpoint, survey.metric),
        "seen": fingerprint(present_content(survey), survey),
        "kept": _("Kept at %(time)s.") % {"time": date_format(timezone.localtime(), "H:i")},
        "publishing": publishing_sentence(survey, content),
        "open": len(problems_of(content)),
    }


def publishing_sentence(survey: Survey, content: Content) -> str:
    """What publishing will do, in words."""
    if survey.current is None:
        return _("Opening the survey freezes these words as version 1.")
    changes = changes_between(queries.content_of(queries.read_version(survey.current)), content)
    if not changes:
        return _("Nothing differs from what respondents see now.")
    facts = {"changes": changes_sentence(changes)}
    if BREAKS & set(changes):
        return (
            _(
                "Publishing changes %(changes)s. Answers from now on carry the new words, and the "
                "trend gets a break mark: before and after are not quite the same question."
            )
            % facts
        )
    return (
        _(
            "Publishing changes %(changes)s. Answers from now on carry the new words; the "
            "trend runs on."
        )
        % facts
    )


def _duration_words(request: StaffRequest, survey: Survey, content: Content) -> str:
    """How long it takes: as measured where the words are asked already, else a guess."""
    language = request.LANGUAGE_CODE[:2]
    present = queries.read_version(survey.current) if survey.current else None
    if present is not None and queries.content_of(present) == content:
        return duration_words_of(survey, present, language)
    return duration_words_of(survey, queries.version_of(content), language)


def _language_choices(content: Content) -> list[tuple[str, str, bool]]:
    codes = dict.fromkeys([*labels.LANGUAGE_NAMES, *content.languages])
    return [(code, labels.language_name(code), code in content.languages) for code in codes]


def _suggested(request: StaffRequest, content: Content) -> list[tuple[str, str, str]]:
    language = request.LANGUAGE_CODE[:2]
    present = {question.key for question in content.further}
    found = []
    for identity in SUGGESTED:
        entry = library.find_entry(identity)
        if identity == "barrier_nine" and content.metric is not Metric.NPS:
            continue
        if entry is not None and identity.replace("_", "-") not in present:
            words = entry.in_language(language)
            found.append((identity, words.text, words.when))
    return found


def _preview_groups(content: Content) -> list[tuple[str, str]]:
    """A rating of each band to look at the survey with, and the words for it."""
    found: list[tuple[str, str]] = []
    for band, ratings in editing.ratings_by_band(content).items():
        if ratings:
            middle = ratings[len(ratings) // 2]
            found.append((str(middle), labels.band_range(content.metric, content.scale, band)))
    return found
