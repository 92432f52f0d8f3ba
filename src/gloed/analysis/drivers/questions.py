"""The further rating questions of a survey, as its newest version asks them."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import get_language

from gloed.analysis.schema import RATED
from gloed.surveys.models import Question, Survey
from gloed.surveys.models import Wording as Words
from gloed.surveys.rules import OPEN_POSITION, Scale


@dataclass(frozen=True, slots=True)
class Asked:
    """One further rating question: its column, its words and its scale."""

    column: str
    words: str
    scale: Scale


@dataclass(frozen=True, slots=True)
class AskedTogether:
    """The questions that can be held together, and the versions that ask them so."""

    questions: tuple[Asked, ...] = ()
    versions: tuple[int, ...] = ()


def further_ratings(survey: Survey) -> AskedTogether:
    """The further ratings of the newest published version.

    Versions count in which the main rating and all of these are asked on the same scales.
    """
    found = (
        Question.objects.filter(
            version__survey=survey, version__published_at__isnull=False, kind=Question.Kind.RATING
        )
        .exclude(scale_minimum=None)
        .filter(position__gt=OPEN_POSITION)
        .select_related("version")
        .prefetch_related(Prefetch("wordings", Words.objects.order_by("pk")))
        .order_by("-version__number", "position")
    )
    by_version: dict[int, dict[str, Question]] = {}
    for question in found:
        by_version.setdefault(question.version.number, {})[question.key] = question
    if not by_version:
        return AskedTogether()
    newest = next(iter(by_version.values()))
    scales = {key: question.scale for key, question in newest.items()}
    versions = tuple(
        sorted(
            number
            for number, held in by_version.items()
            if all(key in held and held[key].scale == scale for key, scale in scales.items())
        )
    )
    questions = tuple(
        Asked(RATED + key, _words(question), question.scale) for key, question in newest.items()
    )
    return AskedTogether(questions, versions)


def asks_further(survey_keys: list[int]) -> set[int]:
    """Those of these surveys that ask two further ratings or more in a published version."""
    found = Question.objects.filter(
        version__survey__in=survey_keys,
        version__published_at__isnull=False,
        kind=Question.Kind.RATING,
        position__gt=OPEN_POSITION,
    ).values_list("version__survey_id", "key")
    keys: dict[int, set[str]] = {}
    for survey, key in found.distinct():
        keys.setdefault(survey, set()).add(key)
    return {survey for survey, own in keys.items() if len(own) > 1}


def _words(question: Question) -> str:
    """The question as the reader's language asks it, else as another does."""
    language = (get_language() or "").split("-")[0]
    own = list(question.wordings.all())
    first = next((one for one in own if one.language == language), own[0] if own else None)
    return first.text if first is not None and first.text else question.key
