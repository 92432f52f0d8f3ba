"""Everything a page must know to show a widget: questions, words, place and moment."""

from typing import Any

from django.utils.translation import gettext as _

from gloed.channels.in_app.questions import describe
from gloed.channels.widget.models import Widget
from gloed.fieldwork.candidates import policy_of
from gloed.surveys.looks import look_of
from gloed.surveys.models import Survey
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import PublishedVersion


def settings_of(
    widget: Widget, survey: AskedSurvey, version: PublishedVersion, language: str
) -> dict[str, Any]:
    """The settings in the language that is active, with the questions in it."""
    policy = policy_of(widget.organisation_id)
    is_relationship = widget.survey.kind == Survey.Kind.RELATIONSHIP
    accent = look_of(survey.id, survey.organisation_id).accent
    return {
        "is_on": widget.is_on and survey.is_open,
        "organisation": survey.organisation_name,
        "place": widget.place,
        "theme": widget.theme,
        "accent": [accent.by_day, accent.by_night] if accent else None,
        "when": widget.when,
        "seconds": widget.seconds,
        "percent": widget.percent,
        "pages": widget.pages,
        "share": widget.share,
        "rest_days": policy.relationship_rest_days
        if is_relationship
        else policy.transactional_rest_days,
        "words": _words(survey.organisation_name),
        **describe(version, language, organisation=survey.organisation_name),
    }


def _words(organisation: str) -> dict[str, str]:
    name = {"organisation": organisation}
    return {
        "label": _("A question from %(organisation)s") % name,
        "shown": _("A short question from %(organisation)s stands at the end of this page.") % name,
        "open": _("Tell us what you think"),
        "close": _("Close"),
        "kept": _("Your choice has been kept."),
        "hint": _("You may leave this empty. Please name nobody else’s details."),
        "empty": _("Leave this empty"),
        "send": _("Send"),
        "more": _("A few more questions"),
        "waiting": _("You are offline. Your answer is sent as soon as there is a connection."),
        "gone": _("Kind of you. This survey has closed meanwhile."),
        "thanks": _("Thank you, your answer is in"),
        "promise": _("The people at %(organisation)s who can act on it read it.") % name,
        "change": _("Change my answer"),
        "privacy": _("%(organisation)s uses your answer to do better.") % name,
    }
