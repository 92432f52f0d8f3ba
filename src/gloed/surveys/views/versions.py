"""The versions of a survey: since when, how many answered each, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.surveys import answered, labels, queries
from gloed.surveys.models import Survey, SurveyVersion
from gloed.surveys.rules import BREAKS, Change, Content, changes_between
from gloed.surveys.sentences import changes_sentence, rule_sentence
from gloed.surveys.views.common import find_survey, tabs_of

MOST = 50
Cell = Sequence[tuple[str, bool]]
"""A text in pieces, each with whether it differs from the other version."""


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the list."""

    version: SurveyVersion
    answers: int
    changes: str
    is_break: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One text of two versions beside each other."""

    topic: str
    language: str
    language_name: str
    before: Cell
    after: Cell
    is_changed: bool


@require_safe
@staff_may("analysis.view_report")
def versions(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """List the versions, and lay the words of two of them side by side."""
    survey = find_survey(request, survey_id)
    found = list(queries.list_versions(survey)[:MOST])
    contents = {one.number: queries.content_of(queries.read_version(one)) for one in found}
    counts = _counts(survey, found)
    numbers = sorted(contents)
    changes = {
        after: changes_between(contents[before], contents[after])
        for before, after in pairwise(numbers)
    }
    lines = [
        Line(
            one,
            counts.get(one.pk, 0),
            changes_sentence(changes.get(one.number, ())),
            bool(BREAKS & set(changes.get(one.number, ()))),
            one.pk == survey.current_id,
        )
        for one in found
    ]
    after = _number(request.GET.get("after"), numbers, default=numbers[-1])
    older = [number for number in numbers if number < after]
    before = _number(request.GET.get("before"), numbers, default=older[-1] if older else after)
    language = request.LANGUAGE_CODE[:2]
    may_edit = may(Role(request.membership.role), "surveys.edit")
    rows = compared(contents[before], contents[after], language)
    context = {
        "survey": survey,
        "lines": lines,
        "numbers": [str(number) for number in numbers],
        "before": str(before),
        "after": str(after),
        "is_compared": before != after,
        "difference": _difference(contents[before], contents[after]),
        "changed": [row for row in rows if row.is_changed] if before != after else rows,
        "same": [row for row in rows if not row.is_changed] if before != after else [],
        "tabs": tabs_of(survey, "versions", may_edit=may_edit),
        "may_edit": may_edit,
    }
    return render_page(request, "surveys/versions.html", context)


def _counts(survey: Survey, found: Sequence[SurveyVersion]) -> Mapping[int, int]:
    """Answers by version; those of a survey with one published version are all of its answers."""
    published = [one.pk for one in found if one.published_at]
    if len(published) == 1:
        return {published[0]: answered.count_by_survey([survey.pk]).get(survey.pk, 0)}
    return answered.count_by_version(survey.pk)


def _number(asked: str | None, known: Sequence[int], *, default: int) -> int:
    found = int(asked) if asked and asked.isascii() and asked.isdigit() else default
    return found if found in known else default


def _difference(before: Content, after: Content) -> str:
    changes = changes_between(before, after)
    if not changes:
        return ""
    facts = {"changes": changes_sentence(changes)}
    if Change.SCALE in changes:
        return _("Changed: %(changes)s. Scores on the two scales cannot be compared.") % facts
    if BREAKS & set(changes):
        return _("Changed: %(changes)s. The trend has a break mark here.") % facts
    return _("Changed: %(changes)s. The rating is asked as before, so the trend runs on.") % facts


def compared(before: Content, after: Content, language: str) -> list[Row]:
    """The words of two versions, topic by topic and language by language."""
    old, new = _texts(before, language), _texts(after, language)
    rows = []
    for topic, code in dict.fromkeys([*old, *new]):
        left, right = old.get((topic, code), ""), new.get((topic, code), "")
        pieces = _pieces(left, right)
        name = labels.language_name(code) if code else ""
        rows.append(Row(topic, code, name, *pieces, is_changed=left != right))
    return rows


def _pieces(before: str, after: str) -> tuple[Cell, Cell]:
    """Both texts word by word, with what differs marked."""
    old, new = before.split(), after.split()
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = what != "equal"
        if a < b:
            left.append((" ".join(old[a:b]), differs))
        if c < d:
            right.append((" ".join(new[c:d]), differs))
    return left, right


def _texts(content: Content, language: str) -> dict[tuple[str, str], str]:
    """Every text of a version by topic and language."""
    found: dict[tuple[str, str], str] = {(_("Scale"), ""): labels.scale_words(content.scale)}
    if content.presentation != "numbers":
        drawn = str(labels.PRESENTATION_NAMES[content.presentation])
        found[_("Scale"), ""] += f", {drawn}"
    for code in content.languages:
        words = content.rating[code]
        found[_("Rating question"), code] = words.text
        found[_("Ends of the scale"), code] = f"{words.low_label} – {words.high_label}"
    for code, opened in content.open.items():
        found[_("Open question for everybody"), code] = opened.everybody
    for band, label in labels.band_topics(content.metric).items():
        for code, opened in content.open.items():
            if opened.by_band.get(band):
                found[str(label), code] = opened.by_band[band]
    return found | _further_texts(content, language) | _thanks_texts(content)


def _further_texts(content: Content, language: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for at, question in enumerate(content.further):
        topic = f"{at + 3}. {labels.KIND_NAMES[question.kind]}"
        for code, words in question.words.items():
            options = [words.options.get(one.key, "") for one in question.options]
            parts = [words.text, words.low_label, words.high_label, words.hint, *options]
            found[topic, code] = " / ".join(part for part in parts if part)
        if question.show_if:
            rule = rule_sentence(question.show_if, content, language)
            found[_("When %(question)s is asked") % {"question": topic}, ""] = rule
    return found


def _thanks_texts(content: Content) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for code, thanks in content.thanks.items():
        if thanks.everybody:
            found[_("Thank-you for everybody"), code] = thanks.everybody.text
        for band, said in thanks.by_band.items():
            name = labels.band_range(content.metric, content.scale, band)
            found[_("Thank-you after %(range)s") % {"range": name}, code] = said.text
    return found
