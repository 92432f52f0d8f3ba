"""What the questions were to which answers in words reply."""

from collections.abc import Collection

from gloed.surveys.models import Wording


def wordings_of(questions: Collection[int]) -> dict[int, str]:
    """The words of each question that asks everybody the same, in all its languages.

    One that asks detractors otherwise than promoters is left out: how its answers sound would then
    follow from their scores, and what a theme costs is measured on the text alone.
    """
    found: dict[int, list[str]] = {}
    by_band: set[int] = set()
    rows = Wording.objects.filter(question__in=questions).order_by("question", "language")
    for question, band, text in rows.values_list("question_id", "band", "text"):
        if band:
            by_band.add(question)
        else:
            found.setdefault(question, []).append(text)
    return {
        question: " ".join(texts) for question, texts in found.items() if question not in by_band
    }
